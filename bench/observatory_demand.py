"""The observatory's demand: records counted a second, ten million summarised from their totals, the count of visitors, the map page.

    python -m bench.observatory_demand [--data DIR] [--records 10000000] [--sample 1000000]

`--sample` records are written and really rolled up, for the rate. Then the totals are filled as `--records` searches would leave them
(the same number of rows, by the same SQL from cells), and the summary of the public page is read from them.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from datetime import date, timedelta
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
