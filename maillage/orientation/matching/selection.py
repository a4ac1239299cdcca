"""Results and near misses of a situation, as sets of positions of the index.

Every criterion is a set of offers that it lets pass. Results are the intersection of all; near misses are what exactly one
criterion stops. Nothing is cut: the sets hold every offer, whatever a page shows of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pyroaring import BitMap

from maillage.catalogue.index import Condition, Coverage, Snapshot
from maillage.orientation.matching.conditions import state
from maillage.orientation.matching.whereabouts import Whereabouts, whereabouts
from maillage.orientation.situation import Situation
from maillage.territories.queries import LEVELS, parse_key

#: Field of a situation → facet of the index, for the criteria that may refuse an offer alone (a near miss).
BARRIERS = {
    "stage": "stage",
    "sectors": "sector",
    "legal_form": "legal_form",
    "audiences": "audience",
    "modes": "mode",
    "costs": "cost",
}
#: The facet behind every field that holds codes.
FACET_OF = {**BARRIERS, "needs": "need", "kinds": "kind"}


@dataclass(frozen=True)
class Selection:
    """What a situation selects in a snapshot of the catalogue on a day (Paris). Sets are computed when first asked for."""

    snapshot: Snapshot
    situation: Situation
    day: date

    @cached_property
    def place(self) -> Whereabouts | None:
        """Where the project is, when its commune is known."""
        return whereabouts(self.situation.commune) if self.situation.commune else None

    @cached_property
    def facts(self) -> Mapping[str, int | bool]:
        """Facts said, or implied by what was said."""
        return self.situation.known_facts()

    @cached_property
    def passing(self) -> Mapping[str, BitMap]:
        """Field → the offers it lets pass, for every field that restricts something. "open" is the calendar."""
        snapshot, situation = self.snapshot, self.situation
        passing = {"open": snapshot.open_on(self.day)}
        found = snapshot.text(situation.text) if situation.text else None
        if found is not None:
            passing["text"] = found
        if situation.kinds:
            passing["kinds"] = BitMap.union(*(snapshot.stating("kind", code) for code in situation.kinds))
        for field in ("needs", *BARRIERS):
            codes = situation.values(field)
            if codes:
                passing[field] = snapshot.accepting(FACET_OF[field], codes)
        refusing = [offers for _, offers in self.refused_conditions(self.facts)]
        if refusing:
            passing["conditions"] = snapshot.alive - BitMap.union(*refusing)
        if self.place:
            passing["commune"] = self.coverage.covered
        return passing

    @cached_property
    def coverage(self) -> Coverage:
        """What covers the commune (see `Snapshot.covering`). Only when the commune is known."""
        assert self.place is not None
        return self.snapshot.covering(self.place.keys, self.place.zonings, self.place.unknown_zonings)

    @cached_property
    def by_closeness(self) -> tuple[tuple[int, BitMap], ...]:
        """What covers the commune, by the level of the territory that the offer names (rank in LEVELS), closest first.

        An offer that names several is in several; the closest counts. Only when the commune is known.
        """
        assert self.place is not None
        covered, table = self.coverage.covered, self.snapshot.tables["coverage"]
        levels: dict[int, BitMap] = {}
        for key in self.place.keys:
            level = LEVELS.index(parse_key(key).level)
            levels[level] = levels.get(level, BitMap()) | (table.get(key) & covered)
        return tuple(sorted(levels.items()))

    def refused_conditions(self, facts: Mapping[str, int | bool]) -> Iterator[tuple[Condition, BitMap]]:
        """The free conditions that these facts do not satisfy, each with the offers that ask it."""
        for condition, offers in self.snapshot.conditions:
            if state(condition.field, condition.operator, condition.value, facts) is False:
                yield condition, offers

    def without(self, *fields: str) -> BitMap:
        """The results if these fields restricted nothing."""
        kept = sorted((offers for field, offers in self.passing.items() if field not in fields), key=len)
        return BitMap.intersection(*kept) & self.snapshot.alive if kept else self.snapshot.alive

    @cached_property
    def results(self) -> BitMap:
        """Every offer that nothing refuses."""
        return self.without()

    @cached_property
    def near(self) -> BitMap:
        """Every offer that exactly one barrier refuses: an unsatisfied criterion, or a coverage that stops nearby."""
        candidates = self.without(*BARRIERS, "conditions", "commune")
        if self.place:
            candidates &= self.passing["commune"] | self.snapshot.touching(self.place.around)
        once, more = BitMap(), BitMap()
        for refused in self._refusals(candidates):
            more |= once & refused
            once |= refused
        return once - more

    def _refusals(self, candidates: BitMap) -> Iterator[BitMap]:
        for field in (*BARRIERS, "commune"):
            if field in self.passing:
                yield candidates - self.passing[field]
        for _, offers in self.refused_conditions(self.facts):
            yield candidates & offers

    @cached_property
    def satisfied(self) -> tuple[BitMap, ...]:
        """For each free condition that the facts satisfy, the offers that ask it."""
        return tuple(
            offers
            for condition, offers in self.snapshot.conditions
            if state(condition.field, condition.operator, condition.value, self.facts)
        )

    @cached_property
    def everywhere(self) -> BitMap:
        """Offers that cover every commune of France for certain: no exclusion, no zoning required."""
        return self.snapshot.everywhere

    @cached_property
    def to_check(self) -> Mapping[str, BitMap]:
        """What is not known → the results that depend on it. Keys are fields of a situation, fact codes, and "zonings"."""
        snapshot, results = self.snapshot, self.results
        points: dict[str, BitMap] = {}
        for field, facet in BARRIERS.items():
            if not self.situation.values(field):
                points[field] = results - snapshot.unrestricted(facet)
        if self.situation.needs:
            points["needs"] = results & snapshot.unrestricted("need")
        if self.place:
            points["zonings"] = results & self.coverage.zoning_unknown
        else:
            points["commune"] = results - self.everywhere
        for condition, offers in snapshot.conditions:
            if state(condition.field, condition.operator, condition.value, self.facts) is None:
                points[condition.field] = points.get(condition.field, BitMap()) | (offers & results)
        return points
