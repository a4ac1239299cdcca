"""What a territory is: a level and a code; and the two values that look-ups give, `Commune` and `Place`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

#: Levels from closest to widest. `france` has no code.
LEVELS = ("commune", "epci", "departement", "region", "france")


class Territory(NamedTuple):
    """A level and a code. The level is always carried: région 53 (Bretagne) is not département 53 (Mayenne)."""

    level: str
    code: str

    @property
    def key(self) -> str:
        """The text kept in coverage lists: "departement:53", or "france" alone."""
        return f"{self.level}:{self.code}" if self.code else self.level


FRANCE = Territory("france", "")


def parse_key(key: str) -> Territory:
    """The territory written as a key. Says nothing of whether it exists: `queries.place` does.

    Raises ValueError, with a French sentence, when the text is not a key.
    """
    if key == FRANCE.key:
        return FRANCE
    level, separator, code = key.partition(":")
    if not separator or level not in LEVELS or level == "france" or not code:
        raise ValueError(
            f"« {key} » n’est pas un territoire : attendu « france », ou un niveau et un code comme « departement:53 » "
            f"(niveaux : {', '.join(LEVELS[:-1])})."
        )
    return Territory(level, code)


@dataclass(frozen=True, slots=True)
class Commune:
    """One commune of the current geographic code (COG of INSEE), with the codes that contain it and one point.

    `lon` and `lat` are degrees (WGS 84). `point` says what they mark: "mairie" (the town hall), "interieur" (a point inside
    the commune, when the town hall is unknown or lies elsewhere) or "approche" (near it: neither polygon nor town hall known).
    `epci` is None for the four islands that belong to none. `density` (INSEE grid, 1 = dense to 7 = very dispersed),
    `frr` ("non", "frr", "frr-plus", "partiel") and `qpv` are None when no source was given to the build script.
    """

    code: str
    name: str
    name_type: int  # article of the name, TNCC of INSEE: see `grammar`
    population: int
    postcodes: tuple[str, ...]
    epci: str | None
    departement: str
    region: str
    lon: float
    lat: float
    point: str
    former_codes: tuple[str, ...]
    density: int | None = None
    frr: str | None = None
    qpv: bool | None = None

    @property
    def territory(self) -> Territory:
        """The commune itself as a territory."""
        return Territory("commune", self.code)

    @property
    def postcode(self) -> str:
        """The first postal code: for display only, a postal code never names one commune. Empty when none is known."""
        return self.postcodes[0] if self.postcodes else ""


@dataclass(frozen=True, slots=True)
class Place:
    """A territory with its French name, ready for sentences.

    `the` follows a verb (« couvre la Sarthe », « couvre Laval »), `of` follows a noun (« les relais de la Sarthe »,
    « le maire du Mans »), `at` says where (« dans la Sarthe », « à Laval », « en Bretagne »). `long_name` spells out CC, CA
    and CU. `departements` and `regions` are the codes that it touches; `communes` counts its communes.
    """

    level: str
    code: str
    name: str
    long_name: str
    the: str
    of: str
    at: str
    population: int
    communes: int
    departements: tuple[str, ...]
    regions: tuple[str, ...]

    @property
    def territory(self) -> Territory:
        """The level and code."""
        return Territory(self.level, self.code)

    @property
    def key(self) -> str:
        """The text kept in coverage lists, as `Territory.key`."""
        return self.territory.key


@dataclass(frozen=True, slots=True)
class Edition:
    """Which edition of the reference data is shipped: dates as ISO text, for credits and for dated comparisons."""

    communes: str  # the date of the geographic code
    epci: str  # the date of the composition of the EPCI
    outlines: str
    built_from: tuple[str, ...]  # packages and versions
    zonings: tuple[tuple[str, str, str], ...]  # (zoning, date, source); a zoning that is not here is unknown everywhere
