"""Amounts in euros and cents: always `Decimal`, always rounded half up to the cent, never floats. Pure."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from itertools import pairwise

CENT = Decimal("0.01")
ZERO = Decimal(0)


def to_cent(value: Decimal) -> Decimal:
    """The nearest amount in cents, half a cent going up (away from zero)."""
    return value.quantize(CENT, ROUND_HALF_UP)


def down_to_cent(value: Decimal) -> Decimal:
    """The largest amount in cents that does not exceed a positive value: what may be promised without exceeding a cap."""
    return value.quantize(CENT, ROUND_DOWN)


def shared_out(total: Decimal, parts: int) -> tuple[Decimal, ...]:
    """`total` in `parts` amounts of cents that differ by one cent at most and whose sum is exactly `total`."""
    reached = [to_cent(total * rank / parts) for rank in range(parts + 1)]
    return tuple(after - before for before, after in pairwise(reached))
