"""The permission table: every named address × GET and POST × every persona in every relation → the status. An address not listed fails.

Somebody else's object is 404, never 403; a closed page sends a visitor to the sign-in page (302). The columns are in `personas.py`.

A line is `name: (statuses of GET, arguments)`. Statuses are five steps (visitor, whoever has an account, writer, animator, administrator), or `also(steps,
"manager same", …)` when members of a structure, officers or the owner get something else. A third element says who may POST, as statuses too (200: may), when
that is not who may GET; without it an address of the office that takes only POST is the office's.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from maillage.accompaniment.models import Handover
from maillage.accompaniment.secrets import ANSWER, FOLLOW, secret_for
from maillage.journal.models import Message
from maillage.pages.stylesheet import stylesheet
from tests.conftest import StrictClient
from tests.whole.cast import PERSONAS, World, keep_diagnosis, make_world, send_request
from tests.whole.personas import COLUMNS, Cells, Statuses, add_people, also, expected_of, person_in

OPEN = (200, 200, 200, 200, 200)
OFFICE = (302, 404, 200, 200, 200)  # whoever keeps sheets
ANIMATION = (302, 404, 404, 200, 200)  # whoever publishes
ADMINISTRATION = (302, 404, 404, 404, 200)
SIGNED_IN = (302, 200, 200, 200, 200)
ONLY_POST = (302, 405, 405, 405, 405)
STRANGER = (302, 404, 404, 404, 404)  # somebody else's: a session, a second factor

#: Who belongs to the structure of the world; who answers for it; who may write for somebody at a counter.
MEMBERS = ("adviser same", "manager same", "relay same")
RECIPIENTS = ("adviser same", "manager same")
AT_A_COUNTER = (*MEMBERS, "adviser other", "manager other", "relay other")

#: name → (statuses of GET; arguments of the address; statuses of POST when they are not those of GET, 200 meaning « may »)
TABLE: dict[str, tuple[Statuses | Cells, dict[str, str]] | tuple[Statuses | Cells, dict[str, str], Statuses | Cells]] = {
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
    "sign-in-code": (OPEN, {}),
    "sign-in-password": (OPEN, {}),
    "sign-in-email": ((410,) * 5, {"token": "inconnu"}),
    "sign-up": ((303,) * 5, {}, OPEN),  # without a proved address: back to the sign-in page
    "second-factor": ((303,) * 5, {}, OPEN),  # nobody here owes a second step
    "provider": ((405,) * 5, {}, (404,) * 5),  # no provider is configured
    "provider-return": ((404,) * 5, {}),
    "sign-in-link": ((410,) * 5, {"secret": "inconnu"}),
    # alerts and messages: whoever holds the link
    "alerts": (OPEN, {}),
    "alert-asked": (OPEN, {}),
    "alert": ((410,) * 5, {"token": "inconnu"}),
    "message-stop": ((410,) * 5, {"token": "inconnu"}),
    "erased": (OPEN, {}),
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
    "observatory-officers": (also(ANIMATION, "region", "local territory", "local other"), {}),
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
    "my-messages": (SIGNED_IN, {}),
    "my-data": (SIGNED_IN, {}),
    "my-data-export": (SIGNED_IN, {}),
    "my-data-erase": (SIGNED_IN, {}),
    "account-events": (SIGNED_IN, {}),
    "password": (SIGNED_IN, {}),
    "address": (SIGNED_IN, {}),
    "address-code": (SIGNED_IN, {}),
    "confirm": (SIGNED_IN, {}),
    "second-factor-setup": (SIGNED_IN, {}),
    "totp-setup": ((302, 303, 303, 303, 303), {}, SIGNED_IN),  # a look before « Commencer » leads back
    "passkey-setup": (SIGNED_IN, {}),
    "recovery-codes": ((302, 303, 303, 303, 303), {}, SIGNED_IN),  # none without a second factor
    "remove-factor": (STRANGER, {"pk": "FACTOR"}),
    "end-session": (ONLY_POST, {"handle": "SESSION"}, also(STRANGER, "writer")),  # bob's
    "provider-unlink": (ONLY_POST, {}, SIGNED_IN),
    "sign-out": (ONLY_POST, {}, SIGNED_IN),
    "sign-out-everywhere": (ONLY_POST, {}, SIGNED_IN),
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
    "office-undo": (ONLY_POST, {"pk": "1"}, STRANGER),  # there is no merge to undo
    "office-ask": (OFFICE, {"kind": "offer", "uid": "DRAFT_UID"}),
    "office-reports": (OFFICE, {}),
    "office-report": (OFFICE, {"pk": "REPORT"}),
    "office-tables": (OFFICE, {}),
    "office-new-table": (ANIMATION, {}),
    "office-table": (OFFICE, {"uid": "TABLE"}),
    "office-table-shape": (ANIMATION, {"uid": "TABLE"}),
    "office-table-columns": (ANIMATION, {"uid": "TABLE"}),
    "office-table-values": (ANIMATION, {"uid": "TABLE"}),
    "office-table-check": (ONLY_POST, {"uid": "TABLE"}, ANIMATION),
    "office-table-confirm": (ONLY_POST, {"uid": "TABLE"}, ANIMATION),
    "office-table-discard": (ONLY_POST, {"uid": "TABLE"}, ANIMATION),
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
    "space-campaigns": (also(OFFICE, "manager same"), {"uid": "STRUCTURE_UID"}),
    "space-new-campaign": (also(OFFICE, "manager same"), {"uid": "STRUCTURE_UID"}),
    "space-campaign": (also(OFFICE, "manager same"), {"uid": "STRUCTURE_UID", "campaign_uid": "CAMPAIGN_UID"}),
    "space-edit-campaign": (also(OFFICE, "manager same"), {"uid": "STRUCTURE_UID", "campaign_uid": "CAMPAIGN_DRAFT_UID"}),
    "space-campaign-act": (
        ONLY_POST,
        {"uid": "STRUCTURE_UID", "campaign_uid": "CAMPAIGN_DRAFT_UID", "act": "proposer"},
        also(OFFICE, "manager same"),
    ),
    # structures: a claim and one's own structures for whoever has an account, a structure's space for its people (and the animation)
    "claim": (SIGNED_IN, {"handle": "STRUCTURE"}),
    "spaces": (SIGNED_IN, {}),
    "space-places": (SIGNED_IN, {"?": "champ=coverage"}),
    "space": (also(ANIMATION, *MEMBERS), {"uid": "STRUCTURE_UID"}),
    "space-members": (also(ANIMATION, *MEMBERS), {"uid": "STRUCTURE_UID"}),
    "space-confirm": (also(ANIMATION, *RECIPIENTS), {"uid": "STRUCTURE_UID"}),
    "space-sheet": (also(OFFICE, *RECIPIENTS), {"uid": "STRUCTURE_UID", "kind": "offer", "sheet_uid": "OFFER_UID"}),
    "space-edit": (also(OFFICE, "manager same"), {"uid": "STRUCTURE_UID", "kind": "offer", "sheet_uid": "OFFER_UID"}),
    "space-new-offer": (also(OFFICE, "manager same"), {"uid": "STRUCTURE_UID"}),
    "space-new-relay": (also(OFFICE, "manager same"), {"uid": "STRUCTURE_UID"}),
    "space-leave": (also(STRANGER, *MEMBERS), {"uid": "STRUCTURE_UID"}),
    "space-rhythm": (ONLY_POST, {"uid": "STRUCTURE_UID"}),
    "space-member": (ONLY_POST, {"uid": "STRUCTURE_UID", "pk": "1"}),
    "space-invitation": (ONLY_POST, {"uid": "STRUCTURE_UID", "pk": "1"}),
    "space-submit": (ONLY_POST, {"uid": "STRUCTURE_UID", "kind": "offer", "sheet_uid": "OFFER_UID"}),
    "invitation": ((410,) * 5, {"secret": "inconnue"}),
    "still-right": ((410,) * 5, {"token": "inconnu"}),
    "contact-ask": ((405,) * 5, {"kind": "structure", "handle": "STRUCTURE"}),
    "contact-shown": ((410,) * 5, {"kind": "structure", "handle": "STRUCTURE", "token": "inconnu"}),
    "upkeep": (also(OFFICE, "region", "local territory", "local other"), {}),
    "upkeep-csv": (also(OFFICE, "region", "local territory", "local other"), {}),
    "office-upkeep": (OFFICE, {}),
    "office-upkeep-csv": (OFFICE, {}),
    "office-members": (ANIMATION, {}),
    "office-proposed": (ANIMATION, {}),
    "office-proposed-edit": ((302, 404, 404, 404, 404), {"pk": "999999"}),
    "office-remind": (ONLY_POST, {"uid": "STRUCTURE_UID"}, ANIMATION),
    # requests for contact: asking, under private links (whoever holds them), in a structure's space, in the office
    "request": (OPEN, {}),
    "request-at-counter": (also(ANIMATION, *AT_A_COUNTER), {}),
    "request-follow": (OPEN, {"secret": "FOLLOW"}),
    "request-sheet": (OPEN, {"secret": "FOLLOW"}),
    "request-useful": (OPEN, {"secret": "FOLLOW"}),
    "request-answer": (OPEN, {"secret": "ANSWER"}),
    "my-requests": (SIGNED_IN, {}),
    "structure-requests": (also(STRANGER, *RECIPIENTS), {"uid": "STRUCTURE_UID"}),
    "structure-request": (also(STRANGER, *RECIPIENTS), {"uid": "STRUCTURE_UID", "request_uid": "REQUEST_UID"}),
    "office-requests": (OFFICE, {}),
    "office-request-figures": (OFFICE, {}),
    "office-request": (ANIMATION, {"uid": "REQUEST_UID"}),
    "office-messages": (ANIMATION, {}),
    "office-message-again": (ONLY_POST, {"pk": "MESSAGE"}, ANIMATION),
    "office-people": (ADMINISTRATION, {}),
    "office-security-events": (ADMINISTRATION, {}),
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
    add_people(made.people, made.structure)
    return replace(made, secret=keep_diagnosis(made.people), request=send_request(made.structure))


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
        "MESSAGE": str(Message.objects.order_by("pk").values_list("pk", flat=True).first() or 1),
        "SESSION": world.people["bob"].sessions.order_by("handle").values_list("handle", flat=True).first() or "aucune",
        "FACTOR": "999999",
        "REQUEST_UID": world.request,
        "FOLLOW": secret_for(FOLLOW, world.request),
        "ANSWER": secret_for(ANSWER, f"{world.request}:{Handover.objects.get().pk}")
        if TABLE[name][1].get("secret") == "ANSWER"
        else "",
    }
    given = {key: known.get(value, value) for key, value in TABLE[name][1].items()}
    query = given.pop("?", "")
    return reverse(name, kwargs=given) + (f"?{query}" if query else "")


def test_every_address_is_in_the_table() -> None:
    assert sorted(set(named(get_resolver().url_patterns))) == sorted(TABLE)


Cookies = dict[str, Any]


@pytest.fixture
def cookies(world: World) -> Cookies:
    """The cookies of somebody signed in, for each column."""
    held: Cookies = {"visitor": {}}
    for column in COLUMNS[1:]:
        client = StrictClient()
        client.force_login(person_in(column, world.people))
        held[column] = client.cookies
    return held


def ask(method: str, address: str, cookies: Any) -> Any:
    """Ask for this address as somebody, then take back whatever the answer wrote."""
    client = StrictClient()
    client.cookies = copy(cookies)
    with transaction.atomic():
        answer = client.get(address) if method == "GET" else client.post(address)
        transaction.set_rollback(True)
    return answer


def got(answer: Any) -> int:
    """The status of an answer; being sent to the sign-in page is 302, whatever the code."""
    return 302 if answer.status_code in (302, 303) and answer.url.startswith("/connexion/?") else int(answer.status_code)


def test_every_address_gives_each_persona_what_the_table_says(world: World, cookies: Cookies) -> None:
    wrong, asked = [], 0
    for name in sorted(TABLE):
        address = address_of(name, world)
        for column in COLUMNS:
            expected, found = expected_of(TABLE[name][0], column), got(ask("GET", address, cookies[column]))
            asked += 1
            if found != expected:
                wrong.append(f"GET {address} ({name}), {column}: {found} instead of {expected}")
    assert not wrong, "\n".join(wrong)
    assert asked == len(TABLE) * len(COLUMNS)


#: What somebody who may POST gets for an empty form: a page that says what lacks, a redirection, a refusal by the state of the object.
MAY = frozenset({200, 303, 400, 403, 405, 409, 410, 413, 415, 422, 429})


def may_post(name: str, column: str) -> int | None:
    """The status that says whether this column may POST: 302 and 404 mean no, 200 means yes; None when the table does not say."""
    line = TABLE[name]
    if len(line) == 3:
        return expected_of(line[2], column)
    get = expected_of(line[0], column)
    if get != 405 or column == "visitor":
        return get
    if name.startswith("office"):
        return expected_of(OFFICE, column)
    return None


def test_a_post_is_refused_to_whoever_may_not(world: World, cookies: Cookies) -> None:
    """An empty form posted everywhere by everybody: never an error of ours, never accepted from somebody who may not."""
    wrong = []
    for name in sorted(TABLE):
        address = address_of(name, world)
        for column in COLUMNS:
            found, expected = got(ask("POST", address, cookies[column])), may_post(name, column)
            if expected == 302:
                right = found in (302, 405)
            elif expected == 404:
                right = found in (404, 405)
            elif expected == 200:
                right = found in MAY
            else:
                right = found < 500
            if not right:
                wrong.append(f"POST {address} ({name}), {column}: {found}, expected {expected}")
    assert not wrong, "\n".join(wrong)


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


def test_the_anonymous_journey_sets_no_cookie(world: World, client: StrictClient) -> None:
    for name, line in TABLE.items():
        if line[0] == OPEN and not name.startswith("sign-in"):
            answer = client.get(address_of(name, world))
            assert not answer.cookies, name
