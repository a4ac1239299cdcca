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
ROYALTIES = "somme=120000&multiple=1,5&ca1=1000000&ca2=1400000&ca3=1800000&ca4=2200000&ca5=2600000&marge=15"

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
    Screen("crowdfunding", "/financement-participatif/"),
    Screen("crowdfunding", "/financement-participatif/?commune=53084&etat=ouverte", "near"),
    Screen("crowdfunding", "/financement-participatif/?commune=Saint-Denis&saisie=1&theme=quoi", "error"),
    Screen("crowdfunding", "/financement-participatif/?forme=obligations", "empty"),
    Screen("crowdfunding", "/en/financement-participatif/"),
    Screen("crowdfunding", "/financement-participatif/", portal="tremplin"),
    Screen("campaign", "/financement-participatif/campagnes/{campaign}/"),
    Screen("campaign", "/financement-participatif/campagnes/{risky_campaign}/", "risky"),
    Screen("campaign", "/financement-participatif/campagnes/jamais-vue-aaaaaaaaaaaa/", "unknown", 404),
    Screen("crowdfunding-forms", "/financement-participatif/quelle-forme/"),
    Screen(
        "crowdfunding-forms",
        "/financement-participatif/quelle-forme/?etape=creation&forme=association&montant=8000&rembourse=non",
        "answered",
    ),
    Screen("crowdfunding-forms", "/financement-participatif/quelle-forme/?montant=-3&etape=quoi", "error"),
    Screen("royalties", "/financement-participatif/royalties/"),
    Screen("royalties", f"/financement-participatif/royalties/?{ROYALTIES}", "computed"),
    Screen("royalties", f"/en/financement-participatif/royalties/?{ROYALTIES}", "computed"),
    Screen("royalties", "/financement-participatif/royalties/?somme=-1&ca1=0&ca2=0&ca3=0&ca4=0&ca5=0", "error"),
    Screen("topup", "/financement-participatif/abondement/"),
    Screen("topup", "/financement-participatif/abondement/?don=100&regle=nouvelle-aquitaine-ess", "computed"),
    Screen("topup", "/financement-participatif/abondement/?don=rien&part=1", "error"),
    Screen("crowdfunding-figures", "/financement-participatif/chiffres/"),
    Screen("report", "/signaler/offre/{offer}/"),
    Screen("report", "/signaler/offre/{offer}/", "error", press="Envoyer"),
    Screen("report", "/signaler/relais/{relay}/", "relay"),
    Screen("report_thanks", "/signaler/offre/{offer}/merci/"),
    Screen("legal", "/mentions-legales/"),
    Screen("accessibility", "/accessibilite/"),
    Screen("sources", "/d-ou-viennent-ces-fiches/"),
    Screen("sitemap", "/plan-du-site/"),
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
    Screen("office-people", "/gestion/comptes/", office=True),
    Screen("office-new-person", "/gestion/comptes/nouveau/", office=True),
    Screen("office-new-person", "/gestion/comptes/nouveau/", "error", office=True, press="Ouvrir le compte"),
    Screen("office-person", "/gestion/comptes/{person}/", office=True),
    Screen("office-campaigns", "/gestion/campagnes/", office=True),
    Screen("office-campaign", "/gestion/campagnes/{campaign_uid}/", office=True),
    Screen("office-new-campaign", "/gestion/campagnes/nouvelle/", office=True),
    Screen("office-new-campaign", "/gestion/campagnes/nouvelle/", "error", office=True, press="Enregistrer"),
    Screen("office-edit-campaign", "/gestion/campagnes/{campaign_uid}/modifier/", office=True),
    Screen("office-import-campaigns", "/gestion/campagnes/importer/", office=True),
    Screen("office-import-campaigns", "/gestion/campagnes/importer/", "error", office=True, press="Importer"),
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
)

SCREENS = (*PUBLIC, *OFFICE)
FAMILIES = tuple(screen for screen in SCREENS if screen.is_family)

#: Named addresses that are not pages for people, each with the reason.
NOT_PAGES = {
    "api-orientation": "JSON for programs",
    "api-topup": "JSON for platforms",
    "royalties-export": "a table file, followed in the journey of the simulator",
    "crowdfunding-figures-data": "a table or JSON file",
    "campaign-image": "a picture",
    "office-campaign-act": "only POST",
    "api-communes": "JSON for the suggestions of the commune field",
    "livez": "one word for the machine that watches",
    "healthz": "one word for the machine that watches",
    "readyz": "one word for the machine that watches",
    "sitemap_xml": "XML for search engines",
    "sitemap_part": "XML for search engines",
    "robots": "text for search engines",
    "favicon": "nothing, for whoever asks without being told",
    "stylesheet": "the stylesheet",
    "offer_calendar": "a calendar file",
    "plan_pdf": "a PDF, followed in the journey of the plan",
    "office-places": "the part of a form that a script asks for; journeyed through without script",
    "sign-out": "only POST",
    "sign-out-everywhere": "only POST",
    "office-release": "only POST",
}
