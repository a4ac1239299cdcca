"""The link of a reminder: looking changes nothing, one button confirms, the other says what is wrong."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.catalogue.models import ErrorReport
from maillage.catalogue.upkeep import LINK_DAYS, Asked, link_token
from maillage.journal.models import Entry
from tests.catalogue.office.pages import filled, said
from tests.catalogue.space.conftest import Cast


def address(cast: Cast) -> str:
    return reverse(
        "still-right",
        args=(link_token(Asked(cast.structure.uid, (("structure", cast.structure.uid), ("offer", cast.offer.uid)))),),
    )


def test_a_scanner_that_opens_the_link_confirms_nothing(cast: Cast, client: Client) -> None:
    for _ in range(3):
        assert client.get(address(cast)).status_code == client.head(address(cast)).status_code == 200
    cast.offer.refresh_from_db()
    assert cast.offer.verified_on is None
    assert not Entry.objects.exists()


def test_one_button_confirms_what_the_page_shows(cast: Cast, client: Client) -> None:
    page = client.get(address(cast))
    assert "Premier conseil" in said(page)
    answer = client.post(address(cast), filled(page))
    assert answer.status_code == 303
    assert "confirmées" in said(client.get(answer["Location"]))
    for sheet in (cast.structure, cast.offer):
        sheet.refresh_from_db()
        assert (sheet.verified_on, sheet.verified_by) == (timezone.localdate(), cast.structure.name)
    cast.relay.refresh_from_db()
    assert cast.relay.verified_on is None, "it was not asked about"
    entry = Entry.objects.get(verb="verified", subject_uid=cast.offer.uid)
    assert (entry.actor, entry.note) == (None, "par le lien reçu par courriel")
    assert client.post(address(cast), filled(page)).status_code == 303, "pressed twice"
    assert Entry.objects.filter(verb="verified").count() == 2


def test_what_is_wrong_goes_to_the_reports(cast: Cast, client: Client) -> None:
    assert "À corriger" in said(client.post(address(cast), {"corriger": "1", "message": ""}))
    for _ in range(2):
        assert client.post(address(cast), {"corriger": "1", "message": "Nous avons déménagé."}).status_code == 303
    assert ErrorReport.objects.get().message == "Nous avons déménagé."
    cast.offer.refresh_from_db()
    assert cast.offer.verified_on is None


def test_a_link_that_is_too_old_or_made_up_opens_nothing(cast: Cast, client: Client, monkeypatch: object) -> None:
    import time_machine

    old = address(cast)
    with time_machine.travel(timezone.now() + timedelta(days=LINK_DAYS + 1)):
        assert client.get(old).status_code == client.post(old).status_code == 410
    assert client.post(reverse("still-right", args=("faux",))).status_code == 410
    assert client.post(address(cast), {}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
