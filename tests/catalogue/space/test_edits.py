"""A structure edits its own sheets: read first or at once as its portal says, and nobody is overwritten."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from maillage.accounts.models import Person
from maillage.catalogue.actions import sheets as actions
from maillage.catalogue.models import Membership, Offer, ProposedEdit
from maillage.journal.models import Entry, Message
from tests.catalogue import worlds
from tests.catalogue.office.pages import edit, filled, said
from tests.catalogue.space.conftest import Cast

Browser = Callable[[Person], Client]


def edit_url(cast: Cast) -> str:
    return reverse("space-edit", args=(cast.structure.uid, "offer", cast.offer.uid))


def test_what_changes_on_a_published_sheet_is_read_first(cast: Cast, as_person: Browser) -> None:
    alice, ada = as_person(cast.alice), as_person(cast.ada)
    assert edit(alice, edit_url(cast), summary="Deux heures.").status_code == 303
    cast.offer.refresh_from_db()
    assert cast.offer.summary == "Une heure.", "visitors still read what was read"
    asked = ProposedEdit.objects.get()
    assert asked.changes == {"summary": ["Une heure.", "Deux heures."]}
    assert "Deux heures." in said(alice.get(reverse("space-sheet", args=(cast.structure.uid, "offer", cast.offer.uid))))
    assert "Deux heures." in alice.get(edit_url(cast)).content.decode(), "the form goes on from what was asked"

    page = reverse("office-proposed-edit", args=(asked.pk,))
    assert ada.post(page, filled(ada.get(page))).status_code == 303
    cast.offer.refresh_from_db()
    assert cast.offer.summary == "Deux heures."
    assert cast.offer.kept_fields == ["summary"], "imports leave it"
    entry = Entry.objects.get(verb="edit-accepted")
    assert (entry.actor, entry.changes) == (cast.ada, {"summary": ["Une heure.", "Deux heures."]})
    assert "est publiée" in Message.objects.get(to=cast.alice.email).subject


def test_where_the_portal_says_so_it_goes_live_at_once(cast: Cast, as_person: Browser) -> None:
    offer = worlds.offer(cast.other, name="Là-bas", summary="Avant.", coverage=["departement:80"])
    charlie = as_person(cast.charlie)
    assert edit(charlie, reverse("space-edit", args=(cast.other.uid, "offer", offer.uid)), summary="Après.").status_code == 303
    offer.refresh_from_db()
    assert offer.summary == "Après."
    assert not ProposedEdit.objects.exists()


def test_a_refusal_says_why_and_leaves_the_sheet(cast: Cast, as_person: Browser) -> None:
    edit(as_person(cast.alice), edit_url(cast), summary="Tout gratuit, toujours.")
    asked = ProposedEdit.objects.get()
    ada = as_person(cast.ada)
    page = reverse("office-proposed-edit", args=(asked.pk,))
    assert "À corriger" in said(ada.post(page, {"refuser": "1", "note": ""}))
    assert ada.post(page, {"refuser": "1", "note": "Ce n’est pas gratuit le samedi."}).status_code == 303
    cast.offer.refresh_from_db()
    assert cast.offer.summary == "Une heure."
    assert "pas gratuit le samedi" in Message.objects.get(to=cast.alice.email).text


def test_taking_it_back_and_going_back_to_what_is_published(cast: Cast, as_person: Browser) -> None:
    alice = as_person(cast.alice)
    edit(alice, edit_url(cast), summary="Deux heures.")
    edit(alice, edit_url(cast), summary="Une heure.")
    assert ProposedEdit.objects.get().state == "reprise"
    edit(alice, edit_url(cast), summary="Trois heures.")
    alice.post(reverse("space-submit", args=(cast.structure.uid, "offer", cast.offer.uid)), {"reprendre": "1"})
    assert not ProposedEdit.objects.filter(state="attente").exists()


def test_two_managers_at_once_see_both_versions_and_choose(cast: Cast, as_person: Browser) -> None:
    dora = cast.dora
    Membership.objects.create(person=dora, structure=cast.other, role="gestion", state="active")
    offer = worlds.offer(cast.other, name="Là-bas", summary="Avant.", coverage=["departement:80"])
    url = reverse("space-edit", args=(cast.other.uid, "offer", offer.uid))
    charlie = as_person(cast.charlie)
    opened = charlie.get(url)
    edit(as_person(dora), url, summary="De Dora.")
    answer = charlie.post(url, filled(opened, summary="De Charlie.", description="Et ceci."))
    assert answer.status_code == 409
    assert "De Dora." in said(answer)
    assert "De Charlie." in said(answer)
    offer.refresh_from_db()
    assert (offer.summary, offer.description) == ("De Dora.", ""), "nothing was written"
    final = charlie.post(url, filled(answer, **{"take-summary": "theirs", "take-description": "mine"}))
    assert final.status_code == 303
    offer.refresh_from_db()
    assert (offer.summary, offer.description) == ("De Dora.", "Et ceci.")


def test_the_animation_sees_that_the_sheet_moved_meanwhile(cast: Cast, as_person: Browser) -> None:
    edit(as_person(cast.alice), edit_url(cast), summary="Deux heures.", description="Longtemps.")
    asked = ProposedEdit.objects.get()
    ada = as_person(cast.ada)
    page = reverse("office-proposed-edit", args=(asked.pk,))
    opened = ada.get(page)
    actions.edit(cast.offer, {"summary": "Une demi-heure."}, person=cast.ada, seen=actions.version(cast.offer))
    assert ada.post(page, filled(opened)).status_code == 409
    again = ada.get(page)
    assert "Modifié entre-temps" in said(again)
    assert ada.post(page, filled(again)).status_code == 303
    cast.offer.refresh_from_db()
    assert (cast.offer.summary, cast.offer.description) == ("Une demi-heure.", "Longtemps."), "only what is ticked"


def test_bad_input_loses_nothing_that_was_typed(cast: Cast, as_person: Browser) -> None:
    answer = edit(as_person(cast.alice), edit_url(cast), summary="Je garde ceci.", phone="n’importe quoi")
    assert answer.status_code == 200
    assert "Je garde ceci." in answer.content.decode()
    assert not ProposedEdit.objects.exists()


def test_a_posted_field_that_is_not_theirs_changes_nothing(cast: Cast, as_person: Browser) -> None:
    url = reverse("space-edit", args=(cast.structure.uid, "structure", cast.structure.uid))
    data = filled(as_person(cast.alice).get(url), description="Nouveau.") | {"nonprofit": ["public"], "siren": ["552100554"]}
    as_person(cast.alice).post(url, data)
    assert set(ProposedEdit.objects.get().changes) == {"description"}


def test_a_journey_from_claim_to_published(cast: Cast, as_person: Browser) -> None:
    """Claim → accepted → new offer → sent → published → on the public page, with every line in the history."""
    lone = worlds.structure(name="Nouvelle venue", description="Elle arrive.", commune="53130")
    dora, ada = as_person(cast.dora), as_person(cast.ada)
    dora.post(reverse("claim", args=(lone.handle,)), {"role": "gestion", "note": "Présidente"})
    ada.post(reverse("office-members"), {"demande": str(Membership.objects.get(person=cast.dora).pk), "acte": "accepter"})
    new = reverse("space-new-offer", args=(lone.uid,))
    form = filled(
        dora.get(new), name="Permanence", summary="On vous reçoit.", kind="conseil", coverage=["departement:53"], cost="gratuit"
    )
    assert dora.post(new, form).status_code == dora.post(new, form).status_code == 303
    offer = Offer.objects.get(name="Permanence")
    assert offer.status == "draft"
    sheet = reverse("space-sheet", args=(lone.uid, "offer", offer.uid))
    assert dora.post(reverse("space-submit", args=(lone.uid, "offer", offer.uid)), filled(dora.get(sheet))).status_code == 303
    offer.refresh_from_db()
    assert offer.status == "review"
    act = reverse("office-act", args=("offer", offer.uid, "publier"))
    assert ada.post(act, filled(ada.get(act))).status_code == 303
    assert "Permanence" in said(Client().get(lone.get_absolute_url()))
    assert list(Entry.objects.filter(subject_uid=offer.uid).order_by("pk").values_list("verb", flat=True)) == [
        "created",
        "submitted",
        "published",
    ]
