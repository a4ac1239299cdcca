"""Exact figures: the animation and the Région everywhere, an officer of a local authority on the territory entrusted, nobody else."""

from __future__ import annotations

import pytest

from maillage.accounts.models import Person, Role
from maillage.observatory.officers import reads, reads_somewhere
from maillage.territories import queries as territories
from tests.conftest import StrictClient

pytestmark = pytest.mark.django_db
DETAIL = "/observatoire/demande/detail/"


def person(role: Role, level: str = "", code: str = "") -> Person:
    return Person.objects.create_user(f"{role}@example.org", role=role, territory_level=level, territory_code=code)


def test_a_local_officer_reads_the_territory_entrusted_and_what_is_inside(client: StrictClient) -> None:
    officer = person(Role.LOCAL, "departement", "53")
    inside = [
        territories.place("departement", "53"),
        territories.place("commune", "53130"),
        territories.place("epci", "200048551"),
    ]
    outside = [territories.place("departement", "72"), territories.place("region", "52"), territories.place("france")]
    assert [reads(officer, place) for place in inside if place] == [True] * len([place for place in inside if place])
    assert [reads(officer, place) for place in outside if place] == [False] * 3
    client.force_login(officer)
    assert "la Mayenne" in client.get(DETAIL).content.decode()
    refused = client.get(f"{DETAIL}?territoire=departement:72").content.decode()
    assert "ne vous est pas confié" in refused
    assert "la Mayenne" in refused


def test_the_region_and_the_animation_read_everything_and_a_holder_nothing() -> None:
    anywhere = territories.place("departement", "72")
    assert anywhere is not None
    assert all(reads(person(role), anywhere) for role in (Role.REGION, Role.ANIMATION, Role.ADMINISTRATION))
    for role in (Role.NONE, Role.REDACTION):
        stranger = person(role)
        assert not reads_somewhere(stranger)
        assert not reads(stranger, anywhere)
