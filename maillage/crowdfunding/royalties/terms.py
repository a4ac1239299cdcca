"""What a royalty contract says, its rate, and the warnings of those who run such contracts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

#: Five years of quarters.
QUARTERS = 20


class Quarter(NamedTuple):
    """A calendar quarter: `number` is 1 to 4."""

    year: int
    number: int

    def plus(self, quarters: int) -> Quarter:
        """The quarter that many quarters later."""
        rank = self.year * 4 + self.number - 1 + quarters
        return Quarter(rank // 4, rank % 4 + 1)


@dataclass(frozen=True, slots=True)
class Terms:
    """The inputs. `amount` in euros; `multiple` and `cap` are times the amount; `turnover` is the forecast of each of the 20 quarters, in euros.

    `margin` (margin on variable costs) and `net` (net profit at cruising speed) are in % of turnover, None when not said. `start` is the
    first quarter whose turnover pays. `startup`: turnover under 100,000 € a year when the money is raised.
    """

    amount: Decimal
    multiple: Decimal
    turnover: tuple[Decimal, ...]
    start: Quarter
    margin: Decimal | None = None
    net: Decimal | None = None
    startup: bool = False
    cap: Decimal = Decimal(3)

    def __post_init__(self) -> None:
        assert len(self.turnover) == QUARTERS
        assert self.amount > 0
        assert 0 < self.multiple <= self.cap
        assert sum(self.turnover) > 0

    @property
    def forecast(self) -> Decimal:
        """The turnover forecast over the five years."""
        return sum(self.turnover, Decimal(0))

    @property
    def target(self) -> Decimal:
        """What contributors receive together if the forecast comes true."""
        return self.amount * self.multiple

    @property
    def rate(self) -> Decimal:
        """The share of turnover, in %: amount × multiple ÷ forecast × 100 (support.wedogood.co, « niveau de royalties »). Not rounded."""
        return self.target / self.forecast * 100


class Advice(StrEnum):
    """What those who run such contracts advise against (domain: support.wedogood.co)."""

    ABOVE_MARGIN = "above-margin"  # over 10 % of the margin on variable costs
    ABOVE_NET = "above-net"  # over the net profit rate at cruising speed
    BELOW_RANGE = "below-range"  # under 1 % of turnover
    ABOVE_RANGE = "above-range"  # over 10 % of turnover
    BELOW_STARTUP = "below-startup"  # a start-up: under 3 % of turnover per 100,000 € raised


def startup_minimum(amount: Decimal) -> Decimal:
    """The least rate advised to a start-up, in %: 3 per 100,000 € raised."""
    return 3 * amount / 100_000


def warnings(terms: Terms) -> list[Advice]:
    """What to look at again in these terms, in the order of the enumeration."""
    rate = terms.rate
    found = {
        Advice.ABOVE_MARGIN: terms.margin is not None and rate > terms.margin / 10,
        Advice.ABOVE_NET: terms.net is not None and rate > terms.net,
        Advice.BELOW_RANGE: rate < 1,
        Advice.ABOVE_RANGE: rate > 10,
        Advice.BELOW_STARTUP: terms.startup and rate < startup_minimum(terms.amount),
    }
    return [warning for warning in Advice if found[warning]]
