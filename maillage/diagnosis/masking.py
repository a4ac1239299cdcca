"""Small cells of a published table are hidden, and what would let them be found again by subtraction. Pure Python, no Django."""

from __future__ import annotations

from collections.abc import Sequence

#: A count under this could point at somebody: it is not shown (quality.md: cells under 5).
THRESHOLD = 5


def masked(row: Sequence[int], threshold: int = THRESHOLD) -> list[int | None]:
    """The same counts, None where nothing may be shown. A zero is shown.

    The total of a row is known, so a cell hidden alone, or cells hidden whose sum is small, would be found by subtraction: the smallest of
    the others that are not zero are hidden with them, until the hidden cells hold at least `threshold` together and are at least two.
    """
    hidden = {place for place, count in enumerate(row) if 0 < count < threshold}
    rest = sorted((count, place) for place, count in enumerate(row) if count >= threshold)
    while hidden and rest and (len(hidden) < 2 or sum(row[place] for place in hidden) < threshold):
        hidden.add(rest.pop(0)[1])
    if hidden and (len(hidden) < 2 or sum(row[place] for place in hidden) < threshold):
        return [None] * len(row)  # the whole row is too small
    return [None if place in hidden else count for place, count in enumerate(row)]
