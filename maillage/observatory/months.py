"""Months as whole numbers: year × 100 + month. Days and months are those of Paris. No Django."""

from __future__ import annotations

from datetime import date


def month_of(day: date) -> int:
    """The month of a day: 202611."""
    return day.year * 100 + day.month


def before(month: int, count: int = 1) -> int:
    """The month that comes `count` months earlier (later when negative)."""
    position = month // 100 * 12 + month % 100 - 1 - count
    return position // 12 * 100 + position % 12 + 1


def span(first: int, last: int) -> list[int]:
    """Every month from one to another, both included; empty when they are the wrong way round."""
    found = []
    while first <= last:
        found.append(first)
        first = before(first, -1)
    return found


def first_day(month: int) -> date:
    """The first day of a month."""
    return date(month // 100, month % 100, 1)


def read_month(text: str) -> int | None:
    """« 2026-11 » as a month; None for what is not one (years 2000 to 2999)."""
    year, separator, number = text.partition("-")
    if not (separator and text.isascii() and len(year) == 4 and len(number) == 2 and (year + number).isdigit()):
        return None
    return int(year) * 100 + int(number) if 2000 <= int(year) < 3000 and 1 <= int(number) <= 12 else None


def write_month(month: int) -> str:
    """202611 as « 2026-11 »."""
    return f"{month // 100}-{month % 100:02d}"
