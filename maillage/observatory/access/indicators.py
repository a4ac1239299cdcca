"""The access of a territory in figures: how far its people are from each kind of place, what they share, who is worse off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from maillage.catalogue.index import Snapshot
from maillage.observatory.access.capacity import floating_catchment
from maillage.observatory.access.distances import (
    THRESHOLDS_KM,
    THRESHOLDS_MINUTES,
    nearest_km,
    share_beyond,
    weighted_median,
)
from maillage.observatory.access.ground import Floats, Ground, ground, on_the_sphere
from maillage.observatory.access.inequality import Inequality, inequality
from maillage.observatory.access.places import KINDS, RELAY, Places, places
from maillage.observatory.access.travel_times import TravelTimes, nearest_minutes
from maillage.territories import queries as territories
from maillage.territories.values import Place

#: Distances say « as the crow flies times a factor » (km) or « by the loaded table » (minutes).
KM, MINUTES = "km", "minutes"


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """How far each commune of the ground is from one kind of place; `beyond` gives a share per threshold, None when nobody knows.

    `unknown` is the share of people of communes whose distance is not known (no trip in the table, or no place anywhere).
    """

    kind: str
    places: int
    located: int
    distance: Floats
    median: float | None
    beyond: Mapping[int, float | None]
    unknown: float


@dataclass(frozen=True, slots=True, eq=False)
class Access:
    """The access of a territory. `capacity` is hours of welcome a week for 10,000 people, per commune; None when no relay says its hours."""

    place: Place
    ground: Ground
    unit: str
    thresholds: tuple[int, ...]
    reaches: tuple[Reach, ...]
    capacity: Floats | None
    with_hours: int  # relays that say their hours
    relays: int
    inequality: Inequality | None

    def reach(self, kind: str) -> Reach:
        """The reach of one kind of place."""
        return next(reach for reach in self.reaches if reach.kind == kind)

    @property
    def mean_capacity(self) -> float | None:
        """Hours a week for 10,000 people that a person reaches, on average."""
        total = self.ground.people.sum()
        return None if self.capacity is None or not total else float((self.capacity * self.ground.people).sum() / total)


def access(
    index: Snapshot,
    place: Place,
    today: date,
    times: TravelTimes | None = None,
    *,
    kinds: Sequence[str] = KINDS,
    closed: frozenset[str] = frozenset(),
    added: Sequence[tuple[float, float, str]] = (),
) -> Access:
    """Measure a territory. `times` gives minutes instead of km; `closed` relays (uid) are left out, `added` ones (lon, lat, commune) count."""
    here = ground(place.level, place.code)
    found = {kind: places(index, kind, today, closed) for kind in {*kinds, RELAY}}
    if added:
        found = {kind: each.and_at(added) if kind == RELAY else each for kind, each in found.items()}
    thresholds = THRESHOLDS_MINUTES if times else THRESHOLDS_KM
    relays = found[RELAY]
    capacity = _capacity(place, here, relays)
    return Access(
        place,
        here,
        MINUTES if times else KM,
        thresholds,
        tuple(_reach(kind, found[kind], here, times, thresholds) for kind in kinds),
        capacity,
        int((~np.isnan(relays.hours)).sum()),
        len(relays),
        inequality(capacity, here.people) if capacity is not None else None,
    )


def _reach(kind: str, found: Places, here: Ground, times: TravelTimes | None, thresholds: tuple[int, ...]) -> Reach:
    distance = nearest_minutes(times, here, found.communes) if times else nearest_km(here, found.lon, found.lat)
    unknown = np.isnan(distance) | np.isinf(distance)
    people, total = here.people, here.people.sum()
    known = ~unknown
    beyond = {each: share_beyond(distance[known], people[known], each) for each in thresholds}
    if not len(found):
        beyond = dict.fromkeys(thresholds, 1.0 if total else None)  # no place of this kind anywhere: everybody is beyond
    return Reach(
        kind,
        len(found),
        found.located,
        distance,
        weighted_median(distance[known], people[known]) if known.any() else None,
        beyond,
        float(people[unknown].sum() / total) if total else 0.0,
    )


def _capacity(place: Place, here: Ground, relays: Places) -> Floats | None:
    if np.isnan(relays.hours).all():
        return None
    around = surroundings(place)
    every = floating_catchment(around, relays.lon, relays.lat, relays.hours) * 10_000
    rank = {code: at for at, code in enumerate(around.codes)}
    return every[[rank[code] for code in here.codes]] if len(here) else every[:0]


@lru_cache(maxsize=32)
def surroundings(place: Place) -> Ground:
    """The communes of the départements of a territory and of those next to them: people across the border share its places."""
    if place.level == "france":
        return ground("france", "")
    departements = {
        code for mine in place.departements for code in (mine, *(next_to.code for next_to in territories.neighbours(mine)))
    }
    parts = [ground("departement", code) for code in sorted(departements)]
    lon, lat = np.concatenate([part.lon for part in parts]), np.concatenate([part.lat for part in parts])
    codes = tuple(code for part in parts for code in part.codes)
    return Ground(codes, lon, lat, on_the_sphere(lon, lat), np.concatenate([part.people for part in parts]))
