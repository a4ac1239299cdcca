"""A table of Roaring bitmaps: for each key, the positions of the offers that state it."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

Key = TypeVar("Key", bound=Hashable)

#: What a key that nobody states has. Shared: nobody may change it, nor any bitmap that an index gives.
NOBODY = BitMap()


def positions(offers: BitMap) -> NDArray[np.uint32]:
    """A set of positions as an array, ascending."""
    return np.frombuffer(offers.to_array(), dtype=np.uint32)


def bitmap(at: NDArray[Any]) -> BitMap:
    """Positions in an array, as a set. Twenty times quicker than `BitMap(at)`, which reads them one by one as Python numbers."""
    return BitMap(array("I", np.asarray(at, dtype=np.uint32).tobytes()))


class Bitmaps(Generic[Key]):
    """An immutable table key → positions. `changed` makes the next one, which shares every bitmap that did not move."""

    __slots__ = ("_by_key",)

    def __init__(self, by_key: dict[Key, BitMap] | None = None) -> None:
        self._by_key = by_key or {}

    def __iter__(self) -> Iterator[Key]:
        return iter(self._by_key)

    def __len__(self) -> int:
        return len(self._by_key)

    def items(self) -> Iterable[tuple[Key, BitMap]]:
        """Every key that somebody states, with who states it."""
        return self._by_key.items()

    def get(self, key: Key) -> BitMap:
        """Who states this key; an empty bitmap when nobody does."""
        return self._by_key.get(key, NOBODY)

    def union(self, keys: Iterable[Key]) -> BitMap:
        """Who states at least one of these keys, in a new bitmap."""
        found = [self._by_key[key] for key in keys if key in self._by_key]
        return BitMap.union(*found) if found else BitMap()

    def changed(self, gone: BitMap, added: Mapping[Key, Iterable[int]]) -> Bitmaps[Key]:
        """The same table without the positions of `gone`, with those of `added`."""
        by_key = dict(self._by_key)
        if gone:
            for key, bitmap in self._by_key.items():
                if bitmap.intersect(gone):
                    left = bitmap - gone
                    if left:
                        by_key[key] = left
                    else:
                        del by_key[key]
        for key, positions in added.items():
            by_key[key] = by_key.get(key, NOBODY) | BitMap(positions)
        return Bitmaps(by_key)


class Gatherer(Generic[Key]):
    """Collects the positions of each key while offers are read, then gives the table."""

    __slots__ = ("positions",)

    def __init__(self) -> None:
        self.positions: defaultdict[Key, array[int]] = defaultdict(lambda: array("I"))

    def add(self, position: int, keys: Iterable[Key]) -> None:
        """This position states these keys."""
        positions = self.positions
        for key in keys:
            positions[key].append(position)

    def table(self) -> Bitmaps[Key]:
        """Everything collected, as a table of its own."""
        return Bitmaps({key: BitMap(positions) for key, positions in self.positions.items()})
