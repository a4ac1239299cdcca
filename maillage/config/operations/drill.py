"""Prove that a backup can be restored, in a place of its own, without touching the present database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from django.db import connection
from django.utils import timezone
from psycopg import sql
from psycopg.conninfo import make_conninfo

from maillage.config.operations import archive, databases
from maillage.config.operations.archive import BackupError, Manifest
from maillage.config.operations.backup import backup
from maillage.config.operations.restore import check_compatible, check_rows, check_sqlite, restore_dump


@dataclass(frozen=True, slots=True)
class Drill:
    """What a drill proved: which file, how old it is (what would be lost), and how long its restore took, in seconds."""

    path: Path
    manifest: Manifest
    age: float
    duration: float
    migrations: list[str]


def drill(path: Path | None = None) -> Drill:
    """Restore a backup (the last one, else one made now) in a temporary place and check it. Raises BackupError if it fails."""
    if path is None:
        known = archive.kept_backups()
        path = known[-1][1] if known else backup()[0]
    start = time.monotonic()
    with archive.unpacked(path) as (manifest, copy):
        check_compatible(manifest)
        if databases.is_sqlite():
            check_sqlite(copy, manifest)
        else:
            _check_postgresql(copy, manifest)
    duration = time.monotonic() - start
    age = (timezone.now() - datetime.fromisoformat(manifest.made_at)).total_seconds()
    known_here = {f"{app}.{name}" for app, name in _migrations_of_this_code()}
    return Drill(path, manifest, age, duration, sorted(known_here - set(manifest.migrations)))


def _migrations_of_this_code() -> list[tuple[str, str]]:
    from django.db.migrations.loader import MigrationLoader

    return list(MigrationLoader(None).disk_migrations)


def _check_postgresql(copy: Path, manifest: Manifest) -> None:
    """Foreign keys are checked by PostgreSQL itself, which refuses to create one that a row breaks."""
    with _temporary_database() as name:
        restore_dump(copy, database=name)
        with psycopg.connect(_connection_to(name)) as opened:
            rows = {}
            there = {table for (table,) in opened.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")}
            for table in databases.counted_tables():
                if table in there:
                    found = opened.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
                    rows[table] = int(found[0]) if found else 0
        check_rows(rows, manifest)


def _connection_to(name: str) -> str:
    environment = databases.postgresql_environment()
    known = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "sslmode": "PGSSLMODE"}
    given = {key: environment[variable] for key, variable in known.items() if variable in environment}
    return make_conninfo(**given, dbname=name)


@contextmanager
def _temporary_database() -> Iterator[str]:
    name = f"maillage_drill_{time.time_ns():x}"
    quoted = connection.ops.quote_name(name)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {quoted} TEMPLATE template0 ENCODING 'UTF8'")
    except Exception as error:
        raise BackupError(
            f"NON VÉRIFIÉ : la base d’essai n’a pas pu être créée ({str(error).strip()}). L’exercice demande le droit CREATEDB."
        ) from error
    try:
        yield name
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")
