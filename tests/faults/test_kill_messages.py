"""A few kills, on the database of this run; `python -m tests.faults.kill_messages` makes hundreds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.test_kill_imports import database_url


@pytest.mark.django_db
def test_killed_workers_lose_no_message_and_tell_of_nothing_that_was_undone(repository: Path) -> None:
    command = [sys.executable, "-m", "tests.faults.kill_messages", "--database", database_url()]
    done = subprocess.run(
        [*command, "--messages", "250", "--kills", "6", "--patience", "0.4"],
        cwd=repository,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert (report["lost"], report["told_of_undone_acts"], report["acts"]) == (0, 0, 250)
    assert report["duplicates"] <= report["kills"]
    assert report["tries_that_failed"] > 20  # the server did refuse and hang
