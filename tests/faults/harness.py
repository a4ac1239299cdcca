"""What the programmes that kill share: their database, a child that may be killed, their command line, their folder."""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class Sqlite:
    """The catalogue in a file; the start is a copy of it."""

    kind = "sqlite"

    def __init__(self, place: Path) -> None:
        self.file = place / "maillage.sqlite3"
        self.kept = place / "start.sqlite3"
        os.environ["DATABASE_URL"] = f"sqlite:///{self.file}"

    def keep_start(self) -> None:
        shutil.copy(self.file, self.kept)

    def back_to_start(self) -> None:
        for suffix in ("-journal", "-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        shutil.copy(self.kept, self.file)

    def check(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchall() == [("ok",)]
            cursor.execute("PRAGMA foreign_key_check")
            assert cursor.fetchall() == []

    def end(self) -> None:
        pass


class Postgresql:
    """The catalogue in a database of its own; the start is a template."""

    kind = "postgresql"

    def __init__(self, url: str) -> None:
        import psycopg

        self.server = psycopg.connect(url, autocommit=True)
        self.name, self.kept = f"maillage_kill_{os.getpid()}", f"maillage_start_{os.getpid()}"
        self.server.execute(f"CREATE DATABASE {self.name} TEMPLATE template0 ENCODING 'UTF8'")
        head, _, tail = url.partition("://")
        authority, _, rest = tail.partition("/")
        _, mark, options = rest.partition("?")
        os.environ["DATABASE_URL"] = f"{head}://{authority}/{self.name}{mark}{options}"

    def keep_start(self) -> None:
        self.server.execute(f"CREATE DATABASE {self.kept} TEMPLATE {self.name}")

    def back_to_start(self) -> None:
        self.server.execute(f"DROP DATABASE {self.name} WITH (FORCE)")
        self.server.execute(f"CREATE DATABASE {self.name} TEMPLATE {self.kept}")

    def check(self) -> None:
        from maillage.catalogue.models import Offer, Structure

        assert not Offer.objects.exclude(structure__in=Structure.objects.all()).exists()

    def end(self) -> None:
        self.server.execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        self.server.execute(f"DROP DATABASE IF EXISTS {self.kept} WITH (FORCE)")


def in_child(work: Callable[[], None]) -> int:
    """Run in a fork, which starts in no time; returns its process id."""
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if child == 0:
        code = 1
        with suppress(KeyboardInterrupt):
            work()
            code = 0
        os._exit(code)
    return child


def killed(work: Callable[[], None], after: float) -> bool:
    """Do this work in a child, and kill it after so many seconds; False when it ended before."""
    child = in_child(work)
    time.sleep(after)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def whole(work: Callable[[], None]) -> None:
    """Do this work in a child that nobody kills."""
    assert os.waitpid(in_child(work), 0)[1] == 0, "the work failed"


Database = Sqlite | Postgresql


@dataclass
class Rounds:
    """What happened: `reached` and `start` are how far a whole work goes and where it begins, `expected` the state that it leaves."""

    expected: dict[str, Any]
    start: int
    reached: int
    seconds_of_a_whole: float
    kills: int = 0
    finished: int = 0
    untouched: int = 0
    midway: int = 0


def kill_and_compare(
    database: Database,
    options: argparse.Namespace,
    work: Callable[[], None],
    *,
    reached: Callable[[], int],
    state: Callable[[], dict[str, Any]],
) -> Rounds | None:
    """Do the work whole, then kill it at random instants, do it again, and compare the states. None, with both printed, when they differ.

    Each round begins from the database as it is now. `reached`: how far the work went, a number that grows at each of its commits.
    """
    start = reached()
    whole(lambda: None)
    database.keep_start()
    begun = time.monotonic()
    whole(work)
    duration = time.monotonic() - begun
    found = Rounds(state(), start, reached(), round(duration, 2))
    chance, began = random.Random(options.seed), time.monotonic()
    while found.kills < options.kills and time.monotonic() - began < options.seconds:
        database.back_to_start()
        if killed(work, chance.uniform(0, duration)):
            found.kills += 1
        else:
            found.finished += 1
        now = reached()
        found.untouched += now == start
        found.midway += start < now < found.reached
        whole(work)
        database.check()
        if (left := state()) != found.expected:
            difference = {"round": found.kills + found.finished, "seed": options.seed, "expected": found.expected, "found": left}
            print(json.dumps(difference, indent=1))
            return None
    return found


def report(database: Database, options: argparse.Namespace, found: Rounds | None, **more: Any) -> int:
    """Print what happened, in one line of JSON. Gives 0 when every state was the same and there were as many kills as asked."""
    if found is None:
        return 1
    said = {
        "database": database.kind,
        "kills": found.kills,
        "ended_before_the_kill": found.finished,
        "killed_before_the_first_commit": found.untouched,
        "killed_between_commits": found.midway,
        "seconds_of_a_whole": found.seconds_of_a_whole,
    }
    print(json.dumps({**said, **more}))
    return 0 if found.kills == options.kills else 1


def command_line(about: str | None) -> argparse.ArgumentParser:
    """The options that they all take."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument(
        "--database", default=os.environ.get("DATABASE_URL") or "sqlite", help="default: DATABASE_URL, else SQLite"
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3600, help="stop after this long, and say how many kills were done")
    return parser


@contextmanager
def killing_ground(address: str, **environment: str) -> Iterator[tuple[Database, Path]]:
    """A database and a folder for the time of a programme, thrown away at its end, however it ends."""
    with tempfile.TemporaryDirectory(prefix="maillage-kills-") as folder:
        place = Path(folder)
        os.environ |= {"MAILLAGE_DATA": folder, "DJANGO_SETTINGS_MODULE": "maillage.config.settings", **environment}
        database: Database = Sqlite(place) if address == "sqlite" else Postgresql(address)
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))  # so that the databases are dropped
        try:
            yield database, place
        finally:
            database.end()
