"""Opening hours in words, from the OSM syntax of a sheet."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opening_hours import OpeningHours

from maillage.catalogue.hours import Week, in_words

WEDNESDAY = date(2026, 11, 25)


def lines(text: str, today: date = WEDNESDAY) -> list[str]:
    week = in_words(text, today)
    assert week is not None
    return [f"{line.days} : {line.hours}".replace("\u202f", " ") for line in week.lines]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Mo-Fr 09:00-12:00,14:00-17:00; Sa 10:00-12:00",
            ["du lundi au vendredi : 9 h – 12 h et 14 h – 17 h", "le samedi : 10 h – 12 h"],
        ),
        ("Mo,We 09:00-12:30", ["le lundi : 9 h – 12 h 30", "le mercredi : 9 h – 12 h 30"]),
        ("Sa-Su 10:00-12:00", ["le samedi et le dimanche : 10 h – 12 h"]),
        ("24/7", ["tous les jours : 24 h sur 24"]),
        ("Tu 22:00-02:00", ["le mardi : 22 h – minuit", "le mercredi : 0 h – 2 h"]),
        ('Fr 09:00-12:00 "sur rendez-vous"', ["le vendredi : 9 h – 12 h (sur rendez-vous)"]),
        ("off", ["toute la semaine : fermé"]),
    ],
)
def test_usual_hours_are_told_day_by_day(text: str, said: list[str]) -> None:
    assert lines(text) == said
    week = in_words(text, WEDNESDAY)
    assert week is not None
    assert week.usual


def test_hours_that_change_from_week_to_week_give_the_next_days_that_open() -> None:
    assert lines("Mo[1] 14:00-17:00") == ["lundi 7 décembre : 14 h – 17 h"]
    week = in_words("week 1-53/2 Mo 09:00-12:00", WEDNESDAY)
    assert week is not None
    assert not week.usual
    assert [line.days for line in week.lines] == ["lundi 30 novembre", "lundi 14 décembre", "lundi 28 décembre"]


def test_the_first_of_the_month_is_written_as_in_french() -> None:
    assert lines("Dec 1 09:00-12:00") == ["mardi 1er décembre : 9 h – 12 h"]


def test_what_nobody_can_read_is_shown_as_it_is_and_nothing_stays_nothing() -> None:
    assert in_words("sur appel", WEDNESDAY) == Week((), usual=False, raw="sur appel")
    assert in_words("  ", WEDNESDAY) is None


@given(text=st.text(max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    in_words(text, WEDNESDAY)


@given(
    days=st.lists(st.sampled_from(["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]), min_size=1, unique=True),
    opens=st.integers(0, 22),
    length=st.integers(1, 10),
    moment=st.datetimes(datetime(2026, 11, 23), datetime(2026, 11, 29, 23)),
)
def test_a_day_is_said_when_the_library_says_it_opens(days: list[str], opens: int, length: int, moment: datetime) -> None:
    closes = min(opens + length, 24)
    text = f"{','.join(days)} {opens:02}:00-{closes:02}:00"
    said = " ".join(lines(text))
    names = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
    day = moment.date()
    begin = datetime(day.year, day.month, day.day)
    opened = any(OpeningHours(text).is_open(begin + timedelta(hours=hour)) for hour in range(24))
    if not opened:
        assert f"le {names[day.weekday()]}" not in said or "du" in said
    elif "tous les jours" not in said and "du " not in said:
        assert f"le {names[day.weekday()]}" in said
