"""Kill a worker of siting questions with SIGKILL at a random instant, let another take over, and compare with one that nobody killed. Many times.

    python -m tests.faults.kill_siting [--database sqlite|postgresql://user@host:port/base] [--kills 200] [--seed 1]

After each kill: nothing is half written, nobody else takes the question while its lease lasts, and once the lease is over another worker
gives the same answer. The lease is ended by hand: thirty seconds of waiting would prove nothing more. Prints one line of JSON; exits with 1
at the first difference, or when the time was too short for that many kills.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from datetime import timedelta

from tests.faults.harness import command_line, killed, killing_ground


def main() -> int:
    """Run the rounds; 0 when every answer is the same."""
    options = command_line(__doc__).parse_args()
    with killing_ground(options.database) as (database, _place):
        return rounds(database.kind, options)


def rounds(kind: str, options: argparse.Namespace) -> int:
    """Ask, kill, take over, compare."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections
    from django.utils import timezone

    from maillage.accounts.models import Person
    from maillage.observatory.models import SitingRun
    from maillage.observatory.siting import runs
    from maillage.observatory.siting.problem import COVERING
    from maillage.territories import queries as territories

    call_command("migrate", verbosity=0, skip_checks=True)
    alice = Person.objects.create_user("alice@example.org", "un mot de passe long")
    place = territories.place("departement", "53")
    assert place is not None

    def asked() -> SitingRun:
        return runs.ask(alice, place, COVERING, 2, 15)

    def work(pk: int) -> None:
        runs.work(pk)

    whole = asked()
    begun = time.monotonic()
    work(whole.pk)
    duration = time.monotonic() - begun
    whole.refresh_from_db()
    assert whole.state == SitingRun.State.DONE
    chance, began = random.Random(options.seed), time.monotonic()
    kills = finished = before = during = 0
    while kills < options.kills and time.monotonic() - began < options.seconds:
        run = asked()
        if killed(lambda pk=run.pk: work(pk), chance.uniform(0, duration)):  # type: ignore[misc]  # the value of this turn
            kills += 1
        else:
            finished += 1
        run.refresh_from_db()
        before += run.state == SitingRun.State.WAITING
        if run.state == SitingRun.State.RUNNING:
            during += 1
            assert run.result == {}, "half an answer was written"
            assert run.pk not in runs.waiting(), "taken while its lease lasts"
            assert not runs.work(run.pk), "taken while its lease lasts"
            SitingRun.objects.filter(pk=run.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
        if run.state != SitingRun.State.DONE:
            assert run.pk in runs.waiting(), "the question is lost"
            work(run.pk)
            run.refresh_from_db()
        if (run.state, run.result) != (SitingRun.State.DONE, whole.result):
            print(json.dumps({"round": kills + finished, "seed": options.seed, "expected": whole.result, "found": run.result}))
            return 1
        run.delete()
    connections.close_all()
    report = {
        "database": kind,
        "kills": kills,
        "ended_before_the_kill": finished,
        "killed_before_it_took_the_question": before,
        "killed_while_it_worked": during,
        "seconds_of_a_whole_answer": round(duration, 2),
        "seconds": round(time.monotonic() - began),
    }
    print(json.dumps(report))
    return 0 if kills == options.kills else 1


if __name__ == "__main__":
    sys.exit(main())
