"""The observatory's demand: records counted a second, ten million summarised from their totals, the count of visitors, the map page.

    python -m bench.observatory_demand [--data DIR] [--records 10000000]

The records are written (two years of one région, weighted by population), rolled up, then what the pages read is read from the totals.
Ten million take five minutes and 2 GB.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

STAGES = ("idee", "faisabilite", "creation", "developpement", "consolidation", "difficultes", "")


def make_records(count: int, regions: tuple[str, ...]) -> None:
    """Records of two years, weighted by population, written in order of day by plain SQL."""
    from django.db import connection

    from maillage.orientation.models import SearchRecord
    from maillage.territories import queries as territories
    from maillage.vocabulary.words import vocabulary

    chance = random.Random(7)
    communes = [commune for region in regions for commune in territories.communes_of("region", region)]
    weights = [max(50, commune.population) for commune in communes]
    needs = vocabulary().codes("need")
    choices = [json.dumps(list(chosen)) for chosen in [(), *((n,) for n in needs), *(chance.sample(needs, 2) for _ in range(40))]]
    insert = (
        f"INSERT INTO {SearchRecord._meta.db_table} "
        "(day, portal, stage, needs, commune, epci, departement, region, results, total, nothing_found) VALUES "
    )
    quoted = {True: "1", False: "0"} if connection.vendor == "sqlite" else {True: "true", False: "false"}
    done = 0
    with connection.cursor() as cursor:
        while done < count:
            rows = []
            size = min(5_000, count - done)
            for place in chance.choices(communes, weights, k=size):
                day = date(2024, 1, 1) + timedelta(days=730 * done // count)
                total = chance.choice((0, 1, 2, 5, 12, 40))
                rows.append(
                    f"('{day}','pays-de-la-loire','{chance.choice(STAGES)}','{chance.choice(choices)}','{place.code}',"
                    f"'{place.epci or ''}','{place.departement}','{place.region}','{{}}',{total},{quoted[total == 0]})"
                )
                done += 1
            cursor.execute(insert + ",".join(rows))


def times_ms(work: Any, count: int) -> float:
    """Median time of a piece of work."""
    spent = []
    for _ in range(count):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1e3)
    return round(statistics.median(spent), 2)


def summary() -> dict[str, int]:
    """Everything that the page of a portal reads of two years: by stage, need, month, situation, and every intercommunality."""
    from maillage.observatory.demand import queries
    from maillage.observatory.demand.queries import Scope

    scope = Scope("pays-de-la-loire", 202401, 202512)
    readings = (queries.by_stage, queries.by_need, queries.by_month, queries.by_situation, queries.by_part)
    return {reading.__name__: len(reading(scope)) for reading in readings}


def visitor_us(turns: int) -> float:
    """What counting a page costs: microseconds per request, with 5,000 different visitors."""
    from datetime import datetime

    from django.test import RequestFactory

    from maillage.observatory.visitors import counting
    from maillage.orientation.queries import PARIS

    counting._counter = counting.Counter()
    counting._counter.prepare(datetime.now(PARIS))
    agents = [f"Mozilla/5.0 (X11; Linux x86_64; rv:{number}.0) Gecko/20100101 Firefox/{number}.0" for number in range(100, 120)]
    requests = []
    for number in range(5_000):
        request = RequestFactory().get("/", headers={"user-agent": agents[number % 20]})
        request.META["REMOTE_ADDR"] = f"10.{number % 7}.{number // 256}.{number % 256}"
        requests.append(request)
    start = time.perf_counter()
    for turn in range(turns):
        counting.count(requests[turn % 5_000], "pays-de-la-loire")
    spent = (time.perf_counter() - start) / turns * 1e6
    counting._counter = None
    return round(spent, 2)


def page_bytes() -> dict[str, int]:
    """Bytes of the map page, as sent and compressed."""
    import gzip

    from django.test import Client

    page = Client().get("/observatoire/demande/?annee=2025", headers={"host": "localhost"}).content
    return {"map_page_bytes": len(page), "map_page_compressed_bytes": len(gzip.compress(page, 6))}


def measure(records: int) -> dict[str, Any]:
    """Measure on the database of this process, which is empty; Django must be set up."""
    from django.db import transaction

    from maillage.observatory.demand import publication, rollup
    from maillage.observatory.models import DemandCell, DemandTotal
    from maillage.vocabulary.portals import portals

    with transaction.atomic():
        make_records(records, ("52",))
    rollup._redraw()
    start, cpu = time.perf_counter(), time.process_time()
    counted = rollup.roll_up()
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu
    portal, today = portals()["pays-de-la-loire"], date(2026, 1, 24)

    def publish() -> None:
        publication._published.cache_clear()
        publication.published(portal, 2025, today)

    return {
        "records_rolled_up": counted,
        "records_a_second": round(counted / seconds),
        "records_a_processor_second": round(counted / cpu_seconds),
        "searches_summarised": sum(DemandTotal.objects.filter(level="france", need="*").values_list("searches", flat=True)),
        "cells": DemandCell.objects.count(),
        "totals": DemandTotal.objects.count(),
        "summary_ms": times_ms(summary, 9),
        "publication_ms": times_ms(publish, 5),
        "visitor_us": visitor_us(200_000),
        **page_bytes(),
    }


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--records", type=int, default=10_000_000)
    options = parser.parse_args()
    if options.data:
        os.environ["MAILLAGE_DATA"] = str(options.data.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")
    os.environ.setdefault("MAILLAGE_LOG_LEVEL", "WARNING")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(json.dumps(measure(options.records), indent=2))


if __name__ == "__main__":
    main()
