"""Solves a siting problem: exact with HiGHS when it can be proved in the time given, otherwise the best choice found and its gap. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack, vstack

from maillage.observatory.siting.bounds import lagrangian
from maillage.observatory.siting.local_search import exchanged, greedy
from maillage.observatory.siting.problem import COVERING, SECONDS, Answer, Problem, gap_between, in_order_of_worth

#: A p-median of at most so many pairs (candidate, point) is given whole to HiGHS; in a larger one the Lagrangian bound rules candidates out first.
PAIRS_AT_MOST = 40_000

Tell = Callable[[str, float, float | None], None]
EXACT, SEARCHED = "exact", "recherche"


def solve(problem: Problem, seconds: float = SECONDS, tell: Tell = lambda step, value, bound: None) -> Answer:
    """Choose `count` candidates. `tell` is given the step, the value of the best choice and the bound so far.

    Raises ValueError on a problem without candidate, without people or with nothing to place.
    """
    if not len(problem.km) or not problem.people.sum() or problem.count < 1:
        raise ValueError("Il faut au moins un lieu à placer, un lieu possible et un habitant.")
    until = monotonic() + seconds
    found = exchanged(problem, greedy(problem))
    tell("recherche", problem.value(found), None)
    if problem.count >= len(problem.km):  # as many places as candidates: all of them
        return _answer(problem, found, problem.value(found), EXACT)
    if problem.method == COVERING:
        return _covering(problem, found, until, tell)
    if problem.km.size <= PAIRS_AT_MOST:
        return _median(problem, found, until, tell)
    return _large_median(problem, found, until, tell)


def _large_median(problem: Problem, found: list[int], until: float, tell: Tell) -> Answer:
    """p-median too large for HiGHS: the Lagrangian bound rules candidates out, and HiGHS proves what is left once it is small enough."""
    small = PAIRS_AT_MOST // problem.km.shape[1]
    found, bound, possible = lagrangian(
        problem, found, until - monotonic(), lambda value, bound: tell("borne", value, bound), enough=small
    )
    value = problem.value(found)
    if gap_between(problem, value, bound) <= 1e-7 or not problem.count < len(possible) <= small or monotonic() > until:
        return _answer(problem, found, bound, SEARCHED)
    left = replace(problem, km=problem.km[possible])
    proved = _median(left, [possible.index(each) for each in found], until, tell)
    found = [possible[each] for each in proved.chosen]
    # a better choice is among those left: nothing passes the worse of their bound and of the value found
    return _answer(problem, found, max(bound, min(proved.bound, problem.value(found))), SEARCHED)


def _answer(problem: Problem, chosen: list[int], bound: float, how: str) -> Answer:
    ordered = in_order_of_worth(problem, chosen)
    value = problem.value(ordered)
    gap = gap_between(problem, value, bound)
    return Answer(ordered, value, bound, gap, EXACT if gap <= 1e-6 else how)


def _covering(problem: Problem, found: list[int], until: float, tell: Tell) -> Answer:
    """Maximal covering: x = candidates (0 or 1), z = points covered (at most 1). Points with the same candidates are one."""
    within = problem.within
    reachable = np.flatnonzero(within.any(axis=0))
    if not len(reachable):
        return _answer(problem, found, 0.0, EXACT)
    patterns, inverse = np.unique(np.packbits(within[:, reachable], axis=0).T, axis=0, return_inverse=True)
    people = np.bincount(inverse.ravel(), weights=problem.people[reachable])
    covers = np.unpackbits(patterns, axis=1, count=len(within))  # (points, candidates)
    candidates, points = len(within), len(people)
    tell("preuve", problem.value(found), float(people.sum()))
    sums = csr_array(covers.astype(np.float64))
    constraints = [
        LinearConstraint(hstack([-sums, eye_array(points)]).tocsr(), -np.inf, 0.0),
        LinearConstraint(np.concatenate((np.ones(candidates), np.zeros(points)))[None, :], 0, problem.count),
    ]
    integrality = np.concatenate((np.ones(candidates), np.zeros(points)))
    return _by_highs(problem, found, np.concatenate((np.zeros(candidates), -people)), constraints, integrality, until, sign=-1)


def _median(problem: Problem, found: list[int], until: float, tell: Tell) -> Answer:
    """p-median: x = candidates (0 or 1), y = which place each point goes to, the existing one included."""
    candidates, points = problem.km.shape
    tell("preuve", problem.value(found), 0.0)
    costs = np.vstack((problem.finite, problem.km)) * problem.people  # row 0: the nearest existing place, open at no cost
    pairs = (candidates + 1) * points
    each = csr_array(np.tile(np.eye(points), candidates + 1))  # every point goes somewhere
    opened = csr_array(np.repeat(np.eye(candidates), points, axis=0))
    goes = hstack([csr_array((candidates * points, points)), eye_array(candidates * points)])
    constraints = [
        LinearConstraint(hstack([csr_array((points, candidates)), each]).tocsr(), 1, 1),
        LinearConstraint(hstack([-opened, goes]).tocsr(), -np.inf, 0),
        LinearConstraint(
            vstack([hstack([csr_array(np.ones((1, candidates))), csr_array((1, pairs))])]).tocsr(), 0, problem.count
        ),
    ]
    integrality = np.concatenate((np.ones(candidates), np.zeros(pairs)))
    return _by_highs(
        problem, found, np.concatenate((np.zeros(candidates), costs.ravel())), constraints, integrality, until, sign=1
    )


def _by_highs(
    problem: Problem,
    found: list[int],
    costs: np.ndarray[tuple[int], np.dtype[np.float64]],
    constraints: list[LinearConstraint],
    integrality: np.ndarray[tuple[int], np.dtype[np.float64]],
    until: float,
    sign: int,
) -> Answer:
    """Give the problem to HiGHS; keep the better of its choice and ours, with the bound that it proved."""
    limit = {"time_limit": max(0.1, until - monotonic()), "mip_rel_gap": 1e-7}
    result = milp(costs, constraints=constraints, integrality=integrality, bounds=Bounds(0, 1), options=limit)
    if result.x is not None:
        theirs = [int(rank) for rank in np.flatnonzero(result.x[: len(problem.km)] > 0.5)]
        if (problem.value(theirs) - problem.value(found)) * sign < 0:
            found = theirs
    value = problem.value(found)
    if result.status == 0:
        return _answer(problem, found, value, EXACT)
    # what nobody can pass: everybody covered, or nobody any distance away, unless HiGHS proved better
    loose = float(problem.people[problem.within.any(axis=0)].sum()) if sign < 0 else 0.0
    proved = result.mip_dual_bound
    bound = sign * float(proved) if proved is not None and np.isfinite(proved) else loose
    return _answer(problem, found, bound, SEARCHED)
