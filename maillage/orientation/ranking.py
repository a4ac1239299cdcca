"""The order of results: closest coverage, fit, freshness, deadline, then a daily draw (see docs/algorithms/ranking.md).

Each offer gets one whole number that packs the criteria, most important first; sorting the numbers sorts the offers. All in NumPy:
the order of 10,000 offers takes about a millisecond.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from maillage.catalogue.index import Snapshot
from maillage.orientation.matching.explanation import NEAR_KM, SOON_DAYS
from maillage.orientation.matching.selection import BARRIERS, Selection
from maillage.territories.distance import EARTH_KM
from maillage.territories.queries import departements_of_region

Positions = NDArray[np.int64]

#: A shared need weighs two, every other reason one; a point to check takes one away.
NEED_WEIGHT = 2
#: What a person is not asked (`question.ASKED`) says nothing of fit: an offer must not lose for saying how it receives people.
UNWEIGHED = frozenset({"modes", "costs"})
#: Ages of the last verification, in days: recent, this year, older; never verified comes last.
FRESH_DAYS = (183, 366)

_FIT_ZERO = 64  # fits are shifted by it, and cut to 0…127


def ranked(selection: Selection, offers: BitMap, regions: Iterable[str] = ()) -> Positions:
    """Positions of `offers`, best first. `regions` (INSEE codes) are the portal's: its offers come first when no commune is said."""
    positions = as_array(offers)
    if not len(positions):
        return positions
    return positions[np.argsort(order_keys(selection, positions, regions), kind="stable")]


def order_keys(selection: Selection, positions: Positions, regions: Iterable[str] = ()) -> NDArray[np.uint64]:
    """One number per offer: the smaller, the better placed. The last 48 bits are the draw of the day."""
    snapshot = selection.snapshot
    keys = levels(selection, positions, regions).astype(np.uint64)
    fitting = np.clip(_FIT_ZERO + fit(selection, positions), 0, 2 * _FIT_ZERO - 1)
    keys = keys << np.uint64(7) | (2 * _FIT_ZERO - 1 - fitting).astype(np.uint64)
    keys = keys << np.uint64(2) | staleness(snapshot, positions, selection.day).astype(np.uint64)
    closes = snapshot.columns.closes[positions]
    closing_soon = (closes > 0) & (closes <= selection.day.toordinal() + SOON_DAYS)
    keys = keys << np.uint64(1) | (~closing_soon).astype(np.uint64)
    return keys << np.uint64(48) | draw(snapshot.columns.pk[positions], selection.day)


def levels(selection: Selection, positions: Positions, regions: Iterable[str] = ()) -> NDArray[np.int64]:
    """How closely each offer covers the commune: 0 the commune itself … 4 France, 5 not at all (near misses).

    Without a commune: 0 when the offer serves the portal's région, 1 otherwise.
    """
    snapshot = selection.snapshot
    if selection.place is None:
        codes = [place.code for region in regions for place in departements_of_region(region)]
        if not codes:
            return np.zeros(len(positions), dtype=np.int64)
        return 1 - _membership(snapshot, snapshot.touching(codes), positions)
    place, covered = selection.place, selection.coverage.covered
    closeness = np.full(len(snapshot.columns.pk), 5, dtype=np.int64)
    for key in reversed(place.keys):
        level = _LEVEL[key.partition(":")[0]]
        by_key = snapshot.covering((key,), place.zonings, place.unknown_zonings).covered & covered
        closeness[as_array(by_key)] = level
    return closeness[positions]


_LEVEL = {"commune": 0, "epci": 1, "departement": 2, "region": 3, "france": 4}


def fit(selection: Selection, positions: Positions) -> NDArray[np.int64]:
    """Reasons minus points to check, per offer."""
    snapshot, situation = selection.snapshot, selection.situation
    score = np.zeros(len(snapshot.columns.pk), dtype=np.int64)
    for code in situation.needs:
        score[as_array(snapshot.stating("need", code))] += NEED_WEIGHT
    for field, facet in BARRIERS.items():
        stated = [snapshot.stating(facet, code) for code in situation.values(field)]
        if stated:
            score[as_array(BitMap.union(*stated))] += 1
    for offers in selection.satisfied:
        score[as_array(offers)] += 1
    for point, offers in selection.to_check.items():
        if point not in UNWEIGHED:
            score[as_array(offers)] -= 1
    return score[positions] + near(selection, positions)


def near(selection: Selection, positions: Positions) -> NDArray[np.int64]:
    """1 for offers given on the spot within NEAR_KM of the commune, else 0."""
    if selection.place is None:
        return np.zeros(len(positions), dtype=np.int64)
    snapshot, commune = selection.snapshot, selection.place.commune
    km = distances(snapshot.columns.lon[positions], snapshot.columns.lat[positions], commune.lon, commune.lat)
    on_the_spot = snapshot.accepting("mode", ("presentiel",))
    return (km <= NEAR_KM) & (_membership(snapshot, on_the_spot, positions) == 1)


def staleness(snapshot: Snapshot, positions: Positions, day: date) -> NDArray[np.int64]:
    """0 verified in the last six months, 1 in the last year, 2 before, 3 never."""
    verified = snapshot.columns.verified[positions]
    age = day.toordinal() - verified
    return np.asarray(np.where(verified == 0, 3, np.digitize(age, FRESH_DAYS)), dtype=np.int64)


def draw(keys: NDArray[np.int64], day: date) -> NDArray[np.uint64]:
    """The draw of the day: 48 pseudo-random bits per offer, the same for everybody, different each day (splitmix64).

    Over many days, each of n equal offers is first one day in n, whatever its name, age or structure.
    """
    shift = day.toordinal() * 0xD1B54A32D192ED03 % 2**64
    mixed = keys.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(shift)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (mixed ^ (mixed >> np.uint64(31))) >> np.uint64(16)


def distances(lon: NDArray[np.floating], lat: NDArray[np.floating], from_lon: float, from_lat: float) -> NDArray[np.float64]:
    """Great-circle distances in km (haversine); nan where the place is unknown."""
    lon1, lat1 = np.radians(lon.astype(np.float64)), np.radians(lat.astype(np.float64))
    lon2, lat2 = np.radians(from_lon), np.radians(from_lat)
    chord = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(1.0, chord))))


def as_array(offers: BitMap) -> Positions:
    """The positions of a set, ascending."""
    return np.frombuffer(offers.to_array(), dtype=np.uint32).astype(np.int64)


def _membership(snapshot: Snapshot, offers: BitMap, positions: Positions) -> NDArray[np.int64]:
    inside = np.zeros(len(snapshot.columns.pk), dtype=np.int64)
    inside[as_array(offers)] = 1
    return inside[positions]
