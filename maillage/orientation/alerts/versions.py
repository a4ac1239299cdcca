"""What counts as new: the version of an offer that alerts compare. Pure.

An offer is told again when its dates move (a new call, a deadline put off) or when it is reopened after having been archived; not
when its text is corrected, nor when a source withdraws it and gives it back.
"""

from __future__ import annotations

from datetime import date


def version_of(opens: date | None, closes: date | None, reopenings: int) -> str:
    """The version of an offer: its calendar, and how many times it was reopened."""
    return f"{opens or ''}/{closes or ''}/{reopenings}"
