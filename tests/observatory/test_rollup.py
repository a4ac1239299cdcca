"""Searches counted by month: exact, once each, whatever happens."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.test import override_settings

from maillage.observatory.demand import areas, rollup
from maillage.observatory.models import Area, DemandCell, DemandTotal, FormerTerritory
from maillage.orientation.models import SearchRecord
from tests.observatory.searches import record, slow_totals, some

pytestmark = pytest.mark.django_db


def totals() -> dict[tuple[object, ...], tuple[int, int, int]]:
    names = ("level", "code", "month", "portal", "stage", "need", "searches", "empty", "few")
    return {row[:6]: row[6:] for row in DemandTotal.objects.order_by("pk").values_list(*names)}


@pytest.mark.parametrize("seed", range(4))
def test_totals_are_those_of_a_slow_reading_whatever_the_batches(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(3):
        SearchRecord.objects.bulk_create(some(chance.randrange(1, 120), chance))
        rollup.roll_up(batch=chance.randrange(25, 90))
    every = list(SearchRecord.objects.order_by("pk"))
    assert totals() == slow_totals(every)
    assert rollup.roll_up() == 0, "nothing is counted twice"
    assert totals() == slow_totals(every)


def test_a_search_on_the_last_evening_of_the_year_belongs_to_that_year() -> None:
    SearchRecord.objects.bulk_create([record(date(2026, 12, 31)), record(date(2027, 1, 1))])
    assert rollup.roll_up() == 2
    assert [found.month for found in DemandTotal.objects.filter(level="france", need="*").order_by("month")] == [202612, 202701]


def test_a_merged_commune_is_counted_with_its_successor() -> None:
    former = next(iter(area for area in Area.objects.all()), None)
    assert former is None, "the table is made when it is needed"
    from maillage.territories import queries as territories

    commune = next(c for c in territories.communes_of("departement", "53") if c.former_codes)
    SearchRecord.objects.bulk_create([record(commune=commune.former_codes[0]), record(commune=commune.code)])
    rollup.roll_up()
    found = DemandTotal.objects.get(level="part", need="*")
    assert (found.code, found.searches) == (f"53/{commune.epci}", 2)


def test_when_an_epci_changes_its_history_follows_its_communes() -> None:
    SearchRecord.objects.bulk_create([record(commune="53130"), record(commune="72181")])
    rollup.roll_up()
    before = totals()
    # last year's drawing: Laval was in an EPCI that is gone, and Le Mans counted elsewhere
    Area.objects.filter(code="53130").update(epci="999999999")
    Area.objects.filter(code="72181").update(departement="53")
    rollup.RollUp.objects.update(edition="2025")
    DemandTotal.objects.filter(level="departement").delete()
    assert rollup.roll_up() == 0
    assert totals() == before
    assert areas.successor("999999999") == Area.objects.get(code="53130").epci
    assert FormerTerritory.objects.count() == 1


@override_settings(MAILLAGE_SEARCH_DAYS=90)
def test_records_are_deleted_only_when_they_are_old_and_counted() -> None:
    today = date(2026, 11, 24)
    SearchRecord.objects.bulk_create([record(today - timedelta(days=91)), record(today - timedelta(days=90)), record(today)])
    assert rollup.purge(today) == 0, "nothing is counted yet"
    rollup.roll_up()
    SearchRecord.objects.bulk_create([record(today - timedelta(days=200))])
    assert rollup.purge(today) == 1
    assert SearchRecord.objects.count() == 3
    assert DemandCell.objects.filter(need="*", month=202608).get().searches == 2
    with override_settings(MAILLAGE_SEARCH_DAYS=0):
        rollup.roll_up()
        assert rollup.purge(today) == 0
