"""The gap matrix: for each territory, stage and kind, what is declared, and the population that has nothing. Read from the index.

A cell counts the distinct offers that reach at least one commune of the territory (the sets of the results page, nothing estimated),
and beside them the population of the communes that none of them reaches: a share of people served, not « any » nor « all ».
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from pyroaring import BitMap

from maillage.catalogue.index import Snapshot
from maillage.observatory.supply.criteria import EVERYTHING, Criteria, live, local
from maillage.observatory.supply.reach import Group, groups, reaching
from maillage.observatory.supply.surface import surface_km2
from maillage.territories import queries as territories
from maillage.territories.values import Place, Territory
from maillage.vocabulary.words import vocabulary

#: The column of all kinds together.
ALL = ""


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
    rows = [row for territory in places if (row := counter.row(territory))]
    return Matrix(tuple(rows), stages, tuple(kind for kind in asked if kind != ALL), criteria, today)


def communes_without(found: Iterable[Group], offers: BitMap) -> list[str]:
    """The communes (INSEE codes, in order) that none of these offers reaches."""
    return sorted(code for group in found if not group.offers.intersect(offers) for code in group.codes)


def positions(offers: BitMap) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    """A set of offers as an array, ascending."""
    return np.frombuffer(offers.to_array(), dtype=np.uint32)


class _Counter:
    """Counts the cells of one territory after the other. What does not depend on the territory is made once."""

    def __init__(self, index: Snapshot, cells: Mapping[tuple[str, str], BitMap]) -> None:
        self.index, self.cells = index, cells
        self.local = local(index)
        self.free = index.stating("cost", "gratuit")
        self.on_site, self.remote = index.stating("mode", "presentiel"), index.stating("mode", "distance")
        self.specialised = index.alive - (index.unrestricted("sector") & index.unrestricted("audience"))
        _, ranks = np.unique(index.columns.structure, return_inverse=True)
        self.structure = ranks  # a small number for each structure, by position
        self.seen = np.zeros(int(ranks.max()) + 1 if len(ranks) else 0, dtype=bool)
        # what reaches every commune of France for certain leaves nobody without: no need to look at communes for those cells
        self.everywhere = {key for key, offers in cells.items() if offers.intersect(index.everywhere)}

    def row(self, territory: Territory) -> Row | None:
        place = territories.place(*territory)
        if place is None:
            return None
        found = list(groups(self.index, place.territory))
        reached = reaching(found)
        visible = positions(reached)
        last = int(self.index.columns.verified[visible].max()) if len(visible) else 0
        communes, surface = sum(len(group.codes) for group in found), surface_km2(place)
        population = sum(group.population for group in found)
        return Row(
            place,
            population,
            communes,
            population / surface if surface else None,
            self._structures(visible),
            date.fromordinal(last) if last else None,
            {key: self._cell(key, reached, found) for key in self.cells},
        )

    def _cell(self, key: tuple[str, str], reached: BitMap, found: list[Group]) -> Cell:
        offers = reached & self.cells[key]
        without = [] if key in self.everywhere else [group for group in found if not group.offers.intersect(offers)]
        uncovered, communes = sum(group.population for group in without), sum(len(group.codes) for group in without)
        if not offers:
            return Cell(uncovered=uncovered, communes_without=communes)
        return Cell(
            len(offers),
            self._structures(positions(offers)),
            offers.intersection_cardinality(self.local),
            offers.intersection_cardinality(self.free),
            offers.intersection_cardinality(self.on_site),
            offers.intersection_cardinality(self.remote),
            offers.intersection_cardinality(self.specialised),
            uncovered,
            communes,
        )

    def _structures(self, offers: np.ndarray[tuple[int], np.dtype[np.uint32]]) -> int:
        """How many structures these offers belong to: each is marked once in a table, which is then wiped."""
        theirs = self.structure[offers]
        self.seen[theirs] = True
        count = int(np.count_nonzero(self.seen))
        self.seen[theirs] = False
        return count
