"""What operations need to know of the database, whichever it is."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

#: Tables whose rows are counted in manifests, by the word of the interface.
_UNCOUNTED = {"accounts_session"}  # sessions come and go; they say nothing of what a backup holds


def is_sqlite() -> bool:
    """Is the database a SQLite file?"""
    return connection.vendor == "sqlite"


def sqlite_file() -> Path:
    """The file of the SQLite database."""
    return Path(str(settings.DATABASES["default"]["NAME"]))


def identity() -> str:
    """A short name of this database that holds no secret: changes when DATABASE_URL points elsewhere."""
    database: Any = settings.DATABASES["default"]
    parts = (database["ENGINE"], database.get("HOST"), database.get("PORT"), database["NAME"])
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def waiting_migrations() -> list[str]:
    """The migrations of this code that the database has not had yet (`catalogue.0002_…`), in order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def applied_migrations() -> list[str]:
    """The migrations that the database has had, sorted."""
    return sorted(f"{app}.{name}" for app, name in MigrationExecutor(connection).loader.applied_migrations)


def unknown_migrations(applied: list[str]) -> list[str]:
    """Among these migrations, those that this code does not have: the sign of a newer Maillage."""
    known = {f"{app}.{name}" for app, name in MigrationExecutor(None).loader.disk_migrations}
    ours = {config.label for config in apps.get_app_configs()}
    return [name for name in applied if name not in known and name.split(".")[0] in ours]


def counted_tables() -> list[str]:
    """The tables whose rows a manifest counts, sorted."""
    return sorted(
        {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed} - _UNCOUNTED
    )


def row_counts() -> dict[str, int]:
    """Rows by table, for the tables that exist."""
    there = set(connection.introspection.table_names())
    counts = {}
    with connection.cursor() as cursor:
        for table in counted_tables():
            if table in there:
                cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608  # names of our own tables
                counts[table] = int(cursor.fetchone()[0])
    return counts


def postgresql_environment() -> dict[str, str]:
    """The environment in which PostgreSQL's programs reach the database: the password never shows in a list of processes."""
    database: Any = settings.DATABASES["default"]
    given = {
        "PGHOST": database.get("HOST"),
        "PGPORT": database.get("PORT"),
        "PGUSER": database.get("USER"),
        "PGPASSWORD": database.get("PASSWORD"),
        "PGDATABASE": database.get("NAME"),
    }
    options = database.get("OPTIONS", {})
    if options.get("sslmode"):
        given["PGSSLMODE"] = options["sslmode"]
    return {**os.environ, **{key: str(value) for key, value in given.items() if value}}


@contextmanager
def without_timeouts() -> Iterator[None]:
    """Long work of an administrator (migrations, waiting for another machine's) is not cut by the limits of web requests."""
    if is_sqlite():
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")
    try:
        yield
    finally:
        connection.close()  # the next connection has the usual limits
