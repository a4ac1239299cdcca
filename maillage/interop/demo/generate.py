"""Draws the fictitious region: structures, relays and offers, at the scale of the seed article times `scale`."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from maillage.interop.demo import wording
from maillage.interop.demo.territory import REGION, DemoCommune, DemoTerritory, make_territory
from maillage.vocabulary.words import vocabulary

SOURCE = "demo"
#: The article's figures for one region (seed-article.txt): 200 tools, 545 financings, 100 actors, 17 structures, 80 relays, 26 experts.
TOOLS, FINANCINGS, ACTORS, FIRST_CIRCLE, RELAYS, EXPERTS = 200, 545, 100, 17, 80, 26
#: Two départements have no place to start in, as the article says of its region: the observatory must find them.
WITHOUT_INCUBATION = ("V4", "V5")

_HOURS = (
    "Mo-Fr 09:00-12:30,13:30-17:30; PH off",
    "Tu-Fr 10:00-12:00,14:00-18:00; Sa 09:30-12:00; PH off",
    "Mo,We 09:00-12:00; Th 14:00-19:00; PH off",
    "We 14:00-18:00; Sa 09:00-12:00",
)
_STAGE_WEIGHTS = {"idee": 18, "faisabilite": 14, "creation": 24, "developpement": 20, "consolidation": 14, "difficultes": 10}
_TOOL_WEIGHTS = {"conseil": 50, "formation": 22, "hebergement": 8, "mise-en-reseau": 10, "information": 10}


@dataclass
class DemoRegion:
    """Everything that was drawn, in the shape of Maillage JSONL 1 (dicts, one per line)."""

    territory: DemoTerritory
    structures: list[dict[str, Any]] = field(default_factory=list)
    relays: list[dict[str, Any]] = field(default_factory=list)
    offers: list[dict[str, Any]] = field(default_factory=list)


def make_region(scale: int = 1, seed: int = 1, today: date = date(2026, 11, 23)) -> DemoRegion:
    """Draw the region. The same arguments give the same region; `scale` multiplies the article's figures, not the territory."""
    chance = random.Random(seed)
    region = DemoRegion(make_territory(chance))
    drawing = _Drawing(chance, region, today)
    drawing.networks()
    drawing.first_circle(FIRST_CIRCLE * scale)
    drawing.actors(ACTORS * scale)
    drawing.relays(RELAYS * scale, EXPERTS * scale)
    drawing.tools(TOOLS * scale)
    drawing.financings(FINANCINGS * scale)
    return region


class _Drawing:
    def __init__(self, chance: random.Random, region: DemoRegion, today: date) -> None:
        self.chance, self.region, self.today = chance, region, today
        self.communes = region.territory.communes
        self.weights = [max(commune.population, 50) ** 0.8 for commune in self.communes]
        self.commune_of = {commune.code: commune for commune in self.communes}
        self.words = vocabulary()

    # -- places and people

    def town(self) -> DemoCommune:
        return self.chance.choices(self.communes, self.weights)[0]

    def phone(self) -> str:
        return f"02 61 91 {self.chance.randint(0, 99):02d} {self.chance.randint(0, 99):02d}"  # kept for fiction by the regulator

    def address(self, commune: DemoCommune) -> dict[str, Any]:
        return {
            "address": f"{self.chance.randint(1, 90)} {self.chance.choice(('rue du Port', 'place du Marché', 'rue des Écoles', 'quai de l’Ambre'))}",
            "commune": commune.code,
            "postcode": commune.postcode,
            "lon": round(commune.lon + self.chance.gauss(0, 0.01), 5),
            "lat": round(commune.lat + self.chance.gauss(0, 0.008), 5),
        }

    def structure(self, kind: str, roles: list[dict[str, Any]], commune: DemoCommune, nonprofit: str = "ess") -> dict[str, Any]:
        number = len(self.region.structures)
        pattern = self.chance.choice(wording.STRUCTURE_NAMES[kind])
        name = pattern.format(of=f"de {commune.name}", word=self.chance.choice(wording.NAME_WORDS))
        made = {
            "id": f"structure-{number:05d}",
            "source": SOURCE,
            "name": f"{name} (fictif {number})",
            "description": f"Structure inventée pour la démonstration, installée à {commune.name}.",
            "types": [kind],
            "legal_form": self.chance.choice(("association", "association", "scic", "scop", "collectivite")),
            "networks": [],
            "roles": roles,
            "nonprofit": nonprofit,
            **self.address(commune),
            "phone": self.phone(),
            "email": f"contact@structure-{number:05d}.example.org",
            "website": f"https://structure-{number:05d}.example.org/",
            "opening_hours": self.chance.choice(_HOURS),
            "languages": ["fr"],
            "updated": str(self.today - timedelta(days=self.chance.randint(0, 700))),
            "verified_on": str(self.today - timedelta(days=self.chance.randint(0, 500))),
        }
        self.region.structures.append(made)
        return made

    def networks(self) -> None:
        """One local network per département, and the chamber of the region."""
        for code in self.region.territory.departements:
            role = {
                "role": "reseau-local-ess",
                "territory": {"level": "departement", "code": code},
                "since": "2024-01-01",
                "authority": "Région fictive",
            }
            town = max(
                (c for c in self.communes if c.departement == code), key=lambda commune: (commune.population, commune.code)
            )
            self.structure("reseau-local-ess", [role], town)
        role = {
            "role": "cress",
            "territory": {"level": "region", "code": REGION},
            "since": "2024-01-01",
            "authority": "Région fictive",
        }
        chamber = self.structure(
            "reseau-local-ess", [role], max(self.communes, key=lambda commune: (commune.population, commune.code))
        )
        chamber["id"], chamber["name"] = "cress-valombre", "CRESS Valombre (fictive)"

    def first_circle(self, count: int) -> None:
        """The structures that the Région supports: free, specialised, covering the whole territory."""
        for _ in range(count):
            role = {
                "role": "cercle-1",
                "territory": {"level": "region", "code": REGION},
                "since": "2025-01-01",
                "until": "2027-12-31",
                "authority": "Région fictive",
            }
            self.structure("cercle-1", [role], self.town())

    def actors(self, count: int) -> None:
        """The other actors: members of the professional network, a third of them funders."""
        for rank in range(count):
            role = {
                "role": "membre-connect",
                "territory": {"level": "region", "code": REGION},
                "since": "2025-01-01",
                "authority": "CRESS Valombre",
            }
            kind = "financeur" if rank % 3 == 0 else "acteur"
            self.structure(kind, [role], self.town(), nonprofit=self.chance.choice(("ess", "ess", "public", "autre")))

    def relays(self, count: int, experts: int) -> None:
        """Places that welcome people; the first `experts` of them also accompany."""
        for number in range(count):
            commune, expert = self.town(), number < experts
            host = self.chance.choice(self.region.structures)
            self.region.relays.append(
                {
                    "id": f"relais-{number:05d}",
                    "source": SOURCE,
                    "structure_id": host["id"],
                    "name": f"Point d’accueil de {commune.name} (fictif {number})",
                    "level": "accompagnement-generaliste" if expert else "information",
                    "network": "piva-plus" if expert else "piva",
                    "opening_hours": self.chance.choice(_HOURS),
                    "languages": ["fr", "en"] if number % 7 == 0 else ["fr"],
                    **self.address(commune),
                    "phone": self.phone(),
                    "email": f"accueil@relais-{number:05d}.example.org",
                    "coverage": [{"level": "epci", "code": commune.epci}],
                    "updated": str(self.today - timedelta(days=self.chance.randint(0, 700))),
                }
            )

    # -- offers

    def some(self, name: str, most: int) -> list[str]:
        return sorted(self.chance.sample(self.words.codes(name), self.chance.randint(1, most)), key=self.words.codes(name).index)

    def stages(self) -> list[str]:
        codes = list(_STAGE_WEIGHTS)
        first = codes.index(self.chance.choices(codes, list(_STAGE_WEIGHTS.values()))[0])
        return codes[first : first + self.chance.choice((1, 1, 2, 2, 3))]

    def coverage(self, host: dict[str, Any], kind: str) -> list[dict[str, str]]:
        home = self.commune_of[host["commune"]]
        level = self.chance.choices(("epci", "departement", "region"), (30, 45, 25) if kind != "financement" else (15, 35, 50))[0]
        return [{"level": level, "code": {"epci": home.epci, "departement": home.departement, "region": REGION}[level]}]

    def offer(self, kind: str, host: dict[str, Any], extra: dict[str, Any]) -> None:
        number = len(self.region.offers)
        stages, needs = self.stages(), self.some("need", 3)
        sectors = self.some("sector", 2) if self.chance.random() < 0.35 else []
        home = self.commune_of[host["commune"]]
        coverage = self.coverage(host, kind)
        if kind == "hebergement" and home.departement in WITHOUT_INCUBATION:
            kind = "conseil"
        if kind == "hebergement":
            coverage = [{"level": "departement", "code": home.departement}]
        words = {
            "need": self.words.label("need", needs[0]).lower(),
            "stage": self.words.label("stage", stages[0]).lower(),
            "sector": self.words.label("sector", (sectors or ["autre"])[0]).lower(),
            "word": self.chance.choice(wording.NAME_WORDS),
            "instrument": self.words.label("instrument", extra["instrument"]) if "instrument" in extra else "",
        }
        opening = wording.OPENINGS[kind].format(**words)
        free = kind != "financement" and self.chance.random() < 0.7
        self.region.offers.append(
            {
                "id": f"offre-{number:06d}",
                "source": SOURCE,
                "structure_id": host["id"],
                "name": f"{self.chance.choice(wording.OFFER_NAMES[kind]).format(**words)}"[:140],
                "summary": opening,
                "description": " ".join([opening, *self.chance.sample(wording.DETAILS, 3)]),
                "kind": kind,
                "stages": stages,
                "needs": needs,
                "sectors": sectors,
                "legal_forms": self.some("legal_form", 3) if self.chance.random() < 0.3 else [],
                "audiences": self.some("audience", 1) if self.chance.random() < 0.15 else [],
                "modes": self.chance.choice((["presentiel"], ["distance"], ["presentiel", "distance"]))
                if kind != "financement"
                else [],
                "cost": "gratuit"
                if free
                else self.chance.choice(("sous-conditions", "adhesion", "payant"))
                if kind != "financement"
                else "",
                "coverage": coverage,
                "conditions": [{"field": "salaries", "operator": ">=", "value": 1, "label": "Avoir au moins un emploi"}]
                if self.chance.random() < 0.08
                else [],
                **{key: host[key] for key in ("address", "commune", "postcode", "lon", "lat", "phone", "email")},
                "how_to_apply": "Téléphoner ou écrire ; on vous rappelle.",
                "url": f"{host['website']}offre/{number}",
                "updated": str(self.today - timedelta(days=self.chance.randint(0, 900))),
                "verified_on": str(self.today - timedelta(days=self.chance.randint(0, 600))),
                **extra,
            }
        )

    def tools(self, count: int) -> None:
        """Advice, training, premises, networks, information."""
        hosts = [made for made in self.region.structures if made["types"] != ["financeur"]]
        for _ in range(count):
            kind = self.chance.choices(list(_TOOL_WEIGHTS), list(_TOOL_WEIGHTS.values()))[0]
            self.offer(kind, self.chance.choice(hosts), {})

    def financings(self, count: int) -> None:
        """Money, with instruments, amounts and calendars."""
        hosts = [made for made in self.region.structures if made["types"] == ["financeur"]] or self.region.structures
        for _ in range(count):
            extra: dict[str, Any] = {
                "instrument": self.chance.choice(self.words.codes("instrument")),
                "amount_max": self.chance.randint(1, 80) * 1000,
                "recurrence": "permanent",
            }
            if self.chance.random() < 0.25:
                opens = self.today - timedelta(days=self.chance.randint(5, 90))
                extra |= {
                    "opens": str(opens),
                    "closes": str(opens + timedelta(days=self.chance.randint(30, 200))),
                    "recurrence": "recurrente",
                }
            self.offer("financement", self.chance.choice(hosts), extra)
