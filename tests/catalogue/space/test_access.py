"""Alice, Bob and Charlie: what one structure’s people may do is 404 for the others, and ends at the next request."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from maillage.accounts.models import Person, SecurityEvent
from maillage.accounts.policy import Action
from maillage.catalogue.actions import members
from maillage.catalogue.actions.edits import NOT_THEIRS
from maillage.catalogue.models import Invitation, Membership
from maillage.catalogue.space.forms import own_form
from tests.catalogue.space.conftest import Cast

Browser = Callable[[Person], Client]
#: name → (who may: m manager, a adviser; method)
PAGES = {
    "space": ("ma", "get"), "space-members": ("ma", "get"), "space-confirm": ("ma", "get"), "space-leave": ("ma", "get"),
    "space-sheet": ("ma", "get"), "space-edit": ("m", "get"), "space-new-offer": ("m", "get"), "space-new-relay": ("m", "get"),
    "space-rhythm": ("m", "post"), "space-submit": ("m", "post"), "space-member": ("m", "post"), "space-invitation": ("m", "post"),
}  # fmt: skip


def address(name: str, cast: Cast) -> str:
    args: list[object] = [cast.structure.uid]
    if name in ("space-sheet", "space-edit", "space-submit"):
        args += ["offer", cast.offer.uid]
    if name == "space-member":
        args += [Membership.objects.get(person=cast.bob).pk]
    if name == "space-invitation":
        invitation = Invitation.objects.filter(structure=cast.structure).first()
        args += [(invitation or members.invite(cast.structure, "x@example.org", "conseil", person=cast.alice)).pk]
    return reverse(name, args=args)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_each_page_is_for_the_structure_s_own_people(name: str, cast: Cast, as_person: Browser) -> None:
    who, method = PAGES[name]
    for person, letter in ((cast.charlie, ""), (cast.dora, ""), (cast.bob, "a"), (cast.alice, "m")):
        answer = getattr(as_person(person), method)(address(name, cast))
        assert (answer.status_code in (200, 303)) == (letter != "" and letter in who), (name, person, answer.status_code)
        assert answer.status_code in (200, 303, 404)
    assert Client().get(address(name, cast)).status_code == 302


def test_leaving_ends_access_at_the_next_request(cast: Cast, as_person: Browser) -> None:
    bob = as_person(cast.bob)
    assert bob.get(reverse("space", args=(cast.structure.uid,))).status_code == 200
    assert bob.post(reverse("space-leave", args=(cast.structure.uid,))).status_code == 303
    for name in ("space", "space-sheet", "space-members", "space-confirm"):
        assert bob.get(address(name, cast)).status_code == 404


def test_a_structure_does_not_reach_the_sheets_of_another(cast: Cast, as_person: Browser) -> None:
    charlie = as_person(cast.charlie)
    for name in ("space-sheet", "space-edit"):
        assert charlie.get(reverse(name, args=(cast.other.uid, "offer", cast.offer.uid))).status_code == 404
    assert charlie.post(reverse("space-submit", args=(cast.other.uid, "offer", cast.offer.uid))).status_code == 404
    membership = Membership.objects.get(person=cast.bob)
    assert charlie.post(reverse("space-member", args=(cast.other.uid, membership.pk)), {"acte": "fin"}).status_code == 404


def refusals(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the security log says was refused, in order, since the last call."""
    lines = [json.loads(record.getMessage()) for record in caplog.records if record.name == "maillage.security"]
    caplog.clear()
    return [line["detail"] for line in lines if line["event"] == "refused"]


def test_a_stranger_s_look_is_told_to_the_log_and_a_stranger_s_act_is_kept(
    cast: Cast, as_person: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    pages = {name: address(name, cast) for name in sorted(PAGES)}
    caplog.set_level(logging.INFO, "maillage.security")
    charlie = as_person(cast.charlie)
    refusals(caplog)
    for name, url in pages.items():
        getattr(charlie, PAGES[name][1])(url)
        assert len(refusals(caplog)) == 1, name
    charlie.get(reverse("space", args=("nulle-part",)))
    charlie.get(reverse("space-sheet", args=(cast.other.uid, "offer", cast.offer.uid)))
    assert refusals(caplog) == [Action.STRUCTURE_MEMBERS, "sheet:offer"]
    acts = sum(method == "post" for _who, method in PAGES.values())
    assert SecurityEvent.objects.filter(kind="refused", person=cast.charlie).count() == acts
    alice = as_person(cast.alice)
    for name, url in pages.items():
        if PAGES[name][1] == "get":
            alice.get(url)
    assert refusals(caplog) == []


@pytest.mark.parametrize("kind", ["structure", "offer", "relay"])
def test_a_structure_never_says_of_itself_what_an_authority_grants(kind: str, cast: Cast) -> None:
    sheet = {"structure": cast.structure, "offer": cast.offer, "relay": cast.relay}[kind]
    form = own_form(kind, sheet=sheet)
    assert not NOT_THEIRS[kind] & {*form.fields, *form.rows}
    assert {"name", "phone", "hide_contact"} <= set(form.fields)


def test_an_adviser_reads_the_history_without_the_names(cast: Cast, as_person: Browser) -> None:
    members.invite(cast.structure, "x@example.org", "conseil", person=cast.alice)
    page = reverse("space-sheet", args=(cast.structure.uid, "structure", cast.structure.uid))
    assert "Alice" in as_person(cast.alice).get(page).content.decode()
    assert "Alice" not in as_person(cast.bob).get(page).content.decode()
