"""The royalty simulator: the worked example of the domain, computed by hand, and what must hold for any contract."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.crowdfunding.money import CENT, down_to_cent, shared_out, to_cent
from maillage.crowdfunding.royalties.schedule import SCENARIOS, annual_return, end_of, schedule
from maillage.crowdfunding.royalties.terms import QUARTERS, Advice, Quarter, Terms, startup_minimum, warnings

START = Quarter(2027, 1)


def over_years(*years: int) -> tuple[Decimal, ...]:
    return tuple(part for year in years for part in shared_out(Decimal(year), 4))


amounts = st.decimals(Decimal("1"), Decimal("5000000"), places=2)
turnovers = st.lists(st.decimals(0, Decimal("2000000"), places=2), min_size=QUARTERS, max_size=QUARTERS).filter(any)


@st.composite
def contracts(draw: st.DrawFn) -> Terms:
    cap = draw(st.decimals(Decimal("1"), Decimal("5"), places=1))
    return Terms(
        amount=draw(amounts),
        multiple=draw(st.decimals(Decimal("0.1"), cap, places=2)),
        turnover=tuple(draw(turnovers)),
        start=Quarter(draw(st.integers(2020, 2040)), draw(st.integers(1, 4))),
        cap=cap,
    )


class TestTheCampaignOf2016:
    """domain.md §7.2: 2 % of turnover if 120,000 € are raised, 1 % if 60,000; 150 back for 100 over five years.

    The source gives rates and multiple, not the forecast. By its formula, forecast = amount × multiple ÷ rate:
    120,000 × 1.5 ÷ 2 % = 180,000 ÷ 0.02 = 9,000,000 €, and 60,000 × 1.5 ÷ 1 % = 90,000 ÷ 0.01 = 9,000,000 €: the two agree.
    We spread it over five growing years: 1.0 + 1.4 + 1.8 + 2.2 + 2.6 = 9.0 million.
    """

    TURNOVER = over_years(1_000_000, 1_400_000, 1_800_000, 2_200_000, 2_600_000)

    def terms(self, amount: int) -> Terms:
        return Terms(Decimal(amount), Decimal("1.5"), self.TURNOVER, START)

    def test_rates(self) -> None:
        assert self.terms(120_000).rate == 2  # 180,000 ÷ 9,000,000
        assert self.terms(60_000).rate == 1  # 90,000 ÷ 9,000,000

    def test_payments_are_two_per_cent_of_each_quarter(self) -> None:
        paid = [each.paid for each in schedule(self.terms(120_000)).payments]
        # quarters of 250,000, 350,000, 450,000, 550,000 and 650,000 €, each × 2 %
        assert paid == [Decimal(each) for each in (5_000, 7_000, 9_000, 11_000, 13_000) for _quarter in range(4)]

    def test_contributors_receive_150_for_100(self) -> None:
        assert schedule(self.terms(120_000)).total == 180_000  # 4 × (5,000 + 7,000 + 9,000 + 11,000 + 13,000)

    def test_the_amount_is_back_in_the_sixteenth_quarter(self) -> None:
        # after three years 4 × (5,000 + 7,000 + 9,000) = 84,000; then + 11,000 a quarter: 95,000, 106,000, 117,000, 128,000 ≥ 120,000
        found = schedule(self.terms(120_000))
        assert found.repaid_in == Quarter(2030, 4)
        assert end_of(Quarter(2030, 4)) == date(2030, 12, 31)

    def test_thirty_per_cent_less(self) -> None:
        # 180,000 × 0.7 = 126,000 ≥ 120,000: repaid, in the last year. After four years 0.7 × 128,000 = 89,600, then + 9,100 a quarter:
        # 98,700, 107,800, 116,900, 126,000: the twentieth quarter.
        found = schedule(self.terms(120_000), Decimal("0.7"))
        assert found.total == 126_000
        assert found.repaid_in == Quarter(2031, 4)
        assert len(found.payments) == QUARTERS

    def test_thirty_per_cent_more(self) -> None:
        assert schedule(self.terms(120_000), Decimal("1.3")).total == 234_000  # 180,000 × 1.3, under the cap of 360,000

    def test_half_of_the_forecast_extends_the_contract(self) -> None:
        # 180,000 × 0.5 = 90,000 after five years. The last year repeats: 650,000 × 0.5 × 2 % = 6,500 a quarter.
        # 96,500, 103,000, 109,500, 116,000, then the 4,000 that are missing: five more quarters.
        found = schedule(self.terms(120_000), Decimal("0.5"))
        assert [each.paid for each in found.payments[QUARTERS:]] == [6_500, 6_500, 6_500, 6_500, 4_000]
        assert found.total == 120_000
        assert found.repaid_in == Quarter(2033, 1)

    def test_three_times_the_forecast_stops_at_the_cap(self) -> None:
        found = schedule(self.terms(120_000), Decimal(3))
        assert found.total == 360_000  # 3 × 120,000, and not 3 × 180,000
        assert found.capped_in is not None


def test_the_return_of_one_payment_is_what_one_computes_by_hand() -> None:
    # 100 given, 121 back after eight quarters: two years at 10 %
    assert annual_return(Decimal(100), [Decimal(0)] * 7 + [Decimal(121)]) == Decimal("10.0")
    # 100 given, 81 back after eight quarters: two years at −10 %
    assert annual_return(Decimal(100), [Decimal(0)] * 7 + [Decimal(81)]) == Decimal("-10.0")
    assert annual_return(Decimal(100), [Decimal(0)] * 20) is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"margin": Decimal(20)}, []),  # 2 % is exactly 10 % of a margin of 20 %
        ({"margin": Decimal("19.9")}, [Advice.ABOVE_MARGIN]),
        ({"net": Decimal(1)}, [Advice.ABOVE_NET]),
        ({"startup": True}, [Advice.BELOW_STARTUP]),  # 3 % per 100,000 €: 3.6 % for 120,000
        ({"amount": Decimal(59_000)}, [Advice.BELOW_RANGE]),
        ({"amount": Decimal(601_000)}, [Advice.ABOVE_RANGE]),
    ],
)
def test_warnings(values: dict[str, object], expected: list[Advice]) -> None:
    terms = {
        "amount": Decimal(120_000),
        "multiple": Decimal("1.5"),
        "turnover": TestTheCampaignOf2016.TURNOVER,
        "start": START,
        **values,
    }
    assert warnings(Terms(**terms)) == expected  # type: ignore[arg-type]  # built from a table
    assert startup_minimum(Decimal(120_000)) == Decimal("3.6")


@given(contracts())
def test_the_sum_is_exact_when_the_forecast_comes_true(terms: Terms) -> None:
    found = schedule(terms)
    assert sum(each.paid for each in found.payments) == found.total
    if terms.multiple >= 1:
        assert found.total == min(to_cent(terms.target), down_to_cent(terms.amount * terms.cap))
    assert all(each.paid >= 0 and each.paid == each.paid.quantize(CENT) for each in found.payments)


@given(contracts(), st.sampled_from((*SCENARIOS, Decimal(0), Decimal("0.2"), Decimal(4))))
def test_nobody_receives_more_than_the_cap_and_extension_stops_at_the_amount(terms: Terms, share: Decimal) -> None:
    found = schedule(terms, share)
    assert found.total <= terms.amount * terms.cap
    assert (found.repaid_in is not None) == (found.total >= terms.amount)
    if found.payments[-1].extended:
        assert found.total <= terms.amount
        assert found.payments[QUARTERS - 1].total < terms.amount


@given(contracts(), st.sampled_from(SCENARIOS))
def test_every_total_is_within_half_a_cent_of_the_exact_share(terms: Terms, share: Decimal) -> None:
    """The oracle: fractions, no rounding before the end."""
    rate = Fraction(terms.amount) * Fraction(terms.multiple) / Fraction(terms.forecast)
    earned = Fraction(0)
    for each in schedule(terms, share).payments[:QUARTERS]:
        earned += Fraction(each.turnover)
        exact = min(rate * earned, Fraction(terms.amount) * Fraction(terms.cap))
        assert abs(Fraction(each.total) - exact) <= Fraction(1, 100)


@given(contracts())
def test_more_turnover_never_pays_less_in_the_first_five_years(terms: Terms) -> None:
    low, middle, high = (schedule(terms, share) for share in SCENARIOS)
    for before, after in ((low, middle), (middle, high)):
        for one, other in zip(before.payments[:QUARTERS], after.payments[:QUARTERS], strict=False):
            assert one.total <= other.total


@given(amounts, st.lists(st.decimals(0, 100_000, places=2), min_size=1, max_size=40).filter(any))
def test_the_return_gives_the_amount_back(amount: Decimal, paid: list[Decimal]) -> None:
    """Discounting the payments at the rate found gives the amount, within what one decimal of a rate can say (brute force in floats)."""
    found = annual_return(amount, paid)
    assert found is not None
    low, high = ((1 + (float(found) + move) / 100) for move in (0.051, -0.051))
    value = [
        sum(float(each) / year ** (rank / 4) for rank, each in enumerate(paid, 1)) if year > 0 else float("inf")
        for year in (low, high)
    ]
    assert value[0] <= float(amount) * (1 + 1e-6) + 1e-6
    assert value[1] >= float(amount) * (1 - 1e-6) - 1e-6


@given(st.decimals(0, 10_000_000, places=2), st.integers(1, 20))
def test_shares_add_up(total: Decimal, parts: int) -> None:
    found = shared_out(total, parts)
    assert sum(found) == total
    assert max(found) - min(found) <= CENT
