"""Where to put N places so that most people are near one (maximal covering), or that people are nearest on average (p-median). Pure.

Church and ReVelle (1974) for the first, Hakimi (1964) for the second; the places that exist already count in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.observatory.access.distances import DETOUR
from maillage.observatory.access.ground import Floats, on_the_sphere
from maillage.territories.distance import EARTH_KM

#: Seconds that a problem may take, all steps together.
SECONDS = 25.0
COVERING, MEDIAN = "couverture", "mediane"
METHODS = (COVERING, MEDIAN)


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """`people` per demand point, `km` by road from each candidate (rows) to each demand point, `already` to the nearest existing place.

    `already` is infinite where there is no place yet. Covered means at most `threshold` km.
    """

    method: str
    count: int
    threshold: float
    people: Floats
    km: Floats
    already: Floats

    @property
    def within(self) -> NDArray[np.bool_]:
        """Does a candidate (row) cover a demand point? Points that an existing place covers are covered by nobody again."""
        return (self.km <= self.threshold) & (self.already > self.threshold)

    def value(self, chosen: Sequence[int]) -> float:
        """What these candidates are worth: people newly covered, or the people-km to the nearest place (to be small)."""
        if self.method == COVERING:
            return float(self.people[self.within[list(chosen)].any(axis=0)].sum()) if len(chosen) else 0.0
        return float((self.people * self.nearest(chosen)).sum())

    def nearest(self, chosen: Sequence[int]) -> Floats:
        """The distance of each demand point to its nearest place, existing or chosen."""
        return np.minimum(self.finite, self.km[list(chosen)].min(axis=0)) if len(chosen) else self.finite

    @property
    def finite(self) -> Floats:
        """`already`, with a distance larger than any other where there is no place yet: sums stay finite, and the first place pays."""
        return np.where(np.isinf(self.already), self.furthest, self.already)

    @property
    def furthest(self) -> float:
        """Beyond every distance of the problem."""
        known = self.already[np.isfinite(self.already)]
        return float(max(self.km.max(initial=0.0), known.max(initial=0.0))) + 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Candidates chosen (ranks, in the order in which they bring most), what they are worth, and how good that is proved to be.

    `bound` is a value that no choice can pass; `gap` is the distance to it (0 = proved the best), relative to the bound for covering
    and to the value for the median. `how` says which method gave the choice.
    """

    chosen: tuple[int, ...]
    value: float
    bound: float
    gap: float
    how: str

    @property
    def is_proved(self) -> bool:
        """Is no other choice better?"""
        return self.gap <= 1e-6


def distances_km(lon: Floats, lat: Floats, to_lon: Floats, to_lat: Floats) -> Floats:
    """Distances by road (estimated, km) from each point (rows) to each other (columns)."""
    cosine = np.clip(on_the_sphere(lon, lat) @ on_the_sphere(to_lon, to_lat).T, -1.0, 1.0)
    # the chord is exact for near points, where the arc cosine is not
    chord = np.sqrt(np.maximum(0.0, 2.0 - 2.0 * cosine))
    return np.asarray(2 * EARTH_KM * np.arcsin(np.minimum(1.0, chord / 2)) * DETOUR)


def in_order_of_worth(problem: Problem, chosen: Sequence[int]) -> tuple[int, ...]:
    """The same candidates, the one that brings most first: a reader who can open two of them knows which."""
    left: list[int] = list(chosen)
    kept: list[int] = []
    better = max if problem.method == COVERING else min
    while left:
        best = better(left, key=lambda each: problem.value([*kept, each]))
        left.remove(best)
        kept.append(best)
    return tuple(kept)


def gap_between(problem: Problem, value: float, bound: float) -> float:
    """How far a value is from a bound, as a share; never negative (bounds are rounded by solvers)."""
    reference = bound if problem.method == COVERING else value
    return max(0.0, abs(bound - value) / reference) if reference > 0 else 0.0
