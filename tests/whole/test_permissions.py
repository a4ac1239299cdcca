"""The permission table: every named address × every kind of person → the status of a GET. An address that is not here fails.

Somebody else's object is 404, never 403; a closed page sends a visitor to the sign-in page (302).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from maillage.pages.stylesheet import stylesheet
from tests.conftest import StrictClient
from tests.whole.cast import PERSONAS, World, keep_diagnosis, make_world

OPEN = (200, 200, 200, 200, 200)
OFFICE = (302, 404, 200, 200, 200)  # whoever keeps sheets
ANIMATION = (302, 404, 404, 200, 200)  # whoever publishes
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
    "api": (OPEN, {}),
    "embed": (OPEN, {}),
    "widget": (OPEN, {}),
    "open-data": (OPEN, {}),
    "validate": (OPEN, {}),
    "hsds-profile": (OPEN, {}),
    "sign-in": (OPEN, {}),
    "sign-in-link": ((410,) * 5, {"secret": "inconnu"}),
    # the self-diagnosis: open, then under a private link (whoever holds it)
    "diagnosis": (OPEN, {}),
    "diagnosis-list": (OPEN, {"grid": "complete", "number": "1"}),
    "diagnosis-step": (OPEN, {"grid": "complete", "number": "1", "step": "porte"}),
    "diagnosis-result": (OPEN, {"grid": "complete", "number": "1"}),
    "diagnosis-pdf": (OPEN, {"grid": "complete", "number": "1"}),
    "diagnosis-json": (OPEN, {"grid": "complete", "number": "1"}),
    "diagnosis-keep": (OPEN, {"grid": "complete", "number": "1"}),
    "diagnosis-deleted": (OPEN, {}),
    "private-list": (OPEN, {"secret": "SECRET"}),
    "private-step": (OPEN, {"secret": "SECRET", "step": "porte"}),
    "private-result": (OPEN, {"secret": "SECRET"}),
    "private-pdf": (OPEN, {"secret": "SECRET"}),
    "private-json": (OPEN, {"secret": "SECRET"}),
    "private-compare": (OPEN, {"secret": "SECRET"}),
    "private-settings": (OPEN, {"secret": "SECRET"}),
    "private-place": ((405,) * 5, {"secret": "SECRET"}),
    "private-add-document": ((405,) * 5, {"secret": "SECRET", "step": "porte"}),
    "private-remove-document": ((405,) * 5, {"secret": "SECRET", "pk": "1"}),
    "private-document": ((404,) * 5, {"secret": "SECRET", "pk": "999999"}),
    "crowdfunding": (OPEN, {}),
    "crowdfunding-forms": (OPEN, {}),
    "royalties": (OPEN, {}),
    "royalties-export": (OPEN, {"kind": "csv", "?": "somme=1000&ca1=1000&ca2=0&ca3=0&ca4=0&ca5=0"}),
    "topup": (OPEN, {}),
    "crowdfunding-figures": (OPEN, {}),
    "crowdfunding-figures-data": (OPEN, {"kind": "json"}),
    "campaign": (OPEN, {"handle": "CAMPAIGN"}),
    "campaign-image": ((404,) * 5, {"uid": "aaaaaaaaaaaa", "digest": "0" * 12, "kind": "png"}),
    "observatory": (OPEN, {}),
    "observatory-demand": (OPEN, {}),
    "observatory-trend": (OPEN, {}),
    "observatory-territory": (OPEN, {"level": "departement", "code": "53"}),
    "observatory-data": (OPEN, {"kind": "recherches", "suffix": "csv"}),
    "observatory-report": ((404,) * 5, {"year": "2020"}),
    "observatory-officers": (ANIMATION, {}),
    "api-observatory-matrix": (OPEN, {}),
    "api-observatory-gaps": (OPEN, {}),
    "api-observatory-demand": (OPEN, {}),
    # the observatory: supply, access, siting
    "observatory-supply": (OPEN, {}),
    "observatory-offers": (OPEN, {"?": "territoire=departement:53&etape=creation&nature=conseil"}),
    "observatory-hole": (OPEN, {"?": "territoire=departement:53&etape=creation&nature=formation"}),
    "observatory-access": (OPEN, {}),
    "observatory-equity": (OPEN, {}),
    "observatory-what-if": (OPEN, {"?": "territoire=departement:53&ouvrir=53084"}),
    "observatory-siting": (ANIMATION, {}),
    "observatory-siting-run": (ANIMATION, {"uid": "aaaaaaaaaaaaaaaa"}),
    "observatory-siting-cancel": (ONLY_POST, {"uid": "aaaaaaaaaaaaaaaa"}),
    "observatory-siting-export": (ANIMATION, {"uid": "aaaaaaaaaaaaaaaa", "kind": "csv"}),
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
    "api-offers": (OPEN, {}),
    "api-offer": (OPEN, {"uid": "OFFER_UID"}),
    "api-structures": (OPEN, {}),
    "api-structure": (OPEN, {"uid": "STRUCTURE_UID"}),
    "api-relays": (OPEN, {}),
    "api-relay": (OPEN, {"uid": "RELAY_UID"}),
    "api-territories": (OPEN, {}),
    "api-territory": (OPEN, {"level": "departement", "code": "53"}),
    "api-vocabularies": (OPEN, {}),
    "api-vocabulary": (OPEN, {"name": "stage"}),
    "api-coverage": (OPEN, {}),
    "api-openapi": (OPEN, {}),
    "api-unknown": ((404,) * 5, {"rest": "rien"}),
    "mcp": ((405,) * 5, {}),
    "feed-new": (OPEN, {}),
    "feed-calls": (OPEN, {}),
    "deadlines": (OPEN, {}),
    "widget-style": (OPEN, {}),
    "widget-script": (OPEN, {}),
    "export-table": (OPEN, {"name": "offres", "suffix": "csv"}),
    "export-inclusion": (OPEN, {"kind": "services"}),
    "dcat": (OPEN, {}),
    "dump-file": ((404,) * 5, {"day": "2026-01-01", "path": "manifest.json"}),
    "hsds-root": (OPEN, {}),
    "hsds-profile-json": (OPEN, {}),
    "hsds-services": (OPEN, {}),
    "hsds-service": ((404,) * 5, {"uuid": "00000000-0000-5000-8000-000000000000"}),
    "hsds-organizations": (OPEN, {}),
    "hsds-organization": ((404,) * 5, {"uuid": "00000000-0000-5000-8000-000000000000"}),
    "hsds-taxonomies": (OPEN, {}),
    "hsds-taxonomy-terms": (OPEN, {}),
    "hsds-service-at-locations": (OPEN, {}),
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
    "office-confirm": (ONLY_POST, {"kind": "offer", "uid": "DRAFT_UID"}),
    "office-sources": (OFFICE, {}),
    "office-source": (OFFICE, {"code": "essai"}),
    "office-run": (ONLY_POST, {"pk": "RUN"}),
    "office-changes": (OFFICE, {}),
    "office-duplicates": (OFFICE, {}),
    "office-duplicate": (OFFICE, {"pk": "DUPLICATE"}),
    "office-merges": (OFFICE, {}),
    "office-undo": (ONLY_POST, {"pk": "1"}),
    "office-ask": (OFFICE, {"kind": "offer", "uid": "DRAFT_UID"}),
    "office-reports": (OFFICE, {}),
    "office-report": (OFFICE, {"pk": "REPORT"}),
    "office-tables": (OFFICE, {}),
    "office-new-table": (ANIMATION, {}),
    "office-table": (OFFICE, {"uid": "TABLE"}),
    "office-table-shape": (ANIMATION, {"uid": "TABLE"}),
    "office-table-columns": (ANIMATION, {"uid": "TABLE"}),
    "office-table-values": (ANIMATION, {"uid": "TABLE"}),
    "office-table-check": (ONLY_POST, {"uid": "TABLE"}),
    "office-table-confirm": (ONLY_POST, {"uid": "TABLE"}),
    "office-table-discard": (ONLY_POST, {"uid": "TABLE"}),
    "office-table-corrections": (OFFICE, {"uid": "TABLE"}),
    "office-grids": (OFFICE, {}),
    "office-grid": (OFFICE, {"code": "rapide", "number": "2"}),
    "office-grid-texts": (OFFICE, {"code": "rapide", "number": "2"}),
    "office-grid-new-criterion": (OFFICE, {"code": "rapide", "number": "2"}),
    "office-grid-criterion": (OFFICE, {"code": "rapide", "number": "2", "criterion": "essai-risque"}),
    "office-grid-counts": (OFFICE, {"code": "rapide", "number": "1"}),
    "office-grid-draft": (ONLY_POST, {"code": "rapide"}),
    "office-grid-publish": (ONLY_POST, {"code": "rapide", "number": "2"}),
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
    made = make_world()
    return replace(made, secret=keep_diagnosis(made.people))


def address_of(name: str, world: World) -> str:
    """The address of a line of the table, with the world's own ids in it (« ? » holds its query)."""
    known = {
        "STYLE": stylesheet().digest,
        "OFFER": world.offer.handle,
        "OFFER_UID": world.offer.uid,
        "RELAY_UID": world.relay.uid,
        "STRUCTURE": world.structure.handle,
        "STRUCTURE_UID": world.structure.uid,
        "DRAFT_UID": world.draft.uid,
        "REPORT": str(world.report.pk),
        "TABLE": world.table.uid,
        "CAMPAIGN": world.campaign.handle,
        "CAMPAIGN_UID": world.campaign.uid,
        "CAMPAIGN_DRAFT_UID": world.campaign_draft.uid,
        "PERSON": str(world.people["bob"].pk),
        "RUN": str(world.run.pk),
        "DUPLICATE": str(world.duplicate.pk),
        "SECRET": world.secret,
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
