"""A campaign opens and closes by itself, in Paris; the database and the function agree."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.crowdfunding.models import Campaign, in_state
from maillage.crowdfunding.states import PARIS, CampaignState, day_in_paris, state_on
from tests.crowdfunding.samples import make_campaign

DATES = {
    "opens": date(2027, 3, 27),
    "closes": date(2027, 3, 28),
    "goal": Decimal(100),
    "collected": Decimal(0),
    "as_of": None,
    "all_or_nothing": True,
}


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        ("2027-03-26T22:59:59+00:00", CampaignState.UPCOMING),  # 23:59:59 in Paris, winter time
        ("2027-03-26T23:00:00+00:00", CampaignState.OPEN),
        ("2027-03-28T21:59:59+00:00", CampaignState.OPEN),  # the clocks changed that night: 23:59:59, summer time
        ("2027-03-28T22:00:00+00:00", CampaignState.AWAITED),
    ],
)
def test_the_day_is_that_of_paris_even_when_the_clocks_change(moment: str, state: CampaignState) -> None:
    assert state_on(day_in_paris(datetime.fromisoformat(moment)), **DATES) == state  # type: ignore[arg-type]


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31)))
def test_the_last_second_of_a_day_in_paris_belongs_to_it(moment: datetime) -> None:
    day = moment.date()
    last = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=PARIS).astimezone(UTC)
    assert day_in_paris(last) == day
    assert day_in_paris(last + timedelta(seconds=1)) == day + timedelta(days=1)


@pytest.mark.django_db
def test_the_database_sorts_campaigns_as_the_function_does() -> None:
    today, days = date(2027, 6, 15), (date(2027, 6, 14), date(2027, 6, 15), date(2027, 6, 16))
    number = 0
    for opens in days:
        for closes in days:
            for collected in (0, 50, 100):
                for as_of in (None, *days):
                    for all_or_nothing in (None, True, False):
                        if closes >= opens:
                            number += 1
                            make_campaign(
                                name=str(number),
                                opens=opens,
                                closes=closes,
                                goal=Decimal(100),
                                collected=Decimal(collected),
                                as_of=as_of,
                                all_or_nothing=all_or_nothing,
                            )
    for state in CampaignState:
        found = set(Campaign.objects.filter(in_state(state, today)).order_by("pk").values_list("pk", flat=True))
        assert found == {each.pk for each in Campaign.objects.order_by("pk") if each.state(today) == state}, state
        assert found, f"no example is {state}"
