"""A few kills of a siting worker, on the database of this run; `python -m tests.faults.kill_siting` makes hundreds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.test_kill_imports import database_url


@pytest.mark.django_db
def test_a_question_whose_worker_is_killed_is_answered_by_another_as_if_nothing_had_happened(repository: Path) -> None:
    command = [sys.executable, "-m", "tests.faults.kill_siting", "--database", database_url(), "--kills", "4"]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["kills"] == 4
