"""What follows when two structures are made one: each app that hangs things on a structure registers how they follow, and come back.

The catalogue registers its members; apps above (requests) append theirs when they start. Merging itself is in `interop.merging`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from maillage.catalogue.models import Structure


@dataclass(frozen=True, slots=True)
class Follower:
    """`move(away, kept)` hangs what hung on `away` on `kept`, in the merge's transaction, and returns the primary keys moved;
    `back(pks, away)` undoes it for those that still hang there. `name` keys them in the merge's record."""

    name: str
    move: Callable[[Structure, Structure], list[int]]
    back: Callable[[Iterable[int], Structure], None]


FOLLOWERS: list[Follower] = []
