"""Cells as people write them: what can mean one thing only is read, the rest is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.interop.problems import Wrong
from maillage.interop.table_imports import cells

MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"]


@given(st.dates(date(1955, 1, 1), date(2090, 1, 1)))
def test_a_date_is_read_however_it_is_written(day: date) -> None:
    number = f"{day.day}er" if day.day == 1 else str(day.day)
    serial = (day - date(1899, 12, 30)).days
    written = [
        day.isoformat(), f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}", f"{day:%d.%m.%Y}", f"{day:%d-%m-%Y}", f"{day:%Y/%m/%d}",
        f"{number} {MONTHS[day.month - 1]} {day.year}", f"Lundi {day.day} {MONTHS[day.month - 1]} {day.year}", f"{day.isoformat()}T12:00:00",
        f"{day:%d/%m/%Y} 00:00", f"{day.isoformat()} 23:59:59", str(serial), f"{serial}.75",
    ]  # fmt: skip
    assert {cells.day(text) for text in written} == {day.isoformat()}


def test_midnight_in_paris_written_in_universal_time_is_the_next_day() -> None:
    assert cells.day("2023-06-01T22:00:00.000Z") == "2023-06-02"


@pytest.mark.parametrize(
    "text", ["31/02/2026", "02/13/2026", "mars 2026", "bientôt", "2026", "123456", "00/00/0000", "1/2/3", "９９/９９/２０２６"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(Wrong, match="JJ/MM/AAAA"):
        cells.day(text)


@given(
    st.integers(0, 10**9),
    st.sampled_from([" ", "\u00a0", "\u202f", ""]),
    st.sampled_from(["", " €", "€", " euros", " EUR", " € HT"]),
)
def test_an_amount_is_read_with_any_space_and_unit(value: int, space: str, unit: str) -> None:
    written = f"{value:,}".replace(",", space) + unit
    assert cells.amount(written, most=True) == value
    assert cells.amount(f"{written.removesuffix(unit)},50{unit}", most=False) == value + Decimal("0.50")


@pytest.mark.parametrize(
    ("text", "euros"),
    [("10 k€", 10_000), ("1,5 M€", 1_500_000), ("2 millions d’euros", 2_000_000), ("jusqu’à 5 000 €", 5_000), ("1.234.567,89", Decimal("1234567.89")),
     ("1,234,567.89", Decimal("1234567.89")), ("€ 300", 300), ("Maximum 15000", 15_000), ("10'000", 10_000)],
)  # fmt: skip
def test_amounts_as_they_are_met(text: str, euros: Any) -> None:
    assert cells.amount(text, most=True) == euros


@pytest.mark.parametrize("text", ["10,000", "1.234", "entre 1 et 2 €", "gratuit", "10 %", "5 000 à 10 000 €", "-5"])
def test_an_amount_that_may_mean_two_things_is_refused(text: str) -> None:
    with pytest.raises(Wrong):
        cells.amount(text, most=True)


def test_up_to_is_not_a_minimum() -> None:
    with pytest.raises(Wrong):
        cells.amount("jusqu’à 5 000 €", most=False)


def test_a_rate_under_one_without_its_sign_is_refused() -> None:
    assert [cells.rate(text) for text in ("80 %", "80", "12,5%", "0,5 %")] == [80, 80, Decimal("12.5"), Decimal("0.5")]
    with pytest.raises(Wrong, match="de deux façons"):
        cells.rate("0.8")


def test_zeros_that_spreadsheets_take_away_are_put_back() -> None:
    assert cells.postcode("1000") == "01000"
    assert cells.phone("199000001") == "0199000001"
    assert cells.digits("732 829 320 00074") == "73282932000074"
    with pytest.raises(Wrong, match="puissance de dix"):
        cells.digits("7.3282932E+13")


def test_yes_and_no_are_read_in_the_ways_people_write_them() -> None:
    assert [cells.flag(text) for text in ("Oui", "VRAI", "x", "1", "non", "Faux", "0")] == [
        True,
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    with pytest.raises(cells.UnknownValue):
        cells.flag("parfois")


@pytest.mark.parametrize(
    ("text", "scale", "keys"),
    [
        ("Mayenne", "Département", ("departement:53",)),
        ("53", "", ("departement:53",)),
        ("1", "Département", ("departement:01",)),
        ("Pays de la Loire", "", ("region:52",)),
        ("52", "Code région", ("region:52",)),
        ("53130", "Commune", ("commune:53130",)),
        ("200048551", "", ("epci:200048551",)),
        ("departement:53", "", ("departement:53",)),
        ("France", "", ("france",)),
        ("Saint-Denis", "", ()),  # nine communes
        ("Syldavie", "", ()),
        ("Outre-mer", "", ("region:01", "region:02", "region:03", "region:04", "region:06")),
    ],
)
def test_territories_are_read_by_name_or_code(text: str, scale: str, keys: tuple[str, ...]) -> None:
    assert cells.territories_named(text, scale) == keys


def test_mainland_france_is_its_regions() -> None:
    found = cells.territories_named("France métropolitaine", "")
    assert len(found) == 13
    assert "region:52" in found
    assert "region:04" not in found


def refusal(reader: Any, text: str) -> str:
    """The reason why a reader refuses a cell; "" when it takes it."""
    try:
        reader(text)
    except Wrong as wrong:
        return wrong.reason
    return ""


@given(st.text(max_size=40))
def test_no_cell_breaks_a_reader_and_each_refusal_is_a_sentence(text: str) -> None:
    for reader in (*cells.READERS.values(), lambda cell: cells.amount(cell, most=True), cells.code_reader("kind", {})):
        assert refusal(reader, text).endswith(".") or not refusal(reader, text)
