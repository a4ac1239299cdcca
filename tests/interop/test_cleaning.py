"""What a line may hold: each field takes its values, refuses the others, and says why in French."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from maillage.interop.cleaning import Cleaned, clean
from maillage.interop.formats import OFFERS, RELAYS, STRUCTURES
from tests.interop.samples import offer, relay, structure


def clean_offer(**changes: Any) -> Cleaned:
    return clean(offer(**changes), OFFERS, file="offers.jsonl", line=7)


def clean_structure(**changes: Any) -> Cleaned:
    return clean(structure(**changes), STRUCTURES, file="structures.jsonl", line=3)


def test_a_right_offer_becomes_columns() -> None:
    cleaned = clean_offer()
    assert not cleaned.refusals
    assert not cleaned.warnings
    record = cleaned.record
    assert record is not None
    assert (record.key, record.structure) == (("essai", "o1"), ("essai", "s1"))
    assert record.values["coverage"] == ["departement:53", "region:52", "france"]
    assert record.values["excluded"] == ["commune:53130"]
    assert record.values["amount_max"] == Decimal("1200.50")
    assert record.values["opens"] == date(2026, 1, 15)
    assert "structure" not in record.values


def test_a_right_structure_and_a_right_relay_are_taken() -> None:
    assert clean_structure().record is not None
    cleaned = clean(relay(), RELAYS, file="relays.jsonl")
    assert cleaned.record is not None
    assert cleaned.record.values["coverage"] == ["epci:200083392"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ...),
        ("id", ""),
        ("id", 12),
        ("id", "x" * 201),
        ("source", None),
        ("structure_id", ...),
        ("name", ...),
        ("name", "   "),
        ("name", "un\u0000nul"),
        ("name", "moitié \ud800 de signe"),
        ("name", ["liste"]),
        ("kind", ...),
        ("kind", "conseille"),
        ("stages", "creation"),
        ("stages", ["creation", "naissance"]),
        ("needs", [12]),
        ("needs", {"juridique": True}),
        ("cost", "cher"),
        ("coverage", ...),
        ("coverage", []),
        ("coverage", "france"),
        ("coverage", ["departement:53"]),
        ("coverage", [{"level": "canton", "code": "53"}]),
        ("coverage", [{"level": "departement", "code": "00"}]),
        ("coverage", [{"level": "departement", "code": 53}]),
        ("coverage", [{"level": "france", "code": "europe"}]),
        ("excluded", [{"level": "commune", "code": "99999"}]),
        ("zonings", ["zrr"]),
        ("conditions", [{"field": "age", "operator": ">=", "value": 18}]),
        ("conditions", [{"field": "salaries", "operator": "~", "value": 18}]),
        ("conditions", [{"field": "salaries", "operator": ">=", "value": "beaucoup"}]),
        ("conditions", [{"field": "salaries", "operator": ">=", "value": True}]),
        ("conditions", [{"field": "esus", "operator": ">=", "value": True}]),
        ("conditions", [{"field": "esus", "operator": "=", "value": 1}]),
        ("conditions", [{"field": "salaries", "operator": "in", "value": 3}]),
        ("conditions", "salaries >= 1"),
        ("documents", ["a", 3]),
        ("instrument", "cadeau"),
        ("amount_min", "500"),
        ("amount_min", True),
        ("amount_min", -1),
        ("amount_min", 0.001),
        ("amount_min", 1e300),
        ("amount_min", 5000),
        ("rate_max", 101),
        ("opens", "15/01/2026"),
        ("opens", "2026-02-30"),
        ("opens", 20260115),
        ("opens", "0026-01-01"),
        ("closes", "2025-01-01"),
        ("recurrence", "parfois"),
        ("commune", "53000"),
        ("commune", 53130),
        ("postcode", "5300"),
        ("postcode", "٥٣٠٠٠"),
        ("lon", 181),
        ("lon", "-0.7"),
        ("lat", -91),
        ("lat", ...),
        ("email", "pas une adresse"),
        ("url", "javascript:alert(1)"),
        ("url", "ftp://s1.example.org/"),
        ("url", "https:///chemin"),
        ("url", "https://a b.example.org/"),
        ("url", "http://[::1"),
        ("licence", "x" * 121),
        ("updated", "hier"),
    ],
)
def test_a_broken_value_refuses_the_line_and_names_its_field(field: str, value: Any) -> None:
    cleaned = clean_offer(**{field: value})
    assert cleaned.record is None
    assert [problem.field for problem in cleaned.refusals] == [field]
    sentence = str(cleaned.refusals[0])
    assert sentence.startswith("offers.jsonl, ligne 7, ")
    assert f"champ « {field} »" in sentence
    assert cleaned.refusals[0].reason.endswith((".", "?"))
    assert "\x00" not in sentence


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("types", ["Réseau"]),
        ("siren", "732829321"),
        ("siren", 732829320),
        ("siret", "73282932000075"),
        ("siret", "35600000049837"),  # right, but of another SIREN
        ("rna", "530000001"),
        ("legal_form", "sarl"),
        ("networks", "cress"),
        ("roles", [{"role": "chef"}]),
        ("roles", [{"role": "cress", "territory": {"level": "region", "code": "99"}}]),
        ("roles", [{"role": "cress", "since": "2020"}]),
        ("roles", {"role": "cress"}),
        ("nonprofit", "oui"),
        ("languages", ["français"]),
        ("website", "www.example.org"),
    ],
)
def test_a_broken_value_refuses_a_structure(field: str, value: Any) -> None:
    cleaned = clean_structure(**{field: value})
    assert cleaned.record is None
    assert [problem.field for problem in cleaned.refusals] == [field]


def test_every_refusal_of_a_line_is_told() -> None:
    cleaned = clean_offer(kind="rien", cost="cher", name=...)
    assert {problem.field for problem in cleaned.refusals} == {"kind", "cost", "name"}


def test_a_mistyped_code_is_given_its_neighbour() -> None:
    cleaned = clean_offer(needs=["juridiqe"])
    assert "Vouliez-vous dire « juridique » ?" in str(cleaned.refusals[0])


@pytest.mark.parametrize("empty", [None, "", [], {}])
def test_an_empty_value_is_the_same_as_no_key(empty: Any) -> None:
    for field in ("summary", "stages", "cost", "opens", "conditions", "url"):
        given, absent = clean_offer(**{field: empty}).record, clean_offer(**{field: ...}).record
        assert given is not None
        assert absent is not None
        assert given.values == absent.values


def test_zero_and_false_are_values() -> None:
    record = clean_offer(amount_min=0).record
    assert record is not None
    assert record.values["amount_min"] == 0
    assert clean(relay(by_appointment=False), RELAYS, file="relays.jsonl").record is not None


def test_an_unknown_key_is_a_warning_with_its_line() -> None:
    cleaned = clean_offer(couleur="bleu")
    assert cleaned.record is not None
    assert [(problem.line, problem.field) for problem in cleaned.warnings] == [(7, "couleur")]


def test_an_unknown_key_inside_an_object_is_a_warning_too() -> None:
    cleaned = clean_offer(coverage=[{"level": "departement", "code": "53", "nom": "Mayenne"}])
    assert cleaned.record is not None
    assert [problem.field for problem in cleaned.warnings] == ["coverage.nom"]


def test_hours_that_cannot_be_read_are_kept_with_a_warning() -> None:
    cleaned = clean_structure(opening_hours="le mardi matin")
    assert cleaned.record is not None
    assert cleaned.record.values["opening_hours"] == "le mardi matin"
    assert [problem.field for problem in cleaned.warnings] == ["opening_hours"]


def test_a_telephone_that_is_not_one_number_is_kept_with_a_warning() -> None:
    cleaned = clean_offer(phone="01 99 00 00 01 (le matin) ou 02")
    assert cleaned.record is not None
    assert [problem.field for problem in cleaned.warnings] == ["phone"]


def test_a_date_to_come_is_kept_with_a_warning() -> None:
    cleaned = clean_offer(verified_on=(date.today() + timedelta(days=3)).isoformat())
    assert cleaned.record is not None
    assert [problem.field for problem in cleaned.warnings] == ["verified_on"]


def test_a_granted_role_without_its_authority_is_a_warning() -> None:
    cleaned = clean_structure(roles=[{"role": "guid-asso", "territory": {"level": "departement", "code": "53"}}])
    assert cleaned.record is not None
    assert [problem.field for problem in cleaned.warnings] == ["roles.authority"]


def test_an_instrument_on_something_else_than_a_financing_is_a_warning() -> None:
    cleaned = clean_offer(kind="conseil")
    assert cleaned.record is not None
    assert [problem.field for problem in cleaned.warnings] == ["instrument"]


def test_the_code_of_a_former_commune_becomes_its_successors() -> None:
    """Combrée (49103) has been in Ombrée d’Anjou (49248) since 2016."""
    both = [{"level": "commune", "code": "49103"}, {"level": "commune", "code": "49248"}]
    record = clean_offer(commune="49103", coverage=both).record
    assert record is not None
    assert record.values["commune"] == "49248"
    assert record.values["coverage"] == ["commune:49248"]


def test_texts_are_normalised() -> None:
    record = clean_offer(name="  Pre\u0302t\nd’essai ", description="a\r\nb\rc").record
    assert record is not None
    assert record.values["name"] == "Prêt d’essai"
    assert record.values["description"] == "a\nb\nc"


def test_repeated_codes_are_kept_once() -> None:
    record = clean_offer(
        stages=["creation", "creation"], coverage=[{"level": "france", "code": ""}, {"level": "france", "code": "france"}]
    ).record
    assert record is not None
    assert record.values["stages"] == ["creation"]
    assert record.values["coverage"] == ["france"]


def test_numbers_of_the_post_office_are_right() -> None:
    assert clean_structure(siren="356000000", siret="35600000049837").record is not None
