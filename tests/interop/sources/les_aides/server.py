"""les-aides.fr as documented, with fictitious aids: searches, sheets, lists, and every way to fail. Answers come on loopback only."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.servers import Asked, Said, Server, serving

KEY = "cle-de-test"
FILIERE = 4071  # not the number of any documentation: ours must come from the list

AIDS: dict[str, dict[str, Any]] = {
    "101": {"nom": "Avance régionale à l’ESS", "revision": "1.2", "implantation": "T", "domaines": [790, 793], "moyens": [827], "departements": ["44", "49", "53", "72", "85"], "validation": "2026-09-01"},
    "102": {"nom": "Fonds national d’essaimage", "revision": "3", "implantation": "N", "domaines": [798], "moyens": [833], "departements": ["44", "49", "53", "72", "85"], "validation": "2026-10-15"},
    "103": {"nom": "Conseil aux repreneurs de la Mayenne", "revision": "1", "implantation": "T", "domaines": [790], "moyens": [14], "departements": ["53"], "validation": "2026-03-02"},
}  # fmt: skip

SHEETS: dict[str, dict[str, Any]] = {
    "101": {
        "auteur": "Région fictive", "organisme": {"numero": 7, "sigle": "RF", "raison_sociale": "Conseil régional fictif", "implantation": "T",
            "adresses": [{"libelle": "Siège", "interlocuteur": "Camille Untel", "adresse": "1 rue de l’Exemple, 44000 Nantes", "email": "contact@region.example", "telephone": "02 40 00 00 00", "web": "https://region.example"}]},
        "objet": "<p>Aide à la <strong>création d&#39;entreprise</strong> de l&#39;ESS.</p><script>alert(1)</script>",
        "conditions": "<ul><li>être domicilié en région</li><li>ne pas être en difficulté</li></ul>",
        "montants": "<p>Jusqu’à 30 000 €</p>", "conseils": "<p>Écrire à <a href='mailto:camille.untel@region.example'>Camille</a></p>",
        "references": "<p>Délibération du 3 mars 2026</p>", "restrictions": [{"libelle": "Hors commerce de gros"}],
        "criteres": {"pour": ["Moins de 10 salariés", {"libelle": "Entreprise créée depuis moins de 3 ans"}, "Avoir un projet mûri"], "contre": ["Filiale d’un grand groupe"]},
        "particularites": [], "cci": [], "responsabilites": "<p>Information donnée sans garantie.</p>",
    },
    "102": {"auteur": "Fonds fictif", "organisme": {"numero": 8, "sigle": "FF", "raison_sociale": "Fonds fictif", "adresses": []}, "objet": "<p>Changement d’échelle.</p>", "montants": "", "criteres": {"pour": [], "contre": []}, "responsabilites": ""},
    "103": {"auteur": "CCI fictive", "organisme": {"numero": 9, "sigle": "CCI", "raison_sociale": "CCI fictive", "adresses": []}, "objet": "Conseils aux repreneurs", "criteres": {"pour": ["ESUS"], "contre": []}, "responsabilites": ""},
}  # fmt: skip

LISTS: dict[str, Any] = {
    "filieres": [{"numero": 336, "libelle": "Artisanat"}, {"numero": FILIERE, "libelle": "Economie Sociale et Solidaire"}],
    "domaines": [{"numero": 790, "libelle": "Création Reprise"}, {"numero": 793, "libelle": "Cession Transmission"}, {"numero": 798, "libelle": "Développement commercial"}],
    "moyens": [{"numero": 827, "libelle": "Avance − Prêts − Garanties"}, {"numero": 833, "libelle": "Subvention"}, {"numero": 14, "libelle": "Prestations spécialisées"}],
    "departements": [{"departement": code, "nom": code} for code in ("02", "44", "49", "53", "59", "60", "62", "72", "80", "85")],
    "naf": [{"code": "S", "libelle": "Autres services", "activites": [{"code": "94", "libelle": "Organisations", "activites": []}, {"code": "95", "libelle": "Réparation", "activites": []}]}],
}  # fmt: skip


class LesAides:
    """The service. `fail` may answer instead of it; `truncated` says which searches are too wide; `quota` the calls it gives."""

    def __init__(self) -> None:
        self.aids = {numero: dict(aid) for numero, aid in AIDS.items()}
        self.sheets = {numero: dict(sheet) for numero, sheet in SHEETS.items()}
        self.lists = dict(LISTS)
        self.quota = 10_000
        self.counts: Counter[str] = Counter()
        self.searches: list[dict[str, str]] = []
        self.living: set[str] = set()
        self.truncated: Callable[[dict[str, str]], bool] = lambda search: False
        self.fail: Callable[[Asked], Said | None] = lambda asked: None

    def answer(self, asked: Asked) -> Said:
        """One answer, as the documentation says it."""
        self.counts["calls"] += 1
        self.counts[asked.path] += 1
        assert asked.headers.get("Accept") == "application/json"
        assert "gzip" in asked.headers.get("Accept-Encoding", "")
        if said := self.fail(asked):
            return said
        if asked.headers.get("X-IDC") != KEY:
            return Said(401, b"")
        if self.counts["calls"] > self.quota:
            return refused("Le quota d'accès quotidien est dépassé", "")
        query = {name: values[0] for name, values in asked.query.items()}
        if asked.path.startswith("/liste/"):
            return said_json(self.lists[asked.path.split("/")[2]])
        return self._search(query) if asked.path == "/aides/" else self._sheet(query)

    def _search(self, query: dict[str, str]) -> Said:
        if not query.get("ape"):
            return refused("L'APE n'existe pas ou est mal paramétrée", "ape")
        if query.get("filiere") != str(FILIERE):
            return refused("La filière n'existe pas", "filiere")
        self.searches.append(query)
        idr = str(5000 + len(self.searches))
        self.living.add(idr)
        answer: dict[str, Any] = {"idr": int(idr), "depassement": self.truncated(query), "date": "2026-11-24 03:00:00"}
        found = (
            []
            if answer["depassement"]
            else [self._summary(numero, aid) for numero, aid in self.aids.items() if self._fits(aid, query)]
        )
        return said_json({**answer, "nb_dispositifs": len(found), "dispositifs": found, "etablissement": {}, "localisation": {}})

    @staticmethod
    def _fits(aid: dict[str, Any], query: dict[str, str]) -> bool:
        return (
            query["departement"] in aid["departements"]
            and int(query["domaine"]) in aid["domaines"]
            and ("moyen" not in query or int(query["moyen"]) in aid["moyens"])
            and query["ape"][:1] in aid.get("activites", "SQ9")
        )

    @staticmethod
    def _summary(numero: str, aid: dict[str, Any]) -> dict[str, Any]:
        shown = {key: value for key, value in aid.items() if key not in ("departements", "activites")}
        page = f"https://les-aides.fr/aide/{numero}"
        return {
            "numero": int(numero),
            **shown,
            "uri": page,
            "sigle": "X",
            "resume": f"Résumé de {aid['nom']}.",
            "nouveau": False,
            "aps": False,
        }

    def _sheet(self, query: dict[str, str]) -> Said:
        if query.get("requete") not in self.living:
            return refused("La requête n'existe pas", "requete")
        numero = query.get("dispositif", "")
        if numero not in self.sheets:
            return Said(404, b"")
        return said_json({**self._summary(numero, self.aids[numero]), **self.sheets[numero]})


def said_json(value: Any) -> Said:
    """An answer in JSON, packed as the service does when it may."""
    return Said(
        body=gzip.compress(json.dumps(value).encode()),
        headers={"Content-Type": "application/json; charset=UTF-8", "Content-Encoding": "gzip"},
    )


def refused(reason: str, field: str) -> Said:
    """403, with the reason in JSON."""
    return Said(403, json.dumps({"exception": reason, "api": "/aides", "field": field, "args": {}}).encode())


@contextmanager
def les_aides() -> Iterator[tuple[LesAides, Server]]:
    """The service, running."""
    service = LesAides()
    with serving(service.answer) as server:
        yield service, server
