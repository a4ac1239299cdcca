"""Claim, join, invite, hand over, leave: who decides, who is told, and that no structure is left alone unnoticed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.models import Person, Role
from maillage.catalogue.access import NotAllowed
from maillage.catalogue.actions import members, people
from maillage.catalogue.actions.sheets import version
from maillage.catalogue.models import Invitation, Membership
from maillage.catalogue.office.upkeep_board import Trouble
from maillage.catalogue.office.upkeep_board import lines as board_lines
from maillage.catalogue.office.views.queues import first_claims, orphans
from maillage.interop.merging.actions import merge, undo
from maillage.journal.models import Entry, Message
from maillage.journal.privacy.erasure import erase
from tests.catalogue import worlds
from tests.catalogue.office.pages import said
from tests.catalogue.space.conftest import Cast

Browser = Callable[[Person], Client]


def told(person: Person | str) -> list[str]:
    address = person if isinstance(person, str) else person.email
    return list(Message.objects.filter(to=address).order_by("pk").values_list("subject", flat=True))


def claim(client: Client, structure: object, **data: str) -> object:
    return client.post(reverse("claim", args=(structure.handle,)), {"role": "gestion", "note": "Directrice", **data})  # type: ignore[attr-defined]


def test_an_address_of_the_domain_is_proof_enough_when_nobody_manages(cast: Cast, as_person: Browser) -> None:
    lone = worlds.structure(name="Seule", website="https://seule-essai.fr")
    eve = Person.objects.create_user("eve@seule-essai.fr", name="Eve")
    assert claim(as_person(eve), lone).status_code == 303  # type: ignore[attr-defined]
    mine = Membership.objects.get(person=eve)
    assert (mine.state, mine.proof) == ("active", "domain")
    assert as_person(eve).get(reverse("space", args=(lone.uid,))).status_code == 200
    assert told(cast.ada), "the animation knows"
    assert list(Entry.objects.filter(subject_uid=lone.uid).order_by("pk").values_list("verb", flat=True)) == ["claimed", "joined"]


def test_a_domain_that_two_structures_share_proves_nothing(cast: Cast) -> None:
    worlds.structure(name="Voisine", website="https://reseau-essai.fr/voisine")
    assert members.proving_domains(cast.structure) == frozenset()


def test_a_siren_is_only_a_hint_and_a_person_decides(cast: Cast, as_person: Browser) -> None:
    lone = worlds.structure(name="Seule", siren="732829320")
    assert claim(as_person(cast.dora), lone, siren="732 829 320").status_code == 303  # type: ignore[attr-defined]
    asked = Membership.objects.get(person=cast.dora)
    assert (asked.state, asked.proof) == ("demandee", "siren")
    assert as_person(cast.dora).get(reverse("space", args=(lone.uid,))).status_code == 404
    queue = as_person(cast.ada).get(reverse("office-members"))
    assert "ce n’est qu’un indice" in said(queue)
    as_person(cast.ada).post(
        reverse("office-members"), {"demande": str(asked.pk), "acte": "accepter", "note": "Vu au téléphone."}
    )
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == ("active", "Ada")
    assert told(cast.dora) == ["Seule : votre demande est acceptée".replace(" :", "\u202f:")] or told(cast.dora)
    assert not first_claims().exists()


def test_who_joins_is_decided_by_the_managers(cast: Cast, as_person: Browser) -> None:
    eve = Person.objects.create_user("eve@reseau-essai.fr", name="Eve")
    claim(as_person(eve), cast.structure, role="conseil")
    asked = Membership.objects.get(person=eve)
    assert asked.state == "demandee", "somebody manages it: the domain alone does not open it"
    assert told(cast.alice)
    assert not told(cast.ada)
    assert not first_claims().exists()
    with pytest.raises(NotAllowed):
        members.decide(asked, accept=True, person=cast.bob)
    page = reverse("space-member", args=(cast.structure.uid, asked.pk))
    assert as_person(cast.alice).post(page, {"acte": "refuser", "note": "Inconnue ici"}).status_code == 303
    asked.refresh_from_db()
    assert asked.state == "refusee"
    assert "Inconnue ici" in Message.objects.get(to=eve.email).text


def test_asking_twice_is_asking_once(cast: Cast, as_person: Browser) -> None:
    for _ in range(2):
        claim(as_person(cast.dora), cast.structure)
    assert Membership.objects.filter(person=cast.dora).count() == 1
    assert len(told(cast.alice)) == 1


def _invited(cast: Cast, email: str = "dora@example.org") -> str:
    members.invite(cast.structure, email, "conseil", person=cast.alice)
    text = Message.objects.filter(to=email).order_by("-pk")[0].text
    return text.split("/invitation/")[1].split("/")[0]


def test_an_invitation_is_used_once_by_the_address_it_was_sent_to(cast: Cast, as_person: Browser, client: Client) -> None:
    page = reverse("invitation", args=(_invited(cast),))
    assert client.get(page).status_code == client.head(page).status_code == 200, "looking at it uses nothing"
    assert client.post(page).status_code == 302
    assert as_person(cast.charlie).post(page).status_code == 403
    assert as_person(cast.dora).post(page).status_code == 303
    assert Membership.objects.get(person=cast.dora).state == "active"
    assert as_person(cast.dora).get(page).status_code == 410
    assert told(cast.alice)


def test_an_invitation_dies_of_age_of_being_replaced_and_of_being_taken_back(
    cast: Cast, as_person: Browser, client: Client
) -> None:
    first = _invited(cast)
    second = _invited(cast)
    assert client.get(reverse("invitation", args=(first,))).status_code == 410
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert as_person(cast.dora).post(reverse("invitation", args=(second,))).status_code == 410
    third = _invited(cast)
    open_one = Invitation.objects.get(revoked_at=None, used_at=None)
    as_person(cast.alice).post(reverse("space-invitation", args=(cast.structure.uid, open_one.pk)))
    assert client.get(reverse("invitation", args=(third,))).status_code == 410
    assert not Membership.objects.filter(person=cast.dora).exists()


def test_handing_over_leaves_no_gap(cast: Cast, as_person: Browser) -> None:
    bob = Membership.objects.get(person=cast.bob)
    page = reverse("space-member", args=(cast.structure.uid, bob.pk))
    assert as_person(cast.alice).post(page, {"acte": "transmettre"}).status_code == 303
    bob.refresh_from_db()
    assert bob.role == "gestion"
    assert Membership.objects.get(person=cast.alice).state == "terminee"
    assert not orphans().exists()
    assert as_person(cast.alice).get(reverse("space", args=(cast.structure.uid,))).status_code == 404


def test_the_last_manager_may_leave_and_the_animation_is_told(cast: Cast, as_person: Browser) -> None:
    alice = as_person(cast.alice)
    assert "la dernière personne" in said(alice.get(reverse("space-leave", args=(cast.structure.uid,))))
    alice.post(reverse("space-leave", args=(cast.structure.uid,)))
    assert list(orphans()) == [cast.structure]
    assert any("n’a plus de gestionnaire" in subject for subject in told(cast.ada))
    assert Entry.objects.filter(verb="orphaned", subject_uid=cast.structure.uid).exists()
    assert cast.structure.name in said(as_person(cast.ada).get(reverse("office-members")))
    assert "gestionnaire" in said(as_person(cast.ada).get(reverse("office")))


def test_a_manager_who_gives_up_the_role_leaves_an_orphan_too(cast: Cast) -> None:
    members.change_role(Membership.objects.get(person=cast.alice), "conseil", person=cast.alice)
    assert list(orphans()) == [] or cast.structure in orphans()
    assert Entry.objects.filter(verb="orphaned").count() == 1


def test_a_failed_act_tells_nobody(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the last thing of the transaction fails")

    monkeypatch.setattr(members, "_look_for_managers", broken)
    with pytest.raises(RuntimeError):
        members.end(Membership.objects.get(person=cast.bob), person=cast.alice)
    assert Membership.objects.get(person=cast.bob).state == "active"
    assert not Message.objects.exists()
    assert not Entry.objects.exists()


def test_members_follow_a_merge_and_come_back(cast: Cast) -> None:
    Membership.objects.create(person=cast.alice, structure=cast.other, role="conseil", state="active")
    done = merge(cast.structure, cast.other, person=cast.ada, seen=(version(cast.structure), version(cast.other)))
    charlie = Membership.objects.get(person=cast.charlie)
    assert charlie.structure == cast.structure
    assert Membership.objects.filter(person=cast.alice, structure=cast.structure, state="active").count() == 1
    undo(done, person=cast.ada)
    charlie.refresh_from_db()
    assert charlie.structure == cast.other


@pytest.mark.parametrize("how", ["forgotten", "closed"])
def test_a_structure_whose_last_manager_is_forgotten_or_closed_goes_to_the_animation(
    how: str, cast: Cast, as_person: Browser
) -> None:
    animation = as_person(cast.ada)
    assert cast.structure.name not in animation.get(reverse("office-members")).content.decode()
    if how == "forgotten":
        erase(cast.alice)
        assert not Membership.objects.filter(structure=cast.structure, role="gestion").exists()
    else:
        administrator = Person.objects.create_superuser("root@example.org")
        people.change_account(cast.alice, cast.alice.role, is_active=False, actor=administrator)
    assert cast.structure.name in animation.get(reverse("office-members")).content.decode()
    (line,) = [one for one in board_lines() if one.uid == cast.structure.uid]
    assert Trouble.ORPHAN in line.troubles
    (message,) = Message.objects.filter(subject__contains="gestionnaire")
    assert message.to == cast.ada.email
    assert cast.bob.email in message.text, "the members left, among whom to find somebody"
    assert "alice" not in message.text.lower()
    assert Entry.objects.filter(verb="orphaned", subject_uid=cast.structure.uid).count() == 1


def test_a_structure_that_keeps_another_manager_is_nobody_s_worry(cast: Cast) -> None:
    Membership.objects.filter(person=cast.bob).update(role="gestion")
    erase(cast.alice)
    assert not Entry.objects.filter(verb="orphaned").exists()
    assert not Message.objects.filter(to=cast.ada.email).exists()


def test_forgetting_a_manager_who_also_animates_writes_to_the_other_animators_only(cast: Cast) -> None:
    Person.objects.filter(pk=cast.alice.pk).update(role=Role.ANIMATION)
    erase(cast.alice)
    assert [message.to for message in Message.objects.order_by("pk")] == [cast.ada.email]


def test_forgetting_a_manager_of_old_keeps_the_orphan_in_the_queue(cast: Cast, as_person: Browser) -> None:
    members.end(Membership.objects.get(person=cast.alice), person=cast.alice)
    erase(Person.objects.get(pk=cast.alice.pk))
    assert cast.structure.name in as_person(cast.ada).get(reverse("office-members")).content.decode()
    assert Entry.objects.filter(verb="orphaned", subject_uid=cast.structure.uid).count() == 1
    assert Message.objects.filter(to=cast.ada.email).count() == 1, "told once"
