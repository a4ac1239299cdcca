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

from maillage.catalogue.closures import Closure, split

#: Hours that do not change over this many weeks are said to be the usual ones; those that do, a month ahead is listed.
WEEKS_COMPARED = 5
DAYS_LISTED = 5
#: Exceptions further than this are not told yet.
AHEAD = timedelta(days=120)

Ranges = tuple[tuple[time, time, str], ...]  # opens, closes, remark of the sheet (« sur rendez-vous »)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of hours: the day or days, and the times of day (or « fermé »)."""

    days: str
    hours: str


@dataclass(frozen=True, slots=True)
class Week:
    """Hours in words. `usual` is false when they differ from week to week: the lines are then the next days that open.

    Closures and other exceptions are told apart. `raw` is the text of the sheet when nobody could read it as hours; there are no lines then.
    """

    lines: tuple[Line, ...]
    usual: bool
    raw: str = ""
    exceptions: tuple[Line, ...] = ()  # days when it is otherwise, those of the months to come


def in_words(text: str, today: date) -> Week | None:
    """The hours of a sheet in the reader's language; None when the sheet says nothing. Public holidays are left aside."""
    text = text.strip()
    return _in_words(text, today, get_language() or "fr") if text else None


@lru_cache(maxsize=512)
def _in_words(text: str, today: date, language: str) -> Week:
    try:
        hours = OpeningHours(text)
    except ParserError:
        return Week((), usual=False, raw=text)
    base, closures = split(text)
    told = tuple(_exception(each) for each in closures if today <= each.last and each.first <= today + AHEAD)
    if base and base != text:
        hours = OpeningHours(base)
    usual = _same_every_week(hours, today)
    if usual is not None:
        return Week(_usual(usual), usual=True, exceptions=told)
    ahead = [(day, _day(hours, day)) for day in (today + timedelta(days=number) for number in range(7 * WEEKS_COMPARED))]
    lines = [Line(_date(day), _hours(ranges)) for day, ranges in ahead if ranges]
    return Week(tuple(lines[:DAYS_LISTED]), usual=False, exceptions=told)


def _exception(closure: Closure) -> Line:
    if closure.first == closure.last:
        days = _("le %(day)s") % {"day": _date(closure.first)}
    else:
        days = _("du %(first)s au %(last)s") % {"first": _date(closure.first), "last": _date(closure.last)}
    hours = _("fermé")
    if closure.times:
        ranges = (part.partition("-") for part in closure.times.split(","))
        hours = _(" et ").join(_range(_at(opens), _at(closes), "") for opens, _dash, closes in ranges)
    return Line(days, f"{hours} ({closure.why})" if closure.why else hours)


def _at(text: str) -> time:
    """« 24:00 » is midnight, as the OSM syntax writes the end of a day."""
    hour, _colon, minute = text.partition(":")
    return time(int(hour) % 24, int(minute))


@lru_cache(maxsize=512)
def usual_week(text: str, today: date) -> tuple[Ranges, ...] | None:
    """The opening times of each day from Monday to Sunday; None when nothing is said, cannot be read, or changes from week to week."""
    try:
        base = split(text)[0]
        week = _same_every_week(OpeningHours(base), today) if base else None
    except ParserError:
        return None
    return tuple(week) if week is not None else None


def _same_every_week(hours: OpeningHours, today: date) -> list[Ranges] | None:
    monday = today - timedelta(days=today.weekday())
    weeks = [[_day(hours, monday + timedelta(weeks=week, days=day)) for day in range(7)] for week in range(WEEKS_COMPARED)]
    return weeks[0] if all(week == weeks[0] for week in weeks) else None


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
