"""« Signaler une erreur »: no account, no cookie, nothing lost, nothing twice, and no place for programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from maillage.catalogue.models import ErrorReport, Offer
from maillage.catalogue.report_form import LONGEST, ticket
from maillage.catalogue.views.report import RATE
from maillage.journal.models import Entry
from tests.catalogue.worlds import offer, relay, structure
from tests.conftest import StrictClient
from tests.orientation.pages.reading import get, words

pytestmark = pytest.mark.django_db

NOON = "2026-11-23 12:00:00+01:00"


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sheet() -> Offer:
    return offer(name="Une offre")


def address(sheet: Any) -> str:
    words = {"offer": "offre", "structure": "structure", "relay": "relais"}
    return f"/signaler/{words[sheet.KIND]}/{sheet.handle}/"


def send(
    client: Client, sheet: Any, clock: Any, *, after: float = 10, headers: dict[str, str] | None = None, **fields: str
) -> HttpResponse:
    """Ask for the page, wait a little, send it."""
    page = get(client, address(sheet))
    found = re.search(r'name="ticket" value="([^"]+)"', page)
    assert found
    clock.shift(timedelta(seconds=after))
    data = {"reason": "contact", "message": "Le numéro a changé.", "ticket": found.group(1)} | fields
    return client.post(address(sheet), data, headers=headers or {})  # type: ignore[return-value]  # Django's test response


def test_a_report_is_kept_with_its_line_in_the_journal_and_thanks_come_after(
    client: StrictClient, clock: Any, sheet: Offer
) -> None:
    answer = send(client, sheet, clock, email="moi@exemple.fr")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{address(sheet)}merci/")
    report = ErrorReport.objects.get()
    assert (report.sheet_kind, report.sheet_uid, report.sheet_name) == ("offer", sheet.uid, "Une offre")
    assert (report.reason, report.message, report.email, report.portal) == (
        "contact",
        "Le numéro a changé.",
        "moi@exemple.fr",
        "pays-de-la-loire",
    )
    entry = Entry.objects.get()
    assert (entry.verb, entry.subject_uid, entry.actor, entry.actor_name) == ("reported", sheet.uid, None, "Un visiteur")
    assert "moi@exemple.fr" not in f"{entry.note}{entry.changes}"
    assert "bien reçu" in words(get(client, answer.headers["Location"]))


def test_it_leaves_no_cookie(client: StrictClient, clock: Any, sheet: Offer) -> None:
    assert not send(client, sheet, clock).cookies
    assert not client.cookies


def test_it_needs_no_csrf_cookie(clock: Any, sheet: Offer) -> None:
    assert send(StrictClient(enforce_csrf_checks=True), sheet, clock).status_code == 303


def test_sent_twice_it_is_kept_once(client: StrictClient, clock: Any, sheet: Offer) -> None:
    send(client, sheet, clock)
    assert send(client, sheet, clock).status_code == 303
    assert ErrorReport.objects.count() == Entry.objects.count() == 1
    send(client, sheet, clock, message="Autre chose encore.")
    assert ErrorReport.objects.count() == 2


def test_what_is_missing_is_said_and_what_was_typed_is_kept(client: StrictClient, clock: Any, sheet: Offer) -> None:
    answer = send(client, sheet, clock, reason="", email="pas une adresse")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "<title>Erreur" in html
    assert "Choisissez ce qui ne va pas." in html
    assert "Le numéro a changé." in html
    assert 'value="pas une adresse"' in html
    assert 'href="#id_reason_0"' in html
    assert not ErrorReport.objects.exists()


def test_the_browser_may_keep_the_page_to_go_back_to_it(client: StrictClient, clock: Any, sheet: Offer) -> None:
    """« no-store » on the answer to a POST makes Back an error page in Chromium, and what was typed is lost."""
    for answer in (client.get(address(sheet)), send(client, sheet, clock, reason="")):
        assert "no-store" not in answer.headers["Cache-Control"]
        assert "private" in answer.headers["Cache-Control"]


def test_correcting_costs_no_wait(client: StrictClient, clock: Any, sheet: Offer) -> None:
    refused = send(client, sheet, clock, reason="")
    again = re.search(r'name="ticket" value="([^"]+)"', refused.content.decode())
    assert again
    answer = client.post(address(sheet), {"reason": "other", "ticket": again.group(1)})
    assert answer.status_code == 303


def test_every_kind_of_sheet_can_be_reported(client: StrictClient, clock: Any) -> None:
    owner = structure()
    for sheet in (owner, relay(owner), offer(owner)):
        assert send(client, sheet, clock).status_code == 303
    assert set(ErrorReport.objects.values_list("sheet_kind", flat=True)) == {"structure", "relay", "offer"}


@pytest.mark.parametrize("status", ["draft", "suspended", "review"])
def test_a_sheet_that_visitors_do_not_see_cannot_be_reported(client: StrictClient, status: str) -> None:
    sheet = offer(status=status)
    assert client.get(address(sheet)).status_code == 404
    assert client.post(address(sheet), {"reason": "other", "ticket": ticket(sheet.uid)}).status_code == 404
    assert client.get(f"{address(sheet)}merci/").status_code == 404


def test_programs_are_stopped_by_the_trap_and_by_their_haste(client: StrictClient, clock: Any, sheet: Offer) -> None:
    assert send(client, sheet, clock, website="https://spam.example").status_code == 200
    assert send(client, sheet, clock, after=1).status_code == 200
    assert not ErrorReport.objects.exists()


@pytest.mark.parametrize("forged", ["", "x", "WyJ4Iiwx:abc:def", "\u202e", "a" * 5000])
def test_a_forged_ticket_gives_a_new_one_and_keeps_what_was_typed(
    client: StrictClient, clock: Any, sheet: Offer, forged: str
) -> None:
    answer = send(client, sheet, clock, ticket=forged)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Envoyez-la encore une fois" in html
    assert "Le numéro a changé." in html
    fresh = re.search(r'name="ticket" value="([^"]+)"', html)
    assert fresh
    clock.shift(timedelta(seconds=5))
    assert client.post(address(sheet), {"reason": "other", "ticket": fresh.group(1)}).status_code == 303


def test_a_ticket_of_another_sheet_or_of_yesterday_is_refused(client: StrictClient, clock: Any, sheet: Offer) -> None:
    assert send(client, sheet, clock, ticket=ticket(offer().uid)).status_code == 200
    assert send(client, sheet, clock, after=LONGEST + 10).status_code == 200
    assert not ErrorReport.objects.exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"origin": "http://testserver"}, 303),
        ({}, 303),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"origin": "https://ailleurs.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://testserver.ailleurs.example"}, 403),
    ],
)
def test_only_our_own_page_may_send_it(
    client: StrictClient, clock: Any, sheet: Offer, headers: dict[str, str], status: int
) -> None:
    answer = send(client, sheet, clock, headers=headers)
    assert answer.status_code == status
    assert ErrorReport.objects.count() == (status == 303)
    if status == 403:
        assert "Le numéro a changé." in answer.content.decode()


def test_a_flood_from_one_network_is_asked_to_wait(client: StrictClient, clock: Any, sheet: Offer) -> None:
    for number in range(RATE.allowed):
        assert send(client, sheet, clock, message=f"Message {number}").status_code == 303
    answer = send(client, sheet, clock, message="Un de trop")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= RATE.seconds
    assert "Un de trop" in answer.content.decode()
    assert ErrorReport.objects.count() == RATE.allowed


def test_a_message_too_long_is_refused_with_its_length(client: StrictClient, clock: Any, sheet: Offer) -> None:
    answer = send(client, sheet, clock, message="x" * 2001)
    assert "2000 caractères au plus" in answer.content.decode()
    assert not ErrorReport.objects.exists()


def test_what_is_typed_is_never_read_as_markup(client: StrictClient, clock: Any, sheet: Offer) -> None:
    answer = send(client, sheet, clock, reason="", message="</textarea><b>gras</b>")
    assert "<b>gras</b>" not in answer.content.decode()
