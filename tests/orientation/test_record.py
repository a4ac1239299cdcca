"""The search record: anonymous, in batches, never in the way of a page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import DatabaseError

from maillage.catalogue.index import reset
from maillage.orientation import record
from maillage.orientation.models import SearchRecord
from maillage.orientation.queries import orient
from maillage.orientation.situation import Situation
from maillage.territories import queries as territories
from tests.catalogue import worlds


@pytest.fixture(autouse=True)
def _empty_queue() -> Iterator[None]:
    record._waiting.clear()
    yield
    record.stop()
    record._waiting.clear()


def search(**fields: object) -> None:
    reset()
    record.keep(orient(Situation(**fields)), "pays-de-la-loire")  # type: ignore[arg-type]  # fields of Situation


@pytest.mark.django_db
def test_one_row_per_orientation_with_codes_and_counts_only() -> None:
    worlds.offer(kind="conseil", needs=["juridique"])
    worlds.offer(kind="formation", needs=["juridique"])
    commune = territories.commune("53062")
    assert commune is not None
    search(stage="creation", commune=commune, needs=("juridique",))
    search(stage="idee", text="quelque chose de personnel", facts={"salaries": 3})
    assert SearchRecord.objects.count() == 0, "nothing is written while the page waits"
    assert record.flush() == 2
    second, first = SearchRecord.objects.order_by("-pk")
    assert (first.portal, first.stage, first.needs) == ("pays-de-la-loire", "creation", ["juridique"])
    assert (first.commune, first.epci, first.departement, first.region) == ("53062", commune.epci, "53", "52")
    assert (first.results, first.total, first.nothing_found) == ({"conseil": 1, "formation": 1}, 2, False)
    assert (second.total, second.nothing_found, second.commune) == (0, True, "")
    assert "personnel" not in repr(list(SearchRecord.objects.values()))
    assert abs((first.day - date.today()).days) <= 1


@pytest.mark.django_db
def test_a_database_that_refuses_keeps_rows_for_the_next_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    search(stage="idee")

    def refuse(*args: object, **kwargs: object) -> None:
        raise DatabaseError("database is locked")

    with monkeypatch.context() as broken:
        broken.setattr(SearchRecord.objects, "bulk_create", refuse)
        assert record.flush() == 0
    assert record.waiting() == 1
    assert record.flush() == 1


@pytest.mark.django_db
def test_the_queue_is_bounded_and_loses_the_oldest() -> None:
    answer = orient(Situation())
    for number in range(record.QUEUE_SIZE + 5):
        record.keep(answer, f"p{number}")
    assert record.waiting() == record.QUEUE_SIZE
    assert record._waiting[0].portal == "p5"


@pytest.mark.django_db(transaction=True)
def test_the_writer_of_a_process_writes_what_waits_when_it_ends() -> None:
    record.start()
    for stage in ("idee", "creation", "idee"):
        search(stage=stage)
    record.stop()
    assert sorted(SearchRecord.objects.values_list("stage", flat=True)) == ["creation", "idee", "idee"]
    assert record.waiting() == 0
