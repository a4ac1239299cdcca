"""The invented territory: five départements on a grid of communes in the Atlantic, with intercommunalities."""

from __future__ import annotations

import random
from dataclasses import dataclass

REGION = "99"  # a number no région has
REGION_NAME = "Valombre"
DEPARTEMENTS = ("Haute-Brume", "Marais-Clair", "Côte-d’Écume", "Plateau-Gris", "Val-d’Ambre")

_FIRST = [
    "Bel",
    "Val",
    "Mont",
    "Roche",
    "Font",
    "Clair",
    "Aub",
    "Mar",
    "Vern",
    "Chante",
    "Haute",
    "Beau",
    "Puy",
    "Brou",
    "Cour",
    "Frai",
    "Gren",
    "Lan",
    "Mor",
    "Noir",
    "Ponte",
    "Ravi",
    "Sou",
    "Tour",
    "Vieil",
]
_SECOND = [
    "brume",
    "aigue",
    "court",
    "ville",
    "lieu",
    "fort",
    "lac",
    "bois",
    "champ",
    "mer",
    "sel",
    "vent",
    "loup",
    "mare",
    "pierre",
    "prise",
    "garde",
    "ciel",
    "val",
    "ronce",
    "tilleul",
    "orme",
]
_SAINTS = [
    "Orme",
    "Aubin",
    "Brec",
    "Colme",
    "Drezan",
    "Elouan",
    "Faron",
    "Guénolin",
    "Harduin",
    "Ismer",
    "Jorant",
    "Kelvan",
    "Lorec",
    "Maudan",
    "Nivard",
    "Orens",
]
_AFTER = ("", "", "", "-sur-Ambre", "-la-Brume", "-en-Valombre", "-le-Vieux", "-les-Marais", "-sous-Bois")


@dataclass(frozen=True, slots=True)
class DemoCommune:
    """One invented commune; `lon` and `lat` fall in the open ocean on purpose."""

    code: str
    name: str
    population: int
    postcode: str
    epci: str
    departement: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class DemoTerritory:
    """The invented region: its communes, and the names of its EPCI and départements by code."""

    communes: tuple[DemoCommune, ...]
    epci: dict[str, str]
    departements: dict[str, str]


def _names(chance: random.Random, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        if chance.random() < 0.25:
            name = f"Saint-{chance.choice(_SAINTS)}{chance.choice(_AFTER[3:])}"
        else:
            name = f"{chance.choice(_FIRST)}{chance.choice(_SECOND)}{chance.choice(_AFTER)}"
        found[name] = None
    return list(found)


def make_territory(chance: random.Random, communes_per_departement: int = 96, communes_per_epci: int = 12) -> DemoTerritory:
    """Draw the territory. The same state of `chance` gives the same territory.

    Each département is a block of 12 columns; neighbours on the grid share an EPCI. A few communes are towns, most are villages
    (populations follow a Pareto law, as real ones do).
    """
    names = _names(chance, communes_per_departement * len(DEPARTEMENTS))
    communes: list[DemoCommune] = []
    epci: dict[str, str] = {}
    departements = {f"V{rank}": name for rank, name in enumerate(DEPARTEMENTS, start=1)}
    for rank, departement in enumerate(departements):
        for place in range(communes_per_departement):
            column, row = place % 12, place // 12
            code = f"{departement}{place + 1:03d}"
            siren = f"99900{rank}{place // communes_per_epci:03d}"
            name = names[rank * communes_per_departement + place]
            population = min(int(180 * chance.paretovariate(0.9)), 140_000)
            communes.append(
                DemoCommune(
                    code=code,
                    name=name,
                    population=population,
                    postcode=f"00{rank}{place // 6:02d}",
                    epci=siren,
                    departement=departement,
                    lon=round(-9.5 + (rank % 3) * 1.3 + column * 0.1 + chance.uniform(-0.03, 0.03), 5),
                    lat=round(46.0 + (rank // 3) * 0.8 + row * 0.08 + chance.uniform(-0.025, 0.025), 5),
                )
            )
            epci.setdefault(siren, "")
    for siren in epci:
        biggest = max(
            (commune for commune in communes if commune.epci == siren), key=lambda commune: (commune.population, commune.code)
        )
        kind = "CA" if biggest.population > 20_000 else "CC"
        epci[siren] = f"{kind} de {biggest.name}"
    return DemoTerritory(tuple(communes), epci, departements)


def as_csv(territory: DemoTerritory) -> str:
    """The territory in the form that a region's folder may hold (docs/guides/add-a-region.md, `communes.csv`)."""
    lines = ["code,name,population,postcodes,epci,epci_name,departement,departement_name,region,region_name,lon,lat"]
    lines += [
        f"{c.code},{c.name},{c.population},{c.postcode},{c.epci},{territory.epci[c.epci]},{c.departement},"
        f"{territory.departements[c.departement]},{REGION},{REGION_NAME},{c.lon},{c.lat}"
        for c in territory.communes
    ]
    return "\n".join(lines) + "\n"
