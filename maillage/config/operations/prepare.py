"""Everything that must be true before the first page is served, done once whatever the number of processes that start."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection

from maillage import __version__
from maillage.accounts.actions import FirstAdministrator, first_administrator
from maillage.catalogue.models import Structure
from maillage.config.operations import databases
from maillage.config.operations.backup import backup
from maillage.diagnosis.load import load_grids
from maillage.interop.starter import SOURCE, Loaded, catalogue_files, load_starter
from maillage.journal.privacy import ledger
from maillage.kit.regions import SHIPPED_REGIONS, region_folders

Say = Callable[[str], None]
#: Remembers what was prepared, in the data folder: a warm start compares and goes on.
STATE = "prepared.json"
LOCK = "prepare.lock"
_POSTGRESQL_LOCK = 0x4D61696D  # any constant of our own


@dataclass(slots=True)
class Prepared:
    """What preparation did."""

    administrator: FirstAdministrator
    migrations: list[str] = field(default_factory=list)
    static_files: bool = False
    loaded: Loaded | None = None


def prepare(say: Say = lambda text: None) -> Prepared:
    """Make the installation ready: folder, database, static files, starter catalogue, first administrator. Idempotent.

    One process at a time: the others wait for it. `say` is told what takes time.
    """
    settings.MAILLAGE_DATA.mkdir(parents=True, exist_ok=True)
    with _alone(say), databases.without_timeouts():
        migrations = _migrate(say)
        if again := ledger.replay_if_waiting():
            say(f"{again} effacement(s) refait(s) dans la sauvegarde restaurée.")
        static_files = _collect_static(say)
        loaded = _load_catalogue(say)
        for problem in load_grids().problems:
            say(f"Refusé. {problem}")
        return Prepared(first_administrator(), migrations, static_files, loaded)


@contextmanager
def _alone(say: Say) -> Iterator[None]:
    """One preparation at a time: a file lock on this machine, an advisory lock for all machines on PostgreSQL."""
    with (settings.MAILLAGE_DATA / LOCK).open("w") as file:
        _wait_for(file, say)
        if databases.is_sqlite():
            yield
            return
        with databases.without_timeouts(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_POSTGRESQL_LOCK])
            try:
                yield
            finally:
                if connection.is_usable():
                    with connection.cursor() as unlocking:
                        unlocking.execute("SELECT pg_advisory_unlock(%s)", [_POSTGRESQL_LOCK])


def _wait_for(file: IO[str], say: Say) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Un autre processus prépare la base : attente…")
        fcntl.flock(file, fcntl.LOCK_EX)


def _migrate(say: Say) -> list[str]:
    waiting = databases.waiting_migrations()
    if not waiting:
        return []
    applied = databases.applied_migrations()
    if applied:
        say(f"La base est d’une version antérieure : sauvegarde avant de la mettre à jour ({len(waiting)} migrations).")
        backup(reason="avant-migration")
    else:
        say("Création de la base…")
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    return waiting


def read_state() -> dict[str, str]:
    """What the last preparation remembered; empty when there is nothing readable."""
    try:
        state = json.loads((settings.MAILLAGE_DATA / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def _remember(key: str, value: str) -> None:
    path = settings.MAILLAGE_DATA / STATE
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps({**read_state(), key: value}, indent=1), encoding="utf-8")
    os.replace(partial, path)


def forget_catalogue() -> None:
    """The database is not the one that was prepared (a restore): the next start loads the starter catalogue again."""
    _remember(f"catalogue {databases.identity()}", "")


def _collect_static(say: Say) -> bool:
    digest = hashlib.sha256(f"{__version__} {settings.STATIC_ROOT}".encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
            facts = os.stat(storage.path(name))
            digest.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    if read_state().get("static") == digest.hexdigest() and (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        return False
    say("Préparation de la feuille de style et des scripts…")
    call_command("collectstatic", interactive=False, verbosity=0, skip_checks=True)
    _remember("static", digest.hexdigest())
    return True


def catalogue_fingerprint() -> str:
    """Changes when a file of the starter catalogue, a vocabulary or the version of Maillage changes."""
    digest = hashlib.sha256(__version__.encode())
    vocabularies = [SHIPPED_REGIONS / "vocabulary.toml", *(folder / "vocabulary.toml" for folder in region_folders())]
    for path in [*catalogue_files(), *vocabularies]:
        if path.is_file():
            digest.update(f"{path.parent.parent.name}/{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _load_catalogue(say: Say) -> Loaded | None:
    key, fingerprint = f"catalogue {databases.identity()}", catalogue_fingerprint()
    if read_state().get(key) == fingerprint and Structure.objects.filter(source=SOURCE).exists():
        return None
    say("Chargement du catalogue de départ…")
    loaded = load_starter()
    for problem in loaded.refusals:
        say(f"Refusé. {problem}")
    if not loaded.refusals:
        _remember(key, fingerprint)
    return loaded
