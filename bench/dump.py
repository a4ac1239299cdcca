"""The nightly dump: seconds, processor seconds, memory of the process that writes and of the largest that makes pieces.

    python -m bench.dump --data DIR [--processes N]

DIR is a MAILLAGE_DATA folder with a loaded catalogue (SQLite). It is copied: in the copy every sheet is under Licence Ouverte 2.0, without which
generated sheets would stay. Prints one JSON object. Memory is constant when a tenth of the catalogue needs as much: `memory_ratio` compares the
two within this run (keys of sheets are held, eight bytes each).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ONE = "--one"


def measure_here(share: int) -> dict[str, Any]:
    """Dump the catalogue of this process's data folder (one sheet in `share`), measured."""
    from django.db import connection

    from maillage.catalogue.models import Offer, Structure
    from maillage.interop.dumps.dump import dump, manifest_of
    from maillage.territories import queries

    for model in (Structure, Offer):
        model.objects.update(licence="Licence Ouverte 2.0")
        if share > 1:
            model.objects.extra(where=[f"{connection.ops.quote_name(model._meta.db_table)}.id % {share} <> 0"]).update(
                status="draft"
            )
    queries.all_communes()
    wall, own, children = time.perf_counter(), time.process_time(), resource.getrusage(resource.RUSAGE_CHILDREN)
    path = dump(site="https://maillage.example.org", processes=int(os.environ["BENCH_PROCESSES"]) or None)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    manifest = manifest_of(path)
    counts = {entry["path"]: entry["records"] for entry in manifest["files"]}
    return {
        "offers": counts["jsonl/offers.jsonl.gz"],
        "structures": counts["jsonl/structures.jsonl.gz"],
        "seconds": round(time.perf_counter() - wall, 1),
        "cpu_seconds": round(
            time.process_time() - own + after.ru_utime + after.ru_stime - children.ru_utime - children.ru_stime, 1
        ),
        "mebibytes": round(sum(entry["bytes"] for entry in manifest["files"]) / 2**20),
        "memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "memory_of_a_maker_mib": round(after.ru_maxrss / 1024),
    }


def measure(data: Path, processes: int, share: int) -> dict[str, Any]:
    """Measure on a copy, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="maillage-bench-dump-") as place:
        shutil.copy(data / "maillage.sqlite3", Path(place) / "maillage.sqlite3")
        environment = {**os.environ, "MAILLAGE_DATA": place, "BENCH_PROCESSES": str(processes), "DATABASE_URL": ""}
        command = [sys.executable, "-m", "bench.dump", ONE, str(share)]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--processes", type=int, default=0, help="0: one per core")
    parser.add_argument(ONE, type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        os.environ["DJANGO_SETTINGS_MODULE"] = "maillage.config.settings"
        os.environ.setdefault("MAILLAGE_LOG_LEVEL", "WARNING")
        import django

        django.setup()
        print(json.dumps(measure_here(options.one)))
        return
    if options.data is None:
        parser.error("--data is required")
    whole, tenth = (measure(options.data, options.processes, share) for share in (1, 10))
    print(json.dumps({**whole, "memory_ratio": round(whole["memory_mib"] / tenth["memory_mib"], 2)}, indent=1))


if __name__ == "__main__":
    main()
