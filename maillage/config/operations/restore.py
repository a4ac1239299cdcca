"""Put a backup in the place of the database, the present one being kept aside."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from maillage.catalogue import revision
from maillage.catalogue.models import Revision
from maillage.config.operations import archive, databases
from maillage.config.operations.archive import BackupError, Manifest
from maillage.config.operations.backup import backup, program, run_program, sqlite_rows

# Functions of triggers outlive their tables; those that belong to an extension stay with it.
_OUR_ROUTINES = """
SELECT oid::regprocedure::text FROM pg_proc
WHERE pronamespace = current_schema()::regnamespace
  AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
"""

# Messages that waited in the backup have left since, perhaps: set aside before any worker sees them (a person may send them again).
_SET_ASIDE = (
    "UPDATE journal_message SET state = 'failed', lease = '', leased_until = NULL, "
    "last_error = 'Sauvegarde restaurée : il est peut-être déjà parti.' WHERE state IN ('ready', 'sending');"
)


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: the backup's manifest, where the former database is, and the migrations that are to be run."""

    manifest: Manifest
    aside: Path | None
    migrations: list[str]


def check_compatible(manifest: Manifest) -> None:
    """Raise BackupError when this Maillage, or this database, cannot take the backup."""
    newer = databases.unknown_migrations(manifest.migrations)
    if newer:
        raise BackupError(
            f"Cette sauvegarde vient d’une version plus récente de Maillage ({manifest.version} ; migrations inconnues ici : "
            f"{', '.join(newer[:3])}). Mettez d’abord Maillage à jour."
        )
    here = "sqlite" if databases.is_sqlite() else "postgresql"
    if manifest.database != here:
        raise BackupError(
            f"Cette sauvegarde est celle d’une base {manifest.database}, et la base d’ici est {here}. Pour passer de l’une à "
            "l’autre, le catalogue s’exporte et s’importe : maillage export jsonl, puis maillage import jsonl."
        )


def restore(path: Path) -> Restored:
    """Restore a backup: checked first, then put in place in one transaction; running processes see it at their next request."""
    with archive.unpacked(path) as (manifest, copy):
        check_compatible(manifest)
        before = _present_revision()
        if databases.is_sqlite():
            check_sqlite(copy, manifest)
            aside = _keep_aside()
            _set_messages_aside(copy)
            _replace_sqlite(copy)
        else:
            aside = _keep_aside()
            _replace_postgresql(copy, has_messages="journal_message" in manifest.rows)
    connection.close()
    waiting = databases.waiting_migrations()
    _move_revision_beyond(before)
    return Restored(manifest, aside, waiting)


def check_sqlite(copy: Path, manifest: Manifest) -> None:
    """Raise BackupError unless the copy is whole: pages, foreign keys, and the rows that the manifest counts."""
    try:
        with closing(sqlite3.connect(copy)) as opened:
            said = [line for (line,) in opened.execute("PRAGMA integrity_check")]
            orphans = opened.execute("PRAGMA foreign_key_check").fetchall()
            rows = sqlite_rows(opened)
    except sqlite3.Error as error:
        raise BackupError(f"La copie de la base est illisible ({error}).") from error
    if said != ["ok"]:
        raise BackupError(f"La copie de la base est abîmée : {'; '.join(said[:3])}.")
    if orphans:
        raise BackupError(f"La copie de la base a {len(orphans)} ligne(s) dont la clé étrangère ne mène nulle part.")
    check_rows(rows, manifest)


def check_rows(rows: dict[str, int], manifest: Manifest) -> None:
    """Raise BackupError when a table has not the number of rows that the manifest counts."""
    wrong = [
        f"{table} : {rows.get(table, 0)} au lieu de {count}" for table, count in manifest.rows.items() if rows.get(table) != count
    ]
    if wrong:
        raise BackupError(f"Des lignes manquent ou sont en trop ({', '.join(wrong[:5])}).")


def _present_revision() -> int:
    try:
        return revision.current()
    except DatabaseError:  # no table yet, or a broken file: there is nothing to go beyond
        connection.close()
        return 0


def _move_revision_beyond(before: int) -> None:
    """Running processes compare revisions: the restored catalogue must have one that none of them has seen."""
    if "catalogue_revision" not in connection.introspection.table_names():
        return
    with transaction.atomic():
        Revision.objects.filter(pk=Revision.ROW, number__lt=before).update(number=before)
        revision.moved(everything=True)


def _keep_aside() -> Path | None:
    if databases.is_sqlite() and not databases.sqlite_file().is_file():
        return None
    connection.close()
    try:
        path, _ = backup(reason="avant-restauration")
    except BackupError:
        if not databases.is_sqlite():
            raise
        return _set_aside_files()  # the present database is too broken to be copied: its files are kept as they are
    return path


def _set_aside_files() -> Path:
    place = archive.folder() / f"base-abimee-{timezone.localtime():%Y%m%d-%H%M%S}"
    place.mkdir(parents=True, mode=0o700)
    file = databases.sqlite_file()
    for suffix in ("", "-journal", "-wal", "-shm"):
        part = file.with_name(file.name + suffix)
        if part.exists():
            shutil.move(part, place / part.name)
    return place


def _set_messages_aside(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as opened, opened:
        if opened.execute("SELECT 1 FROM sqlite_master WHERE name = 'journal_message'").fetchone():
            opened.execute(_SET_ASIDE)


def _replace_sqlite(copy: Path) -> None:
    """Through SQLite itself, not by moving files: processes that have the database open see the new one, never a mix."""
    file = databases.sqlite_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(file, timeout=60)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        raise BackupError(f"La base n’a pas pu être remplacée ({error}). Arrêtez le site et recommencez.") from error


def _replace_postgresql(copy: Path, *, has_messages: bool) -> None:
    """In one transaction: a restore that fails leaves the present database as it is."""
    drop = copy.with_name("drop.sql")
    names = [connection.ops.quote_name(name) for name in connection.introspection.table_names()]
    with connection.cursor() as cursor:
        cursor.execute(_OUR_ROUTINES)
        routines = [signature for (signature,) in cursor.fetchall()]
        cursor.execute("SELECT quote_ident(current_schema())")
        (schema,) = cursor.fetchone()
    orders = [f"DROP TABLE IF EXISTS {name} CASCADE;\n" for name in names]
    orders += [f"DROP ROUTINE IF EXISTS {signature} CASCADE;\n" for signature in routines]
    drop.write_text("".join(orders), encoding="utf-8")
    connection.close()
    aside = copy.with_name("aside.sql")
    # pg_restore empties search_path, which the rest of its script relies on
    aside.write_text(f"SET search_path = {schema};\n{_SET_ASIDE}\n" if has_messages else "", encoding="utf-8")
    restore_dump(copy, before=drop, after=aside)


def restore_dump(copy: Path, *, before: Path | None = None, after: Path | None = None, database: str = "") -> None:
    """Run a dump of pg_dump into a database (the present one by default), in one transaction, between the files `before` and `after`."""
    script = copy.with_name("restore.sql")
    run_program([program("pg_restore"), "--no-owner", "--no-privileges", f"--file={script}", str(copy)])
    files = [f"--file={file}" for file in (before, script, after) if file]
    environment = databases.postgresql_environment() | ({"PGDATABASE": database} if database else {})
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    run_program([program("psql"), *options, *files], environment)
