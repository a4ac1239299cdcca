"""When a link is said to be broken. Pure.

Three failures in a row over seven days at least, so that a site that is down for an evening or a week-end is not accused; one success
takes the flag away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FAILURES = 3
OVER = timedelta(days=7)
#: Days between two checks of an address that answers.
EVERY = timedelta(days=7)
#: A failing address is looked at again sooner, so that three failures take little more than a week.
AGAIN_AFTER = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Health:
    """What is known of an address: failures in a row, the first of them, since when it is flagged."""

    failures: int = 0
    failing_since: datetime | None = None
    flagged_at: datetime | None = None


def after(health: Health, answered: bool | None, at: datetime) -> Health:
    """What is known after one more check. `answered` None: nobody could tell (robots are refused), nothing changes."""
    if answered is None:
        return health
    if answered:
        return Health()
    failures, since = health.failures + 1, health.failing_since or at
    flagged = health.flagged_at
    if flagged is None and failures >= FAILURES and at - since >= OVER:
        flagged = at
    return replace(health, failures=failures, failing_since=since, flagged_at=flagged)


def due(checked_at: datetime | None, failures: int, at: datetime) -> bool:
    """Is the address to be looked at now?"""
    if checked_at is None:
        return True
    return at - checked_at >= (AGAIN_AFTER if failures else EVERY)
