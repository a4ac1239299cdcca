"""French typography of texts from data: what is changed, what is left alone, numbers, dates, telephones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import phonenumbers
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from maillage.kit import typography

N = "\u202f"


@pytest.fixture(autouse=True)
def _in_french() -> Iterator[None]:
    with translation.override("fr"):
        yield


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("l'idée", "l’idée"),
        ("Pourquoi ?", f"Pourquoi{N}?"),
        ("Lieu : Craon ; gare", f"Lieu{N}: Craon{N}; gare"),
        ("« bonjour »", f"«{N}bonjour{N}»"),
        ("«bonjour»", f"«{N}bonjour{N}»"),
        ("« bonjour\u00a0»", f"«{N}bonjour{N}»"),
        ("10 000 € et 20 %", f"10{N}000{N}€ et 20{N}%"),
        ("https://exemple.fr/?a=b:c", "https://exemple.fr/?a=b:c"),
        ("à 9:30", "à 9:30"),
    ],
)
def test_texts_get_french_apostrophes_and_no_break_spaces(typed: str, printed: str) -> None:
    assert typography.typographic(typed) == printed


@given(st.text(alphabet="a'’« »:;!?%€ \u00a0\u202f0123.é", max_size=40))
def test_applying_it_twice_changes_nothing_more(text: str) -> None:
    once = typography.typographic(text)
    assert typography.typographic(once) == once


@given(st.text(max_size=60))
def test_no_letter_and_no_digit_is_lost(text: str) -> None:
    def letters(words: str) -> str:
        return "".join(c for c in words if c.isalnum())

    assert letters(typography.typographic(text)) == letters(text)


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1234, f"1{N}234", "1,234"),
        (1234567, f"1{N}234{N}567", "1,234,567"),
    ],
)
def test_numbers_are_grouped_as_the_reader_writes_them(value: int, french: str, english: str) -> None:
    with translation.override("fr"):
        assert typography.number(value) == french
    with translation.override("en"):
        assert typography.number(value) == english


@pytest.mark.parametrize(
    ("amount", "french"),
    [(Decimal("10000.00"), f"10{N}000{N}€"), (Decimal("12.50"), f"12,50{N}€"), (Decimal("1234.05"), f"1{N}234,05{N}€")],
)
def test_amounts_show_cents_only_when_there_are_some(amount: Decimal, french: str) -> None:
    assert typography.money(amount) == french


def test_the_first_of_a_month_is_an_ordinal_in_french_only() -> None:
    assert typography.day(date(2026, 12, 1)) == "1er décembre 2026"
    assert typography.day(date(2026, 12, 11)) == "11 décembre 2026"
    assert typography.day(datetime(2026, 11, 30, 23, 30, tzinfo=UTC)) == "1er décembre 2026"  # half past midnight in Paris
    with translation.override("en"):
        assert typography.day(date(2026, 12, 1)) == "1 December 2026"


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (datetime(2026, 11, 23, 13, 0, tzinfo=UTC), f"aujourd’hui à 14{N}h"),
        (datetime(2026, 11, 24, 8, 30, tzinfo=UTC), f"demain à 9{N}h{N}30"),
        (datetime(2026, 12, 1, 8, 0, tzinfo=UTC), f"mardi 1er décembre à 9{N}h"),
        (datetime(2026, 11, 23, 23, 30, tzinfo=UTC), f"demain à 0{N}h{N}30"),
    ],
)
def test_a_moment_is_said_from_today_in_paris(when: datetime, words: str) -> None:
    assert typography.moment(when, now=datetime(2026, 11, 23, 12, tzinfo=UTC)) == words


@pytest.mark.parametrize(
    ("raw", "read", "dialled"),
    [
        ("+33243000000", "02 43 00 00 00", "+33243000000"),
        ("02.43.00.00.00", "02 43 00 00 00", "+33243000000"),
        ("3114", "3114", "3114"),
        ("115", "115", "115"),
        ("0 805 65 50 50", "0 805 65 50 50", "+33805655050"),
        ("+3222345678", "+32 2 234 56 78", "+3222345678"),
        ("demander à la mairie", "demander à la mairie", ""),
    ],
)
def test_telephones_are_grouped_to_read_and_whole_to_dial(raw: str, read: str, dialled: str) -> None:
    assert typography.telephone(raw).replace("\u00a0", " ") == read
    assert typography.dialled(raw) == dialled


@given(
    st.sampled_from(["+33", "+33 ", "0"]),
    st.sampled_from("1234567 9".replace(" ", "")),
    st.lists(st.integers(0, 99), min_size=4, max_size=4),
    st.sampled_from(["", " ", "."]),
)
def test_ordinary_numbers_read_as_the_library_reads_them(prefix: str, first: str, pairs: list[int], between: str) -> None:
    raw = prefix + first + "".join(f"{between}{pair:02d}" for pair in pairs)
    parsed = phonenumbers.parse(raw, "FR")
    assert typography.telephone(raw) == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL).replace(
        " ", "\u00a0"
    )
    assert typography.dialled(raw) == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@pytest.mark.parametrize(
    ("km", "words"), [(0.0, "moins de 1\u00a0km"), (0.99, "moins de 1\u00a0km"), (1.4, "1\u00a0km"), (1204.6, f"1{N}205\u00a0km")]
)
def test_distances_are_whole_kilometres(km: float, words: str) -> None:
    assert typography.distance(km) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 octets"),
        (940, "940 octets"),
        (1_000, "1,0\u00a0ko"),
        (31_900, "32\u00a0ko"),
        (1_440_000, "1,4\u00a0Mo"),
        (71_454_801, "71\u00a0Mo"),
    ],
)
def test_sizes_are_said_in_powers_of_ten(count: int, words: str) -> None:
    assert typography.size(count) == words
