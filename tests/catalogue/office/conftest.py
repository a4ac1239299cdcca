"""The people of the office, and sheets in each state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from maillage.accounts.models import Person, Role
from maillage.catalogue.enums import Status
from maillage.catalogue.models import Offer, Relay, Structure
from tests.conftest import StrictClient

#: A published sheet of an import, unless a test says otherwise.
COMMON: dict[str, Any] = {"source": "essai", "status": Status.PUBLISHED}


@pytest.fixture
def alice(db: None) -> Person:
    """Of the network's animation: publishes."""
    return Person.objects.create_user("alice@example.org", name="Alice", role=Role.ANIMATION)


@pytest.fixture
def bob(db: None) -> Person:
    """Of the writing team: drafts."""
    return Person.objects.create_user("bob@example.org", name="Bob", role=Role.REDACTION)


@pytest.fixture
def charlie(db: None) -> Person:
    """An account without any role in the office."""
    return Person.objects.create_user("charlie@example.org", name="Charlie")


@pytest.fixture
def dora(db: None) -> Person:
    """Administers."""
    return Person.objects.create_user("dora@example.org", name="Dora", role=Role.ADMINISTRATION)


@pytest.fixture
def as_person() -> Callable[[Person], Client]:
    """The browser of somebody signed in."""

    def signed_in(person: Person) -> Client:
        client = StrictClient()
        client.force_login(person)
        return client

    return signed_in


@pytest.fixture
def structure(db: None) -> Structure:
    """A published structure."""
    return Structure.objects.create(ref="s1", name="Réseau d’essai", description="Accueille.", **COMMON)


@pytest.fixture
def offer(structure: Structure) -> Offer:
    """A published offer for the Mayenne."""
    return Offer.objects.create(
        ref="o1",
        structure=structure,
        name="Premier conseil",
        summary="Une heure pour y voir clair.",
        kind="conseil",
        stages=["creation", "idee"],
        coverage=["departement:53"],
        **COMMON,
    )


@pytest.fixture
def draft(structure: Structure) -> Offer:
    """A draft ready to be sent for review."""
    return Offer.objects.create(
        ref="o2",
        structure=structure,
        name="Brouillon",
        summary="Une phrase.",
        kind="conseil",
        coverage=["region:52"],
        source="gestion",
    )


@pytest.fixture
def relay(structure: Structure) -> Relay:
    """A published relay."""
    return Relay.objects.create(
        ref="r1", structure=structure, name="Relais de Laval", level="orientation", commune="53130", **COMMON
    )
