"""A few kills of a reading, on the database of this run; `python -m tests.faults.kill_sources` makes hundreds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.test_kill_imports import database_url


@pytest.mark.django_db
def test_a_killed_reading_of_a_source_begun_again_ends_in_the_state_of_one_that_was_not(repository: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.kill_sources", "--database", database_url(), "--kills", "4", "--records", "200"],
        cwd=repository,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["kills"] == 4
    assert report["changes_that_wait"] > 10
