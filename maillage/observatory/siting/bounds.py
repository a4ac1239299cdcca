"""A proved bound of a p-median by Lagrangian relaxation, with the choices that it meets on the way. Pure.

« Each point goes to exactly one place » is relaxed with a price per point; what is left is solved by taking the `count` cheapest
candidates. Prices follow the subgradients of the rounds before as much as the last one (the volume algorithm of Barahona and Anbil, 2000,
without its primal part): on a région the gap after a hundred rounds is ten times smaller. The bound is true whatever the prices, so it may
be stopped at any time.

Two things make a large région quick. A point never pays more than `top`, so the places beyond that are no pairs at all; and a candidate
which would carry the bound over the best choice known, were it taken, is in no better choice: it is left out of the rounds that follow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from maillage.observatory.access.ground import Floats
from maillage.observatory.siting.local_search import exchanged
from maillage.observatory.siting.problem import Problem

#: Rounds without a better bound before the step is halved; the step that ends it all.
STALLED, SMALLEST_STEP = 20, 1e-3
#: How much of the direction of a round is that of the rounds before.
MEMORY = 0.7
#: A point pays at most this many times the distance to its second place (plus one km): prices have never been seen to want more.
REACH = 1.5
#: A choice met on the way is worth exchanges when it is at most this much worse than the best.
PROMISING = 1.002
#: Rounds between two looks at which candidates are still possible.
PRUNE_EVERY = 25

Tell = Callable[[float, float], None]
Ranks = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """The pairs (candidate, point) that may matter, candidate after candidate: cost in people-km, and where each candidate begins."""

    candidates: int
    possible: Ranks
    rows: Ranks
    starts: Ranks
    points: Ranks
    cost: Floats

    @classmethod
    def of(cls, problem: Problem, possible: Ranks, top: Floats) -> _Pairs:
        """The pairs nearer than `top` (km), of the candidates that are possible."""
        at, points = np.nonzero(problem.km[possible] < top)
        rows, starts = np.unique(possible[at], return_index=True)
        return cls(len(problem.km), possible, rows, starts, points, problem.km[possible[at], points] * problem.people[points])

    def worth(self, prices: Floats) -> Floats:
        """What taking each candidate adds to the bound, never above zero; infinite for those that are not possible any more."""
        found = np.full(self.candidates, np.inf)
        found[self.possible] = 0.0
        if len(self.rows):
            reduced = self.cost - prices[self.points]
            found[self.rows] = np.add.reduceat(np.minimum(reduced, 0.0, out=reduced), self.starts)
        return found


def lagrangian(
    problem: Problem, chosen: list[int], seconds: float, tell: Tell = lambda value, bound: None, enough: int = 0
) -> tuple[list[int], float, list[int]]:
    """The best choice met (never worse than `chosen`), the best bound, and the candidates of which any better choice is made.

    Stops when the bound meets the value, when at most `enough` candidates are left, or when the time is over. `tell` is given (value, bound)
    from time to time.
    """
    until, people, existing = monotonic() + seconds, problem.people, problem.finite * problem.people
    best, value, tried = list(chosen), problem.value(chosen), {frozenset(chosen)}
    nearest = np.sort(np.vstack((problem.finite, problem.km[chosen])), axis=0)
    top = np.minimum(problem.finite, REACH * nearest[min(1, len(chosen))] + 1.0)
    prices, direction = np.minimum(nearest[0], top) * people, np.zeros(len(people))
    possible: Ranks = np.arange(len(problem.km))
    pairs, bound, step, still, rounds = _Pairs.of(problem, possible, top), 0.0, 1.0, 0, 0
    while step > SMALLEST_STEP and monotonic() < until:
        worth = pairs.worth(prices)
        taken = [int(each) for each in np.argsort(worth)[: min(problem.count, len(possible))]]
        stays = np.minimum(0.0, existing - prices)
        relaxed = float(prices.sum() + worth[taken].sum() + stays.sum())
        still = 0 if relaxed > bound * (1 + 1e-6) else still + 1
        bound = max(bound, relaxed)
        if still >= STALLED:
            step, still = step / 2, 0
        if frozenset(taken) not in tried and problem.value(taken) < value * PROMISING:
            tried.add(frozenset(taken))
            exchanges = exchanged(problem, taken)
            if (theirs := problem.value(exchanges)) < value:
                best, value = exchanges, theirs
        if rounds % PRUNE_EVERY == 0:
            tell(value, min(bound, value))
            kept = _possible(worth, taken, relaxed, value, best)
            if len(kept) < len(possible):
                possible, pairs = kept, _Pairs.of(problem, kept, top)
            if value - bound <= 1e-7 * max(value, 1.0) or len(possible) <= max(enough, problem.count):
                break
        slope = 1.0 - (problem.km[taken] * people < prices).sum(axis=0) - (stays < 0)
        direction = MEMORY * direction + (1 - MEMORY) * slope if rounds else slope
        size = float((direction**2).sum())
        if not size:
            break
        prices = np.clip(prices + step * (value - relaxed) / size * direction, 0.0, top * people)
        rounds += 1
    # when every candidate left is taken, no choice among them is better than taking them all
    only = [int(each) for each in possible]
    if len(only) <= problem.count:
        best = only if problem.value(only) < value else best
        bound = value = problem.value(best)
    return best, min(bound, value), only


def _possible(worth: Floats, taken: list[int], relaxed: float, value: float, best: list[int]) -> Ranks:
    """The candidates that a choice better than `value` may hold: being forced to take one, in the place of the worst taken, stays below."""
    forced = relaxed + worth - worth[taken].max()
    forced[taken], forced[best] = relaxed, value
    return np.flatnonzero(forced <= value * (1 + 1e-9))
