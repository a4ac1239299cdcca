"""When a place is open, as figures: hours a week, in the evening, on Saturday. Usual weeks only; what changes is read on this week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]  # its stubs forget them

#: Open enough: at least so many hours a week. Evening: open after this time on a weekday.
ENOUGH_HOURS, EVENING = 10.0, time(18, 0)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Week:
    """Hours open in a usual week, and whether some are after work."""

    hours: float
    evening_or_saturday: bool

    @property
    def is_enough(self) -> bool:
        """At least `ENOUGH_HOURS` a week."""
        return self.hours >= ENOUGH_HOURS


def week_of(text: str, today: date) -> Week | None:
    """The week of a place from its OSM hours; None when nothing is said, or cannot be read. Public holidays are left aside."""
    text = text.strip()
    return _week(text, today - timedelta(days=today.weekday())) if text else None


@lru_cache(maxsize=16_384)
def _week(text: str, monday: date) -> Week | None:
    try:
        hours = OpeningHours(text)
    except ParserError:
        return None
    begin = datetime.combine(monday, time())
    total, late = 0.0, False
    for opens, closes, state, _remark in hours.intervals(begin, begin + timedelta(days=7)):
        if state != State.OPEN:
            continue
        end = min(closes, begin + timedelta(days=7)) if closes else begin + timedelta(days=7)
        total += (end - opens).total_seconds() / 3600
        day = opens.weekday()
        until_late = end.date() > opens.date() or end.time() > EVENING
        late = late or day == SATURDAY or (day < SATURDAY and until_late)
    return Week(round(total, 2), late)
