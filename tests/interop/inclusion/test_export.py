"""data.inclusion v1: every record that leaves is valid by the published rules, says what the sheet says, and what stays is counted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from data_inclusion.schema import v1
from data_inclusion.schema.v1 import score_qualite
from hypothesis import HealthCheck, given, settings

from maillage.catalogue import quality
from maillage.catalogue.described import described, zone
from maillage.catalogue.models import Offer, Structure
from maillage.catalogue.rows import row_of
from maillage.interop.addresses import Addresses
from maillage.interop.inclusion import codes, mapping
from maillage.interop.inclusion.export import Export
from maillage.interop.inclusion.rules import refusals, warnings
from maillage.interop.starter import load_starter
from maillage.territories import queries as territories
from tests.catalogue.worlds import World, offer, structure, worlds

pytestmark = pytest.mark.django_db
TODAY = date.today()
SITE = Addresses("https://maillage.example.org")
STRICT = {"ignore_warnings": False}


def exported() -> tuple[list[dict[str, Any]], list[dict[str, Any]], Export]:
    export = Export(TODAY, SITE)
    return list(export.structure_records()), list(export.service_records()), export


def assert_valid(structures: list[dict[str, Any]], services: list[dict[str, Any]]) -> None:
    for record in structures:
        v1.Structure.model_validate(record, context=STRICT)
        assert not refusals(record, "structures")
    for record in services:
        v1.Service.model_validate(record, context=STRICT)
        assert not refusals(record, "services")
        assert not [said for said in warnings(record, "services") if said[0] == "zone_eligibilite"]
    assert {record["structure_id"] for record in services} <= {record["id"] for record in structures}


def test_the_starter_catalogue_is_valid_by_the_published_rules_and_its_counts_add_up() -> None:
    load_starter()
    structures, services, export = exported()
    assert_valid(structures, services)
    assert len(structures) + export.structures.left_out.total() == Structure.objects.visible().count()
    assert len(services) + export.services.left_out.total() == Offer.objects.visible().count()
    assert len(services) > 100


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds())
def test_random_worlds_are_valid_and_nothing_is_lost_silently(db: None, world: World) -> None:
    with world.in_database():
        structures, services, export = exported()
        assert_valid(structures, services)
        assert len(structures) + export.structures.left_out.total() == Structure.objects.visible().count()
        visible = Offer.objects.visible().filter(structure__in=Structure.objects.visible()).count()
        assert len(services) + export.services.left_out.total() == visible


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds())
def test_the_zone_is_exactly_the_communes_that_the_offer_covers(db: None, world: World) -> None:
    for _, fields in world.offers:
        row = {"coverage": fields["coverage"], "excluded": fields["excluded"]}
        said = communes_of_zone(zone(row))
        covered = {code for key in fields["coverage"] for code in codes_of(key)}
        assert said == covered - {code for key in fields["excluded"] for code in codes_of(key)}


def codes_of(key: str) -> tuple[str, ...]:
    return territories.commune_codes_of(*territories.parse_key(key))


def communes_of_zone(codes_said: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    for code in codes_said:
        level = "france" if code == "france" else {5: "commune", 9: "epci"}.get(len(code), "departement")
        found.update(territories.commune_codes_of(level, "" if level == "france" else code))
    return found


def test_a_region_leaves_as_its_departements() -> None:
    sheet = offer(coverage=["region:52"], summary="Une offre pour toute la région.")
    assert mapping.service(row_of(sheet), TODAY)["zone_eligibilite"] == ["44", "49", "53", "72", "85"]


def test_stages_become_themes_and_stay_in_words() -> None:
    sheet = offer(stages=["idee", "difficultes"], summary="Une offre.")
    record = mapping.service(row_of(sheet), TODAY)
    assert record["thematiques"] == [
        "creer-une-entreprise--definir-son-projet-de-creation-dentreprise",
        "creer-une-entreprise--developper-son-entreprise",
    ]
    assert "Étapes du projet : Idée, Difficultés." in record["description"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"name": "A."}, "nom de moins de trois signes"),
        ({"summary": "", "description": ""}, "sans description"),
        ({"coverage": ["commune:99999"]}, "aucun territoire d’aujourd’hui"),
        ({"excluded": ["france"]}, "aucun territoire d’aujourd’hui"),
    ],
)
def test_what_cannot_be_valid_is_left_out_with_its_reason(fields: dict[str, Any], reason: str) -> None:
    offer(**({"summary": "Une offre utile."} | fields))
    _, services, export = exported()
    assert services == []
    assert export.services.left_out == {reason: 1}


def test_a_service_stays_with_its_structure() -> None:
    offer(structure(name="X"), summary="Une offre utile.")
    structures, services, export = exported()
    assert (structures, services) == ([], [])
    assert export.services.left_out == {"structure absente du fichier": 1}


def test_a_name_too_long_is_cut_at_a_word_and_its_full_stop_goes() -> None:
    record = mapping.service(row_of(offer(name="mot " * 60 + "fin.", summary="Une offre utile.")), TODAY)
    assert len(record["nom"]) <= 150
    assert record["nom"].endswith("mot…")
    assert mapping.service(row_of(offer(name="Le prêt.", summary="Une offre.")), TODAY)["nom"] == "Le prêt"


def test_what_its_rules_refuse_is_left_unsaid_rather_than_sent() -> None:
    host = structure(email="pas une adresse", phone="poste 12, voir l’accueil", website="ftp://x", opening_hours="le matin")
    record = mapping.structure(row_of(host), TODAY)
    assert not {"courriel", "telephone", "site_web", "horaires_accueil"} & record.keys()


def test_telephone_numbers_are_written_in_e164_and_short_ones_as_dialled() -> None:
    for written, sent in (("02 43 00 00 01", "+33243000001"), ("3114", "3114"), ("31 14", "3114"), ("", None)):
        assert mapping.structure(row_of(structure(phone=written)), TODAY).get("telephone") == sent


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds())
def test_the_office_shows_the_score_that_data_inclusion_computes(db: None, world: World) -> None:
    with world.in_database():
        for sheet in Offer.objects.select_related("structure").order_by("pk"):
            row = row_of(sheet)
            try:
                record = mapping.service(row, TODAY)
            except mapping.LeftOut:
                continue
            ours = quality.score(described(row, TODAY), TODAY)
            theirs, criteria = score_qualite.score(v1.Service.model_validate(record))
            assert ours.value == pytest.approx(theirs, abs=0.011)  # theirs counts hours in the age of the sheet
            assert {one.name for one in ours.criteria} == {name for name, value in criteria.items() if value is not None}
            assert mapping.quality(record, TODAY) == ours.value


def test_freshness_falls_from_one_to_nothing_between_six_months_and_two_years() -> None:
    def fresh(days: int) -> float:
        sheet = quality.Described("", TODAY - timedelta(days=days))
        return next(one.value for one in quality.score(sheet, TODAY).criteria if one.name == "date_maj_recente")

    assert [fresh(days) for days in (0, 179, 455, 730, 4000)] == [1, 1, 0.5, 0, 0]


def test_our_lists_are_those_that_are_published() -> None:
    pairs = (
        (codes.TYPES, v1.TypeService),
        (codes.COSTS, v1.Frais),
        (codes.WELCOMES, v1.ModeAccueil),
        (codes.MEANS, v1.ModeMobilisation),
        (codes.OPEN_TO, v1.PersonneMobilisatrice),
        (codes.PUBLICS, v1.Public),
        (codes.THEMES, v1.Thematique),
        (codes.NETWORKS, v1.ReseauPorteur),
    )
    for ours, theirs in pairs:
        assert ours == {member.value for member in theirs}
