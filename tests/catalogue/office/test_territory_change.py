"""« What does this change, for which communes », asked before a published offer changes its territory."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from maillage.accounts.models import Person
from maillage.catalogue.enums import Status
from maillage.catalogue.models import Offer
from maillage.journal.models import Entry
from tests.catalogue.office.pages import edit, filled, form_of, said

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]


@pytest.fixture
def url(offer: Offer) -> str:
    return reverse("office-edit", args=("offer", offer.uid))


def test_the_difference_is_shown_before_anything_is_saved(as_person: Browser, alice: Person, offer: Offer, url: str) -> None:
    response = edit(as_person(alice), url, coverage=["departement:72"], name="Premier conseil en Sarthe")
    assert response.status_code == 200
    page = said(response)
    assert "Rien n’est encore enregistré" in page
    assert "Mayenne (53) : − 240" in page
    assert "Sarthe (72) : + " in page
    assert "305 468 habitants" in page
    offer.refresh_from_db()
    assert offer.coverage == ["departement:53"]
    assert not Entry.objects.exists()


def test_confirming_saves_everything_that_was_typed(as_person: Browser, alice: Person, offer: Offer, url: str) -> None:
    client = as_person(alice)
    asked = edit(client, url, coverage=["departement:72"], name="Premier conseil en Sarthe")
    assert client.post(url, form_of(asked)).status_code == 303
    offer.refresh_from_db()
    assert (offer.coverage, offer.name) == (["departement:72"], "Premier conseil en Sarthe")
    assert set(Entry.objects.get().changes) == {"coverage", "name"}


def test_going_back_to_the_form_keeps_what_was_typed(as_person: Browser, alice: Person, offer: Offer, url: str) -> None:
    client = as_person(alice)
    asked = edit(client, url, coverage=["departement:72"], name="Nom en cours")
    back = client.post(url, form_of(asked) | {"redisplay": ["1"]})
    assert form_of(back)["name"] == ["Nom en cours"]
    assert form_of(back)["coverage"] == ["departement:72"]
    offer.refresh_from_db()
    assert offer.name == "Premier conseil"


def test_a_confirmation_confirms_only_the_change_that_was_shown(
    as_person: Browser, alice: Person, offer: Offer, url: str
) -> None:
    client = as_person(alice)
    asked = edit(client, url, coverage=["departement:72"])
    other = client.post(url, form_of(asked) | {"coverage": ["france"]})
    assert other.status_code == 200
    offer.refresh_from_db()
    assert offer.coverage == ["departement:53"]


def test_a_confirmation_that_comes_too_late_is_a_conflict(
    as_person: Browser, alice: Person, dora: Person, offer: Offer, url: str
) -> None:
    client = as_person(alice)
    asked = edit(client, url, coverage=["departement:72"])
    edit(as_person(dora), url, name="Autre nom")
    assert client.post(url, form_of(asked)).status_code == 409
    offer.refresh_from_db()
    assert (offer.coverage, offer.name) == (["departement:53"], "Autre nom")


def test_a_draft_changes_without_being_asked(as_person: Browser, bob: Person, draft: Offer) -> None:
    url = reverse("office-edit", args=("offer", draft.uid))
    assert edit(as_person(bob), url, coverage=["departement:72"]).status_code == 303


def test_a_change_that_moves_no_commune_asks_nothing(as_person: Browser, alice: Person, offer: Offer, url: str) -> None:
    assert edit(as_person(alice), url, excluded=["departement:44"]).status_code == 303


def test_publishing_says_who_will_see_the_offer(as_person: Browser, alice: Person, offer: Offer) -> None:
    Offer.objects.filter(pk=offer.pk).update(status=Status.REVIEW)
    page = said(as_person(alice).get(reverse("office-act", args=("offer", offer.uid, "publier"))))
    assert "+ 240" in page
    assert "communes gagnées" in page


def test_a_territory_that_became_another_since_the_form_was_opened_is_a_conflict(
    as_person: Browser, alice: Person, dora: Person, offer: Offer, url: str
) -> None:
    hers = as_person(alice)
    opened = hers.get(url)
    theirs = as_person(dora)
    theirs.post(url, form_of(edit(theirs, url, coverage=["region:52"])))
    response = hers.post(url, filled(opened, coverage=["departement:72"]))
    assert response.status_code == 409
    assert "Pays de la Loire" in said(response)
