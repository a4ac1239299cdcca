"""Columns are recognised by their headings and by what they hold; a matching survives columns that move."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.interop.table_imports.fields import codes_by_label, codes_of, names, targets
from maillage.interop.table_imports.guessing import guess, proposal, separator, split
from maillage.interop.table_imports.matching import Host, Matching, problems
from maillage.interop.table_imports.shape import Column
from maillage.territories.names import fold


def guessed(kind: str, **columns: list[str]) -> dict[str, str]:
    return dict(guess([Column(name.replace("_", " "), values) for name, values in columns.items()], kind).columns)


@pytest.mark.parametrize("kind", ["structure", "offer", "relay"])
def test_each_field_is_recognised_by_its_french_label_and_by_its_key(kind: str) -> None:
    for key, target in targets(kind).items():
        for heading in (key, names(kind)[key][1] if len(names(kind)[key]) > 1 else key):
            found = guess([Column(heading, [])], kind).columns[heading]
            assert found == key or heading in names(kind)[found], (heading, target)


def test_no_name_of_a_field_is_written_with_an_accent_or_a_capital() -> None:
    for kind in ("structure", "offer", "relay"):
        for key, known in names(kind).items():
            assert all(name == fold(name) for name in known), key


def test_headings_with_accents_typing_slips_and_more_words_are_recognised() -> None:
    assert guessed("structure", DÉNOMINATION=["A"], Telephonne=[], Adresse_du_siège=[]) == {
        "DÉNOMINATION": "name", "Telephonne": "phone", "Adresse du siège": "address",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "key"),
    [
        (["accueil@a.example.org", "b@b.example.org"], "email"),
        (["02 43 00 00 01", "+33 2 43 00 00 02"], "phone"),
        (["https://a.example.org", "www.b.example.org"], "website"),
        (["73282932000074"], "siret"),
        (["732829320"], "siren"),
    ],
)
def test_a_column_without_a_telling_heading_is_recognised_by_what_it_holds(values: list[str], key: str) -> None:
    assert guess([Column("X1", values)], "structure").columns["X1"] == key


def test_a_date_column_is_not_guessed_from_its_dates_alone() -> None:
    assert guess([Column("Jour", ["01/02/2026"])], "offer").columns["Jour"] == ""
    assert guess([Column("Date limite", ["01/02/2026"])], "offer").columns["Date limite"] == "closes"


def test_codes_settle_what_a_heading_leaves_open() -> None:
    assert guessed("offer", Thème=["Juridique et statuts", "Gouvernance et vie démocratique"])["Thème"] == "needs"


def test_a_field_that_takes_one_column_gets_the_best_one() -> None:
    found = guessed("structure", Mail=["a@a.example.org"], Courriel=["b@b.example.org"])
    assert sorted(found.values()) == ["", "email"]


def test_the_structure_and_the_identifier_are_found() -> None:
    found = guess([Column("ID", ["1"]), Column("Titre", ["A"]), Column("Financeur", ["Région"])], "offer")
    assert (found.identity, found.host) == ("ID", Host("name", "Financeur"))


@given(st.permutations(["Nom", "Ville", "CP", "Mail", "SIRET"]))
def test_the_order_of_columns_does_not_change_the_guess(order: list[str]) -> None:
    values = {"Nom": ["A"], "Ville": ["Laval"], "CP": ["53000"], "Mail": ["a@a.example.org"], "SIRET": ["73282932000074"]}
    found = guess([Column(name, values[name]) for name in order], "structure").columns
    assert found == {"Nom": "name", "Ville": "commune", "CP": "postcode", "Mail": "email", "SIRET": "siret"}


def test_separators_are_found_and_sentences_are_not_cut_at_their_commas() -> None:
    needs, coverage, documents = (targets("offer")[key] for key in ("needs", "coverage", "documents"))
    assert separator(["juridique;locaux", "impact"], needs) == "point-virgule"
    assert separator(["juridique, locaux"], needs) == "virgule"
    assert separator(["a | b", "c"], coverage) == "barre"
    assert separator(["Statuts, signés", "Budget"], documents) == "aucun"
    assert split(" a ;; b ", ";") == ["a", "b"]
    assert split("a;b", "") == ["a;b"]


def test_near_spellings_are_proposed_and_far_ones_are_not() -> None:
    assert proposal("legal_form", "Associations") == "association"
    assert proposal("recurrence", "Permanente") == "permanent"
    assert proposal("legal_form", "Établissement scolaire du second degré") == ""


@pytest.mark.parametrize("key", ["kind", "stages", "needs", "recurrence", "nonprofit", "level"])
def test_each_code_is_known_by_its_code_and_its_label(key: str) -> None:
    known = codes_by_label(key)
    for code, label in codes_of(key).items():
        assert known[fold(code)] == code
        assert known[fold(label)] in codes_of(key)


def test_a_matching_follows_its_columns() -> None:
    matching = Matching(
        columns={"Nom": "name", "Ville": "commune", "Autre": ""}, separators={"Ville": "virgule"}, values={"kind": {"x": ("conseil",)}},
        constants={"kind": "conseil"}, identity="Nom", host=Host("name", "Autre"),
    )  # fmt: skip
    moved = matching.for_columns(["AUTRE", "nouvelle", "nom"], "offer")
    assert moved.columns == {"AUTRE": "", "nouvelle": "", "nom": "name"}
    assert (moved.identity, moved.host, moved.separators) == ("nom", Host("name", "AUTRE"), {})
    assert Matching.from_json(matching.as_json()) == matching
    assert matching.for_columns(["Nom"], "offer").host == Host()


@given(st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), st.sampled_from(["name", "email", "address", "types", ""])))
def test_two_columns_may_share_a_field_only_when_it_takes_texts_or_lists(columns: dict[str, str]) -> None:
    found = {key for key, _ in problems(Matching(columns=columns), "structure")}
    expected: set[Any] = set()
    if list(columns.values()).count("email") > 1:
        expected.add("email")
    if "name" not in columns.values():
        expected.add("name")
    assert found == expected
