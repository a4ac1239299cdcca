"""The permission table: every named address × every kind of person → the status of a GET. An address that is not here fails.

Somebody else's object is 404, never 403; a closed page sends a visitor to the sign-in page (302).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.conftest import StrictClient
from tests.whole.cast import PERSONAS, World, make_world

OPEN = (200, 200, 200, 200, 200)
OFFICE = (302, 404, 200, 200, 200)  # whoever keeps sheets
ADMINISTRATION = (302, 404, 404, 404, 200)
SIGNED_IN = (302, 200, 200, 200, 200)
ONLY_POST = (405, 405, 405, 405, 405)

#: name → (statuses for visitor, charlie, bob, alice, ada; arguments of the address)
TABLE: dict[str, tuple[tuple[int, ...], dict[str, str]]] = {}


def named(patterns: list[Any]) -> Iterator[str]:
    """Every address name of the site."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from named(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name
        elif isinstance(pattern, URLPattern):
            yield f"(sans nom) {pattern.pattern}"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def arguments(world: World, template: dict[str, str]) -> dict[str, str]:
    """The arguments of an address with the world's own ids in them."""
    known = {
        "OFFER": world.offer.handle,
        "STRUCTURE": world.structure.handle,
        "OFFER_UID": world.offer.uid,
        "DRAFT_UID": world.draft.uid,
        "REPORT": str(world.report.pk),
        "PERSON": str(world.people["bob"].pk),
    }
    return {key: known.get(value, value) for key, value in template.items()}
