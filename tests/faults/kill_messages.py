"""Kill the processes that write and send messages, while the mail server refuses or hangs; count what arrived. Many times.

    python -m tests.faults.kill_messages [--database sqlite|postgresql://user@host:port/base] [--messages 10000] [--kills 200] [--seed 1]

One process writes messages, each in the transaction of an act (a line of the journal); one act in eleven is rolled back. Two workers send
them to a real SMTP server that refuses for a while, hangs or cuts one time in five, and never takes one address in two hundred. One of the
three is killed with SIGKILL at a random instant, and started again. At the end: each act has its message, each message arrived or
was refused for ever, no act that was rolled back told anybody, and there are at most as many duplicates as kills. Prints one line of
JSON; exits with 1 when that is not so.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import signal
import socket
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.faults.harness import Database, command_line, in_child, killing_ground

#: Of messages: one in five meets a fault; one act in eleven is rolled back; one address in two hundred does not exist.
FAULTS, ROLLED_BACK, NOBODY = 0.2, 11, 200
#: Seconds that a server which hangs does hang: longer than any worker waits.
HANG = 30.0


class Capricious:
    """What the mail server does: mostly its work. Writes the address of each message that it takes."""

    def __init__(self, taken: Path, seed: int) -> None:
        self.taken = os.open(taken, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.chance = random.Random(seed)

    async def _fault(self, server: Any, times: float) -> str:
        if self.chance.random() >= FAULTS / times:
            return ""
        fault = self.chance.choice(("refuse", "refuse", "refuse", "cut", "hang"))
        if fault == "hang":
            await asyncio.sleep(HANG)
        if fault == "cut":
            server.transport.close()
        return "451 4.3.0 later"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address.startswith("personne"):
            return "550 5.1.1 nobody here"
        if fault := await self._fault(server, 2):
            return fault
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if fault := await self._fault(server, 2):
            return fault
        os.write(self.taken, f"{envelope.rcpt_tos[0]}\n".encode())
        return "250 OK"


def serve_mail(listening: socket.socket, taken: Path, seed: int) -> None:
    """The mail server, until killed."""
    import logging
    import warnings

    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    from aiosmtpd.smtp import SMTP

    async def forever() -> None:
        handler = Capricious(taken, seed)
        server = await asyncio.get_running_loop().create_server(lambda: SMTP(handler, timeout=60), sock=listening)
        await server.serve_forever()

    asyncio.run(forever())


def write_messages(total: int, allowed: Any) -> None:
    """Write acts and their messages up to `total`, from where the last writer was killed; never ahead of what is `allowed`."""
    from django.db import transaction

    from maillage.journal.actions import record
    from maillage.journal.messages import tell
    from maillage.journal.models import Entry

    class Act:
        KIND = "act"

        def __init__(self, number: int) -> None:
            self.uid = self.name = str(number)

    class Undone(Exception):
        """What makes an act be rolled back."""

    number = max((int(uid) for uid in Entry.objects.order_by("pk").values_list("subject_uid", flat=True)), default=-1) + 1
    while number < total:
        while number >= allowed.value:
            time.sleep(0.01)
        name = "personne" if number % NOBODY == 7 else "act"
        with suppress(Undone), transaction.atomic():
            if number % ROLLED_BACK == 3:
                record("done", Act(number))
                tell(f"undone{number}@example.org", "mail_test/plain", {"number": number}, kind="test")
                raise Undone
        with transaction.atomic():
            record("done", Act(number))
            tell(f"{name}{number}@example.org", "mail_test/plain", {"number": number}, kind="test", key=f"test:{number}")
        number += 1


def send_messages(patience: float) -> None:
    """One worker, as `maillage messages` runs it; it waits `patience` seconds for each answer."""
    import logging

    from maillage.journal.outbox import queue, worker
    from maillage.journal.outbox.sending import Pace

    logging.disable(logging.CRITICAL)
    queue._FIRST_WAIT, queue._LONGEST_WAIT, queue.TRIES = timedelta(seconds=0.3), timedelta(seconds=2), 100
    worker.EVERY_SECONDS = worker.AWAY_SECONDS = 0.2
    lease = timedelta(seconds=8 * patience + 3)
    worker.run(lambda: False, time.sleep, Pace(batch=20, lease=lease, timeout=patience))


def main() -> int:
    """Run it; 0 when every promise was kept."""
    parser = command_line(__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--patience", type=float, default=1.0, help="seconds that a worker waits for each answer of the server")
    options = parser.parse_args()
    listening = socket.create_server(("127.0.0.1", 0))
    mail = {"EMAIL_URL": f"smtp://127.0.0.1:{listening.getsockname()[1]}", "MAILLAGE_QUIET_HOURS": "non"}
    children: dict[str, int] = {}
    with killing_ground(options.database, **mail) as (database, place):
        try:
            return rounds(database, place, options, listening, children)
        finally:
            for child in children.values():
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
                with suppress(ChildProcessError):
                    os.waitpid(child, 0)


def rounds(
    database: Database, place: Path, options: argparse.Namespace, listening: socket.socket, children: dict[str, int]
) -> int:
    """Write, send, kill, until everything is over; then count."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    from maillage.journal.models import Entry, Message

    settings.TEMPLATES[0]["DIRS"] = [*settings.TEMPLATES[0]["DIRS"], Path(__file__).parent / "templates"]
    call_command("migrate", verbosity=0, skip_checks=True)
    taken = place / "taken"
    allowed = multiprocessing.Value("i", 0)
    work = {
        "server": lambda: serve_mail(listening, taken, options.seed),
        "writer": lambda: write_messages(options.messages, allowed),
        "sender 1": lambda: send_messages(options.patience),
        "sender 2": lambda: send_messages(options.patience),
    }
    for name, run in work.items():
        children[name] = in_child(run)
    chance, kills, began = random.Random(options.seed), Counter[str](), time.monotonic()
    over = False
    while not over and time.monotonic() - began < options.seconds:
        done = sum(kills.values())
        allowed.value = options.messages if done >= options.kills else (done + 1) * options.messages // (options.kills + 1)
        if done < options.kills:
            time.sleep(chance.uniform(0.0, 2.0) if options.kills > 20 else chance.uniform(0.2, 0.8))
            victim = chance.choice(("writer", "sender 1", "sender 1", "sender 2", "sender 2"))
            with suppress(ProcessLookupError):
                os.kill(children[victim], signal.SIGKILL)
            _, status = os.waitpid(children[victim], 0)
            kills[victim] += os.WIFSIGNALED(status)
            children[victim] = in_child(work[victim])
            continue
        time.sleep(0.5)
        waiting = Message.objects.filter(state__in=("ready", "sending")).exists()
        over = not waiting and Entry.objects.count() >= options.messages
        connections.close_all()
    arrived = Counter(taken.read_text().split()) if taken.exists() else Counter[str]()
    acts = set(Entry.objects.values_list("subject_uid", flat=True))
    expected = {f"act{uid}@example.org" for uid in acts if int(uid) % NOBODY != 7}
    states = Counter(Message.objects.values_list("state", flat=True))
    nobody = sum(int(uid) % NOBODY == 7 for uid in acts)
    duplicates = sum(count - 1 for count in arrived.values())
    report = {
        "database": database.kind,
        "acts": len(acts),
        "arrived": len(arrived),
        "lost": len(expected - set(arrived)),
        "duplicates": duplicates,
        "told_of_undone_acts": sum(name.startswith("undone") for name in arrived),
        "refused_for_ever": states["refused"],
        "states": dict(states),
        "tries_that_failed": sum(Message.objects.values_list("tries", flat=True)),
        "kills": sum(kills.values()),
        "kills_by_victim": dict(kills),
        "over": over,
        "seconds": round(time.monotonic() - began),
    }
    connections.close_all()
    print(json.dumps(report))
    kept = (
        over
        and len(acts) == options.messages
        and set(arrived) == expected
        and duplicates <= sum(kills.values())
        and states == Counter(sent=len(expected), refused=nobody)
        and sum(kills.values()) >= options.kills
    )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
