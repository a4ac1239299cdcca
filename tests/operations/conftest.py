"""An installation of its own for each test: a data folder, a database, and the real command in real processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

COMMAND = str(Path(sys.executable).parent / "maillage")


@dataclass
class Installation:
    """Where it is, and how to run `maillage` there."""

    data: Path
    environment: dict[str, str]
    postgresql: bool
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def maillage(self, *arguments: str, answer: str = "") -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(
            [COMMAND, *arguments], env=self.environment, input=answer, capture_output=True, text=True, timeout=120, check=False
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start one command, in a process group of its own, as a terminal does."""
        process = subprocess.Popen(
            [COMMAND, *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.running.append(process)
        return process

    def backups(self) -> list[Path]:
        """The usual backups that it has."""
        return sorted((self.data / "backups").glob("maillage-*.tar.gz"))


def _postgresql_urls() -> tuple[str, str, str]:
    """The server's address, the name of a database for this test, and its address."""
    settings: dict[str, Any] = connection.settings_dict
    name = f"maillage_operations_{os.getpid()}"
    password = f":{settings['PASSWORD']}" if settings["PASSWORD"] else ""
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    host = settings["HOST"] or ""
    if host.startswith("/"):
        base = f"postgresql://{settings['USER']}{password}@/%s?host={host}"
    else:
        base = f"postgresql://{settings['USER']}{password}@{host}{port}/%s"
    return base % "postgres", name, base % name


@pytest.fixture
def installation(tmp_path: Path, db: None) -> Iterator[Installation]:
    """An empty installation, on the kind of database of this run of the tests."""
    data = tmp_path / "var"
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("MAILLAGE_", "DATABASE_URL", "DJANGO_", "SECRET_KEY"))
    }
    environment = {**kept, "MAILLAGE_DATA": str(data), "MAILLAGE_LOG_LEVEL": "WARNING"}
    postgresql = connection.vendor == "postgresql"
    server, name, url = _postgresql_urls() if postgresql else ("", "", "")
    if postgresql:
        environment["DATABASE_URL"] = url
        with psycopg.connect(server, autocommit=True) as opened:
            opened.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")  # type: ignore[arg-type]  # our own name
    made = Installation(data, environment, postgresql)
    try:
        yield made
    finally:
        for process in made.running:
            if process.poll() is None:
                process.kill()
            process.communicate()
        if postgresql:
            with psycopg.connect(server, autocommit=True) as opened:
                opened.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[arg-type]  # our own name
