"""Kill a roll-up of search records with SIGKILL at a random instant, run it again, and compare with one that nobody killed. Many times.

    python -m tests.faults.kill_rollup [--database sqlite|postgresql://user@host:port/base] [--kills 200] [--records 20000] [--seed 1]

Compared after the second run: every cell, every total, how far the records are counted. Prints one line of JSON; exits with 1 at the
first difference, or when the time was too short for that many kills.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import time
from contextlib import suppress
from hashlib import sha256
from typing import Any

from tests.faults.harness import Database, command_line, in_child, killing_ground

#: Records in a transaction here: many commits, so that kills fall between them as well as within.
BATCH = 1_000


def state() -> dict[str, Any]:
    """What two roll-ups must have in common."""
    from django.db import connections

    from maillage.observatory.models import DemandCell, DemandTotal, RollUp

    names = {
        DemandCell: ("month", "portal", "commune", "stage", "need", "searches", "empty", "few"),
        DemandTotal: ("level", "code", "month", "portal", "stage", "need", "searches", "empty", "few"),
        RollUp: ("name", "last_record", "edition"),
    }
    found = {}
    for model, columns in names.items():
        rows = sorted(model.objects.order_by("pk").values_list(*columns))  # type: ignore[attr-defined]  # all have a manager
        found[model.__name__] = sha256(repr(rows).encode()).hexdigest()[:16]
    found["searches"] = sum(
        DemandTotal.objects.filter(level="france", need="*").order_by("pk").values_list("searches", flat=True)
    )
    connections.close_all()
    return found


def main() -> int:
    """Run the rounds; 0 when every final state is the same."""
    parser = command_line(__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    options = parser.parse_args()
    with killing_ground(options.database) as (database, _place):
        return rounds(database, options)


def rounds(database: Database, options: argparse.Namespace) -> int:
    """Kill and compare."""
    import django

    django.setup()
    from django.core.management import call_command

    from maillage.observatory.demand import rollup
    from maillage.observatory.models import RollUp
    from maillage.orientation.models import SearchRecord
    from tests.observatory.searches import some

    def work() -> None:
        rollup.roll_up(BATCH)

    def reached() -> int:
        return RollUp.objects.order_by("pk").values_list("last_record", flat=True).first() or 0

    chance = random.Random(options.seed)
    call_command("migrate", verbosity=0, skip_checks=True)
    SearchRecord.objects.bulk_create(some(options.records // 10, chance), batch_size=500)
    work()
    start = reached()
    SearchRecord.objects.bulk_create(some(options.records, chance), batch_size=500)
    os.waitpid(in_child(lambda: None), 0)
    database.keep_start()
    begun = time.monotonic()
    assert os.waitpid(in_child(work), 0)[1] == 0
    duration = time.monotonic() - begun
    expected = state()
    kills = finished = untouched = midway = 0
    began = time.monotonic()
    while kills < options.kills and time.monotonic() - began < options.seconds:
        database.back_to_start()
        child = in_child(work)
        time.sleep(chance.uniform(0, duration))
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            kills += 1
        else:
            finished += 1
        now = reached()
        untouched += now == start
        midway += start < now < start + options.records
        assert os.waitpid(in_child(work), 0)[1] == 0, "the second run failed"
        database.check()
        found = state()
        if found != expected:
            print(json.dumps({"round": kills + finished, "seed": options.seed, "expected": expected, "found": found}, indent=1))
            return 1
    report = {
        "database": database.kind,
        "kills": kills,
        "ended_before_the_kill": finished,
        "killed_before_the_first_commit": untouched,
        "killed_between_commits": midway,
        "seconds_of_a_whole_roll_up": round(duration, 2),
        "seconds": round(time.monotonic() - began),
        **expected,
    }
    print(json.dumps(report))
    return 0 if kills == options.kills else 1


if __name__ == "__main__":
    sys.exit(main())
