"""EMAIL_URL and quiet hours: what they say, and the sentence when they say nothing we understand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.journal.outbox.address import Folder, SmtpServer, read_email_url
from maillage.journal.outbox.quiet import QuietHours, read_quiet_hours

DATA = Path("/data")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", None),
        ("smtp://mail.example.org", SmtpServer("mail.example.org", 25, "none")),
        ("smtp+tls://u%40x:p%3Aw@mail.example.org", SmtpServer("mail.example.org", 587, "starttls", "u@x", "p:w")),
        ("smtps://u:p@mail.example.org:4465", SmtpServer("mail.example.org", 4465, "tls", "u", "p")),
        ("file:", Folder(DATA / "mail")),
        ("file:///tmp/mails", Folder(Path("/tmp/mails"))),
    ],
)
def test_an_address_says_where_and_how(url: str, expected: object) -> None:
    assert read_email_url(url, DATA) == expected


@pytest.mark.parametrize("url", ["http://mail.example.org", "smtp:", "mail.example.org", "smtp://mail:port"])
def test_an_address_that_says_nothing_is_explained(url: str) -> None:
    with pytest.raises(ValueError, match="EMAIL_URL"):
        read_email_url(url, DATA)


def test_a_password_never_shows() -> None:
    assert "secret" not in str(read_email_url("smtps://u:secret@mail.example.org", DATA))


@given(
    moment=st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    start=st.integers(0, 23),
    end=st.integers(0, 23),
    sundays=st.booleans(),
)
def test_a_quiet_moment_is_in_the_hours_said_or_on_a_sunday(moment: datetime, start: int, end: int, sundays: bool) -> None:
    local = moment.astimezone(ZoneInfo("Europe/Paris"))
    hours, hour = set(), start
    while hour != end:
        hours.add(hour)
        hour = (hour + 1) % 24
    assert QuietHours(start, end, sundays).hold(moment) == (local.hour in hours or (sundays and local.isoweekday() == 7))


def test_quiet_hours_always_end() -> None:
    moment = datetime(2026, 11, 28, 20, tzinfo=ZoneInfo("Europe/Paris"))
    while QuietHours().hold(moment):
        moment += timedelta(hours=1)
    assert moment == datetime(2026, 11, 30, 8, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20-8", QuietHours(20, 8)),
        ("22-7,dimanche=non", QuietHours(22, 7, sundays=False)),
        ("non", QuietHours(0, 0, sundays=False)),
    ],
)
def test_hours_are_read(text: str, expected: QuietHours) -> None:
    assert read_quiet_hours(text) == expected


@pytest.mark.parametrize("text", ["20", "8h-20h", "25-8", "20-8,lundi"])
def test_hours_that_say_nothing_are_explained(text: str) -> None:
    with pytest.raises(ValueError, match="«"):
        read_quiet_hours(text)
