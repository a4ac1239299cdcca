"""The whole orientation: commune → ranked, explained page object, on a loaded catalogue.

    python -m bench.orientation --offers DIR [--data DIR] [--queries N] [--out FILE]

`--offers` is a folder made by the benchmark's generator (offers.jsonl, structures.jsonl, queries.jsonl); `--data` is a MAILLAGE_DATA folder,
loaded from it when it is empty. Each query is a situation of queries.jsonl. What is measured, in milliseconds:

- `orient`      the page object, as the results page asks it (a few offers of each kind);
- `orient_list` the page object, as the API asks it (the first 20);
- `select`      the sets and the eight facets, nothing fetched;
- `sql`         statements per orientation (they must not depend on anything).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results"


def situations(queries: Path, count: int) -> list[Any]:
    """The situations of a queries file."""
    from maillage.orientation.situation import Situation
    from maillage.territories import queries as territories
    from maillage.vocabulary.words import vocabulary

    known, found = set(vocabulary().codes("need")), []
    for line in queries.read_text(encoding="utf-8").splitlines()[:count]:
        query = json.loads(line)
        mode = {"distance": ("distance",), "presentiel": ("presentiel",)}.get(query["mode"] or "", ())
        found.append(
            Situation(
                stage=query["stage"],
                commune=territories.commune(query["commune"]),
                needs=tuple(need for need in query["needs"] if need in known),
                modes=mode,
                text=query["text"] or "",
            )
        )
    return found


def milliseconds(act: Callable[[Any], Any], every: list[Any]) -> dict[str, float]:
    """Median, 95th percentile and maximum of `act` over every situation, one after the other; CPU too, which a busy machine moves less."""
    times, cpu = [], []
    for one in every:
        start, start_cpu = time.perf_counter(), time.thread_time()
        act(one)
        cpu.append((time.thread_time() - start_cpu) * 1e3)
        times.append((time.perf_counter() - start) * 1e3)
    times.sort()
    return {
        "median_ms": round(statistics.median(times), 2),
        "cpu_median_ms": round(statistics.median(cpu), 2),
        "p95_ms": round(times[int(len(times) * 0.95) - 1], 2),
        "max_ms": round(times[-1], 2),
    }


def measure(queries: Path, count: int = 1000) -> dict[str, Any]:
    """Measure on the database of this process; Django must be set up."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from maillage.catalogue.index import current_index
    from maillage.orientation.matching.facets import facet_counts
    from maillage.orientation.matching.selection import Selection
    from maillage.orientation.queries import PARIS, orient
    from maillage.orientation.views.results import PER_KIND
    from maillage.vocabulary.portals import portals

    portal = next(iter(portals().values()))
    every = situations(queries, count)
    start = time.perf_counter()
    snapshot = current_index()
    built = time.perf_counter() - start
    day = timezone.now().astimezone(PARIS).date()
    statements = set()
    totals = []
    for one in every[:50]:  # warm, and count
        with CaptureQueriesContext(connection) as captured:
            totals.append(orient(one, portal, per_kind=PER_KIND).total)
        statements.add(len(captured))
    return {
        "offers": len(snapshot.alive),
        "queries": len(every),
        "results_median": statistics.median(totals),
        "index_build_s": round(built, 2),
        "sql": sorted(statements),
        "orient": milliseconds(lambda one: orient(one, portal, per_kind=PER_KIND), every),
        "orient_list": milliseconds(lambda one: orient(one, portal, limit=20), every),
        "select": milliseconds(lambda one: facet_counts(Selection(snapshot, one, day)), every),
    }


def main() -> None:
    """Measure and print one JSON object; with --out, write it too."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offers", type=Path, required=True)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if options.data:
        os.environ["MAILLAGE_DATA"] = str(options.data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")
    os.environ.setdefault("MAILLAGE_LOG_LEVEL", "WARNING")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from maillage.catalogue.models import Offer

    if not Offer.objects.exists():
        call_command("import", "jsonl", str(options.offers), stdout=sys.stderr)
    measured = json.dumps(measure(options.offers / "queries.jsonl", options.queries), indent=2)
    print(measured)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(measured + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
