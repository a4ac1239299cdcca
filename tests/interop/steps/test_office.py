"""The pages of the office about sources: what is shown, who decides, what a decision does."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from maillage.accounts.models import Person, Role
from maillage.catalogue.index import current_index
from maillage.catalogue.models import Offer
from maillage.interop.models import Duplicate, Merge, Proposal, Run
from tests.catalogue.office.pages import filled, said
from tests.conftest import StrictClient
from tests.interop.steps.conftest import Read, aid

pytestmark = pytest.mark.django_db
CHANGES, DUPLICATES, LIST = "/gestion/sources/changements/", "/gestion/sources/doublons/", "/gestion/sources/"


def signed_in(role: Role) -> Client:
    client = StrictClient()
    client.force_login(Person.objects.create_user(f"{role}@example.org", name=str(role), role=role))
    return client


@pytest.fixture
def alice(db: None) -> Client:
    return signed_in(Role.ANIMATION)


@pytest.fixture
def bob(db: None) -> Client:
    return signed_in(Role.REDACTION)


@pytest.fixture
def twins(read: Read) -> Duplicate:
    read(aid(1, aid="Fonds mayennais des ateliers partagés"))
    read(aid(7, aid="Fonds mayennais des ateliers partagés", amount=5, org="autre", org_name="Tout autre"), code="annuaire-essai")
    Offer.objects.update(status="published")
    return Duplicate.objects.get(sheet_kind="offer")


def test_a_quarantine_is_seen_on_the_board_and_on_the_list_and_can_be_released(read: Read, alice: Client) -> None:
    read(*[aid(n) for n in range(4)])
    run = read(aid(1), days=1)
    assert "1 source en quarantaine" in said(alice.get("/gestion/"))
    assert "3 des 4 fiches connues" in said(alice.get(LIST))
    page = alice.get(reverse("office-source", args=("guichet-essai",)))
    assert "C’est normal : appliquer cette lecture" in said(page)
    answer = alice.post(reverse("office-run", args=(run.pk,)), {"accepter": "1"})
    assert (answer.status_code, Run.objects.get(pk=run.pk).state) == (303, Run.State.RELEASED)
    again = alice.post(reverse("office-run", args=(run.pk,)), {"accepter": "1"}, follow=True)
    assert "ne peut plus être acceptée" in said(again)  # type: ignore[arg-type]


def test_the_writing_team_sees_everything_and_has_no_button(read: Read, twins: Duplicate, bob: Client) -> None:
    read(aid(1, amount=9, aid="Fonds mayennais des ateliers partagés"), days=1)
    for address in (LIST, CHANGES, DUPLICATES, f"{DUPLICATES}{twins.pk}/", reverse("office-source", args=("guichet-essai",))):
        page = bob.get(address)
        assert page.status_code == 200
        assert "Accepter" not in said(page)
        assert "Fusionner" not in said(page)
    pk = Proposal.objects.get().pk
    refused = bob.post(CHANGES, {"changement": pk, "accepter": "1"}, follow=True)
    assert "revient à l’animation" in said(refused)  # type: ignore[arg-type]
    assert bob.post(f"{DUPLICATES}{twins.pk}/", {"differentes": "1"}).status_code == 403
    assert Proposal.objects.get().state == Proposal.State.WAITING
    assert Duplicate.objects.get(pk=twins.pk).state == Duplicate.State.WAITING


def test_changes_are_accepted_and_refused_together(read: Read, alice: Client) -> None:
    read(*[aid(n, amount=1) for n in range(3)])
    read(*[aid(n, amount=2, summary="Autre.") for n in range(3)], days=1)
    assert "Montant maximum" in said(alice.get(CHANGES + "?source=guichet-essai"))
    assert "Aucun changement" in said(alice.get(CHANGES + "?source=annuaire-essai"))
    amounts = list(Proposal.objects.filter(field="amount_max").order_by("pk").values_list("pk", flat=True))
    texts = list(Proposal.objects.filter(field="summary").order_by("pk").values_list("pk", flat=True))
    assert "3 changements acceptés." in said(alice.post(CHANGES, {"changement": amounts, "accepter": "1"}, follow=True))  # type: ignore[arg-type]
    assert "3 changements refusés." in said(alice.post(CHANGES, {"changement": texts, "refuser": "1"}, follow=True))  # type: ignore[arg-type]
    assert set(Offer.objects.order_by("pk").values_list("amount_max", "summary")) == {(2, "Une aide d’essai.")}
    nothing = alice.post(CHANGES, {"changement": ["abc", "٣", "9" * 30], "accepter": "1"}, follow=True)
    assert "Rien n’a été décidé" in said(nothing)  # type: ignore[arg-type]


def test_two_sheets_are_merged_then_taken_apart_from_the_pages(twins: Duplicate, alice: Client) -> None:
    address = f"{DUPLICATES}{twins.pk}/"
    assert "Choisissez la fiche à garder." in said(alice.post(address, filled(alice.get(address), fusionner="1")))  # type: ignore[arg-type]
    kept = Offer.objects.get(source="guichet-essai")
    answer = alice.post(address, filled(alice.get(address), garder=kept.uid, fusionner="1"))
    assert (answer.status_code, answer["Location"]) == (303, reverse("office-sheet", args=("offer", kept.uid)))
    kept.refresh_from_db()
    assert kept.amount_max == 5
    assert "D’où vient chaque champ" in said(alice.get(answer["Location"]))
    away = Offer.objects.get(source="annuaire-essai")
    assert "fusionnée dans une autre" in said(alice.get(reverse("office-sheet", args=("offer", away.uid))))
    assert "Défaire la fusion" in said(alice.get("/gestion/sources/fusions/"))
    alice.post(reverse("office-undo", args=(Merge.objects.get().pk,)))
    kept.refresh_from_db()
    assert kept.amount_max is None


def test_a_sheet_that_changed_since_the_page_was_opened_is_not_merged(twins: Duplicate, alice: Client) -> None:
    address = f"{DUPLICATES}{twins.pk}/"
    kept = Offer.objects.get(source="guichet-essai")
    form = filled(alice.get(address), garder=kept.uid, fusionner="1")
    Offer.objects.filter(pk=kept.pk).update(summary="Changée.")
    answer = alice.post(address, form)
    assert answer.status_code == 409
    assert "a changé depuis" in said(answer)  # type: ignore[arg-type]
    assert not Merge.objects.exists()


def test_what_is_deduced_is_confirmed_once_and_the_source_no_longer_says_otherwise(read: Read, alice: Client) -> None:
    read(aid(1))
    offer = Offer.objects.get()
    assert "déduit" in StrictClient().get(offer.get_absolute_url()).content.decode()
    alice.post(reverse("office-confirm", args=("offer", offer.uid)), {"champ": ["stages", "inconnu"]})
    read(aid(1, summary="Autre."), days=1)
    offer.refresh_from_db()
    assert (offer.deduced, offer.kept_fields) == ({}, ["stages"])


def test_why_a_sheet_waits_is_said_on_its_page(read: Read, alice: Client) -> None:
    read(aid(1), aid(2, kind="avance"))
    offer = Offer.objects.get(ref="aide-2")
    assert "a une valeur inconnue : « avance »" in said(alice.get(reverse("office-sheet", args=("offer", offer.uid))))
    assert "a une valeur inconnue" in said(alice.get(reverse("office-source", args=("guichet-essai",)) + "?suite=waiting"))


@pytest.mark.parametrize(
    "address", [LIST, CHANGES, DUPLICATES, "/gestion/sources/guichet-essai/?suite=published", "/d-ou-viennent-ces-fiches/"]
)
def test_pages_ask_the_same_number_of_questions_with_one_row_and_with_many(address: str, read: Read, alice: Client) -> None:
    def fill(count: int, day: int) -> None:
        read(*[aid(n, amount=day) for n in range(count)], days=day)
        read(*[aid(n, amount=day + 1, aid=f"Aide d’essai {n}") for n in range(count)], code="annuaire-essai", days=day)
        read(*[aid(n, amount=day + 50, org=f"org-{day + 5}") for n in range(count)], days=day)

    def questions() -> int:
        current_index()  # reading what changed is the business of whoever asks first
        with CaptureQueriesContext(connection) as captured:
            assert alice.get(address).status_code == 200
        return len(captured)

    fill(2, 1)
    few = questions()
    fill(9, 2)
    assert questions() == few


def test_the_public_page_tells_sources_dates_licences_and_quarantines(read: Read, client: StrictClient) -> None:
    read(aid(1), aid(2, public_only=True))
    read({"unreadable": "Schéma changé."}, days=1)
    text: Any = said(client.get("/d-ou-viennent-ces-fiches/"))  # type: ignore[arg-type]
    for words in (
        "Guichet d’essai",
        "Chambre d’essai",
        "Licence Ouverte 2.0",
        "Contenu produit par le Guichet d’essai.",
        "Lecture suspendue",
    ):
        assert words in text
    assert "a donné 2 enregistrements" in text
