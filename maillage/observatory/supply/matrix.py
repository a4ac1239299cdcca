"""The gap matrix: for each territory, stage and kind, what is declared, and the population that has nothing. Read from the index.

A cell counts the distinct offers that reach at least one commune of the territory (the sets of the results page, nothing estimated),
and beside them the population of the communes that none of them reaches: a share of people served, not « any » nor « all ».
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from pyroaring import BitMap

from maillage.catalogue.index import Snapshot
from maillage.catalogue.index.bitmaps import positions
from maillage.observatory.supply.criteria import EVERYTHING, Criteria, live, local
from maillage.observatory.supply.reach import Group, groups, reaching
from maillage.observatory.supply.surface import surface_km2
from maillage.observatory.supply.tally import Integers, Tally
from maillage.territories import queries as territories
from maillage.territories.values import Place, Territory
from maillage.vocabulary.words import vocabulary

#: The column of all kinds together.
ALL = ""
#: Territories counted together. More share less with one another, and hold more sets in memory (16 kB a commune at 100,000 offers); fewer
#: count what they share more often.
NEIGHBOURS = 64


@dataclass(frozen=True, slots=True)
class Cell:
    """One territory, stage and kind: what is declared, and who has none.

    `specialised` offers are for some sectors or audiences only, `generalist` ones are for all. `on_site` and `remote` overlap, and an
    offer that does not say is in neither. `uncovered` are the inhabitants of the communes (`communes_without`) that no offer of the cell reaches.
    """

    offers: int = 0
    structures: int = 0
    local: int = 0
    free: int = 0
    on_site: int = 0
    remote: int = 0
    specialised: int = 0
    uncovered: int = 0
    communes_without: int = 0

    @property
    def generalist(self) -> int:
        """Offers that no sector and no audience restricts."""
        return self.offers - self.specialised


@dataclass(frozen=True, slots=True)
class Row:
    """A territory and its cells, by (stage, kind); kind "" is all kinds together.

    `declared` counts the structures with at least one visible offer that reaches the territory, whatever its stage, and `last_verified` is the
    day when one of those offers was last verified: what is needed to tell a desert from missing data. `density` is inhabitants per km²,
    None when the surface is not known.
    """

    place: Place
    population: int
    communes: int
    density: float | None
    declared: int
    last_verified: date | None
    cells: Mapping[tuple[str, str], Cell]

    def cell(self, stage: str, kind: str = ALL) -> Cell:
        """The cell of a stage and a kind."""
        return self.cells[stage, kind]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows in the order asked, the stages and kinds of their cells, and what was counted on which day."""

    rows: tuple[Row, ...]
    stages: tuple[str, ...]
    kinds: tuple[str, ...]  # without the column of all kinds
    criteria: Criteria
    today: date


def matrix(
    index: Snapshot,
    places: Iterable[Territory],
    *,
    kinds: Sequence[str] | None = None,
    needs: Sequence[str] | None = None,
    today: date,
    criteria: Criteria = EVERYTHING,
    supports: Mapping[str, BitMap] | None = None,
) -> Matrix:
    """Count the supply of territories (those that do not exist are left out; a former commune is its successor).

    `kinds` are vocabulary codes (all by default). `supports` adds columns that are not kinds: a code and its offers, such as
    « incubation » (see `supports.offers_of`). `needs` is a short way to say `criteria.needs`.
    """
    if needs:
        criteria = Criteria(tuple(needs), criteria.local, criteria.free, criteria.fresh)
    stages = vocabulary().codes("stage")
    columns = tuple(kinds if kinds is not None else vocabulary().codes("kind"))
    counted = live(index, criteria, today)
    asked = {ALL: counted} | {kind: counted & index.stating("kind", kind) for kind in columns}
    asked |= {code: counted & offers for code, offers in (supports or {}).items()}
    cells = {(stage, kind): offers & index.accepting("stage", (stage,)) for stage in stages for kind, offers in asked.items()}
    counter = _Counter(index, cells)
    asked_places = (place for territory in places if (place := territories.place(*territory)))
    rows = [row for neighbours in in_batches(asked_places, NEIGHBOURS) for row in counter.rows(neighbours)]
    return Matrix(tuple(rows), stages, tuple(kind for kind in asked if kind != ALL), criteria, today)


def communes_without(found: Iterable[Group], offers: BitMap) -> list[str]:
    """The communes (INSEE codes, in order) that none of these offers reaches."""
    return sorted(code for group in found if not group.offers.intersect(offers) for code in group.codes)


def in_batches(places: Iterable[Place], size: int) -> Iterator[list[Place]]:
    """The same places, `size` at a time."""
    left = iter(places)
    while some := list(islice(left, size)):
        yield some


class _Counter:
    """Counts the cells of a few territories at a time. What does not depend on the territories is made once.

    Neighbours are reached by the same offers but for a few: what reaches all of them is counted once, then only the rest of each.
    """

    def __init__(self, index: Snapshot, cells: Mapping[tuple[str, str], BitMap]) -> None:
        self.index, self.cells = index, cells
        specialised = index.alive - (index.unrestricted("sector") & index.unrestricted("audience"))
        modes = index.stating("mode", "presentiel"), index.stating("mode", "distance")
        self.facts = (
            index.alive,
            local(index),
            index.stating("cost", "gratuit"),
            *modes,
            specialised,
        )  # in the order of the fields of `Cell`
        # what reaches every commune of France for certain leaves nobody without: no need to look at communes for those cells
        self.everywhere = {key for key, offers in cells.items() if offers.intersect(index.everywhere)}

    def rows(self, places: Sequence[Place]) -> Iterator[Row]:
        """The rows of some territories. Quickest when they are neighbours; right whatever they are."""
        found = [list(groups(self.index, place.territory)) for place in places]
        reached = [reaching(communes) for communes in found]
        near = Tally(BitMap.union(*reached), self.index.columns.structure, [self.index.alive, *self.cells.values()], self.facts)
        shared = BitMap.intersection(*reached)
        tallies = near.counts(shared, [offers - shared for offers in reached])
        shared_last = self._last_verified(shared)
        for place, communes, offers, (facts, structures) in zip(places, found, reached, tallies, strict=True):
            yield self._row(place, communes, facts, structures, max(shared_last, self._last_verified(offers - shared)))

    def _row(self, place: Place, found: list[Group], facts: Integers, structures: Integers, last: int) -> Row:
        """One row, from its counts: one line for all visible offers, then one per cell. `last` is a day's ordinal, 0 when there is none."""
        population, surface = sum(group.population for group in found), surface_km2(place)
        declared, *in_cells = structures.tolist()
        cells = {}
        for key, theirs, counts in zip(self.cells, in_cells, facts[1:].tolist(), strict=True):
            offers, near, free, on_site, remote, specialised = counts
            cells[key] = Cell(offers, theirs, near, free, on_site, remote, specialised, *self._without(key, found))
        return Row(
            place,
            population,
            sum(len(group.codes) for group in found),
            population / surface if surface else None,
            declared,
            date.fromordinal(last) if last else None,
            cells,
        )

    def _without(self, key: tuple[str, str], found: list[Group]) -> tuple[int, int]:
        """Inhabitants and number of the communes that no offer of a cell reaches."""
        if key in self.everywhere:
            return 0, 0
        without = [group for group in found if not group.offers.intersect(self.cells[key])]
        return sum(group.population for group in without), sum(len(group.codes) for group in without)

    def _last_verified(self, offers: BitMap) -> int:
        """The last day (ordinal) when one of these offers was verified, 0 when none was."""
        return int(self.index.columns.verified[positions(offers)].max()) if offers else 0
