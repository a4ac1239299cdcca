"""Exceptions of opening hours: written in the OSM text, taken out of it, told to visitors."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from opening_hours import OpeningHours

from maillage.catalogue.closures import Closure, joined, split
from maillage.catalogue.forms.sheets import StructureForm
from maillage.catalogue.hours import in_words

USUAL = st.sampled_from(
    ("", "Mo-Fr 09:00-12:00", "Mo-Fr 09:00-12:00,14:00-17:00; PH off", 'Tu 14:00-17:00 "sur rendez-vous; ou non"', "24/7")
)


@st.composite
def closures(draw: st.DrawFn) -> Closure:
    first = draw(st.dates(date(2025, 1, 1), date(2030, 12, 31)))
    times = draw(st.sampled_from(("", "10:00-12:00", "09:00-10:00,14:00-15:00")))
    return Closure(
        first, first + timedelta(days=draw(st.integers(0, 40))), times, draw(st.sampled_from(("", "congés", "fermé; travaux")))
    )


@given(usual=USUAL, some=st.lists(closures(), max_size=4))
def test_what_is_written_is_what_is_read(usual: str, some: list[Closure]) -> None:
    text = joined(usual, some)
    assert split(text) == (usual, tuple(sorted(some, key=lambda each: (each.first, each.last, each.times, each.why))))
    assert joined(*split(text)) == text


@given(closure=closures(), hour=st.integers(0, 23))
def test_the_place_is_closed_those_days_and_only_those(closure: Closure, hour: int) -> None:
    usual, whole = OpeningHours("24/7"), OpeningHours(joined("24/7", [Closure(closure.first, closure.last)]))
    for day in (closure.first, closure.last):
        assert not whole.is_open(datetime(day.year, day.month, day.day, hour))
    for day in (closure.first - timedelta(days=1), closure.last + timedelta(days=1)):
        moment = datetime(day.year, day.month, day.day, hour)
        assert whole.is_open(moment) == usual.is_open(moment)


@given(text=st.text(max_size=60))
def test_any_text_is_taken_apart_without_losing_anything(text: str) -> None:
    usual, some = split(text)
    if not some:
        assert [part.strip() for part in usual.split(";") if part.strip()] == [
            part.strip() for part in text.split(";") if part.strip()
        ]


def test_visitors_read_the_usual_week_and_the_exceptions() -> None:
    week = in_words('Mo-Fr 09:00-12:00; 2026 Dec 24-2027 Jan 02 off "congés"', date(2026, 12, 1))
    assert week is not None
    assert week.usual
    assert [line.days for line in week.lines] == ["du lundi au vendredi"]
    assert [(line.days, line.hours) for line in week.exceptions] == [
        ("du jeudi 24 décembre au samedi 2 janvier", "fermé (congés)")
    ]
    past = in_words("Mo-Fr 09:00-12:00; 2026 Dec 24 off", date(2027, 1, 10))
    assert past is not None
    assert past.exceptions == ()


def test_the_form_writes_exceptions_at_the_end_of_the_hours() -> None:
    data = {
        "name": "Maison", "opening_hours": "Mo-Fr 09:00-12:00", "exceptions-rows": "1", "exceptions-0-first": "2026-12-24",
        "exceptions-0-last": "2026-12-31", "exceptions-0-why": "congés",
    }  # fmt: skip
    form = StructureForm(data)
    assert form.is_valid(), form.problems()
    assert form.values()["opening_hours"] == 'Mo-Fr 09:00-12:00; 2026 Dec 24-2026 Dec 31 off "congés"'


def test_the_form_says_what_is_wrong_with_an_exception() -> None:
    data = {
        "name": "Maison",
        "exceptions-rows": "1",
        "exceptions-0-first": "2026-12-31",
        "exceptions-0-last": "2026-12-24",
        "exceptions-0-times": "midi",
    }
    form = StructureForm(data)
    assert not form.is_valid()
    assert [anchor for anchor, _message in form.problems()] == ["id_exceptions-0-last", "id_exceptions-0-times"]
