"""The addresses that the browser tests visit: every page of the site, in the states it can show. One list, read by every sweep.

Words between braces come from `scenery.py`. `test_pages.py` fails when a named address of the site is missing here.
"""

from __future__ import annotations

from dataclasses import dataclass

WIDTHS = (390, 1280)


@dataclass(frozen=True)
class Screen:
    """A page in one state. `name`: its name among the addresses of the site; `press`: the button that leads to the state."""

    name: str
    path: str
    state: str = "initial"
    status: int = 200
    portal: str = "essor"
    office: bool = False
    press: str = ""

    @property
    def language(self) -> str:
        """The language that the page must declare."""
        return "en" if self.path.startswith("/en/") else "fr"

    @property
    def is_family(self) -> bool:
        """One screen per page family: the French one, on the first portal, as it first appears."""
        return self.state == "initial" and self.portal == "essor" and self.language == "fr"

    def __str__(self) -> str:
        parts = (
            self.name,
            self.state,
            "" if self.portal == "essor" else self.portal,
            "" if self.language == "fr" else self.language,
        )
        return "-".join(part for part in parts if part and part != "initial")


AT_CRAON = "etape=creation&commune=53084"

PUBLIC = (
    Screen("home", "/"),
    Screen("home", "/en/"),
    Screen("home", "/", portal="tremplin"),
    Screen("questions", "/questions/etape/"),
    Screen("questions", "/questions/commune/?etape=creation", "commune"),
    Screen("questions", "/questions/besoins/?etape=creation&commune=Saint-Denis&saisie=1", "choice"),
    Screen("questions", "/questions/besoins/?etape=creation&commune=Nulle-Part-sur-Rien&saisie=1", "error"),
    Screen("questions", "/questions/commune/?etape=nimporte", "error stage"),
    Screen("questions", f"/questions/besoins/?{AT_CRAON}", "needs"),
    Screen("questions", f"/questions/forme/?{AT_CRAON}&besoin=juridique", "legal form"),
    Screen("questions", f"/questions/secteur/?{AT_CRAON}&besoin=juridique&forme=association", "sector"),
    Screen("questions", "/en/questions/commune/?etape=creation"),
    Screen("questions", "/questions/etape/", portal="tremplin"),
    Screen("results", f"/resultats/?{AT_CRAON}"),
    Screen("results", "/resultats/", "nothing said"),
    Screen("results", f"/resultats/?{AT_CRAON}&besoin=juridique&forme=scic&secteur=culture&nature=financement", "filtered"),
    Screen("results", "/resultats/?nature=conseil&page=2", "page 2"),
    Screen("results", "/resultats/?etape=difficultes&commune=53084", "distress"),
    Screen("results", "/resultats/?etape=nimporte&commune=Saint-Denis&besoin=quoi&salaries=beaucoup", "error"),
    Screen("results", f"/resultats/?{AT_CRAON}&texte=xyzzyx", "empty"),
    Screen("results", f"/en/resultats/?{AT_CRAON}"),
    Screen("results", "/resultats/?etape=creation&commune=59350", portal="tremplin"),
    Screen("offer", f"/offres/{{offer}}/?{AT_CRAON}"),
    Screen("offer", "/offres/{starter_offer}/", "starter"),
    Screen("offer", "/offres/{offer}/?etape=difficultes&commune=53130&forme=societe", "blocked"),
    Screen("offer", "/offres/{offer}/?commune=Nulle-Part-sur-Rien&etape=nimporte", "error"),
    Screen("offer", "/offres/{gone}/", "gone", 410),
    Screen("offer", "/offres/jamais-vue-aaaaaaaaaaaa/", "unknown", 404),
    Screen("structure", "/structures/{structure}/"),
    Screen("structure", "/structures/jamais-vue-aaaaaaaaaaaa/", "unknown", 404),
    Screen("relays", "/reseaux-et-relais/?commune=53084"),
    Screen("relays", "/reseaux-et-relais/", "whole région"),
    Screen("relays", "/reseaux-et-relais/?commune=Nulle-Part-sur-Rien", "error"),
    Screen("relays", "/reseaux-et-relais/?commune=Saint-Denis", "choice"),
    Screen("relays", "/reseaux-et-relais/?commune=97101&niveau=specialiste", "empty"),
    Screen("relays", "/reseaux-et-relais/", portal="tremplin"),
    Screen("territories", "/territoires/"),
    Screen("territories", "/territoires/?commune=Nulle-Part-sur-Rien", "error"),
    Screen("territories", "/territoires/?commune=Saint-Denis", "choice"),
    Screen("territories", "/territoires/", portal="tremplin"),
    Screen("territory", "/territoires/commune/53084/"),
    Screen("territory", "/territoires/epci/200048551/", "EPCI"),
    Screen("territory", "/territoires/departement/53/", "département"),
    Screen("territory", "/territoires/region/52/", "région"),
    Screen("territory", "/territoires/commune/97101/", "empty"),
    Screen("territory", "/territoires/commune/99999/", "unknown", 404),
    Screen("plan", f"/parcours/?{AT_CRAON}"),
    Screen("plan", "/parcours/", "nothing said"),
    Screen("plan", "/parcours/?etape=nimporte&commune=Nulle-Part-sur-Rien", "error"),
    Screen("plan", f"/parcours/?{AT_CRAON}&texte=xyzzyx", "empty"),
    Screen("report", "/signaler/offre/{offer}/"),
    Screen("report", "/signaler/offre/{offer}/", "error", press="Envoyer"),
    Screen("report", "/signaler/relais/{relay}/", "relay"),
    Screen("report_thanks", "/signaler/offre/{offer}/merci/"),
    Screen("diagnosis", "/autodiagnostic/"),
    Screen("diagnosis", "/en/autodiagnostic/"),
    Screen("diagnosis-list", "/autodiagnostic/complete/1/"),
    Screen("diagnosis-list", "/autodiagnostic/complete/1/?r=1onoop&etape=creation&commune=53084", "begun"),
    Screen("diagnosis-list", "/autodiagnostic/complete/1/?r=zz1onoop", "error"),
    Screen("diagnosis-list", "/autodiagnostic/complete/9/?r=1onoop", "unknown version", 404),
    Screen("diagnosis-step", "/autodiagnostic/complete/1/question/besoin-nomme/?r=1"),
    Screen("diagnosis-step", "/autodiagnostic/complete/1/question/porte/", "gate"),
    Screen("diagnosis-step", "/autodiagnostic/complete/1/question/but-ecrit/?r=1o&reponse=9", "error"),
    Screen("diagnosis-step", "/en/autodiagnostic/rapide/1/question/essai-risque/?r=oo"),
    Screen("diagnosis-result", "/autodiagnostic/complete/1/resultat/?r=1onoopepoxxsnoooenpos&etape=creation&commune=53084"),
    Screen("diagnosis-result", "/autodiagnostic/complete/1/resultat/", "empty"),
    Screen("diagnosis-result", "/autodiagnostic/rapide/1/resultat/?r=oooo", "all yes"),
    Screen("diagnosis-result", "/autodiagnostic/complete/1/resultat/?r=1o&commune=Saint-Denis&saisie=1", "error choice"),
    Screen("diagnosis-result", "/autodiagnostic/complete/1/resultat/?r=1o&commune=Nulle-Part-sur-Rien&etape=quoi", "error"),
    Screen("diagnosis-result", "/en/autodiagnostic/complete/1/resultat/?r=1onoopepoxxsnoooenpos"),
    Screen("diagnosis-result", "/autodiagnostic/complete/1/resultat/?r=1onoopepoxxsnoooenpos", portal="tremplin"),
    Screen("diagnosis-keep", "/autodiagnostic/complete/1/garder/?r=1onoop"),
    Screen("diagnosis-deleted", "/autodiagnostic/efface/"),
    Screen("private-list", "/autodiagnostic/prive/{diagnosis}/"),
    Screen("private-list", "/autodiagnostic/prive/{adviser}/", "adviser"),
    Screen("private-list", "/autodiagnostic/prive/deja-efface/", "ended", 410),
    Screen("private-step", "/autodiagnostic/prive/{diagnosis}/question/but-ecrit/"),
    Screen("private-result", "/autodiagnostic/prive/{diagnosis}/resultat/"),
    Screen("private-compare", "/autodiagnostic/prive/{diagnosis}/regards/"),
    Screen("private-settings", "/autodiagnostic/prive/{diagnosis}/reglages/"),
    Screen("private-settings", "/autodiagnostic/prive/{diagnosis}/reglages/", "error", press="Effacer ce diagnostic"),
    Screen("private-document", "/autodiagnostic/prive/{diagnosis}/documents/999999/", "unknown", 404),
    Screen("legal", "/mentions-legales/"),
    Screen("accessibility", "/accessibilite/"),
    Screen("sources", "/d-ou-viennent-ces-fiches/"),
    Screen("sources", "/d-ou-viennent-ces-fiches/", state="other portal", portal="tremplin"),
    Screen("sitemap", "/plan-du-site/"),
    Screen("api", "/api/"),
    Screen("api", "/en/api/"),
    Screen("embed", "/integrer/"),
    Screen("widget", "/widget/?territoire=departement:53&etape=creation"),
    Screen("widget", "/widget/?commune=53084&couleur=ffe600&theme=sombre&nombre=2", "dark"),
    Screen("widget", "/widget/?commune=53084&texte=xyzzyx&theme=clair&couleur=ffe600", "empty"),
    Screen("open-data", "/donnees/"),
    Screen("validate", "/valider/"),
    Screen("validate", "/valider/", "error", press="Vérifier"),
    Screen("hsds-profile", "/hsds/profil/"),
    Screen("sign-in", "/connexion/"),
    Screen("sign-in", "/connexion/", "error", press="Se connecter"),
    Screen("sign-in-link", "{link}"),
    Screen("sign-in-link", "/connexion/lien/deja-servi/", "error", 410),
    Screen("nowhere", "/nulle-part/", "unknown", 404),
    Screen("unreadable", "/resultats/?texte=%00", "error", 400),
)

OFFICE = (
    Screen("account", "/mon-compte/", office=True),
    Screen("account", "/mon-compte/", "error", office=True, press="Enregistrer le mot de passe"),
    Screen("office", "/gestion/", office=True),
    Screen("office-reports", "/gestion/signalements/", office=True),
    Screen("office-report", "/gestion/signalements/{report}/", office=True),
    Screen("office-report", "/gestion/signalements/999999/", "unknown", 404, office=True),
    Screen("office-sources", "/gestion/sources/", office=True),
    Screen("office-source", "/gestion/sources/essai/", office=True),
    Screen("office-source", "/gestion/sources/nulle-part/", "unknown", 404, office=True),
    Screen("office-changes", "/gestion/sources/changements/", office=True),
    Screen("office-duplicates", "/gestion/sources/doublons/", office=True),
    Screen("office-duplicate", "/gestion/sources/doublons/{duplicate}/", office=True),
    Screen("office-duplicate", "/gestion/sources/doublons/{duplicate}/", "error", office=True, press="Fusionner"),
    Screen("office-merges", "/gestion/sources/fusions/", office=True),
    Screen("office-grids", "/gestion/grilles/", office=True),
    Screen("office-grids", "/gestion/grilles/", "error", office=True, press="Créer la grille"),
    Screen("office-grid", "/gestion/grilles/complete/1/", office=True),
    Screen("office-grid", "/gestion/grilles/rapide/2/", "draft", office=True),
    Screen("office-grid-texts", "/gestion/grilles/rapide/2/textes/", office=True),
    Screen("office-grid-new-criterion", "/gestion/grilles/rapide/2/criteres/nouveau/", office=True),
    Screen("office-grid-new-criterion", "/gestion/grilles/rapide/2/criteres/nouveau/", "error", office=True, press="Enregistrer"),
    Screen("office-grid-criterion", "/gestion/grilles/rapide/2/criteres/essai-risque/", office=True),
    Screen("office-grid-counts", "/gestion/grilles/complete/1/chiffres/", office=True),
    Screen("office-people", "/gestion/comptes/", office=True),
    Screen("office-new-person", "/gestion/comptes/nouveau/", office=True),
    Screen("office-new-person", "/gestion/comptes/nouveau/", "error", office=True, press="Ouvrir le compte"),
    Screen("office-person", "/gestion/comptes/{person}/", office=True),
    Screen("office-list", "/gestion/structures/", office=True),
    Screen("office-list", "/gestion/offres/", "offers", office=True),
    Screen("office-list", "/gestion/relais/", "relays", office=True),
    Screen("office-list", "/gestion/offres/?texte=xyzzyx", "empty", office=True),
    Screen("office-list", "/gestion/offres/?territoire=Nulle-Part-sur-Rien&etat=nimporte", "error", office=True),
    Screen("office-sheet", "/gestion/structures/{structure_uid}/", office=True),
    Screen("office-sheet", "/gestion/offres/{offer_uid}/", "offer", office=True),
    Screen("office-sheet", "/gestion/offres/{draft_uid}/", "draft", office=True),
    Screen("office-sheet", "/gestion/relais/{relay_uid}/", "relay", office=True),
    Screen("office-new-structure", "/gestion/structures/nouvelle/", office=True),
    Screen("office-new-structure", "/gestion/structures/nouvelle/", "error", office=True, press="Enregistrer"),
    Screen("office-new-offer", "/gestion/structures/{structure_uid}/offres/nouvelle/", office=True),
    Screen("office-new-offer", "/gestion/structures/{structure_uid}/offres/nouvelle/", "error", office=True, press="Enregistrer"),
    Screen("office-new-relay", "/gestion/structures/{structure_uid}/relais/nouveau/", office=True),
    Screen("office-edit", "/gestion/offres/{offer_uid}/modifier/", office=True),
    Screen("office-edit", "/gestion/offres/{gone_uid}/modifier/", "refused", 403, office=True),
    Screen("office-preview", "/gestion/offres/{draft_uid}/apercu/", office=True),
    Screen("office-preview", "/gestion/structures/{structure_uid}/apercu/", "structure", office=True),
    Screen("office-history", "/gestion/offres/{offer_uid}/historique/", office=True),
    Screen("office-ask", "/gestion/offres/{offer_uid}/demande/", office=True),
    Screen("office-act", "/gestion/offres/{review_uid}/publier/", office=True),
    Screen("office-act", "/gestion/offres/{offer_uid}/suspendre/", "error", office=True, press="Suspendre"),
    Screen("office-act", "/gestion/offres/{draft_uid}/publier/", "refused", 403, office=True),
    Screen("office-tables", "/gestion/tableaux/", office=True),
    Screen("office-new-table", "/gestion/tableaux/nouveau/", office=True),
    Screen("office-new-table", "/gestion/tableaux/nouveau/", "error", office=True, press="Continuer"),
    Screen("office-table", "/gestion/tableaux/{table}/", office=True),
    Screen("office-table", "/gestion/tableaux/{table_draft}/", "draft", office=True),
    Screen("office-table", "/gestion/tableaux/{table_waiting}/", "waiting", office=True),
    Screen("office-table", "/gestion/tableaux/{table_done}/", "done", office=True),
    Screen("office-table-shape", "/gestion/tableaux/{table_draft}/forme/", office=True),
    Screen("office-table-columns", "/gestion/tableaux/{table_draft}/colonnes/", office=True),
    Screen(
        "office-table-columns",
        "/gestion/tableaux/{table_draft}/colonnes/",
        "error",
        office=True,
        press="Enregistrer et continuer",
    ),
    Screen("office-table-values", "/gestion/tableaux/{table}/valeurs/", office=True),
    Screen("office-table-values", "/gestion/tableaux/{table_draft}/valeurs/", "nothing unknown", office=True),
)

SCREENS = (*PUBLIC, *OFFICE)
FAMILIES = tuple(screen for screen in SCREENS if screen.is_family)

#: Named addresses that are not pages for people, each with the reason.
NOT_PAGES = {
    "api-orientation": "JSON for programs",
    "api-communes": "JSON for the suggestions of the commune field",
    **{
        f"api-{name}": "JSON for programs, told on the page « api »"
        for name in (
            *("offers", "offer", "structures", "structure", "relays", "relay", "territories", "territory"),
            *("vocabularies", "vocabulary", "coverage", "openapi", "unknown"),
        )
    },
    "mcp": "JSON-RPC for assistants",
    "feed-new": "Atom, for feed readers",
    "feed-calls": "Atom, for feed readers",
    "deadlines": "a calendar file",
    "widget-style": "the colours of the widget",
    "widget-script": "the script of partner sites",
    "export-table": "a CSV, XLSX or GeoJSON file",
    "export-inclusion": "JSON for data.inclusion",
    "dcat": "JSON-LD for data portals",
    "dump-file": "a file of the nightly dump",
    "hsds-root": "JSON for programs",
    "hsds-profile-json": "JSON for programs",
    "hsds-services": "JSON for programs",
    "hsds-service": "JSON for programs",
    "hsds-organizations": "JSON for programs",
    "hsds-organization": "JSON for programs",
    "hsds-taxonomies": "JSON for programs",
    "hsds-taxonomy-terms": "JSON for programs",
    "hsds-service-at-locations": "JSON for programs",
    "livez": "one word for the machine that watches",
    "healthz": "one word for the machine that watches",
    "readyz": "one word for the machine that watches",
    "sitemap_xml": "XML for search engines",
    "sitemap_part": "XML for search engines",
    "robots": "text for search engines",
    "favicon": "nothing, for whoever asks without being told",
    "stylesheet": "the stylesheet",
    "offer_calendar": "a calendar file",
    "diagnosis-pdf": "a PDF, followed in the journey of the self-diagnosis",
    "diagnosis-json": "JSON for programs",
    "private-pdf": "the same PDF, under a private link",
    "private-json": "JSON for programs",
    "private-place": "only POST",
    "private-add-document": "only POST",
    "private-remove-document": "only POST",
    "office-grid-draft": "only POST",
    "office-grid-publish": "only POST",
    "plan_pdf": "a PDF, followed in the journey of the plan",
    "office-places": "the part of a form that a script asks for; journeyed through without script",
    "sign-out": "only POST",
    "sign-out-everywhere": "only POST",
    "office-release": "only POST",
    "office-confirm": "only POST",
    "office-run": "only POST",
    "office-undo": "only POST",
    "office-table-check": "only POST",
    "office-table-confirm": "only POST",
    "office-table-discard": "only POST",
    "office-table-corrections": "a CSV file",
}
