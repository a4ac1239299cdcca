"""Acts on the screen: publishing, suspending, verifying, handling reports, accounts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from maillage.accounts.models import Person, Role
from maillage.catalogue import revision
from maillage.catalogue.enums import Status
from maillage.catalogue.models import ErrorReport, Offer, Structure
from maillage.journal.models import Entry
from tests.catalogue.office.pages import edit, filled, form_of, parse, said

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]


def act_url(sheet: Offer | Structure, act: str) -> str:
    return reverse("office-act", args=(sheet.KIND, sheet.uid, act))


def test_a_sheet_goes_from_draft_to_visitors(
    as_person: Browser, alice: Person, bob: Person, draft: Offer, client: Client
) -> None:
    public = draft.get_absolute_url()
    assert client.get(public).status_code == 404
    assert edit(as_person(bob), act_url(draft, "soumettre")).status_code == 303
    assert as_person(bob).get(act_url(draft, "publier")).status_code == 403
    assert edit(as_person(alice), act_url(draft, "publier")).status_code == 303
    assert client.head(public).status_code == 200
    assert [entry.verb for entry in Entry.objects.order_by("pk")] == ["submitted", "published"]
    assert revision.current() == 2


def test_pressing_publish_twice_publishes_once(as_person: Browser, alice: Person, offer: Offer) -> None:
    Offer.objects.filter(pk=offer.pk).update(status=Status.REVIEW)
    client, url = as_person(alice), act_url(offer, "publier")
    data = form_of(client.get(url))
    assert [client.post(url, data).status_code for _ in range(2)] == [303, 303]
    assert Entry.objects.count() == 1


def test_what_was_read_is_what_is_published(as_person: Browser, alice: Person, dora: Person, offer: Offer) -> None:
    Offer.objects.filter(pk=offer.pk).update(status=Status.REVIEW)
    client, url = as_person(alice), act_url(offer, "publier")
    data = form_of(client.get(url))
    edit(as_person(dora), reverse("office-edit", args=("offer", offer.uid)), summary="Changé pendant la relecture.")
    response = client.post(url, data)
    assert response.status_code == 409
    assert "a changé depuis" in said(response)
    offer.refresh_from_db()
    assert offer.status == Status.REVIEW
    assert client.post(url, form_of(response)).status_code == 303


def test_a_sheet_that_lacks_what_visitors_need_is_not_sent_for_review(as_person: Browser, bob: Person, draft: Offer) -> None:
    Offer.objects.filter(pk=draft.pk).update(summary="", description="", coverage=[])
    client = as_person(bob)
    response = edit(client, act_url(draft, "soumettre"))
    assert response.status_code == 409
    assert "Il manque le territoire couvert" in said(response)
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


@pytest.mark.parametrize("act", ["suspendre", "archiver"])
def test_taking_a_sheet_down_needs_a_reason_kept_in_its_history(
    as_person: Browser, alice: Person, offer: Offer, act: str
) -> None:
    client, url = as_person(alice), act_url(offer, act)
    refused = edit(client, url, note="  ")
    assert refused.status_code == 200
    assert parse(refused).xpath("//*[@role='alert']//a/@href") == ["#id_note"]
    assert edit(client, url, note="La structure a fermé.").status_code == 303
    assert "La structure a fermé." in said(client.get(reverse("office-sheet", args=("offer", offer.uid))))


def test_suspending_a_structure_says_how_many_offers_go_with_it(as_person: Browser, alice: Person, offer: Offer) -> None:
    page = said(as_person(alice).get(act_url(offer.structure, "suspendre")))
    assert "Une offre publiée disparaîtra avec elle" in page


def test_verifying_is_not_editing(as_person: Browser, alice: Person, offer: Offer) -> None:
    response = edit(as_person(alice), act_url(offer, "verifier"), on="2026-11-20", by="chargée d’accueil")
    assert response.status_code == 303
    offer.refresh_from_db()
    assert (offer.verified_on, offer.verified_by) == (date(2026, 11, 20), "chargée d’accueil")
    assert offer.kept_fields == []
    assert Entry.objects.get().verb == "verified"


def test_nobody_verifies_in_the_future_nor_anonymously(as_person: Browser, alice: Person, offer: Offer) -> None:
    page = said(edit(as_person(alice), act_url(offer, "verifier"), on="2999-01-01", by=""))
    assert "pas encore venu" in page
    assert "Écrivez qui a confirmé" in page
    offer.refresh_from_db()
    assert offer.verified_on is None


def test_the_preview_shows_a_draft_to_the_team_only(as_person: Browser, bob: Person, client: Client, draft: Offer) -> None:
    page = as_person(bob).get(reverse("office-preview", args=("offer", draft.uid)))
    assert page.status_code == 200
    assert "Aperçu" in said(page)
    assert "Une phrase." in said(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert client.get(draft.get_absolute_url()).status_code == 404


@pytest.fixture
def error_report(offer: Offer) -> ErrorReport:
    return ErrorReport.objects.create(
        sheet_kind="offer", sheet_uid=offer.uid, sheet_name=offer.name, portal="essor", reason="contact", message="Plus de ligne."
    )


def test_a_report_is_handled_once_and_the_history_says_so(
    as_person: Browser, bob: Person, alice: Person, error_report: ErrorReport
) -> None:
    client = as_person(bob)
    assert "Premier conseil" in said(client.get(reverse("office-reports")))
    url = reverse("office-report", args=(error_report.pk,))
    data = filled(client.get(url), answer="Nouveau numéro noté.")
    assert client.post(url, data).status_code == 303
    as_person(alice).post(url, data | {"answer": ["Une seconde fois."]})
    error_report.refresh_from_db()
    assert (error_report.handled_by, error_report.answer) == ("Bob", "Nouveau numéro noté.")
    assert Entry.objects.get().verb == "report-handled"
    assert "Premier conseil" not in said(client.get(reverse("office-reports"))).replace("Nouveau", "")
    assert "Bob" in said(client.get(reverse("office-reports") + "?traites=oui"))


def test_the_writing_team_asks_for_a_correction(as_person: Browser, bob: Person, offer: Offer) -> None:
    client = as_person(bob)
    page = client.get(reverse("office-sheet", args=("offer", offer.uid)))
    assert "Demander une correction" in said(page)
    url = reverse("office-ask", args=("offer", offer.uid))
    for _ in range(2):
        assert edit(client, url, message="Le téléphone a changé.").status_code == 303
    report = ErrorReport.objects.get()
    assert (report.email, report.sheet_uid) == ("bob@example.org", offer.uid)


def test_an_account_is_opened_with_a_link_to_hand_over(as_person: Browser, dora: Person, client: Client) -> None:
    browser = as_person(dora)
    opened = edit(browser, reverse("office-new-person"), email="Eve@example.org", name="Eve", role=Role.REDACTION)
    assert opened.status_code == 303
    page = browser.post(opened.url, {"lien": "1"})
    link = parse(page).xpath("//code/text()")[0]
    assert client.post(urlsplit(link).path).url == reverse("office")
    assert [entry.verb for entry in Entry.objects.order_by("pk")] == ["account-opened", "link-given"]


def test_an_address_has_one_account(as_person: Browser, dora: Person, bob: Person) -> None:
    page = said(edit(as_person(dora), reverse("office-new-person"), email="BOB@example.org", role=Role.REDACTION))
    assert "existe déjà" in page


def test_closing_an_account_ends_its_sessions(as_person: Browser, dora: Person, bob: Person) -> None:
    his = as_person(bob)
    assert edit(as_person(dora), reverse("office-person", args=(bob.pk,)), is_active=None).status_code == 303
    assert his.get(reverse("office")).status_code == 302
    assert Entry.objects.get().verb == "account-changed"


def test_the_last_administrator_cannot_leave(as_person: Browser, dora: Person) -> None:
    page = said(edit(as_person(dora), reverse("office-person", args=(dora.pk,)), role=Role.REDACTION))
    assert "au moins une personne" in page
