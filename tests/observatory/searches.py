"""Search records made for tests, and a slow reading of them: one record at a time, in Python."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from maillage.observatory.models.demand import EVERY
from maillage.orientation.models import SearchRecord
from maillage.territories import queries as territories

#: Two départements of one région, an EPCI across two, a city, the sea, and empty.
COMMUNES = ("53130", "53062", "53084", "53097", "72181", "44109", "35238", "29083", "")
STAGES = ("idee", "faisabilite", "creation", "developpement", "consolidation", "difficultes", "")
NEEDS = ("juridique", "financement", "comptabilite")


def record(
    day: date = date(2026, 3, 4),
    *,
    commune: str = "53130",
    stage: str = "creation",
    needs: Iterable[str] = (),
    total: int = 9,
    portal: str = "pays-de-la-loire",
) -> SearchRecord:
    """One record, as orientation writes it; not saved."""
    found = territories.commune(commune) if commune else None
    return SearchRecord(
        day=day,
        portal=portal,
        stage=stage,
        needs=list(needs),
        commune=commune,
        epci=(found.epci or "") if found else "",
        departement=found.departement if found else "",
        region=found.region if found else "",
        results={},
        total=total,
        nothing_found=total == 0,
    )


def some(count: int, chance: random.Random, *, first: date = date(2025, 12, 20), days: int = 60) -> list[SearchRecord]:
    """Records drawn at random, around the end of a year."""
    return [
        record(
            first + timedelta(days=chance.randrange(days)),
            commune=chance.choice(COMMUNES),
            stage=chance.choice(STAGES),
            needs=chance.sample(NEEDS, chance.randrange(3)),
            total=chance.choice((0, 0, 1, 2, 3, 40)),
            portal=chance.choice(("pays-de-la-loire", "pays-de-la-loire", "hauts-de-france")),
        )
        for _ in range(count)
    ]


Key = tuple[str, str, int, str, str, str]


def slow_totals(records: Iterable[SearchRecord]) -> dict[Key, tuple[int, int, int]]:
    """(level, code, month, portal, stage, need) → searches, empty, few."""
    searches, empty, few = Counter[Key](), Counter[Key](), Counter[Key]()
    for one in records:
        commune = territories.commune(one.commune) if one.commune else None
        where = [("france", "")]
        if commune:
            where += [
                ("part", f"{commune.departement}/{commune.epci or ''}"),
                ("departement", commune.departement),
                ("region", commune.region),
            ]
        for level, code in where:
            for need in {EVERY, *(one.needs or [""])}:
                key = (level, code, one.day.year * 100 + one.day.month, one.portal, one.stage, need)
                searches[key] += 1
                empty[key] += one.total == 0
                few[key] += one.total in (1, 2)
    return {key: (count, empty[key], few[key]) for key, count in searches.items()}
