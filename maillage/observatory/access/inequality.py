"""Lorenz curve and Gini index of an access, each person counting for one. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from maillage.observatory.access.ground import Floats

#: Points of a curve that is drawn or tabled.
POINTS = 20


@dataclass(frozen=True, slots=True)
class Inequality:
    """`curve` goes from (0, 0) to (1, 1): the share of people, worst served first, and the share of access that they have.

    `gini` is 0 when everybody has the same access and comes near 1 when a few have all of it.
    """

    gini: float
    curve: tuple[tuple[float, float], ...]

    def share_of(self, people: float) -> float:
        """The share of access of the worst served `people` (0 to 1)."""
        xs, ys = zip(*self.curve, strict=True)
        return float(np.interp(people, xs, ys))


def inequality(access: Floats, people: Floats) -> Inequality | None:
    """The inequality of an access (≥ 0, finite) among people; None when nobody lives there or nobody has any access."""
    lived = people > 0
    access, people = access[lived], people[lived]
    total = float((access * people).sum())
    if not len(people) or total <= 0:
        return None
    order = np.argsort(access, kind="stable")
    xs = np.concatenate(([0.0], np.cumsum(people[order]) / people.sum()))
    ys = np.concatenate(([0.0], np.cumsum(access[order] * people[order]) / total))
    gini = 1 - float(((ys[1:] + ys[:-1]) * np.diff(xs)).sum())  # trapezes under the curve, twice
    at = np.linspace(0, 1, POINTS + 1)
    return Inequality(max(0.0, gini), tuple(zip(at.tolist(), np.interp(at, xs, ys).tolist(), strict=True)))
