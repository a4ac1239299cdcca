"""The permission table: every named address × every kind of person → the status of a GET. An address that is not here fails.

Somebody else's object is 404, never 403; a closed page sends a visitor to the sign-in page (302).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from maillage.pages.stylesheet import stylesheet
from tests.conftest import StrictClient
from tests.whole.cast import PERSONAS, World, make_world

OPEN = (200, 200, 200, 200, 200)
OFFICE = (302, 404, 200, 200, 200)  # whoever keeps sheets
ADMINISTRATION = (302, 404, 404, 404, 200)
SIGNED_IN = (302, 200, 200, 200, 200)
ONLY_POST = (302, 405, 405, 405, 405)

#: name → (statuses for visitor, charlie, bob, alice, ada; arguments of the address)
TABLE: dict[str, tuple[tuple[int, ...], dict[str, str]]] = {
    # for everybody
    "home": (OPEN, {}),
    "questions": (OPEN, {"step": "etape"}),
    "results": (OPEN, {}),
    "offer": (OPEN, {"handle": "OFFER"}),
    "offer_calendar": (OPEN, {"handle": "OFFER"}),
    "structure": (OPEN, {"handle": "STRUCTURE"}),
    "relays": (OPEN, {}),
    "territories": (OPEN, {}),
    "territory": (OPEN, {"level": "departement", "code": "53"}),
    "plan": (OPEN, {}),
    "plan_pdf": (OPEN, {}),
    "report": (OPEN, {"kind": "offer", "handle": "OFFER"}),
    "report_thanks": (OPEN, {"kind": "offer", "handle": "OFFER"}),
    "legal": (OPEN, {}),
    "accessibility": (OPEN, {}),
    "sources": (OPEN, {}),
    "sitemap": (OPEN, {}),
    "sign-in": (OPEN, {}),
    "sign-in-link": ((410,) * 5, {"secret": "inconnu"}),
    "crowdfunding": (OPEN, {}),
    "crowdfunding-forms": (OPEN, {}),
    "royalties": (OPEN, {}),
    "royalties-export": (OPEN, {"kind": "csv", "?": "somme=1000&ca1=1000&ca2=0&ca3=0&ca4=0&ca5=0"}),
    "topup": (OPEN, {}),
    "crowdfunding-figures": (OPEN, {}),
    "crowdfunding-figures-data": (OPEN, {"kind": "json"}),
    "campaign": (OPEN, {"handle": "CAMPAIGN"}),
    "campaign-image": ((404,) * 5, {"uid": "aaaaaaaaaaaa", "digest": "0" * 12, "kind": "png"}),
    # for machines
    "livez": (OPEN, {}),
    "healthz": (OPEN, {}),
    "readyz": (OPEN, {}),
    "robots": (OPEN, {}),
    "favicon": ((204,) * 5, {}),
    "sitemap_xml": (OPEN, {}),
    "sitemap_part": (OPEN, {"name": "pages", "number": "1"}),
    "stylesheet": (OPEN, {"digest": "STYLE"}),
    "api-orientation": (OPEN, {}),
    "api-communes": (OPEN, {}),
    "api-topup": (OPEN, {}),
    # for whoever has an account
    "account": (SIGNED_IN, {}),
    "sign-out": (ONLY_POST, {}),
    "sign-out-everywhere": (ONLY_POST, {}),
    # for the office
    "office": (OFFICE, {}),
    "office-list": (OFFICE, {"kind": "offer"}),
    "office-places": (OFFICE, {"?": "champ=coverage"}),
    "office-new-structure": (OFFICE, {}),
    "office-new-offer": (OFFICE, {"uid": "STRUCTURE_UID"}),
    "office-new-relay": (OFFICE, {"uid": "STRUCTURE_UID"}),
    "office-sheet": (OFFICE, {"kind": "offer", "uid": "DRAFT_UID"}),
    "office-preview": (OFFICE, {"kind": "offer", "uid": "DRAFT_UID"}),
    "office-history": (OFFICE, {"kind": "offer", "uid": "DRAFT_UID"}),
    "office-edit": (OFFICE, {"kind": "offer", "uid": "DRAFT_UID"}),
    "office-act": (OFFICE, {"kind": "offer", "uid": "DRAFT_UID", "act": "soumettre"}),
    "office-release": (ONLY_POST, {"kind": "offer", "uid": "DRAFT_UID"}),
    "office-ask": (OFFICE, {"kind": "offer", "uid": "DRAFT_UID"}),
    "office-reports": (OFFICE, {}),
    "office-report": (OFFICE, {"pk": "REPORT"}),
    "office-campaigns": (OFFICE, {}),
    "office-new-campaign": (OFFICE, {}),
    "office-import-campaigns": (OFFICE, {}),
    "office-campaign": (OFFICE, {"uid": "CAMPAIGN_UID"}),
    "office-edit-campaign": (OFFICE, {"uid": "CAMPAIGN_DRAFT_UID"}),
    "office-campaign-act": (ONLY_POST, {"uid": "CAMPAIGN_DRAFT_UID", "act": "publier"}),
    "office-people": (ADMINISTRATION, {}),
    "office-new-person": (ADMINISTRATION, {}),
    "office-person": (ADMINISTRATION, {"pk": "PERSON"}),
}


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


def address_of(name: str, world: World) -> str:
    """The address of a line of the table, with the world's own ids in it (« ? » holds its query)."""
    known = {
        "STYLE": stylesheet().digest,
        "OFFER": world.offer.handle,
        "STRUCTURE": world.structure.handle,
        "STRUCTURE_UID": world.structure.uid,
        "DRAFT_UID": world.draft.uid,
        "REPORT": str(world.report.pk),
        "CAMPAIGN": world.campaign.handle,
        "CAMPAIGN_UID": world.campaign.uid,
        "CAMPAIGN_DRAFT_UID": world.campaign_draft.uid,
        "PERSON": str(world.people["bob"].pk),
    }
    given = {key: known.get(value, value) for key, value in TABLE[name][1].items()}
    query = given.pop("?", "")
    return reverse(name, kwargs=given) + (f"?{query}" if query else "")


def test_every_address_is_in_the_table() -> None:
    assert sorted(set(named(get_resolver().url_patterns))) == sorted(TABLE)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_each_persona_gets_what_the_table_says(name: str, world: World) -> None:
    expected = TABLE[name][0]
    address = address_of(name, world)
    found = []
    for persona in PERSONAS:
        client = StrictClient()
        if persona != "visitor":
            client.force_login(world.people[persona])
        found.append(client.get(address).status_code)
    assert dict(zip(PERSONAS, found, strict=True)) == dict(zip(PERSONAS, expected, strict=True)), address


@pytest.mark.parametrize("kind", ["offer", "structure", "relay"])
@pytest.mark.parametrize("name", ["office-sheet", "office-edit", "office-history", "office-preview"])
def test_an_unknown_sheet_is_404_for_everybody_in_the_office(name: str, kind: str, world: World) -> None:
    for persona in ("bob", "alice", "ada"):
        client = StrictClient()
        client.force_login(world.people[persona])
        assert client.get(reverse(name, kwargs={"kind": kind, "uid": "aaaaaaaaaaaa"})).status_code == 404


def test_a_draft_is_404_for_whoever_reads_the_site_even_signed_in(world: World) -> None:
    for persona in PERSONAS:
        client = StrictClient()
        if persona != "visitor":
            client.force_login(world.people[persona])
        assert client.get(reverse("offer", args=(world.draft.handle,))).status_code == 404


@pytest.mark.parametrize("name", sorted(name for name, (expected, _) in TABLE.items() if name.startswith("office")))
def test_nobody_outside_the_office_can_post_to_it(name: str, world: World) -> None:
    address = address_of(name, world)
    assert StrictClient().post(address).status_code == 302
    client = StrictClient()
    client.force_login(world.people["charlie"])
    assert client.post(address).status_code in (404, 405)


def test_the_anonymous_journey_sets_no_cookie(world: World, client: StrictClient) -> None:
    for name, (expected, _) in TABLE.items():
        if expected == OPEN and name != "sign-in":
            answer = client.get(address_of(name, world))
            assert not answer.cookies, name
