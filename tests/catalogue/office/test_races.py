"""Two requests at the same instant: one wins, the other is told. On PostgreSQL, where rows are locked one by one.

SQLite has a single writer (IMMEDIATE transactions): its in-memory test base cannot be shared by two threads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import urlsplit

import pytest
from django.db import connection, connections

from maillage.accounts import throttle
from maillage.accounts.actions import consume_link, sign_in_link
from maillage.accounts.models import Attempts, Person, Role
from maillage.catalogue import revision
from maillage.catalogue.actions import sheets as actions
from maillage.catalogue.enums import Status
from maillage.catalogue.models import Offer, Structure
from maillage.journal.models import Entry

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="a single writer: nothing to race"),
]
assert connection  # named in the condition above

AT_ONCE = 4


def race(one: Callable[[int], str]) -> Counter[str]:
    """Call `one` from several threads at the same instant and count the answers."""
    gate = Barrier(AT_ONCE)

    def run(number: int) -> str:
        try:
            gate.wait(timeout=10)
            return one(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(run, range(AT_ONCE)))


@pytest.fixture
def alice() -> Person:
    return Person.objects.create_user("alice@example.org", name="Alice", role=Role.ANIMATION)


@pytest.fixture
def offer() -> Offer:
    structure = Structure.objects.create(source="essai", ref="s", name="S", status=Status.PUBLISHED)
    return Offer.objects.create(
        source="essai",
        ref="o",
        structure=structure,
        name="O",
        summary="x",
        kind="conseil",
        coverage=["france"],
        status=Status.REVIEW,
    )


def test_one_edit_wins_and_the_others_are_conflicts(alice: Person, offer: Offer) -> None:
    seen = actions.version(offer)

    def edit(number: int) -> str:
        try:
            actions.edit(offer, {"name": f"Nom {number}"}, person=alice, seen=seen)
        except actions.Conflict:
            return "conflict"
        return "saved"

    assert race(edit) == {"saved": 1, "conflict": AT_ONCE - 1}
    assert Entry.objects.count() == revision.current() == 1


def test_a_sheet_is_published_once(alice: Person, offer: Offer) -> None:
    seen = actions.version(offer)
    race(lambda number: str(actions.move(offer, "publier", person=alice, seen=seen).status))
    assert Entry.objects.count() == revision.current() == 1


def test_a_form_sent_at_once_several_times_makes_one_sheet(alice: Person) -> None:
    made = race(lambda number: actions.create("structure", {"name": "Une"}, person=alice, ref="f" * 32).uid)
    assert list(made.values()) == [AT_ONCE]
    assert Structure.objects.count() == Entry.objects.count() == 1


def test_a_link_lets_one_in(alice: Person) -> None:
    secret = urlsplit(sign_in_link(alice)).path.rstrip("/").rpartition("/")[2]
    assert race(lambda number: "in" if consume_link(secret) else "out") == {"in": 1, "out": AT_ONCE - 1}


def test_every_attempt_is_counted(alice: Person) -> None:
    race(lambda number: str(throttle.attempt("alice@example.org", "192.0.2.1").allowed))
    assert set(Attempts.objects.order_by("pk").values_list("count", flat=True)) == {AT_ONCE}
