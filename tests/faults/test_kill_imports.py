"""A few kills, on the database of this run; `python -m tests.faults.kill_imports` makes hundreds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection


def database_url() -> str:
    if connection.vendor == "sqlite":
        return "sqlite"
    settings: dict[str, Any] = connection.settings_dict
    password = f":{settings['PASSWORD']}" if settings["PASSWORD"] else ""
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    host = settings["HOST"] or ""
    if host.startswith("/"):
        return f"postgresql://{settings['USER']}{password}@/postgres?host={host}"
    return f"postgresql://{settings['USER']}{password}@{host}{port}/postgres"


@pytest.mark.django_db
def test_a_killed_import_run_again_ends_in_the_state_of_one_that_was_not(repository: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.kill_imports", "--database", database_url(), "--kills", "5", "--offers", "300"],
        cwd=repository,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["kills"] == 5
    assert report["commits_of_a_whole_import"] > 5
