"""Open now, next opening: French holidays, the clock of the place, hours that nobody can read."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from maillage.orientation.opening import UNKNOWN, opening

PARIS = ZoneInfo("Europe/Paris")
HOURS = "Mo-Fr 09:00-12:00,14:00-17:30"
MONDAY = datetime(2026, 11, 23, 10, 30, tzinfo=PARIS)


def test_open_until() -> None:
    state = opening(HOURS, "53130", MONDAY)
    assert (state.open_now, state.next_opening, state.words) == (True, None, "Ouvert jusqu’à 12\u202fh")


def test_closed_until_this_afternoon_tomorrow_or_a_day() -> None:
    lunch = opening(HOURS, "53130", MONDAY.replace(hour=13))
    assert (lunch.open_now, lunch.next_opening, lunch.words) == (
        False,
        MONDAY.replace(hour=14, minute=0),
        "Ouvre aujourd’hui à 14\u202fh",
    )
    assert opening(HOURS, "53130", MONDAY.replace(hour=20)).words == "Ouvre demain à 9\u202fh"
    saturday = datetime(2026, 11, 28, 8, 0, tzinfo=PARIS)
    assert opening(HOURS, "53130", saturday).words == "Ouvre lundi 30 novembre à 9\u202fh"
    assert (
        opening("Tu 09:30-12:00", "53130", datetime(2026, 11, 27, 8, tzinfo=PARIS)).words
        == "Ouvre mardi 1er décembre à 9\u202fh\u202f30"
    )


def test_public_holidays_close_a_place_that_does_not_speak_of_them() -> None:
    christmas = datetime(2026, 12, 25, 10, 0, tzinfo=PARIS)  # a Friday
    assert opening(HOURS, "53130", christmas).open_now is False
    assert opening(HOURS, "53130", christmas).next_opening == datetime(2026, 12, 28, 9, 0, tzinfo=PARIS)
    assert opening("Mo-Fr,PH 09:00-12:00", "53130", christmas).open_now is True
    assert opening("24/7", "53130", christmas).open_now is True


def test_overseas_places_have_their_own_clock() -> None:
    now = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # 7 h in Paris, 10 h in La Réunion, 2 h in Guadeloupe
    assert opening(HOURS, "53130", now).open_now is False
    assert opening(HOURS, "97411", now).open_now is True
    state = opening(HOURS, "97105", now)
    assert state.words == "Ouvre aujourd’hui à 9\u202fh"
    assert state.next_opening is not None
    assert state.next_opening.astimezone(UTC) == datetime(2026, 11, 23, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "hours", ["", "   ", "n’importe quoi", "Mo-Fr 25:00", "lundi 9h-12h", "\x00", "Mo-Fr 09:00-12:00;;;;", "Mo unknown"]
)
def test_hours_that_nobody_can_read_say_nothing(hours: str) -> None:
    assert opening(hours, "53130", MONDAY) == UNKNOWN


def test_a_place_that_never_opens_again_is_closed() -> None:
    assert opening("2019 Mo-Fr 09:00-12:00", "53130", MONDAY).open_now is False
    assert opening("2019 Mo-Fr 09:00-12:00", "53130", MONDAY).next_opening is None


def test_in_english() -> None:
    with override("en"):
        assert opening(HOURS, "53130", MONDAY.replace(hour=20)).next_opening == datetime(2026, 11, 24, 9, 0, tzinfo=PARIS)
