"""Imports and exports of a catalogue in Maillage JSONL: speed, memory, and how long a batch keeps other writers waiting.

    python -m bench.imports --offers DIR [--data DIR]

DIR holds structures.jsonl and offers.jsonl (`maillage demo-region`, or the shared generator). The database is a new SQLite file in the
data folder, unless DATABASE_URL says otherwise. Prints one JSON object; processor seconds are given too, as a busy machine
lengthens the others.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def timed(work: Callable[[], object], lines: int) -> dict[str, Any]:
    """Seconds, processor seconds and lines per second of one piece of work."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return {"seconds": round(wall, 2), "cpu_seconds": round(processor, 2), "lines_per_s": round(lines / wall)}


def measure(offers: Path) -> dict[str, Any]:
    """Import, import again, change one line in ten, export."""
    from django.core.management import call_command
    from django.db import connection

    from maillage.interop import upsert
    from maillage.interop.jsonl_export import export_folder
    from maillage.interop.jsonl_import import import_folder
    from maillage.territories import queries

    call_command("migrate", verbosity=0, skip_checks=True)
    queries.all_communes()
    waits: list[float] = []
    write, writing = upsert._apply, time.perf_counter

    def watched(*arguments: Any) -> None:
        begun = writing()
        write(*arguments)
        waits.append(writing() - begun)

    upsert._apply = watched
    counts = {path.name: sum(1 for _ in path.open("rb")) for path in (offers / "structures.jsonl", offers / "offers.jsonl")}
    total = sum(counts.values())
    found: dict[str, Any] = {"database": connection.vendor, **counts}
    with tempfile.TemporaryDirectory() as place:
        only = Path(place) / "structures"
        only.mkdir()
        (only / "structures.jsonl").symlink_to((offers / "structures.jsonl").resolve())
        found["structures"] = timed(lambda: import_folder(only), counts["structures.jsonl"])
        only = Path(place) / "offers"
        only.mkdir()
        (only / "offers.jsonl").symlink_to((offers / "offers.jsonl").resolve())
        found["offers"] = timed(lambda: import_folder(only), counts["offers.jsonl"])
        found["same_again"] = timed(lambda: import_folder(offers), total)
        found["export"] = timed(lambda: export_folder(Path(place) / "out"), total)
        changed = Path(place) / "changed"
        changed.mkdir()
        with (
            (offers / "offers.jsonl").open(encoding="utf-8") as lines,
            (changed / "offers.jsonl").open("w", encoding="utf-8") as out,
        ):
            for number, line in enumerate(lines):
                out.write(line if number % 10 else json.dumps(json.loads(line) | {"name": f"Autre nom {number}"}) + "\n")
        found["one_in_ten_changed"] = timed(lambda: import_folder(changed), counts["offers.jsonl"])
    waits.sort()
    found["batch_ms"] = {"median": round(waits[len(waits) // 2] * 1000), "longest": round(waits[-1] * 1000)}
    found["memory_mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return found


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offers", type=Path, required=True)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="maillage-bench-imports-") as temporary:
        os.environ["MAILLAGE_DATA"] = str(options.data or temporary)
        os.environ["DJANGO_SETTINGS_MODULE"] = "maillage.config.settings"
        import django

        django.setup()
        print(json.dumps(measure(options.offers), indent=1))


if __name__ == "__main__":
    main()
