"""Visitors by month and by year, as the public page says them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from maillage.observatory.models import VisitorDay


@dataclass(frozen=True, slots=True)
class Year:
    """Visitors of a year: the sum of its days. `change`: against the same days of the year before, in percent; None when there are none."""

    year: int
    visitors: int
    pages: int
    days: int
    change: float | None


def years(portal: str, today: date) -> list[Year]:
    """The years that were counted, latest first. The day that is not over is left out."""
    found: dict[int, dict[tuple[int, int], tuple[int, int]]] = defaultdict(dict)
    rows = VisitorDay.objects.filter(portal=portal, day__lt=today).order_by("day").values_list("day", "visitors", "pages")
    for day, visitors, pages in rows:
        found[day.year][(day.month, day.day)] = (visitors, pages)
    return [_year(year, found[year], found.get(year - 1, {})) for year in sorted(found, reverse=True)]


def _year(year: int, days: dict[tuple[int, int], tuple[int, int]], before: dict[tuple[int, int], tuple[int, int]]) -> Year:
    visitors, pages = (sum(each[at] for each in days.values()) for at in (0, 1))
    common = days.keys() & before.keys()
    was, now = sum(before[day][0] for day in common), sum(days[day][0] for day in common)
    return Year(year, visitors, pages, len(days), 100 * (now - was) / was if was else None)


def months(portal: str, today: date) -> dict[int, int]:
    """Month → visitors (the sum of its days), for the months that are over or under way, in order."""
    found: dict[int, int] = defaultdict(int)
    rows = VisitorDay.objects.filter(portal=portal, day__lt=today).order_by("day").values_list("day", "visitors")
    for day, visitors in rows:
        found[day.year * 100 + day.month] += visitors
    return dict(found)
