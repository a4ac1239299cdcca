"""Somebody to call, always: the networks that cover the commune, the nearest relays, telephones first in difficulties."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from maillage.catalogue.index import reset
from maillage.orientation.answer import Answer
from maillage.orientation.queries import orient
from maillage.orientation.situation import Situation
from maillage.territories import queries as territories
from maillage.vocabulary.portals import portals
from tests.catalogue import worlds
from tests.orientation.situations import situations

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 10, 30, tzinfo=ZoneInfo("Europe/Paris"))
LAVAL = territories.commune("53130")


def network(name: str, level: str, code: str, **fields: object) -> None:
    role = {"role": "reseau-local-ess", "territory": {"level": level, "code": code}}
    worlds.structure(name=name, roles=[role], **fields)


def answer(situation: Situation, **more: object) -> Answer:
    reset()
    return orient(situation, now=NOW, **more)  # type: ignore[arg-type]  # keywords of orient


def test_networks_come_by_coverage_then_by_distance() -> None:
    network("national", "france", "")
    network("régional", "region", "52")
    network("départemental, à Mayenne", "departement", "53", commune="53147")
    network("départemental, à Laval", "departement", "53", commune="53130")
    network("d’à côté", "departement", "72", commune="53130")
    found = answer(Situation(commune=LAVAL)).networks
    assert [contact.name for contact in found] == ["départemental, à Laval", "départemental, à Mayenne", "régional"]
    assert [contact.reason for contact in found] == ["Couvre la Mayenne", "Couvre la Mayenne", "Couvre les Pays de la Loire"]
    assert found[0].distance_km == pytest.approx(0, abs=0.1)


def test_a_structure_with_two_roles_is_one_contact() -> None:
    roles = [
        {"role": "cress", "territory": {"level": "region", "code": "52"}},
        {"role": "tete-de-reseau", "territory": {"level": "departement", "code": "53"}},
    ]
    worlds.structure(name="deux rôles", roles=roles)
    network("autre", "region", "52")
    assert [(contact.name, contact.role) for contact in answer(Situation(commune=LAVAL)).networks] == [
        ("deux rôles", "tete-de-reseau"),
        ("autre", "reseau-local-ess"),
    ]


def test_when_nobody_covers_the_commune_the_nearest_network_is_given() -> None:
    network("à Nantes", "departement", "44", commune="44109")
    network("à Amiens", "departement", "80", commune="80021")
    [found] = answer(Situation(commune=LAVAL)).networks
    assert found.name == "à Nantes"
    assert found.reason.startswith("À ")


def test_a_role_that_has_ended_is_not_shown() -> None:
    worlds.structure(
        roles=[{"role": "reseau-local-ess", "territory": {"level": "departement", "code": "53"}, "until": "2026-11-22"}]
    )
    assert answer(Situation(commune=LAVAL)).networks == ()


def test_without_a_commune_the_portals_networks_are_given_and_no_relay() -> None:
    network("national", "france", "")
    network("CRESS", "region", "52")
    network("autre CRESS", "region", "32")
    worlds.relay(commune="53130")
    found = answer(Situation(), portal=portals()["pays-de-la-loire"])
    assert [contact.name for contact in found.networks] == ["CRESS", "national"]
    assert found.relays == ()
    assert [contact.name for contact in answer(Situation()).networks] == ["national"]


def test_relays_come_by_distance_with_their_opening() -> None:
    worlds.relay(name="Nantes", commune="44109")
    worlds.relay(name="Laval", commune="53130", opening_hours="Mo-Fr 09:00-12:00", phone="+33243000000")
    worlds.relay(name="Laval, réservé à la Sarthe", commune="53130", coverage=["departement:72"])
    worlds.relay(name="Château-Gontier", commune="53062", coverage=["departement:53"], opening_hours="illisible")
    found = answer(Situation(commune=LAVAL)).relays
    assert [contact.name for contact in found] == ["Laval", "Château-Gontier"]
    assert found[0].open_now is True
    assert found[0].opening == "Ouvert jusqu’à 12\u202fh"
    assert found[1].open_now is None
    assert found[1].reason == "À 28\u202fkm"


def test_a_national_line_is_for_difficulties_or_for_its_speciality() -> None:
    worlds.relay(name="écoute", coverage=["france"], phone="3114")
    worlds.relay(name="ligne juridique", coverage=["france"], phone="3939", specialities=["juridique"])
    worlds.relay(name="ligne locale", coverage=["departement:53"], phone="+33243000000")

    def lines(situation: Situation) -> set[str]:
        return {contact.name for contact in answer(situation).relays}

    assert lines(Situation(stage="creation", commune=LAVAL)) == {"ligne locale"}
    assert lines(Situation(stage="creation", commune=LAVAL, needs=("juridique",))) == {"ligne locale", "ligne juridique"}
    assert lines(Situation(stage="difficultes", commune=LAVAL)) == {"écoute", "ligne juridique", "ligne locale"}


def test_in_difficulties_telephones_come_first() -> None:
    network("sans téléphone", "commune", "53130")
    network("avec téléphone", "region", "52", phone="+33240000000")
    worlds.relay(name="relais muet", commune="53130")
    worlds.relay(name="relais joignable", commune="53062", phone="+33243000000")
    calm = answer(Situation(commune=LAVAL))
    assert [contact.name for contact in calm.contacts] == ["sans téléphone", "avec téléphone", "relais muet", "relais joignable"]
    distress = answer(Situation(commune=LAVAL, stage="difficultes"))
    assert [contact.name for contact in distress.contacts] == [
        "avec téléphone",
        "relais joignable",
        "sans téléphone",
        "relais muet",
    ]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(world=worlds.worlds(offers=2, relays=6), situation=situations())
def test_whatever_the_catalogue_contacts_are_bounded_and_in_order(world: worlds.World, situation: Situation) -> None:
    with world.in_database():
        found = orient(situation, now=NOW)
        assert len(found.networks) <= 3
        assert len(found.relays) <= 5
        for contacts in (found.networks, found.relays):
            assert all(contact.distance_km is None or contact.distance_km >= 0 for contact in contacts)
        if situation.commune and not situation.is_distress:
            km = [contact.distance_km for contact in found.relays if contact.distance_km is not None]
            assert km == sorted(km)
