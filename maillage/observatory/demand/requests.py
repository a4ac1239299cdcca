"""Requests sent to structures: made, accepted, declined, unanswered, and how long an answer takes. Told by `accompaniment` when it can."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests by outcome (codes of `accompaniment`), and the median number of working days before an answer (None: nobody answered)."""

    total: int
    by_outcome: dict[str, int]
    median_days: float | None


def figures(first: int, last: int, departements: Iterable[str] | None = None) -> Requests | None:
    """The requests of a span of months, from some départements (all when None). None when this installation takes no request yet."""
    rows = _rows()
    if rows is None:
        return None
    kept = [row for row in rows if first <= int(row["month"]) <= last]
    if departements is not None:
        among = set(departements)
        kept = [row for row in kept if row["departement"] in among]
    if not kept:
        return Requests(0, {}, None)
    outcomes: Counter[str] = Counter()
    for row in kept:
        outcomes[str(row["outcome"])] += int(row["count"])
    return Requests(sum(outcomes.values()), dict(outcomes), _median(kept))


def _rows() -> list[dict[str, Any]] | None:
    """What `accompaniment.queries.figures` tells: one row per month, stage, need, territory and outcome. None when it does not exist."""
    try:
        told = import_module("maillage.accompaniment.queries").figures
    except (ImportError, AttributeError):  # an installation without requests is whole too
        return None
    return list(told())


def _median(rows: list[dict[str, Any]]) -> float | None:
    """The median of the rows' medians, each as heavy as its requests."""
    known = sorted((float(row["days"]), int(row["count"])) for row in rows if row.get("days") is not None)
    half, seen = sum(count for _, count in known) / 2, 0
    for days, count in known:
        seen += count
        if seen >= half:
            return days
    return None
