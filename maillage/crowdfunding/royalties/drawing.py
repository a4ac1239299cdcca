"""The curves of a simulation as SVG: what contributors have received in all, quarter after quarter. The table beside it says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from maillage.crowdfunding.royalties.schedule import Schedule

WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 104, 16, 14, 34


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across the drawing and what it stands for, in euros."""

    y: float
    value: Decimal


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the template writes: points of each curve, marks of the amounts, years under the axis (x, year)."""

    curves: tuple[str, ...]
    grid: tuple[Mark, ...]
    amount_y: float
    years: tuple[tuple[float, int], ...]


def _step(top: Decimal) -> Decimal:
    """A round distance between lines of the grid: 1, 2 or 5 times a power of ten, at most five lines."""
    unit = Decimal(10) ** (top.adjusted() - 1)
    return next(each * unit for each in (1, 2, 5, 10, 20, 50) if top / (each * unit) <= 5)


def chart(schedules: Sequence[Schedule], amount: Decimal) -> Chart:
    """The curves of several scenarios on one scale."""
    length = max(len(each.payments) for each in schedules)
    top = max(amount, *(each.total for each in schedules))

    def x(rank: int) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * rank / length, 1)

    def y(value: Decimal) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * float(value / top), 1)

    curves = tuple(
        " ".join(f"{x(rank)},{y(value)}" for rank, value in enumerate((Decimal(0), *(each.total for each in found.payments))))
        for found in schedules
    )
    step = _step(top)
    grid = tuple(Mark(y(step * rank), step * rank) for rank in range(int(top / step) + 1))
    longest = max(schedules, key=lambda each: len(each.payments)).payments
    every = 1 if length <= 40 else 3
    years = tuple((x(rank), payment.quarter.year) for rank, payment in enumerate(longest) if rank % (4 * every) == 0)
    return Chart(curves, grid, y(amount), years)
