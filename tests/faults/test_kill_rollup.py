"""A few kills of a roll-up, on the database of this run; `python -m tests.faults.kill_rollup` makes hundreds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.test_kill_imports import database_url


@pytest.mark.django_db
def test_a_killed_roll_up_run_again_counts_nothing_twice_and_forgets_nothing(repository: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "tests.faults.kill_rollup",
        "--database",
        database_url(),
        "--kills",
        "5",
        "--records",
        "6000",
    ]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["kills"] == 5
    assert report["searches"] == 6600
