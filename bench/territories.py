"""Territories: load time, memory, and the time of a keystroke. `python -m bench.territories` prints JSON.

Keystrokes are those of people who type the names of 400 communes drawn with a fixed seed, letter by letter (up to 12 letters),
as written, without accents, and with one slip; plus postal codes digit by digit. Each process measures itself.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import sys
import time
import unicodedata


def main() -> None:
    report: dict[str, float | int] = {}
    from maillage.territories import table  # the interpreter and numpy are not what we measure

    memory = resident_mb()
    start = time.perf_counter()
    table.table()
    report["load_ms"] = milliseconds(start)
    report["load_mb"] = round(resident_mb() - memory, 1)

    from maillage.territories import queries

    memory = resident_mb()
    start = time.perf_counter()
    queries.warm_up()
    report["search_load_ms"] = milliseconds(start)
    report["search_load_mb"] = round(resident_mb() - memory, 1)

    from maillage.territories.outlines import svg_paths

    region = [place.code for place in queries.departements_of_region("52")]
    start = time.perf_counter()
    svg_paths("departement", region, 600)
    report["first_map_ms"] = milliseconds(start)

    for name, texts in keystrokes().items():
        times = []
        for text in texts:
            start = time.perf_counter()
            queries.search(text, near_region="52")
            times.append((time.perf_counter() - start) * 1000)
        times.sort()
        report[f"{name}_keystrokes"] = len(times)
        report[f"{name}_median_ms"] = round(statistics.median(times), 3)
        report[f"{name}_p99_ms"] = round(times[len(times) * 99 // 100], 3)
        report[f"{name}_max_ms"] = round(times[-1], 3)

    codes = list(table.table().lines)
    start = time.perf_counter()
    for code in codes:
        commune = queries.commune(code)
        assert commune
        queries.territories_of(commune)
    report["every_commune_ms"] = milliseconds(start)
    report["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, 1)
    json.dump(report, sys.stdout, indent=1)
    print()


def keystrokes() -> dict[str, list[str]]:
    """What keyboards send, by way of typing."""
    from maillage.territories.table import read_commune, table

    chance = random.Random(2026)
    lines = chance.sample(list(table().lines.values()), 400)
    written, plain, slipped, digits = [], [], [], []
    for commune in map(read_commune, lines):
        name = commune.name[:12]
        bare = "".join(letter for letter in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(letter))
        written += [name[: i + 1] for i in range(len(name))]
        plain += [bare[: i + 1].replace("-", " ") for i in range(len(bare))]
        at = chance.randrange(len(commune.name))
        slipped.append(commune.name[:at] + chance.choice("aeinrst") + commune.name[at + 1 :])
        digits += [commune.postcodes[0][: i + 1] for i in range(5)]
    return {"name": written, "plain_name": plain, "slip": slipped, "postcode": digits}


def milliseconds(start: float) -> float:
    return round((time.perf_counter() - start) * 1000, 1)


def resident_mb() -> float:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6


if __name__ == "__main__":
    main()
