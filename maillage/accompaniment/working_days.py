"""Working days in France: Monday to Friday, the eleven public holidays apart (code du travail, L3133-1). Pure.

Alsace-Moselle and overseas have holidays of their own, left aside: a delay that ends one day early there harms nobody.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache


def easter(year: int) -> date:
    """Easter Sunday of a year of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, *divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    ell = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * ell) // 433
    month = (h + ell - 7 * m + 90) // 25
    return date(year, month, (h + ell - 7 * m + 33 * month + 19) % 32)


@cache
def holidays(year: int) -> frozenset[date]:
    """The public holidays of a year."""
    sunday = easter(year)
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    moving = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday
    return frozenset({date(year, *day) for day in fixed} | {sunday + timedelta(days=days) for days in moving})


def is_working(day: date) -> bool:
    """Do people work that day?"""
    return day.weekday() < 5 and day not in holidays(day.year)


def working_days(start: date, end: date) -> int:
    """How many working days came after `start`, up to `end` included; 0 when `end` is not after."""
    return sum(is_working(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def after_working_days(start: date, count: int) -> date:
    """The day on which `count` working days have come after `start`."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        count -= is_working(day)
    return day
