"""What the public sees of the searches: one year, one tree of territories, small counts hidden and protected (docs/algorithms/small-cells.md).

Everything public (pages, files, API, report) is read from `published`, so that no two tables can be compared to undo what one hides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from maillage.observatory.demand import queries, rollup
from maillage.observatory.demand.queries import Counts, Scope
from maillage.observatory.models.demand import EVERY
from maillage.observatory.small_cells import SMALL, Cell, Unprotectable, suppressed
from maillage.territories import queries as territories
from maillage.vocabulary.portals import Portal
from maillage.vocabulary.words import vocabulary

#: Keys of the tree that are not territories: the whole portal, other régions, searches that named no commune.
ROOT, ELSEWHERE, NOWHERE = "tout", "ailleurs", "sans-commune"
#: The article's groups of stages: before and at the creation, then development.
UPSTREAM, DEVELOPMENT = ("idee", "faisabilite", "creation"), ("developpement",)


@dataclass(frozen=True, slots=True)
class _Stamp:
    """Which roll-up was read: another one may say something else."""

    last_record: int
    edition: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the tree: its key ("region:52", "departement:53", "part:53/200048551"…), what it is in, how deep."""

    key: str
    parent: str
    depth: int


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A need: how many searches named it, found nothing, found one or two offers. None: hidden."""

    searches: int | None
    empty: int | None
    few: int | None


@dataclass(frozen=True)
class Published:
    """The searches of a year as anybody may see them. A count is None when it is hidden.

    `first` and `last` are its months; a year under way stops at its last whole quarter. `cells`: (line of the tree, stage) → searches, the
    stage EVERY for all of them and "" for none said. `months` is empty when it cannot be shown without giving something away.
    """

    year: int
    first: int
    last: int
    nodes: tuple[Node, ...]
    cells: Mapping[tuple[str, str], int | None]
    months: Mapping[int, int | None]
    needs: Mapping[str, NeedRow]

    @property
    def total(self) -> int | None:
        """Every search of the portal."""
        return self.cells.get((ROOT, EVERY), 0)

    @property
    def hidden(self) -> int:
        """How many counts are hidden."""
        rows = [count for row in self.needs.values() for count in (row.searches, row.empty, row.few)]
        return [*self.cells.values(), *self.months.values(), *rows].count(None)

    def shares(self) -> tuple[float, float] | None:
        """Shares of the searches that said their stage: (before and at the creation, development), from 0 to 1. None when one is hidden."""
        counts = {stage: self.cells.get((ROOT, stage), 0) for stage in vocabulary().codes("stage")}
        if None in counts.values() or not any(counts.values()):
            return None
        known = {stage: count or 0 for stage, count in counts.items()}
        whole = sum(known.values())
        return sum(known[stage] for stage in UPSTREAM) / whole, sum(known[stage] for stage in DEVELOPMENT) / whole

    def of(self, place_key: str, stage: str = EVERY) -> int | None:
        """The searches from a territory of the tree; an intercommunality is the sum of its parts, hidden when one of them is."""
        level, _, code = place_key.partition(":")
        if level != "epci":
            return self.cells.get((place_key, stage), 0)
        parts = [count for (key, said), count in self.cells.items() if said == stage and key.endswith(f"/{code}")]
        return None if None in parts else sum(count for count in parts if count)

    def knows(self, place_key: str) -> bool:
        """Is this a territory of the tree, even if nobody searched from it?"""
        level, _, code = place_key.partition(":")
        if level == "epci":
            inside = {node.key for node in self.nodes}
            place = territories.place(level, code)
            return place is not None and any(f"departement:{departement}" in inside for departement in place.departements)
        return (place_key, EVERY) in self.cells


def years(portal: Portal, today: date) -> list[int]:
    """The years that may be shown, latest first."""
    span = queries.months_counted(portal.code)
    if span is None:
        return []
    return [year for year in range(today.year, span[0] // 100 - 1, -1) if last_month(year, today) and year <= span[1] // 100]


def last_month(year: int, today: date) -> int | None:
    """The last month shown of a year: December, or the end of the last whole quarter of the year under way; None before its first."""
    if year < today.year:
        return year * 100 + 12
    quarter = (today.month - 1) // 3 * 3
    return year * 100 + quarter if quarter and year == today.year else None


def published(portal: Portal, year: int, today: date) -> Published | None:
    """The searches of a year; None when that year is not shown. Made once for each roll-up, then kept in memory."""
    last, counted = last_month(year, today), rollup.counted_on()
    if last is None or counted is None or year not in years(portal, today):
        return None
    return _published(portal.code, portal.regions, year, last, _Stamp(counted.last_record, counted.edition, counted.at))


@lru_cache(maxsize=32)
def _published(portal: str, regions: tuple[str, ...], year: int, last: int, _counted: _Stamp) -> Published:
    scope = Scope(portal, year * 100 + 1, last)
    cells, nodes = _tree(scope, regions)
    hidden = _hidden_in_tree(cells, nodes)
    total_hidden = (ROOT, EVERY) in hidden
    return Published(
        year,
        scope.first,
        last,
        nodes,
        {key: None if key in hidden else count for key, count in cells.items()},
        _months({month: counts.searches for month, counts in queries.by_month(scope).items()}, total_hidden),
        {need: _need(counts, total_hidden and need == EVERY) for need, counts in queries.by_need(scope).items()},
    )


def _tree(scope: Scope, regions: tuple[str, ...]) -> tuple[dict[tuple[str, str], int], tuple[Node, ...]]:
    """Every line of the tree with its counts: régions of the portal, their départements, their parts; elsewhere; nowhere."""
    cells: dict[tuple[str, str], int] = defaultdict(int)
    for stage, counts in queries.by_stage(scope).items():
        cells[ROOT, stage] += counts.searches
        cells[NOWHERE, stage] += counts.searches
    inside = {found.code: region for region in regions for found in territories.departements_of_region(region)}
    parts: dict[str, list[str]] = defaultdict(list)
    for (code, stage), counts in queries.by_part(scope).items():
        departement = code.partition("/")[0]
        cells[NOWHERE, stage] -= counts.searches
        if departement not in inside:
            cells[ELSEWHERE, stage] += counts.searches
            continue
        if code not in parts[departement]:
            parts[departement].append(code)
        for key in (f"part:{code}", f"departement:{departement}", f"region:{inside[departement]}"):
            cells[key, stage] += counts.searches
    nodes = [Node(ROOT, "", 0)]
    for region in regions:
        nodes.append(Node(f"region:{region}", ROOT, 1))
        for departement in sorted(code for code, its in inside.items() if its == region):
            nodes.append(Node(f"departement:{departement}", f"region:{region}", 2))
            nodes += [Node(f"part:{code}", f"departement:{departement}", 3) for code in sorted(parts[departement])]
    nodes += [Node(ELSEWHERE, ROOT, 1), Node(NOWHERE, ROOT, 1)]
    stages = ("", *vocabulary().codes("stage"))
    for node in nodes:
        for stage in stages:
            cells.setdefault((node.key, stage), 0)
        cells[node.key, EVERY] = sum(cells[node.key, stage] for stage in stages)
    return dict(cells), tuple(nodes)


def _hidden_in_tree(cells: Mapping[tuple[str, str], int], nodes: tuple[Node, ...]) -> set[Hashable]:
    return suppressed(network(cells, nodes))


def network(cells: Mapping[tuple[str, str], int], nodes: tuple[Node, ...]) -> Iterator[Cell]:
    """The table stage × tree as a network. Each count is in two sums: over its stages or over its territory's members.

    A count by stage comes from the members' sum of what contains it, and goes to the sum of its own members, or, when it has none, to the
    sum of the stages there; the count of all stages goes the other way, up to the whole, which gives the counts of the whole by stage.
    """
    parents = {node.parent for node in nodes}
    parent = {node.key: node.parent for node in nodes}
    for (key, stage), count in cells.items():
        above = ("members", stage, parent[key]) if parent[key] else ("whole",)
        below = ("members", stage, key) if key in parents else ("stages", key)
        yield Cell((key, stage), count, below, above) if stage == EVERY else Cell((key, stage), count, above, below)


def _months(counts: Mapping[int, int], total_hidden: bool) -> dict[int, int | None]:
    total = Cell("total", sum(counts.values()), "free", "sum", fixed=True)
    every = [*(Cell(month, count, "sum", "free") for month, count in counts.items()), total]
    try:
        hidden = suppressed(every, {"total"} if total_hidden else ())
    except Unprotectable:
        return {}
    return {month: None if month in hidden else count for month, count in counts.items()}


def _need(counts: Counts, total_hidden: bool) -> NeedRow:
    """Searches = nothing + few + enough: the row of a need, its small counts hidden with another one."""
    if total_hidden or 0 < counts.searches < SMALL:
        return NeedRow(None, None, None)
    cells = [Cell("all", counts.searches, "free", "sum", fixed=True)]
    cells += [Cell(name, getattr(counts, name), "sum", "free") for name in ("empty", "few", "enough")]
    try:
        hidden = suppressed(cells)
    except Unprotectable:
        return NeedRow(counts.searches, None, None)
    return NeedRow(counts.searches, *(None if name in hidden else getattr(counts, name) for name in ("empty", "few")))
