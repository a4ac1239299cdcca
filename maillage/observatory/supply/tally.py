"""Counts of many sets of offers at once: how many of each set state each fact, and how many structures they belong to.

Exact counts, with one product of matrices instead of one intersection of bitmaps per set and fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from maillage.catalogue.index.bitmaps import positions

Integers = NDArray[np.int64]


class Tally:
    """Some offers (`near`), laid out to be counted: which sets each is in, which facts it states, whose it is."""

    def __init__(self, near: BitMap, structure: NDArray[np.int64], sets: Sequence[BitMap], facts: Sequence[BitMap]) -> None:
        """`structure` holds the structure of every position of the index. Sets and facts may hold offers that are not near: they are left out."""
        at = positions(near)
        at = at[np.argsort(structure[at], kind="stable")]  # the offers of one structure follow one another
        self.place = np.zeros(
            len(structure), dtype=np.int64
        )  # the row of an offer in the tables below, by its position in the index
        self.place[at] = np.arange(len(at))
        self.size, self.width = len(at), len(sets)
        table = self._table(near, sets)
        self.sets = table.astype(np.float32)
        self.facts = self._table(near, facts).astype(np.float32)  # sums of 0 and 1 stay exact under 16 million
        self.bits = np.packbits(np.pad(table, ((0, 0), (0, -len(sets) % 64))), axis=1).view(
            np.uint64
        )  # the sets of an offer, as bits
        _, self.whose = np.unique(structure[at], return_inverse=True)  # a small number for each structure, ascending
        self.structures = int(self.whose[-1]) + 1 if len(at) else 0

    def counts(self, shared: BitMap, others: Iterable[BitMap]) -> Iterator[tuple[Integers, Integers]]:
        """For `shared` together with each of `others` (near, and none in `shared`): facts (set × fact) and structures (by set)."""
        at = self._places(shared)
        facts, (whose, present) = self._facts(at), self._structures(at)
        seen = np.zeros((self.structures, self.bits.shape[1]), dtype=np.uint64)
        seen[whose] = present
        structures = self._by_set(present)
        for offers in others:
            at = self._places(offers)
            whose, present = self._structures(at)
            yield facts + self._facts(at), structures + self._by_set(present & ~seen[whose])

    def _table(self, near: BitMap, sets: Sequence[BitMap]) -> NDArray[np.bool_]:
        """Offers × sets: who is in what."""
        table = np.zeros((self.size, len(sets)), dtype=bool)
        for column, offers in enumerate(sets):
            table[self.place[positions(near & offers)], column] = True
        return table

    def _places(self, offers: BitMap) -> Integers:
        """The rows of these offers in the tables, ascending."""
        marks = np.zeros(self.size, dtype=bool)
        marks[self.place[positions(offers)]] = True
        return np.flatnonzero(marks)

    def _facts(self, at: Integers) -> Integers:
        """Set × fact: how many of the offers of these rows are in the set and state the fact."""
        return (self.sets[at].T @ self.facts[at]).astype(np.int64)

    def _structures(self, at: Integers) -> tuple[Integers, NDArray[np.uint64]]:
        """The structures of the offers of these rows (ascending), and for each the sets that one of its offers is in, as bits."""
        if not len(at):
            return at, self.bits[:0]
        whose = self.whose[at]
        starts = np.flatnonzero(np.diff(whose, prepend=-1))
        return whose[starts], np.bitwise_or.reduceat(self.bits[at], starts, axis=0)

    def _by_set(self, present: NDArray[np.uint64]) -> Integers:
        """How many structures have each set, from their bits."""
        counts: Integers = np.unpackbits(present.view(np.uint8), axis=1, count=self.width).sum(axis=0, dtype=np.int64)
        return counts
