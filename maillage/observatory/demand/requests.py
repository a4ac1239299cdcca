"""Requests sent to structures: made, accepted, declined, unanswered, and how long an answer takes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from maillage.accompaniment.queries import Outcomes, outcomes
from maillage.observatory.months import before, first_day


def figures(first: int, last: int, departements: Collection[str] | None = None) -> Outcomes:
    """The requests of a span of months (202611), both included, from some départements (all when None), each counted once."""
    return outcomes(first_day(first), first_day(before(last, -1)) - timedelta(days=1), departements=departements)
