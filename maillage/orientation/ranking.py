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

from maillage.orientation.matching.explanation import NEAR_KM, SOON_DAYS
from maillage.orientation.matching.selection import BARRIERS, Selection
from maillage.territories.distance import EARTH_KM
from maillage.territories.queries import LEVELS, departements_of_region

Positions = NDArray[np.int64]

#: A shared need weighs two, every other reason one; a point to check takes one away.
NEED_WEIGHT = 2
#: What a person is not asked (`question.ASKED`) says nothing of fit: an offer must not lose for saying how it receives people.
UNWEIGHED = frozenset({"modes", "costs"})
#: Ages of the last verification, in days: recent, this year, older; never verified comes after, late to answer last.
FRESH_DAYS = (183, 366)

_FIT_ZERO = 64  # fits are shifted by it, and cut to 0…127
_NOT_COVERED = len(LEVELS)


class Among:
    """Some offers, by ascending position: what the criteria are worked out for, one array item per offer."""

    def __init__(self, offers: BitMap) -> None:
        self.offers = offers
        self.positions = as_array(offers)
        self._rank = np.empty(
            offers.max() + 1 if offers else 0, dtype=np.int64
        )  # only the items of these positions are ever read
        self._rank[self.positions] = np.arange(len(self.positions))

    def ranks(self, others: BitMap) -> Positions:
        """Where the offers that are also in another set are, among these."""
        return self._rank[as_array(self.offers & others)]

    def zeros(self) -> Positions:
        """One zero per offer."""
        return np.zeros(len(self.positions), dtype=np.int64)


def ranked(selection: Selection, offers: BitMap, regions: Iterable[str] = ()) -> Positions:
    """Positions of `offers`, best first. `regions` (INSEE codes) are the portal's: its offers come first when no commune is said."""
    among = Among(offers)
    return among.positions[np.argsort(order_keys(selection, among, regions))]


def contenders(selection: Selection, offers: BitMap, count: int, groups: Iterable[BitMap] | None = None) -> BitMap:
    """The offers among which the `count` first are, in each of `groups` (one of everything by default), without ranking the others.

    The order begins with how closely each offer covers the commune: once a group has `count` offers of some levels, no offer of a
    level further away is among its first. A page thus ranks some hundred offers where thousands cover the commune.
    """
    if selection.place is None:
        return offers
    waiting = [(group, count) for group in groups] if groups is not None else [(offers, count)]
    found, left = BitMap(), offers
    for _level, covering in (*selection.by_closeness, (_NOT_COVERED, offers)):
        here = left & covering
        left = left - here
        still: list[tuple[BitMap, int]] = []
        for group, missing in waiting:
            these = here & group
            found |= these
            if len(these) < missing:
                still.append((group, missing - len(these)))
        waiting = still
    return found


def order_keys(selection: Selection, among: Among, regions: Iterable[str] = ()) -> NDArray[np.uint64]:
    """One number per offer: the smaller, the better placed. The last 48 bits are the draw of the day."""
    columns, positions = selection.snapshot.columns, among.positions
    keys = levels(selection, among, regions).astype(np.uint64)
    fitting = np.clip(_FIT_ZERO + fit(selection, among), 0, 2 * _FIT_ZERO - 1)
    keys = keys << np.uint64(7) | (2 * _FIT_ZERO - 1 - fitting).astype(np.uint64)
    keys = keys << np.uint64(3) | staleness(columns.verified[positions], columns.late[positions], selection.day).astype(np.uint64)
    closes = columns.closes[positions]
    closing_soon = (closes > 0) & (closes <= selection.day.toordinal() + SOON_DAYS)
    keys = keys << np.uint64(1) | (~closing_soon).astype(np.uint64)
    return keys << np.uint64(48) | draw(columns.pk[positions], selection.day)


def levels(selection: Selection, among: Among, regions: Iterable[str] = ()) -> Positions:
    """How closely each offer covers the commune: 0 the commune itself … 4 France, 5 not at all (near misses).

    Without a commune: 0 when the offer serves the portal's région, 1 otherwise.
    """
    snapshot, place = selection.snapshot, selection.place
    closeness = among.zeros()
    if place is None:
        codes = [departement.code for region in regions for departement in departements_of_region(region)]
        if codes:
            closeness += 1
            closeness[among.ranks(snapshot.touching(codes))] = 0
        return closeness
    closeness += _NOT_COVERED
    for level, covered in reversed(selection.by_closeness):
        closeness[among.ranks(covered)] = level
    return closeness


def fit(selection: Selection, among: Among) -> Positions:
    """Reasons minus points to check, per offer."""
    snapshot, situation = selection.snapshot, selection.situation
    score = near(selection, among)
    for code in situation.needs:
        score[among.ranks(snapshot.stating("need", code))] += NEED_WEIGHT
    for field, facet in BARRIERS.items():
        stated = [snapshot.stating(facet, code) for code in situation.values(field)]
        if stated:
            score[among.ranks(BitMap.union(*stated))] += 1
    for offers in selection.satisfied:
        score[among.ranks(offers)] += 1
    for point, offers in selection.to_check.items():
        if point not in UNWEIGHED:
            score[among.ranks(offers)] -= 1
    return score


def near(selection: Selection, among: Among) -> Positions:
    """1 for offers given on the spot within NEAR_KM of the commune, else 0."""
    score = among.zeros()
    if selection.place is not None:
        columns, commune = selection.snapshot.columns, selection.place.commune
        here = among.ranks(selection.snapshot.accepting("mode", ("presentiel",)))
        lon, lat = columns.lon[among.positions[here]], columns.lat[among.positions[here]]
        score[here] = distances(lon, lat, commune.lon, commune.lat) <= NEAR_KM
    return score


def staleness(verified: NDArray[np.int32], late: NDArray[np.int8], day: date) -> Positions:
    """0 verified in the last six months, 1 in the last year, 2 before, 3 never (0 as the day's ordinal), 4 asked and late to answer."""
    age = day.toordinal() - verified
    return np.asarray(np.where(late, 4, np.where(verified == 0, 3, np.digitize(age, FRESH_DAYS))), dtype=np.int64)


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
