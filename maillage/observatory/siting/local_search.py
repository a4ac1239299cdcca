"""Greedy choice, then exchanges while one of them is better. Good answers at once; proofs are made elsewhere. Pure."""

from __future__ import annotations

import numpy as np

from maillage.observatory.siting.problem import COVERING, Problem

#: An exchange must gain more than this share: sums of floats are not exact.
_LEAST = 1e-9


def greedy(problem: Problem) -> list[int]:
    """Take the candidate that brings most, again and again. Fewer than `count` when nothing brings more."""
    chosen: list[int] = []
    if problem.method == COVERING:
        within, left = problem.within, problem.people.copy()
        while len(chosen) < min(problem.count, len(within)):
            gains = within @ left
            gains[chosen] = -1
            best = int(gains.argmax())
            if gains[best] <= 0:
                break
            chosen.append(best)
            left[within[best]] = 0
        return chosen
    distance = problem.finite
    while len(chosen) < min(problem.count, len(problem.km)):
        costs = np.minimum(problem.km, distance) @ problem.people
        costs[chosen] = np.inf
        best = int(costs.argmin())
        if costs[best] >= float(distance @ problem.people):
            break
        chosen.append(best)
        distance = np.minimum(distance, problem.km[best])
    return chosen


def exchanged(problem: Problem, chosen: list[int]) -> list[int]:
    """Put one candidate in the place of another while it is better (Teitz and Bart, 1968)."""
    improve = _better_cover if problem.method == COVERING else _nearer
    chosen = list(chosen)
    while chosen:
        swap = improve(problem, chosen)
        if swap is None:
            return chosen
        out, into = swap
        chosen[out] = into
    return chosen


def _better_cover(problem: Problem, chosen: list[int]) -> tuple[int, int] | None:
    within = problem.within
    times = within[chosen].sum(axis=0)
    once, never = problem.people * (times == 1), problem.people * (times == 0)
    lost = within[chosen] @ once  # by taking each chosen one away
    kept = (within[chosen] * once) @ within.T  # of that, what each candidate would cover again
    gains = (within @ never)[None, :] + kept - lost[:, None]
    gains[:, chosen] = -np.inf
    out, into = np.unravel_index(int(gains.argmax()), gains.shape)
    return (int(out), int(into)) if gains[out, into] > _LEAST * problem.people.sum() else None


def _nearer(problem: Problem, chosen: list[int]) -> tuple[int, int] | None:
    distances = np.vstack((problem.finite, problem.km[chosen]))  # the existing places are the first row, and never go
    order = np.argsort(distances, axis=0, kind="stable")
    columns = np.arange(distances.shape[1])
    first, second = distances[order[0], columns], distances[order[1], columns]
    gains = np.full((len(chosen), len(problem.km)), -np.inf)
    saved = np.maximum(0.0, first - problem.km) @ problem.people  # by adding each candidate to those there
    for out in range(len(chosen)):
        theirs = order[0] == out + 1
        if not theirs.any():
            gains[out] = saved
            continue
        # people of the one that goes turn to the second nearest, or to the new one
        without = problem.km[:, theirs]
        now = np.minimum(without, second[theirs]) @ problem.people[theirs]
        before = np.minimum(without, first[theirs]) @ problem.people[theirs]
        gains[out] = saved - (now - before)
    gains[:, chosen] = -np.inf
    best, into = np.unravel_index(int(gains.argmax()), gains.shape)
    return (int(best), int(into)) if gains[best, into] > _LEAST * float(first @ problem.people) else None
