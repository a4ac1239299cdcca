"""When a sheet is to be confirmed again, and what silence does to it. Pure: days in, days out.

Verified is not modified: only `verified_on` counts here. Silence counts from the first reminder that nobody answered, never from the
age of the sheet: a sheet that nobody was asked about stays where it is. Rules and worked example: docs/algorithms/freshness.md.
"""

from __future__ import annotations

import calendar
from datetime import date

from maillage.catalogue.enums import Silence
from maillage.vocabulary.portals import Upkeep


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last day of a month that is too short for it (31 January + 1 = 28 or 29 February)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def rhythm_of(chosen: int | None, upkeep: Upkeep) -> int:
    """Months between two confirmations: what the structure chose if the portal still allows it, else the portal's own."""
    return chosen if chosen in upkeep.rhythms else upkeep.rhythm


def due_on(verified_on: date | None, rhythm: int) -> date | None:
    """The day from which the sheet is to be confirmed; None when nobody ever confirmed it (it is due as soon as somebody can answer)."""
    return months_after(verified_on, rhythm) if verified_on else None


def is_due(verified_on: date | None, rhythm: int, day: date) -> bool:
    """Is it to be confirmed that day?"""
    due = due_on(verified_on, rhythm)
    return due is None or due <= day


def silence_on(silent_since: date | None, day: date, upkeep: Upkeep) -> Silence:
    """What the silence of a sheet is worth that day: nothing, late (lower rank, a notice), silent (out of results)."""
    if silent_since is None:
        return Silence.NONE
    if months_after(silent_since, upkeep.hidden_months) <= day:
        return Silence.SILENT
    return Silence.LATE if months_after(silent_since, upkeep.banner_months) <= day else Silence.NONE


def may_remind(reminded_on: date | None, day: date, upkeep: Upkeep) -> bool:
    """May the structure be written to again? At most one reminder every `remind_months`, whatever its sheets."""
    return reminded_on is None or months_after(reminded_on, upkeep.remind_months) <= day
