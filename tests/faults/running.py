"""A programme that kills, run as one does by hand, on the database of this run of the tests."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent


def database_url() -> str:
    """The server of the tests, as the programmes take it: they make databases of their own."""
    if connection.vendor == "sqlite":
        return "sqlite"
    settings: dict[str, Any] = connection.settings_dict
    password = f":{settings['PASSWORD']}" if settings["PASSWORD"] else ""
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    host = settings["HOST"] or ""
    if host.startswith("/"):
        return f"postgresql://{settings['USER']}{password}@/postgres?host={host}"
    return f"postgresql://{settings['USER']}{password}@{host}{port}/postgres"


def report_of(programme: str, *options: str) -> dict[str, Any]:
    """What the programme said in its last line; it must have ended well."""
    command = [sys.executable, "-m", f"tests.faults.{programme}", "--database", database_url(), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said
