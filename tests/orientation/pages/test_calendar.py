"""The deadlines of an offer in the visitor's own calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from icalendar import Calendar

from tests.catalogue.worlds import offer
from tests.conftest import StrictClient

pytestmark = pytest.mark.django_db


def test_opening_and_closing_are_whole_days_and_the_closing_reminds(client: StrictClient) -> None:
    sheet = offer(name="Appel, à projets ; 2027", opens=date(2027, 1, 4), closes=date(2027, 3, 31))
    answer = client.get(f"/offres/{sheet.handle}/echeances.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [(event["dtstart"].dt, event["dtend"].dt) for event in events] == [
        (date(2027, 1, 4), date(2027, 1, 5)),
        (date(2027, 3, 31), date(2027, 4, 1)),
    ]
    assert "Appel, à projets ; 2027" in events[1]["summary"]
    assert events[1]["url"] == f"http://testserver{sheet.get_absolute_url()}"
    assert [alarm["trigger"].dt for alarm in events[1].walk("VALARM")] == [timedelta(days=-14)]


def test_the_same_sheet_always_gives_the_same_file(client: StrictClient) -> None:
    sheet = offer(closes=date(2027, 3, 31))
    address = f"/offres/{sheet.handle}/echeances.ics"
    assert client.get(address).content == client.get(address).content


def test_an_offer_without_a_date_has_no_calendar(client: StrictClient) -> None:
    assert client.get(f"/offres/{offer().handle}/echeances.ics").status_code == 404


def test_a_text_with_line_breaks_adds_no_line_to_the_file(client: StrictClient) -> None:
    sheet = offer(name="Nom", summary="Une\r\nATTENDEE:mailto:x@example.org", closes=date(2027, 3, 31))
    content = client.get(f"/offres/{sheet.handle}/echeances.ics").content.decode()
    assert not any(line.startswith("ATTENDEE") for line in content.splitlines())
