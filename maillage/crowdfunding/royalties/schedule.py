"""What is paid each quarter, until when, and what it returns; and what happens if turnover is lower or higher than forecast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from maillage.crowdfunding.money import ZERO, down_to_cent, to_cent
from maillage.crowdfunding.royalties.terms import QUARTERS, Quarter, Terms

#: How long the contract is extended at most in the simulation: 15 more years. Beyond, the amount is said not to be repaid.
EXTENSION = 60
#: The scenarios: share of the forecast that comes true.
SCENARIOS = (Decimal("0.7"), Decimal(1), Decimal("1.3"))


@dataclass(frozen=True, slots=True)
class Payment:
    """One quarter: its turnover, what is paid for it, and what was paid in all. `extended`: after the fifth year."""

    quarter: Quarter
    turnover: Decimal
    paid: Decimal
    total: Decimal
    extended: bool


@dataclass(frozen=True, slots=True)
class Schedule:
    """The whole contract under one scenario (`share` of the forecast).

    `repaid_in`: the quarter whose payment gives the initial amount back, None if it never does. `capped_in`: the one that reaches the cap.
    `annual_return`: internal rate of return of contributors, % a year, None when nothing is ever paid.
    """

    share: Decimal
    payments: tuple[Payment, ...]
    repaid_in: Quarter | None
    capped_in: Quarter | None
    annual_return: Decimal | None

    @property
    def total(self) -> Decimal:
        """What contributors receive in all."""
        return self.payments[-1].total


def end_of(quarter: Quarter) -> date:
    """The last day of a quarter: its turnover is known, its payment falls due from then on."""
    after = quarter.plus(1)
    return date(after.year, 3 * after.number - 2, 1) - timedelta(days=1)


def schedule(terms: Terms, share: Decimal = Decimal(1)) -> Schedule:
    """Every payment when turnover is `share` of the forecast.

    What has been paid in all is rounded, not each payment: the sum is exact, and equals amount × multiple when the forecast comes
    true. Payments stop at the cap (rounded down: never above it). If the amount is not repaid after five years the last year repeats
    until it is (`EXTENSION` quarters at most), and the last payment gives exactly what was missing.
    """
    ceiling = down_to_cent(terms.amount * terms.cap)
    amount = to_cent(terms.amount)
    payments: list[Payment] = []
    repaid_in = capped_in = None
    earned = before = ZERO
    for rank in range(QUARTERS + EXTENSION):
        extended = rank >= QUARTERS
        if (extended and before >= amount) or before >= ceiling:
            break
        turnover = to_cent(terms.turnover[rank if not extended else QUARTERS - 4 + rank % 4] * share)
        earned += turnover
        reached = min(to_cent(terms.target * earned / terms.forecast), ceiling)
        if extended:
            reached = min(reached, amount)
        quarter = terms.start.plus(rank)
        payments.append(Payment(quarter, turnover, reached - before, reached, extended))
        if repaid_in is None and reached >= amount:
            repaid_in = quarter
        if reached >= ceiling:
            capped_in = quarter
        before = reached
        if extended and rank % 4 == 3 and payments[-1].total == payments[-4].total:
            break  # a whole year without turnover: nothing more will come
    return Schedule(share, tuple(payments), repaid_in, capped_in, annual_return(amount, [each.paid for each in payments]))


def annual_return(amount: Decimal, paid: list[Decimal]) -> Decimal | None:
    """The internal rate of return, in % a year to one decimal, of `amount` given at once and `paid` at the end of each quarter.

    Solves amount = Σ paidₜ vᵗ for the quarterly discount v > 0, then (1/v)⁴ − 1. The sum grows with v and is convex, so Newton's method from
    a point on the right goes down to the only solution. None when nothing is paid: everything is lost.
    """
    if not any(paid):
        return None
    discount = Decimal(1)
    while _value(paid, discount)[0] < amount:
        discount *= 2
    for _step in range(200):
        value, slope = _value(paid, discount)
        step = (value - amount) / slope
        discount -= step
        if step < Decimal("1e-12"):
            break
    return ((1 / discount**4 - 1) * 100).quantize(Decimal("0.1"))


def _value(paid: list[Decimal], discount: Decimal) -> tuple[Decimal, Decimal]:
    """Σ paidₜ vᵗ and its derivative, by Horner's rule."""
    value = slope = ZERO
    for each in reversed(paid):
        slope = slope * discount + value
        value = value * discount + each
    return value * discount, value + slope * discount
