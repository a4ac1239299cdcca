"""Kill a roll-up of search records with SIGKILL at a random instant, run it again, and compare with one that nobody killed. Many times.

    python -m tests.faults.kill_rollup [--database sqlite|postgresql://user@host:port/base] [--kills 200] [--records 20000] [--seed 1]

Compared after the second run: every cell, every total, how far the records are counted. Prints one line of JSON; exits with 1 at the
first difference, or when the time was too short for that many kills.
"""

from __future__ import annotations

import argparse
import random
import sys
from hashlib import sha256
from typing import Any

from tests.faults.harness import Database, command_line, kill_and_compare, killing_ground, report

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
    SearchRecord.objects.bulk_create(some(options.records, chance), batch_size=500)
    found = kill_and_compare(database, options, work, reached=reached, state=state)
    return report(database, options, found, **(found.expected if found else {}))


if __name__ == "__main__":
    sys.exit(main())
