"""When the index moves, how little it does then, and what happens when something is wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

from maillage.catalogue import revision
from maillage.catalogue.enums import Status
from maillage.catalogue.index import current_index, refresh
from maillage.catalogue.models import Change, Offer, Revision
from tests.catalogue.worlds import offer, relay, structure


def announce(**touched: Any) -> None:
    with transaction.atomic():
        revision.moved(**touched)


def rename(sheet: Offer, name: str) -> None:
    """A write as the actions make it: the row, then the revision, in one transaction."""
    with transaction.atomic():
        sheet.name = name
        sheet.save()
        revision.moved(offers=[sheet.pk])


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The revisions at which the whole catalogue was read."""
    seen: list[int] = []
    build = refresh.build

    def counted(number: int) -> Any:
        seen.append(number)
        return build(number)

    monkeypatch.setattr(refresh, "build", counted)
    return seen


@pytest.mark.django_db
def test_when_nothing_moved_one_row_is_read_and_the_same_index_comes_back(django_assert_num_queries: Any) -> None:
    offer()
    index = current_index()
    with django_assert_num_queries(1):
        assert current_index() is index


@pytest.mark.django_db
def test_a_changed_offer_is_found_under_its_new_name_only(builds: list[int]) -> None:
    changed = offer(name="Atelier de menuiserie")
    before = current_index()
    rename(changed, "Atelier de couture")
    after = current_index()
    assert len(before.text("menuiserie") or ()) == 1
    assert not after.text("menuiserie")
    assert len(after.text("couture") or ()) == 1
    assert len(after.alive) == 1
    assert builds == [before.revision]


@pytest.mark.django_db
@pytest.mark.parametrize("others", [0, 30])
def test_applying_one_change_reads_the_changes_and_the_offer_whatever_the_size(
    others: int, django_assert_num_queries: Any
) -> None:
    owner = structure()
    changed = offer(owner)
    for _ in range(others):
        offer(owner)
    current_index()
    rename(changed, "Nouveau nom")
    with django_assert_num_queries(4):  # the revision, again under the lock, the changes, the offer
        current_index()


@pytest.mark.django_db
def test_what_did_not_change_is_shared_with_the_index_before() -> None:
    owner = structure(roles=[{"role": "cress", "territory": {"level": "region", "code": "52"}}])
    offer(owner, stages=["idee"])
    changed = offer(owner, stages=["creation"])
    before = current_index()
    rename(changed, "Nouveau nom")
    after = current_index()
    assert after.stating("stage", "idee") is before.stating("stage", "idee")
    assert after.entries is before.entries
    assert after.stating("stage", "creation") != before.stating("stage", "creation")


@pytest.mark.django_db
def test_a_write_that_touches_everything_makes_a_new_index_without_dead_positions(builds: list[int]) -> None:
    changed = offer()
    current_index()
    rename(changed, "Nouveau nom")
    assert len(current_index().columns) == 2
    announce(everything=True)
    assert len(current_index().columns) == 1
    assert len(builds) == 2


@pytest.mark.django_db
def test_a_change_that_is_not_listed_any_more_makes_a_new_index(builds: list[int]) -> None:
    changed = offer()
    current_index()
    rename(changed, "Nouveau nom")
    Change.objects.all().delete()
    assert len(current_index().text("nouveau") or ()) == 1
    assert len(builds) == 2


@pytest.mark.django_db
def test_too_many_changes_at_once_make_a_new_index(builds: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh, "TOUCHED_AT_MOST", 1)
    first, second, third = offer(), offer(), offer()
    current_index()
    announce(offers=[first.pk])
    assert len(current_index().columns) == 4
    announce(offers=[first.pk, second.pk])  # more than a half of the three
    assert len(current_index().columns) == 3
    assert len(builds) == 2
    assert third.pk in current_index().columns.pk


@pytest.mark.django_db
def test_changes_are_applied_by_slices_each_offer_once(monkeypatch: pytest.MonkeyPatch, builds: list[int]) -> None:
    monkeypatch.setattr("maillage.catalogue.index.build.SLICE", 2)
    owner = structure(name="Menuiserie")
    sheets = [offer(owner) for _ in range(5)]
    current_index()
    owner.name = "Couture"
    owner.save()
    announce(structures=[owner.pk], offers=[sheet.pk for sheet in sheets])
    index = current_index()
    assert sorted(index.columns.pk[position] for position in index.text("couture") or ()) == [sheet.pk for sheet in sheets]
    assert len(index.columns) == 10
    assert len(builds) == 1


@pytest.mark.django_db
def test_a_restored_database_whose_revision_is_older_makes_a_new_index(builds: list[int]) -> None:
    announce(offers=[offer().pk])
    announce(offers=[offer().pk])
    newer = current_index()
    Offer.objects.all().delete()
    Revision.objects.update(number=newer.revision - 1)
    restored = current_index()
    assert (restored.revision, len(restored.alive)) == (newer.revision - 1, 0)
    assert len(builds) == 2


@pytest.mark.django_db
def test_a_hidden_structure_takes_its_offers_its_relays_and_its_roles_away() -> None:
    owner = structure(roles=[{"role": "cress", "territory": {"level": "region", "code": "52"}}])
    offer(owner)
    relay(owner)
    index = current_index()
    assert (len(index.alive), len(index.networks), len(index.relays)) == (1, 1, 1)
    owner.status = Status.SUSPENDED
    owner.save()
    announce(structures=[owner.pk])
    index = current_index()
    assert (len(index.alive), len(index.networks), len(index.relays)) == (0, 0, 0)


@pytest.mark.django_db
def test_a_renamed_structure_is_searched_under_its_new_name() -> None:
    owner = structure(name="Menuiserie solidaire")
    offer(owner)
    current_index()
    owner.name = "Couture solidaire"
    owner.save()
    announce(structures=[owner.pk])
    assert not current_index().text("menuiserie")
    assert len(current_index().text("couture") or ()) == 1


@pytest.mark.django_db
def test_a_relay_that_moves_to_another_structure_leaves_the_first() -> None:
    first, second = structure(name="Première"), structure(name="Seconde")
    place = relay(first)
    current_index()
    place.structure = second
    place.save()
    announce(relays=[place.pk])
    assert [each.structure_name for each in current_index().relays] == ["Seconde"]


@pytest.mark.django_db
def test_when_the_database_fails_the_next_call_tries_again() -> None:
    offer()

    def fail(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if "catalogue_offer" in sql:
            raise OperationalError("the server went away")
        return execute(sql, *rest)

    with connection.execute_wrapper(fail), pytest.raises(OperationalError):
        current_index()
    assert len(current_index().alive) == 1


@pytest.fixture
def in_threads() -> Callable[[Callable[[], Any], int], list[Any]]:
    """Calls a function from several threads at once, each with its own connection, and gives what they returned."""

    def call(function: Callable[[], Any], number: int) -> list[Any]:
        start, answers = threading.Barrier(number), []

        def run() -> None:
            try:
                start.wait()
                answers.append(function())
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run) for _ in range(number)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == number
        return answers

    return call


@pytest.mark.django_db(transaction=True)
def test_threads_that_ask_at_the_same_time_share_one_building(in_threads: Any, builds: list[int]) -> None:
    changed = offer(name="Atelier de menuiserie")
    first = in_threads(current_index, 6)
    assert len(builds) == 1
    assert all(index is first[0] for index in first)
    rename(changed, "Atelier de couture")
    second = in_threads(current_index, 6)
    assert all(index is second[0] for index in second)
    assert len(second[0].text("couture")) == 1
    assert len(builds) == 1


@pytest.fixture
def compacting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Compacts from the first dead position on; gives how to wait for the end of it."""
    monkeypatch.setattr(refresh, "WORN_FROM", 1)

    def wait() -> None:
        deadline = time.monotonic() + 20
        while any(thread.name == refresh.COMPACTION for thread in threading.enumerate()):
            assert time.monotonic() < deadline, "the compaction does not end"
            time.sleep(0.01)

    yield wait
    wait()


@pytest.mark.django_db(transaction=True)
def test_dead_positions_are_given_back_aside(compacting: Callable[[], None]) -> None:
    changed = offer(name="Atelier de menuiserie")
    current_index()
    rename(changed, "Atelier de couture")
    served = current_index()
    assert len(served.text("couture") or ()) == 1
    compacting()
    compacted = current_index()
    assert (len(compacted.columns), compacted.revision) == (1, served.revision)
    assert len(compacted.text("couture") or ()) == 1


@pytest.mark.django_db(transaction=True)
def test_many_offers_added_since_the_last_building_are_put_in_order_aside(compacting: Callable[[], None]) -> None:
    owner = structure()
    current_index()
    added = offer(owner)
    announce(offers=[added.pk])
    assert current_index().built == 0
    compacting()
    assert (current_index().built, len(current_index().alive)) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_what_is_written_during_a_compaction_is_in_the_compacted_index(
    compacting: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    changed, other = offer(name="Atelier de menuiserie"), offer(name="Atelier de cuisine")
    current_index()
    build, reading, go_on = refresh.build, threading.Event(), threading.Event()

    def slow(number: int) -> Any:
        snapshot = build(number)
        reading.set()
        assert go_on.wait(20)
        return snapshot

    monkeypatch.setattr(refresh, "build", slow)
    rename(changed, "Atelier de couture")
    current_index()
    assert reading.wait(20)
    rename(other, "Atelier de poterie")
    assert len(current_index().text("poterie") or ()) == 1
    go_on.set()
    compacting()
    index = current_index()
    assert {len(index.text(word) or ()) for word in ("couture", "poterie")} == {1}
    assert not index.text("menuiserie")
    assert not index.text("cuisine")
    assert len(index.alive) == 2
