"""The observatory's supply side: gap matrix, whole of France, access, siting, weight of the map page.

    python -m bench.observatory_supply --data DIR [--siting]

`--data` is a MAILLAGE_DATA folder with a loaded catalogue. The 5,000 relays of the access measure are made up in memory, on communes drawn
by their population, with forty kinds of opening hours. Prints one JSON object, times in milliseconds.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

REGION, RELAYS = "52", 5_000


def median_ms(act: Callable[[], object], times: int = 5) -> float:
    """Median time of `act`, the first one (caches being filled) left out."""
    act()
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        spent.append((time.perf_counter() - start) * 1e3)
    return round(statistics.median(spent), 1)


def measure_matrix(index: Any, today: date) -> dict[str, Any]:
    """Six stages × all kinds × all EPCI of a région; then counts of every commune of France at each stage."""
    from maillage.observatory.supply.gaps import gaps
    from maillage.observatory.supply.matrix import matrix
    from maillage.observatory.supply.reach import groups
    from maillage.territories import queries as territories
    from maillage.vocabulary.words import vocabulary

    epci = {
        place.code: place.territory
        for departement in territories.departements_of_region(REGION)
        for place in territories.epci_of_departement(departement.code)
    }
    stages = [index.accepting("stage", (stage,)) & index.open_on(today) for stage in vocabulary().codes("stage")]

    def every_commune() -> int:
        seen = 0
        for region in territories.places("region"):
            for group in groups(index, region.territory):
                for offers in stages:
                    group.offers.intersection_cardinality(offers)
                seen += len(group.codes)
        return seen

    found = matrix(index, epci.values(), today=today)
    return {
        "epci": len(epci),
        "cells": sum(len(row.cells) for row in found.rows),
        "region_matrix_ms": median_ms(lambda: matrix(index, epci.values(), today=today)),
        "gaps_ms": median_ms(lambda: gaps(found)),
        "communes": every_commune(),
        "every_commune_six_stages_ms": median_ms(every_commune, 3),
    }


def measure_access(today: date) -> dict[str, Any]:
    """Distances, thresholds, hours, shared capacity and inequality of the whole of France against 5,000 relays."""
    import numpy as np

    from maillage.observatory.access.capacity import floating_catchment
    from maillage.observatory.access.distances import THRESHOLDS_KM, nearest_km, share_beyond, weighted_median
    from maillage.observatory.access.ground import ground
    from maillage.observatory.access.hours import week_of
    from maillage.observatory.access.inequality import inequality

    france, chance = ground("france", ""), np.random.default_rng(2026)
    at = chance.choice(len(france), RELAYS, p=france.people / france.people.sum())
    lon, lat = france.lon[at] + chance.normal(0, 0.01, RELAYS), france.lat[at] + chance.normal(0, 0.01, RELAYS)
    words = [f"Mo-Fr {8 + number % 5:02d}:00-{12 + number // 5:02d}:00; PH off" for number in range(40)]
    texts = [words[number % 40] for number in range(RELAYS)]

    def everything() -> None:
        weeks = [week_of(text, today) for text in texts]
        enough = np.array([bool(week and week.is_enough) for week in weeks])
        late = np.array([bool(week and week.evening_or_saturday) for week in weeks])
        for which in (np.ones(RELAYS, bool), enough, late):
            distance = nearest_km(france, lon[which], lat[which])
            weighted_median(distance, france.people)
            for threshold in THRESHOLDS_KM:
                share_beyond(distance, france.people, threshold)
        hours = np.array([week.hours if week else np.nan for week in weeks])
        inequality(floating_catchment(france, lon, lat, hours), france.people)

    start = time.perf_counter()
    everything()
    first = round((time.perf_counter() - start) * 1e3, 1)
    return {"relays": RELAYS, "communes": len(france), "france_ms": median_ms(everything), "first_time_ms": first}


def measure_siting() -> dict[str, Any]:
    """Ten relays among the communes of a région: maximal covering and p-median, none existing."""
    import numpy as np

    from maillage.observatory.access.ground import ground
    from maillage.observatory.siting.problem import METHODS, Problem, distances_km
    from maillage.observatory.siting.solve import solve

    here = ground("region", REGION)
    km = distances_km(here.lon, here.lat, here.lon, here.lat)
    report: dict[str, Any] = {"communes": len(here)}
    for method in METHODS:
        problem = Problem(method, 10, 20.0, here.people, km, np.full(len(here), np.inf))
        start = time.perf_counter()
        answer = solve(problem)
        report[method] = {
            "seconds": round(time.perf_counter() - start, 1),
            "gap": round(answer.gap, 5),
            "proved": answer.is_proved,
            "how": answer.how,
        }
    return report


def measure_pages() -> dict[str, Any]:
    """Weight of the pages that hold a map, compressed, and the time of one answer without network."""
    from django.test import Client

    client, report = Client(), {}
    for name, address in (
        ("matrix_epci", f"/observatoire/manques/?territoire=region:{REGION}&maille=epci&etape=creation"),
        ("matrix_auvergne_rhone_alpes", "/observatoire/manques/?territoire=region:84&maille=epci&etape=creation"),
        ("access_region", f"/observatoire/acces/?territoire=region:{REGION}"),
        ("access_departement", "/observatoire/acces/?territoire=departement:53"),
        ("access_france", "/observatoire/acces/?territoire=france"),
    ):
        content = client.get(address).content
        report[name] = {
            "kb_compressed": round(len(gzip.compress(content, 6)) / 1e3, 1),
            "ms": median_ms(lambda address=address: client.get(address), 3),
        }
    return report


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--siting", action="store_true", help="what does not depend on the catalogue: access of France, siting")
    options = parser.parse_args()
    os.environ["MAILLAGE_DATA"] = str(options.data.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")
    os.environ.setdefault("MAILLAGE_LOG_LEVEL", "WARNING")
    import django
    from django.test.utils import override_settings

    django.setup()
    from maillage.catalogue.index import current_index

    index, today = current_index(), date.today()
    report: dict[str, Any] = {"offers": len(index.alive), "matrix": measure_matrix(index, today)}
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        report["pages"] = measure_pages()
    if options.siting:
        report["access"], report["siting"] = measure_access(today), measure_siting()
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
