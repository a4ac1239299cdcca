"""Alice manages Réseau d’essai; Bob advises there; Charlie manages another structure; Ada animates the network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client

from maillage.accounts.models import Person, Role
from maillage.catalogue.models import Membership, Offer, Relay, Structure
from tests.catalogue import worlds
from tests.conftest import StrictClient


@dataclass
class Cast:
    """Everybody, and the two structures."""

    structure: Structure
    other: Structure
    offer: Offer
    relay: Relay
    alice: Person
    bob: Person
    charlie: Person
    ada: Person
    dora: Person


@pytest.fixture
def cast(db: None) -> Cast:
    """The people and the sheets. Communes of the Mayenne: the portal reads what structures change; the Somme’s does not."""
    structure = worlds.structure(
        name="Réseau d’essai", description="Il accueille.", website="https://www.reseau-essai.fr/", email="contact@reseau-essai.fr",
        phone="02 43 00 00 00", commune="53130", siren="732829320", nonprofit="ess",
    )  # fmt: skip
    other = worlds.structure(name="Autre maison", description="Elle aussi.", commune="80021")
    offer = worlds.offer(structure, name="Premier conseil", summary="Une heure.", coverage=["departement:53"])
    relay = worlds.relay(structure, name="Relais de Laval", commune="53130", opening_hours="Mo-Fr 09:00-12:00")
    people = {
        name: Person.objects.create_user(f"{name}@example.org", name=name.title()) for name in ("alice", "bob", "charlie", "dora")
    }
    ada = Person.objects.create_user("ada@example.org", name="Ada", role=Role.ANIMATION)
    for name, where, role in (("alice", structure, "gestion"), ("bob", structure, "conseil"), ("charlie", other, "gestion")):
        Membership.objects.create(person=people[name], structure=where, role=role, state="active")
    return Cast(structure, other, offer, relay, ada=ada, **people)


@pytest.fixture
def as_person() -> Callable[[Person], Client]:
    """The browser of somebody signed in."""

    def signed_in(person: Person) -> Client:
        client = StrictClient()
        client.force_login(person)
        return client

    return signed_in
