"""Which cells of published tables to hide, so that no count under 5 can be read nor worked out. No Django (docs/algorithms/small-cells.md).

Tables whose cells are tied by sums are a network: each sum is a node, each cell an edge between the two sums it belongs to, and what comes
in equals what goes out. A reader who knows the shown cells can move a hidden one by a quantity if and only if that quantity can flow
around a loop of hidden edges. A cell under 5 is safe when the reader finds at least 5 possible steps between its least and its greatest
value; while it is not, the cheapest loop through it is hidden too.
"""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import count

#: Counts from 1 to SMALL - 1 are not published.
SMALL = 5
_NO_LIMIT = 1 << 60


@dataclass(frozen=True, slots=True)
class Cell:
    """A count of a table. `tail` and `head`: the sums between which it flows (each sum: what comes in is what goes out).

    A fixed cell is shown or hidden elsewhere already: it is never hidden to protect others.
    """

    key: Hashable
    value: int
    tail: Hashable
    head: Hashable
    fixed: bool = False


class Unprotectable(Exception):
    """No choice of cells protects this table: fixed cells give it away. Publish nothing of it."""


def suppressed(cells: Iterable[Cell], hidden: Iterable[Hashable] = (), small: int = SMALL) -> set[Hashable]:
    """The keys of the cells to hide: those from 1 to `small` - 1, `hidden` (hidden elsewhere), and what protects them.

    Raises Unprotectable when fixed cells make it impossible.
    """
    network = _Network(cells)
    already = set(hidden)
    risky = [cell for cell in network.cells if 0 < cell.value < small or cell.key in already]
    network.hidden = {cell.key for cell in risky}
    for cell in sorted(risky, key=lambda each: (each.value, repr(each.key))):
        network.protect(cell, small)
    return network.hidden


class _Network:
    def __init__(self, cells: Iterable[Cell]) -> None:
        self.cells = list(cells)
        self.hidden: set[Hashable] = set()
        self._around: dict[Hashable, list[Cell]] = defaultdict(list)
        for cell in self.cells:
            self._around[cell.tail].append(cell)
            if cell.head != cell.tail:
                self._around[cell.head].append(cell)

    def protect(self, cell: Cell, enough: int) -> None:
        """Hide what it takes for a reader to find `enough` steps between the least and the greatest value of a hidden cell."""
        while True:
            up, moved_up = self._flow(cell.head, cell.tail, cell, enough)  # what more of it may come back by
            if up >= enough:
                return
            down, moved_down = self._flow(cell.tail, cell.head, cell, min(enough - up, cell.value))
            if up + down >= enough:
                return
            ways = [self._cheapest(cell.head, cell.tail, cell, moved_up)]
            if down < cell.value:
                ways.append(self._cheapest(cell.tail, cell.head, cell, moved_down))
            found = [way for way in ways if way]
            if not found:
                raise Unprotectable
            self.hidden |= min(found, key=lambda way: way[0])[1]

    def _rooms(self, node: Hashable, moved: dict[Hashable, int]) -> Iterable[tuple[Cell, Hashable, int]]:
        """The cells by which a quantity may leave a sum, where it goes, and how much: more of what goes out, less of what comes in."""
        for cell in self._around[node]:
            if cell.tail == node:
                yield cell, cell.head, _NO_LIMIT
            if cell.head == node:
                yield cell, cell.tail, cell.value + moved.get(cell.key, 0)

    def _flow(self, start: Hashable, end: Hashable, without: Cell, enough: int) -> tuple[int, dict[Hashable, int]]:
        """How much can go from a sum to another through the other hidden cells, up to `enough`; and what each one moved by."""
        moved: dict[Hashable, int] = {}
        total = 0
        while total < enough:
            came: dict[Hashable, tuple[Hashable, Cell, int]] = {}
            waiting, seen = deque([start]), {start}
            while waiting and end not in seen:
                node = waiting.popleft()
                for cell, other, room in self._rooms(node, moved):
                    if room > 0 and other not in seen and cell.key in self.hidden and cell.key != without.key:
                        seen.add(other)
                        came[other] = (node, cell, room)
                        waiting.append(other)
            if end not in seen:
                break
            way = []
            node = end
            while node != start:
                way.append((came[node], node))
                node = came[node][0]
            amount = min(enough - total, *(room for (_, _, room), _ in way))
            for (before, cell, _), _after in way:
                moved[cell.key] = moved.get(cell.key, 0) + (amount if cell.tail == before else -amount)
            total += amount
        return total, moved

    def _cheapest(
        self, start: Hashable, end: Hashable, without: Cell, moved: dict[Hashable, int]
    ) -> tuple[int, set[Hashable]] | None:
        """The cheapest cells to hide so that more can go from a sum to another: (cost, keys). Hidden cells cost nothing, others their count."""
        best: dict[Hashable, int] = {start: 0}
        came: dict[Hashable, tuple[Hashable, Cell]] = {}
        waiting: list[tuple[int, int, Hashable]] = [(0, 0, start)]
        turns = count(1)  # so that two sums are never compared
        while waiting:
            cost, _, node = heapq.heappop(waiting)
            if node == end:
                break
            if cost > best[node]:
                continue
            for cell, other, room in self._rooms(node, moved):
                hidden = cell.key in self.hidden
                if room <= 0 or cell.key == without.key or (cell.fixed and not hidden):
                    continue
                price = cost + (0 if hidden else cell.value + 1)
                if price < best.get(other, _NO_LIMIT):
                    best[other] = price
                    came[other] = (node, cell)
                    heapq.heappush(waiting, (price, next(turns), other))
        if end not in came:
            return None
        keys, node = set(), end
        while node != start:
            node, cell = came[node]
            keys.add(cell.key)
        return best[end], keys
