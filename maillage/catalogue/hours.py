"""Opening hours in words: the OSM syntax of a sheet becomes lines such as « du lundi au vendredi : 9 h – 12 h »."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from opening_hours import (  # type: ignore[attr-defined]  # its stubs forget ParserError
    OpeningHours,
    ParserError,
    State,
)

#: Hours that do not change over this many weeks are said to be the usual ones; those that do, a month ahead is listed.
WEEKS_COMPARED = 5
DAYS_LISTED = 5

Ranges = tuple[tuple[time, time, str], ...]  # opens, closes, remark of the sheet (« sur rendez-vous »)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of hours: the day or days, and the times of day (or « fermé »)."""

    days: str
    hours: str


@dataclass(frozen=True, slots=True)
class Week:
    """Hours in words. `usual` is false when they differ from week to week: the lines are then the next days that open.

    `raw` is the text of the sheet when nobody could read it as hours; there are no lines then.
    """

    lines: tuple[Line, ...]
    usual: bool
    raw: str = ""


def in_words(text: str, today: date) -> Week | None:
    """The hours of a sheet in the reader's language; None when the sheet says nothing. Public holidays are left aside."""
    text = text.strip()
    return _in_words(text, today, get_language() or "fr") if text else None


def weekly(text: str, today: date) -> tuple[tuple[tuple[str, str], ...], ...] | None:
    """The seven days of a week (Monday first) as (opens, closes) in HH:MM; None when weeks differ or nobody can read the hours."""
    monday = today - timedelta(days=today.weekday())
    try:
        weeks = _weeks(OpeningHours(text), monday)
    except ParserError:
        return None
    if any(week != weeks[0] for week in weeks):
        return None
    return tuple(tuple((f"{opens:%H:%M}", f"{closes:%H:%M}") for opens, closes, _remark in day) for day in weeks[0])


def _weeks(hours: OpeningHours, monday: date) -> list[list[Ranges]]:
    return [[_day(hours, monday + timedelta(weeks=week, days=day)) for day in range(7)] for week in range(WEEKS_COMPARED)]


@lru_cache(maxsize=512)
def _in_words(text: str, today: date, language: str) -> Week:
    monday = today - timedelta(days=today.weekday())
    try:
        hours = OpeningHours(text)
    except ParserError:
        return Week((), usual=False, raw=text)
    weeks = _weeks(hours, monday)
    if all(week == weeks[0] for week in weeks):
        return Week(_usual(weeks[0]), usual=True)
    ahead = [(day, _day(hours, day)) for day in (today + timedelta(days=number) for number in range(7 * WEEKS_COMPARED))]
    lines = [Line(_date(day), _hours(ranges)) for day, ranges in ahead if ranges]
    return Week(tuple(lines[:DAYS_LISTED]), usual=False)


def _day(hours: OpeningHours, day: date) -> Ranges:
    """The opening times of one day; a range that passes midnight is cut there."""
    begin = datetime.combine(day, time())
    intervals = hours.intervals(begin, begin + timedelta(days=1))
    return tuple((opens.time(), closes.time(), remark) for opens, closes, state, remark in intervals if state == State.OPEN)


def _date(day: date) -> str:
    words = formats.date_format(day, _("l j F"))
    return words.replace(" 1 ", " 1er ") if (get_language() or "fr").startswith("fr") else words


def _usual(week: list[Ranges]) -> tuple[Line, ...]:
    """One line per run of days with the same hours; closed days are not listed unless all are."""
    starts = [0, *(after for before, after in pairwise(range(7)) if week[before] != week[after]), 7]
    lines = []
    for start, end in pairwise(starts):
        if week[start]:
            lines.append(Line(_days(start, end - 1), _hours(week[start])))
    return tuple(lines) or (Line(_("toute la semaine"), _("fermé")),)


def _days(first: int, last: int) -> str:
    names = [str(WEEKDAYS[number]).lower() for number in range(7)]
    if (first, last) == (0, 6):
        return _("tous les jours")
    if first == last:
        return _("le %(day)s") % {"day": names[first]}
    if last == first + 1:
        return _("le %(first)s et le %(last)s") % {"first": names[first], "last": names[last]}
    return _("du %(first)s au %(last)s") % {"first": names[first], "last": names[last]}


def _hours(ranges: Ranges) -> str:
    if not ranges:
        return _("fermé")
    return _(" et ").join(_range(*each) for each in ranges)


def _range(opens: time, closes: time, remark: str) -> str:
    if opens == closes == time():
        text = _("24\u202fh sur 24")
    else:
        text = _("%(opens)s – %(closes)s") % {"opens": _clock(opens), "closes": _clock(closes, end=True)}
    return f"{text} ({remark})" if remark else text


def _clock(moment: time, *, end: bool = False) -> str:
    if end and moment == time():
        return _("minuit")
    minutes = f"{moment.minute:02d}" if moment.minute else ""
    return _("%(hour)d\u202fh%(minutes)s") % {"hour": moment.hour, "minutes": f"\u202f{minutes}" if minutes else ""}
