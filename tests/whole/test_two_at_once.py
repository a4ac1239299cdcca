"""Two acts at the same instant on a structure's members, or on one request: one wins, the other reads a sentence. On PostgreSQL.

SQLite has a single writer (IMMEDIATE transactions): its in-memory test base cannot be shared by two threads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from maillage.accompaniment.models import Handover
from maillage.accounts.models import Person, Role
from maillage.catalogue.access import NotAllowed
from maillage.catalogue.actions import members
from maillage.catalogue.models import Membership, Structure
from maillage.catalogue.office.views.queues import orphans
from maillage.journal.models import Entry, Message
from tests.accompaniment.samples import answer_url, make_region, sent
from tests.catalogue import worlds
from tests.conftest import StrictClient

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="a single writer: nothing to race"),
]
assert connection  # named in the condition above

#: How many times each race is run: one of them may miss by luck.
TIMES = 8


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run these at the same instant, each in its thread; what each gives, or the sentence of its refusal."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            gate.wait(timeout=10)
            return act()
        except NotAllowed as refusal:
            return str(refusal)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def managed(number: int) -> tuple[Structure, Sequence[Person]]:
    """A structure with two managers."""
    made = worlds.structure(name=f"À deux {number}", commune="53130")
    pair = [Person.objects.create_user(f"{name}{number}@example.org", name=name.title()) for name in ("alice", "bob")]
    for person in pair:
        Membership.objects.create(person=person, structure=made, role="gestion", state="active")
    return made, pair


def row(person: Person) -> Membership:
    return Membership.objects.select_related("structure").get(person=person)


@pytest.fixture
def ada() -> Person:
    return Person.objects.create_user("ada@example.org", role=Role.ANIMATION)


def test_two_managers_who_leave_at_once_never_leave_the_structure_alone_unnoticed(ada: Person) -> None:
    for number in range(TIMES):
        made, (alice, bob) = managed(number)
        mine, other = row(alice), row(bob)
        at_once(lambda m=mine, p=alice: members.end(m, person=p), lambda m=other, p=bob: members.end(m, person=p))
        assert not Membership.objects.filter(structure=made, state="active").exists()
        assert made in orphans()
        assert Entry.objects.filter(verb="orphaned", subject_uid=made.uid).count() == 1
    assert Message.objects.filter(to=ada.email).count() == TIMES


def test_two_managers_who_remove_each_other_one_wins_and_the_other_reads_why(ada: Person) -> None:
    for number in range(TIMES):
        made, (alice, bob) = managed(number)
        mine, other = row(alice), row(bob)
        answers = at_once(lambda m=other, p=alice: members.end(m, person=p), lambda m=mine, p=bob: members.end(m, person=p))
        assert sorted(answer is None for answer in answers) == [False, True], answers
        assert "gestionnaires" in next(answer for answer in answers if answer)
        assert Membership.objects.filter(structure=made, state="active", role="gestion").count() == 1
    assert not Entry.objects.filter(verb="orphaned").exists()


def test_two_answers_to_the_same_request_by_its_link_one_is_kept_and_the_other_is_told(transactional_db: None) -> None:
    region = make_region()
    accept = {"acte": "accepter", "a-qui": "Inès", "a-mot": "Nous vous appelons."}
    decline = {"acte": "decliner", "d-motif": "complet", "d-mot": "Plus de place cette année."}
    for number in range(TIMES):
        made = sent(region, email=f"camille{number}@porteur.example.org")
        url = answer_url(made)
        StrictClient().post(url, {"acte": "ouvrir"})
        pages = at_once(*(lambda u=url, typed=typed: StrictClient().post(u, typed) for typed in (accept, decline)))
        assert sorted(page.status_code for page in pages) == [303, 409], [page.content.decode()[:3000] for page in pages]
        told = next(page for page in pages if page.status_code == 409).content.decode()
        assert any(typed in told for typed in (accept["a-mot"], decline["d-mot"])), "what was typed can be copied"
        handover = Handover.objects.get(request=made)
        won = accept if pages[0].status_code == 303 else decline
        assert handover.answer == ("accepte" if won is accept else "decline") or handover.word in won.values()
        assert handover.word in won.values()
        answers = Message.objects.filter(to=made.email).exclude(key__contains="receipt")
        assert answers.count() == 1, [message.subject for message in answers]


def test_a_claim_decided_by_two_animators_is_decided_once(ada: Person) -> None:
    eve = Person.objects.create_user("eve@example.org")
    other = Person.objects.create_user("otto@example.org", role=Role.ANIMATION)
    for number in range(TIMES):
        made = worlds.structure(name=f"Demandée {number}")
        asked = Membership.objects.create(person=eve, structure=made, role="gestion")
        at_once(
            lambda m=asked: members.decide(m, accept=True, person=ada),
            lambda m=asked: members.decide(m, accept=False, person=other),
        )
        assert Entry.objects.filter(verb__in=("joined", "join-refused"), subject_uid=made.uid).count() == 1
        told = Message.objects.filter(to=eve.email, text__contains=made.name)
        assert told.count() == 1
