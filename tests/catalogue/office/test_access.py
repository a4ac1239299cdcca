"""Who enters the office, and who may do what: each transition for the role that may, and for the one that may not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from maillage.accounts.models import Person, Role
from maillage.catalogue import access
from maillage.catalogue.access import POLICY, Act, NotAllowed
from maillage.catalogue.actions import sheets as actions
from maillage.catalogue.enums import TRANSITIONS, Status
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.journal.models import Entry

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]


def pages(structure: Structure, offer: Offer, relay: Relay) -> list[str]:
    found = [
        reverse("office"),
        reverse("office-reports"),
        reverse("office-new-structure"),
        reverse("office-places") + "?champ=coverage",
    ]
    found += [reverse(name, args=(structure.uid,)) for name in ("office-new-offer", "office-new-relay")]
    for sheet in (structure, offer, relay):
        found.append(reverse("office-list", args=(sheet.KIND,)))
        for name in ("office-sheet", "office-edit", "office-history", "office-ask", "office-preview"):
            found.append(reverse(name, args=(sheet.KIND, sheet.uid)))
        found.append(reverse("office-act", args=(sheet.KIND, sheet.uid, Act.SUSPEND)))
    return found


def test_a_stranger_is_asked_to_sign_in(client: Client, structure: Structure, offer: Offer, relay: Relay) -> None:
    for url in pages(structure, offer, relay):
        response = client.get(url)
        assert response.status_code == 302, url
        assert response.url.startswith("/connexion/?next=")


def test_an_account_without_role_finds_nothing(
    as_person: Browser, charlie: Person, structure: Structure, offer: Offer, relay: Relay
) -> None:
    client = as_person(charlie)
    for url in pages(structure, offer, relay):
        assert client.get(url).status_code == 404, url
        assert client.post(url).status_code in (404, 405), url


def test_the_animation_reads_every_page(
    as_person: Browser, alice: Person, structure: Structure, offer: Offer, relay: Relay
) -> None:
    client = as_person(alice)
    for url in pages(structure, offer, relay):
        assert client.get(url).status_code == 200, url


@pytest.mark.parametrize("name", ["office-people", "office-new-person"])
def test_accounts_are_for_the_administration(as_person: Browser, alice: Person, bob: Person, dora: Person, name: str) -> None:
    assert as_person(dora).get(reverse(name)).status_code == 200
    for person in (alice, bob):
        assert as_person(person).get(reverse(name)).status_code == 404
        assert as_person(person).get(reverse("office-person", args=(bob.pk,))).status_code == 404


def test_a_sheet_that_does_not_exist_is_404(as_person: Browser, alice: Person) -> None:
    client = as_person(alice)
    for kind in ("structure", "offer", "relay"):
        assert client.get(reverse("office-sheet", args=(kind, "inconnue0000"))).status_code == 404


MOVES = [(act, state) for act, rule in POLICY.items() if rule.to for state in sorted(rule.states)]


@pytest.mark.parametrize(("act", "state"), MOVES)
def test_each_transition_is_open_to_its_role_and_closed_below(
    alice: Person, bob: Person, charlie: Person, offer: Offer, act: str, state: str
) -> None:
    Offer.objects.filter(pk=offer.pk).update(status=state)
    offer.refresh_from_db()
    rule = POLICY[act]
    for person in (charlie, *((bob,) if rule.role == Role.ANIMATION else ())):
        with pytest.raises(NotAllowed):
            actions.move(offer, act, person=person, seen=actions.version(offer))
        offer.refresh_from_db()
        assert offer.status == state
    may = bob if rule.role == Role.REDACTION else alice
    moved = actions.move(offer, act, person=may, seen=actions.version(offer), note="parce que")
    assert moved.status == rule.to
    entry = Entry.objects.get(subject_uid=offer.uid)
    assert (entry.verb, entry.actor, entry.note) == (rule.verb, may, "parce que")
    assert entry.changes == {"status": [state, rule.to]}


@pytest.mark.parametrize("state", Status.values)
@pytest.mark.parametrize("act", [act for act, rule in POLICY.items() if rule.to])
def test_no_act_leads_where_the_states_do_not(alice: Person, offer: Offer, act: str, state: str) -> None:
    offer.status = state
    allowed = access.may(alice, act, offer).allowed
    assert allowed == (state in POLICY[act].states)
    if allowed:
        assert POLICY[act].to in TRANSITIONS[state]


def test_every_transition_has_an_act() -> None:
    by_act = {(state, rule.to) for rule in POLICY.values() if rule.to for state in rule.states}
    assert by_act == {(state, to) for state, targets in TRANSITIONS.items() for to in targets}


@pytest.mark.parametrize(
    ("state", "writers", "animators"),
    [
        (Status.DRAFT, True, True),
        (Status.REVIEW, False, True),
        (Status.PUBLISHED, False, True),
        (Status.SUSPENDED, False, True),
        (Status.ARCHIVED, False, False),
    ],
)
def test_who_edits_depends_on_the_state(
    alice: Person, bob: Person, charlie: Person, offer: Offer, state: str, writers: bool, animators: bool
) -> None:
    offer.status = state
    assert access.may(bob, Act.EDIT, offer).allowed == writers
    assert access.may(alice, Act.EDIT, offer).allowed == animators
    assert not access.may(charlie, Act.EDIT, offer).allowed
    refused = access.may(bob, Act.EDIT, offer)
    assert refused.allowed or str(refused.reason).endswith(".")
