"""A proved bound of a p-median by Lagrangian relaxation, with the choices that it meets on the way. Pure.

« Each point goes to exactly one place » is relaxed with a price per point; what is left is solved by taking the `count` cheapest
candidates. Prices follow the subgradient. The bound is true whatever the prices, so it may be stopped at any time.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

import numpy as np

from maillage.observatory.siting.local_search import exchanged
from maillage.observatory.siting.problem import Problem

ROUNDS, STALLED = 2_500, 40


def lagrangian(
    problem: Problem, chosen: list[int], seconds: float, tell: Callable[[float, float], None] = lambda value, bound: None
) -> tuple[list[int], float]:
    """The best choice met (never worse than `chosen`) and the best bound. `tell` is given (value, bound) from time to time."""
    costs, already = problem.km * problem.people, problem.finite * problem.people
    best, value = list(chosen), problem.value(chosen)
    prices = problem.nearest(chosen) * problem.people
    bound, step, still, until = 0.0, 1.5, 0, monotonic() + seconds
    reduced = np.empty_like(costs)  # written again at each round: a new array would cost more than the sums
    for round_ in range(ROUNDS):
        np.minimum(np.subtract(costs, prices, out=reduced), 0.0, out=reduced)
        worth = reduced.sum(axis=1)
        open_now = np.argpartition(worth, min(problem.count, len(worth)) - 1)[: problem.count]
        existing = np.minimum(0.0, already - prices)
        relaxed = float(prices.sum() + worth[open_now].sum() + existing.sum())
        if relaxed > bound * (1 + 1e-7):
            bound, still = relaxed, 0
        else:
            still += 1
            if still >= STALLED:
                step, still = step / 2, 0
        candidate = exchanged(problem, [int(each) for each in open_now]) if round_ % 50 == 0 else [int(each) for each in open_now]
        if (theirs := problem.value(candidate)) < value:
            best, value = exchanged(problem, candidate), theirs
            value = problem.value(best)
        if round_ % 25 == 0:
            tell(value, bound)
        if value - bound <= 1e-7 * max(value, 1.0) or step < 1e-3 or monotonic() > until:
            break
        slope = 1.0 - (reduced[open_now] < 0).sum(axis=0) - (existing < 0)
        size = float((slope**2).sum())
        if not size:
            break
        prices = np.maximum(0.0, prices + step * (value - relaxed) / size * slope)
    return best, min(bound, value)
