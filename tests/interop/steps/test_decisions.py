"""What a person decides: changes accepted or refused, quarantines released or dismissed."""

from __future__ import annotations

from typing import Any

import pytest

from maillage.accounts.models import Person, Role
from maillage.catalogue.access import NotAllowed
from maillage.catalogue.models import Offer
from maillage.interop.decisions import carry_out_released, decide, dismiss, release
from maillage.interop.models import Proposal, RawRecord, Run
from maillage.interop.sources.registry import source
from maillage.journal.models import Entry
from tests.interop.dump import dump
from tests.interop.steps.conftest import Read, aid

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(db: None) -> Person:
    return Person.objects.create_user("alice@example.org", name="Alice", role=Role.ANIMATION)


@pytest.fixture
def bob(db: None) -> Person:
    return Person.objects.create_user("bob@example.org", name="Bob", role=Role.REDACTION)


def waiting(**fields: Any) -> list[int]:
    return list(Proposal.objects.filter(state="waiting", **fields).order_by("pk").values_list("pk", flat=True))


def test_an_accepted_change_is_written_with_its_journal_line_and_is_not_kept_from_the_source(read: Read, alice: Person) -> None:
    read(aid(1, amount=1000, coverage=[{"level": "departement", "code": "53"}]))
    read(aid(1, amount=2000, coverage=[{"level": "region", "code": "52"}]), days=1)
    assert decide(waiting(), accept=True, person=alice).done == 2
    offer = Offer.objects.get()
    assert (offer.amount_max, offer.coverage, offer.kept_fields) == (2000, ["region:52"], [])
    entry = Entry.objects.get(verb="accepted")
    assert (entry.actor, entry.changes["amount_max"]) == (alice, ["1000", "2000"])
    assert read(aid(1, amount=2000, coverage=[{"level": "region", "code": "52"}]), days=2).counts["proposed"] == 0


def test_a_refused_value_is_not_proposed_again_until_the_source_says_another(read: Read, alice: Person) -> None:
    read(aid(1, amount=1000))
    read(aid(1, amount=2000), days=1)
    decide(waiting(), accept=False, person=alice)
    assert read(aid(1, amount=2000, summary="Autre."), days=2).counts["proposed"] == 1
    assert not waiting(field="amount_max")
    read(aid(1, amount=3000), days=3)
    assert waiting(field="amount_max")
    assert Offer.objects.get().amount_max == 1000


def test_a_sheet_that_moved_meanwhile_is_left_to_be_looked_at_again(read: Read, alice: Person) -> None:
    read(aid(1, amount=1000))
    read(aid(1, amount=2000), days=1)
    Offer.objects.update(amount_max=1500)
    decided = decide(waiting(), accept=True, person=alice)
    assert (decided.done, decided.moved) == (0, ["Aide d’essai 1"])
    assert Offer.objects.get().amount_max == 1500
    assert Proposal.objects.get().before == "1500"
    assert decide(waiting(), accept=True, person=alice).done == 1


def test_deciding_twice_does_it_once(read: Read, alice: Person) -> None:
    read(aid(1, amount=1000))
    read(aid(1, amount=2000), days=1)
    pks = waiting()
    assert [decide(pks, accept=True, person=alice).done for _ in range(2)] == [1, 0]
    assert Entry.objects.filter(verb="accepted").count() == 1


def test_a_released_quarantine_is_applied_by_the_next_run_and_a_dismissed_one_never(read: Read, alice: Person) -> None:
    read(*[aid(n) for n in range(4)])
    run = read(aid(1, amount=5), days=1)
    assert release(run, person=alice)
    assert carry_out_released(source("guichet-essai")) is not None
    assert RawRecord.objects.filter(missing_since__isnull=False).count() == 3
    assert carry_out_released(source("guichet-essai")) is None
    before = dump()
    again = read(days=2)
    assert again.state == Run.State.QUARANTINED
    dismiss(again, person=alice)
    assert not release(Run.objects.get(pk=again.pk), person=alice)
    assert dump() == before
    assert list(Entry.objects.filter(subject_kind="run", actor=alice).order_by("pk").values_list("verb", flat=True)) == [
        "released",
        "dismissed",
    ]


def test_the_writing_team_looks_and_does_not_decide(read: Read, bob: Person) -> None:
    read(aid(1, amount=1000))
    read(aid(1, amount=2000), days=1)
    run = read({"unreadable": "Cassée."}, days=2)
    for act in (
        lambda: decide(waiting(), accept=True, person=bob),
        lambda: dismiss(run, person=bob),
        lambda: release(run, person=bob),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert waiting()
    assert Run.objects.get(pk=run.pk).state == Run.State.QUARANTINED
