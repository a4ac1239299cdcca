"""The supply month by month: what was there, what opened, what closed, and where a territory that is gone keeps its past."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.core.management import call_command

from maillage.catalogue.index import reset
from maillage.observatory.models import FormerTerritory, MonthlySupply
from maillage.observatory.months import before, read_month, span
from maillage.observatory.snapshots import queries
from maillage.observatory.snapshots.actions import pack_keys, take, unpack_keys
from maillage.territories import queries as territories
from maillage.territories.values import Place
from tests.catalogue import worlds

pytestmark = pytest.mark.django_db


def mayenne() -> Place:
    found = territories.place("departement", "53")
    assert found is not None
    return found


def snapshot(day: date) -> int:
    reset()
    return take(day)


def test_months_follow_one_another_across_years() -> None:
    assert before(202601) == 202512
    assert before(202512, -1) == 202601
    assert span(202511, 202602) == [202511, 202512, 202601, 202602]
    assert (read_month("2026-11"), read_month("2026-13"), read_month("26-1"), read_month("²026-11")) == (202611, None, None, None)


def test_keys_are_packed_and_unpacked() -> None:
    import numpy as np

    keys = np.array([9, 3, 10**9, 4], dtype=np.int64)
    assert unpack_keys(pack_keys(keys)) == {3, 4, 9, 10**9}
    assert unpack_keys(pack_keys(np.array([], dtype=np.int64))) == frozenset()


def test_what_opened_and_closed_in_a_month_in_a_territory() -> None:
    stays = worlds.offer(kind="conseil", stages=["creation"], coverage=["departement:53"])
    goes = worlds.offer(kind="formation", stages=["idee"], coverage=["departement:53"], closes=date(2026, 10, 15))
    worlds.offer(kind="conseil", stages=["creation"], coverage=["departement:44"], opens=date(2026, 10, 2))
    comes = worlds.offer(kind="financement", stages=["creation"], coverage=["commune:53130"], opens=date(2026, 10, 2))
    assert snapshot(date(2026, 9, 30)) == 2
    assert snapshot(date(2026, 10, 31)) == 3
    assert snapshot(date(2026, 10, 31)) == 3, "the same night again writes the same"
    assert queries.months() == [202610, 202609]
    found = queries.moves(mayenne(), 202610)
    assert found is not None
    assert (found.since, [offer.pk for offer in found.opened.offers], [offer.pk for offer in found.closed.offers]) == (
        202609, [comes.pk], [goes.pk],
    )  # fmt: skip
    assert found.opened.by_kind == {"financement": 1}
    assert found.closed.by_stage == {"idee": 1}
    assert queries.moves(mayenne(), 202609) is None
    months = queries.history(mayenne(), "creation")
    assert [(month.month, month.offers) for month in months] == [(202609, 1), (202610, 2)]
    assert stays.pk not in {offer.pk for offer in found.opened.offers}


def test_the_past_of_an_epci_that_is_gone_is_its_successors() -> None:
    worlds.offer(kind="conseil", stages=["creation"], coverage=["departement:53"])
    snapshot(date(2026, 9, 30))
    row = MonthlySupply.objects.get()
    import json
    import zlib

    cells = json.loads(zlib.decompress(bytes(row.cells)))
    laval = territories.commune("53130")
    assert laval is not None
    place = territories.place("epci", laval.epci or "")
    assert place is not None
    cells["epci:999999999"] = cells.pop(place.key)
    row.cells = zlib.compress(json.dumps(cells).encode())
    row.save()
    assert queries.history(place, "creation") == []
    FormerTerritory.objects.create(code="999999999", successor=place.code)
    assert queries.history(place, "creation") == [queries.Month(202609, 1, 1, "999999999")]


@pytest.mark.parametrize("instant", ["2026-12-31 22:59:59+00:00", "2026-12-31 23:00:01+00:00"])
def test_the_month_is_that_of_paris(instant: str, capsys: pytest.CaptureFixture[str]) -> None:
    with time_machine.travel(instant, tick=False):
        call_command("observatoire")
    assert MonthlySupply.objects.get().month == (202612 if "22:59" in instant else 202701)
    assert "L’offre du mois est gardée" in capsys.readouterr().out
