"""What is published: exact where it is shown, and never a small count, not even by subtraction."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

import pytest

from maillage.observatory.demand import publication, rollup
from maillage.observatory.demand.publication import ELSEWHERE, NOWHERE, ROOT, published
from maillage.observatory.models.demand import EVERY
from maillage.observatory.small_cells import SMALL
from maillage.orientation.models import SearchRecord
from maillage.territories import queries as territories
from maillage.vocabulary.portals import Portal, portals
from tests.observatory.searches import record, some
from tests.observatory.test_small_cells import bounds

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def portal() -> Portal:
    return portals()["pays-de-la-loire"]


def count(records: list[SearchRecord]) -> None:
    SearchRecord.objects.bulk_create(records)
    rollup.roll_up()


def lines_of(one: SearchRecord, portal: Portal) -> list[str]:
    """The lines of the tree that a record belongs to, worked out apart."""
    commune = territories.commune(one.commune) if one.commune else None
    if commune is None:
        return [ROOT, NOWHERE]
    if commune.region not in portal.regions:
        return [ROOT, ELSEWHERE]
    part = f"part:{commune.departement}/{commune.epci or ''}"
    return [ROOT, f"region:{commune.region}", f"departement:{commune.departement}", part]


@pytest.mark.parametrize("seed", range(3))
def test_what_is_shown_is_exact_and_what_is_small_cannot_be_found(seed: int, portal: Portal) -> None:
    records = some(900, random.Random(seed), first=date(2026, 1, 5), days=200)
    count(records)
    found = published(portal, 2026, TODAY)
    assert found is not None
    slow: Counter[tuple[str, str]] = Counter()
    for one in records:
        if one.portal == portal.code:
            slow.update((line, stage) for line in lines_of(one, portal) for stage in (one.stage, EVERY))
    shown = {key: value for key, value in found.cells.items() if value is not None}
    assert shown == {key: slow[key] for key in shown}
    assert not any(0 < value < SMALL for value in shown.values())
    assert set(slow) <= set(found.cells)
    hidden = {key for key, value in found.cells.items() if value is None}
    cells = list(publication.network({key: slow[key] for key in found.cells}, found.nodes))
    small = [key for key in hidden if 0 < slow[key] < SMALL]
    assert small
    for key in random.Random(seed).sample(small, min(6, len(small))):
        low, high = bounds(cells, set(hidden), key)
        assert high - low >= SMALL - 1e-6, key


def test_needs_hide_their_small_counts_with_another(portal: Portal) -> None:
    day = date(2026, 2, 3)
    count(
        [record(day, needs=["juridique"], total=0) for _ in range(3)]
        + [record(day, needs=["juridique"], total=2) for _ in range(6)]
        + [record(day, needs=["juridique"], total=9) for _ in range(20)]
        + [record(day, needs=["financement"], total=9) for _ in range(4)]
    )
    found = published(portal, 2026, TODAY)
    assert found is not None
    assert found.needs["juridique"] == publication.NeedRow(29, None, None)
    assert found.needs["financement"] == publication.NeedRow(None, None, None)
    assert found.needs[EVERY].searches == 33


def test_a_year_under_way_stops_at_its_last_whole_quarter(portal: Portal) -> None:
    count([record(date(2026, month, 2)) for month in (1, 9, 10, 11) for _ in range(7)])
    found = published(portal, 2026, TODAY)
    assert found is not None
    assert (found.first, found.last, found.total) == (202601, 202609, 14)
    assert published(portal, 2027, TODAY) is None
    assert publication.years(portal, date(2027, 2, 1)) == [2026]
    assert published(portal, 2026, date(2027, 2, 1)).total == 28  # type: ignore[union-attr]  # it is shown


def test_shares_are_those_of_the_article(portal: Portal) -> None:
    day = date(2026, 2, 3)
    stages = {"idee": 20, "faisabilite": 10, "creation": 20, "developpement": 30, "consolidation": 10, "difficultes": 10, "": 50}
    count([record(day, stage=stage) for stage, number in stages.items() for _ in range(number)])
    found = published(portal, 2026, TODAY)
    assert found is not None
    assert found.shares() == (0.5, 0.3)
    assert found.of("epci:" + str(territories.commune("53130").epci)) == 150  # type: ignore[union-attr]  # Laval


def test_nothing_counted_shows_no_year(portal: Portal) -> None:
    assert published(portal, 2026, TODAY) is None
    assert publication.years(portal, TODAY) == []
