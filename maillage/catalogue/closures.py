"""Exceptions of opening hours: days when a place is closed, or open otherwise. Pure text, in OSM opening_hours syntax.

They are rules with dates at the end of the text, which prevail over the usual ones before them:
`Mo-Fr 09:00-12:00; 2026 Dec 24-2027 Jan 02 off "congés"`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = rf"(\d{{4}}) ({'|'.join(_MONTHS)}) (\d{{1,2}})"
_TIMES = r"\d{2}:\d{2}-\d{2}:\d{2}(?:,\d{2}:\d{2}-\d{2}:\d{2})*"
_RULE = re.compile(rf'{_DAY}(?:-{_DAY})? (off|closed|{_TIMES})(?: "([^"]*)")?')


@dataclass(frozen=True, slots=True)
class Closure:
    """From `first` to `last` (both included): closed, or open at `times` (« 10:00-12:00 »); `why` is shown to visitors."""

    first: date
    last: date
    times: str = ""
    why: str = ""

    def as_rule(self) -> str:
        """The rule in OSM syntax."""
        days = _written(self.first) if self.first == self.last else f"{_written(self.first)}-{_written(self.last)}"
        why = self.why.replace('"', "’").strip()
        return f"{days} {self.times or 'off'}" + (f' "{why}"' if why else "")


def split(text: str) -> tuple[str, tuple[Closure, ...]]:
    """(the usual hours, the exceptions). Rules that are not plain exceptions at the end of the text stay with the usual hours."""
    rules = _rules(text)
    found: list[Closure] = []
    while rules and (closure := _closure(rules[-1])):
        found.insert(0, closure)
        rules.pop()
    return "; ".join(rules), tuple(found)


def joined(usual: str, closures: Iterable[Closure]) -> str:
    """One text again: exceptions last, in order of their dates, so that they prevail."""
    ordered = sorted(closures, key=lambda each: (each.first, each.last, each.times, each.why))
    return "; ".join(part for part in (usual.strip().rstrip(";").strip(), *(each.as_rule() for each in ordered)) if part)


def _rules(text: str) -> list[str]:
    """Cut at semicolons that are not inside a comment."""
    return [part.strip() for part in re.findall(r'(?:[^;"]|"[^"]*"|")+', text) if part.strip()]


def _closure(rule: str) -> Closure | None:
    found = _RULE.fullmatch(rule)
    if not found:
        return None
    first = _day(*found.group(1, 2, 3))
    last = _day(*found.group(4, 5, 6)) if found[4] else first
    if first is None or last is None or last < first:
        return None
    return Closure(first, last, "" if found[7] in ("off", "closed") else found[7], found[8] or "")


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), _MONTHS.index(month) + 1, int(day))
    except ValueError:
        return None


def _written(day: date) -> str:
    return f"{day.year} {_MONTHS[day.month - 1]} {day.day:02d}"
