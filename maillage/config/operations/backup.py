"""Back up while the site runs: SQLite's online backup, or pg_dump of a snapshot."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection, transaction
from django.utils import timezone

from maillage import __version__
from maillage.config.operations import archive, databases
from maillage.config.operations.archive import BackupError, Manifest


def backup(target: Path | None = None, *, reason: str = archive.USUAL) -> tuple[Path, Manifest]:
    """Back up the database to `target`, else to a dated file of the backups' folder. Returns the file and its manifest.

    The copy is that of one instant; visitors and editors go on meanwhile. Raises BackupError with a French sentence.
    """
    now = timezone.localtime()
    if target is None:
        target = archive.folder() / archive.name_for(reason, now)
        archive.folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(prefix="maillage-backup-") as place:
        kind = "sqlite" if databases.is_sqlite() else "postgresql"
        copy = Path(place) / archive.COPIES[kind]
        try:
            engine, migrations, rows = _copy_sqlite(copy) if kind == "sqlite" else _copy_postgresql(copy)
        except sqlite3.Error as error:
            raise BackupError(f"La base ne peut pas être copiée : {error}. « maillage doctor » dira pourquoi.") from error
        manifest = Manifest(
            version=__version__,
            made_at=now.isoformat(timespec="seconds"),
            database=kind,
            engine=engine,
            migrations=migrations,
            rows=rows,
            sha256=archive.digest_of(copy),
            size=copy.stat().st_size,
        )
        try:
            archive.write(target, copy, manifest)
        except OSError as error:
            raise BackupError(f"« {target} » ne peut pas être écrit : {error.strerror}.") from error
    return target, manifest


def _copy_sqlite(copy: Path) -> tuple[str, list[str], dict[str, int]]:
    source_file = databases.sqlite_file()
    if not source_file.is_file():
        raise BackupError(f"Il n’y a pas de base à « {source_file} ». Lancez d’abord « maillage run ».")
    with closing(sqlite3.connect(source_file, timeout=20)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)  # in one step: an instant of the database, writers wait for it
        return f"SQLite {sqlite3.sqlite_version}", sqlite_migrations(target), sqlite_rows(target)


def sqlite_migrations(opened: sqlite3.Connection) -> list[str]:
    """The migrations that a SQLite database has had."""
    if not opened.execute("SELECT 1 FROM sqlite_master WHERE name = 'django_migrations'").fetchone():
        return []
    return sorted(f"{app}.{name}" for app, name in opened.execute("SELECT app, name FROM django_migrations"))


def sqlite_rows(opened: sqlite3.Connection) -> dict[str, int]:
    """Rows by table of a SQLite database."""
    there = {name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return {
        table: opened.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608  # names of our own tables
        for table in databases.counted_tables()
        if table in there
    }


def program(name: str) -> str:
    """The path of one of PostgreSQL's programs. Raises BackupError when it is not installed."""
    found = shutil.which(name)
    if found is None:
        raise BackupError(f"Le programme {name} manque : installez le client de PostgreSQL (paquet « postgresql-client »).")
    return found


def run_program(arguments: list[str], environment: Mapping[str, str] | None = None) -> None:
    """Run one of PostgreSQL's programs. Raises BackupError with what it said when it fails."""
    done = subprocess.run(  # noqa: S603  # our own arguments
        arguments, env=dict(environment or databases.postgresql_environment()), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise BackupError(f"{Path(arguments[0]).name} a échoué : {' '.join(said[-3:])}")


def _copy_postgresql(copy: Path) -> tuple[str, list[str], dict[str, int]]:
    dump = program("pg_dump")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
        snapshot, version = cursor.fetchone()
        # the counts and the dump read the same instant
        run_program([dump, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={copy}"])
        return f"PostgreSQL {version}", databases.applied_migrations(), databases.row_counts()
