"""Reads from the catalogue's index who may receive a request, for `routing`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import isnan

from pyroaring import BitMap

from maillage.accompaniment.routing import Able, Found, Near, ranked
from maillage.catalogue.holds import state
from maillage.catalogue.index import Snapshot
from maillage.catalogue.index.reach import scale
from maillage.catalogue.models import Structure
from maillage.territories import queries as territories
from maillage.territories.queries import Commune
from maillage.vocabulary.portals import Portal, portal_of_region
from maillage.vocabulary.words import vocabulary


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a holder said, as far as it decides who is competent. Everything is optional."""

    stage: str = ""
    commune: Commune | None = None
    needs: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    legal_form: str = ""

    def facts(self) -> dict[str, int | bool]:
        """What follows from what was said, as in an orientation."""
        said = {"stage": self.stage, "legal_form": self.legal_form}
        known: dict[str, int | bool] = {}
        for implication in vocabulary().implications:
            if all(said.get(name) == value for name, value in implication.when.items()):
                known.update(implication.then)
        return known


def organiser_of(portal: Portal) -> Structure | None:
    """The sheet of the CRESS that keeps a portal, if it is visible."""
    return Structure.objects.visible().filter(ref=portal.organiser).order_by("pk").first() if portal.organiser else None


def portal_for(wanted: Wanted, portal: Portal) -> Portal:
    """The portal whose organiser answers for a place: that of its région, else the one being visited."""
    return (portal_of_region(wanted.commune.region) if wanted.commune else None) or portal


def find(snapshot: Snapshot, wanted: Wanted, portal: Portal, day: date, without: Sequence[int] = ()) -> list[Found]:
    """Everybody who may receive this request, best first; never empty. `without`: structures (primary keys) not to propose again."""
    organiser = organiser_of(portal_for(wanted, portal))
    keys = place_keys(wanted, portal)
    return ranked(
        able(snapshot, wanted, keys, day), near(snapshot, wanted, keys, day), organiser.pk if organiser else None, without
    )


def place_keys(wanted: Wanted, portal: Portal) -> tuple[str, ...]:
    """The territories that contain the project, closest first; without a commune, the région of the portal."""
    if wanted.commune:
        return tuple(territory.key for territory in territories.territories_of(wanted.commune))
    return (*(f"region:{code}" for code in portal.regions), territories.FRANCE.key)


def able(snapshot: Snapshot, wanted: Wanted, keys: tuple[str, ...], day: date) -> Iterator[Able]:
    """The offers that name one of the needs and that nothing said refuses. None when no need was said: then the network listens first."""
    if not wanted.needs:
        return
    passing = [BitMap.union(*(snapshot.stating("need", code) for code in wanted.needs)), snapshot.open_on(day)]
    for facet, codes in (
        ("stage", (wanted.stage,) if wanted.stage else ()),
        ("sector", wanted.sectors),
        ("legal_form", (wanted.legal_form,) if wanted.legal_form else ()),
    ):
        if codes:
            passing.append(snapshot.accepting(facet, codes))
    zonings = territories.zonings_of(wanted.commune) if wanted.commune else frozenset()
    unknown = [code for code in vocabulary().codes("zoning") if not _known(wanted.commune, code)]
    passing.append(snapshot.covering(keys, zonings, unknown).covered)
    facts = wanted.facts()
    refusing = [offers for one, offers in snapshot.conditions if state(one.field, one.operator, one.value, facts) is False]
    fitting = BitMap.intersection(*passing) & snapshot.alive
    fitting = fitting - BitMap.union(*refusing) if refusing else fitting
    positions = list(fitting)
    reachable = _with_email({int(snapshot.columns.structure[at]) for at in positions})
    kinds = vocabulary().codes("kind")
    for at in positions:
        structure, kind = int(snapshot.columns.structure[at]), int(snapshot.columns.kind[at])
        yield Able(
            structure=structure,
            needs=sum(at in snapshot.stating("need", code) for code in wanted.needs),
            kind=kinds[kind] if kind < len(kinds) else "",
            level=_level(snapshot, at, keys),
            reachable=structure in reachable,
            confirmed=bool(snapshot.columns.verified[at]),
            km=_km(wanted.commune, float(snapshot.columns.lon[at]), float(snapshot.columns.lat[at])),
            offer=int(snapshot.columns.pk[at]),
        )


def near(snapshot: Snapshot, wanted: Wanted, keys: tuple[str, ...], day: date) -> Iterator[Near]:
    """The networks that cover the place, each at its closest level."""
    for entry in snapshot.networks:
        held = [key for key in keys if key in entry.coverage]
        if held and entry.is_shown_on(day):
            yield Near(entry.structure, entry.role, min(map(scale, held)), _km(wanted.commune, entry.lon, entry.lat))


def _level(snapshot: Snapshot, at: int, keys: tuple[str, ...]) -> int:
    """The closest level at which an offer names the place."""
    return min(scale(key) for key in keys if at in snapshot.tables["coverage"].get(key))


def _known(commune: Commune | None, code: str) -> bool:
    return commune is not None and code in territories.ZONINGS and territories.zoning_known(commune, code)


def _km(commune: Commune | None, lon: float | None, lat: float | None) -> float | None:
    """Whole kilometres from the commune: two places as far as each other are then equal whatever the rounding of their points."""
    if commune is None or lon is None or lat is None or isnan(lon) or isnan(lat):
        return None
    return float(round(territories.distance_km(commune.lon, commune.lat, lon, lat)))


def _with_email(structures: set[int]) -> set[int]:
    return set(Structure.objects.filter(pk__in=structures).exclude(email="").order_by("pk").values_list("pk", flat=True))
