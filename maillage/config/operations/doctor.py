"""Looks at the installation as it is, live values included, and says what is wrong and what to do."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from maillage import __version__
from maillage.catalogue.index import current_index
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.config.operations import archive, databases, nightly
from maillage.journal.models import Message, StepRun
from maillage.journal.outbox.sending import quiet_now
from maillage.kit.sqlite import journal_mode
from maillage.territories import queries
from maillage.vocabulary.portals import portals

State = Literal["bon", "attention", "mauvais"]
#: Free room under which backups and migrations may fail, in bytes: to watch, and wrong.
ROOM_TO_WATCH, ROOM_NEEDED = 1_000_000_000, 200_000_000
#: A message due for so long and never tried says that nobody sends.
LATE_MESSAGE = timedelta(minutes=30)
#: A backup older than this many days is no longer a protection.
BACKUP_DAYS = 2
_NETWORK_FILESYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs"}
#: What each connection to SQLite must say (kit/sqlite.py sets it; 2 is FULL).
_PRAGMAS = {"foreign_keys": 1, "synchronous": 2, "busy_timeout": 20_000, "journal_size_limit": 67_108_864}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what, how it is, the live value, and what to do when it is not good."""

    subject: str
    state: State
    value: str
    advice: str = ""


def examine() -> list[Finding]:
    """Every finding, in the order of a visit. A look that fails is a finding too, and the others go on."""
    findings = [Finding("Maillage", "bon", f"version {__version__}, Python {'.'.join(map(str, _python()))}")]
    looks: tuple[Callable[[], Iterator[Finding]], ...] = (
        _data_folder, _database, _migrations, _territories, _portals, _catalogue, _index, _backups, _messages, _night,
    )  # fmt: skip
    for look in looks:
        try:
            findings.extend(look())
        except Exception as error:  # a doctor who faints helps nobody: the finding says what happened
            said = str(error).strip().splitlines()
            subject = _SUBJECTS[look.__name__]
            advice = (
                "Vérifiez DATABASE_URL et MAILLAGE_DATA."
                if isinstance(error, DatabaseError)
                else "Réinstallez avec « make setup »."
            )
            findings.append(Finding(subject, "mauvais", f"{type(error).__name__} : {said[0] if said else ''}", advice))
    return findings


_SUBJECTS = {
    "_data_folder": "Dossier de données",
    "_database": "Base de données",
    "_migrations": "Migrations",
    "_territories": "Territoires",
    "_portals": "Portails",
    "_catalogue": "Catalogue",
    "_index": "Index",
    "_backups": "Sauvegardes",
    "_messages": "Messages",
    "_night": "Travail de la nuit",
}


def _python() -> tuple[int, int, int]:
    import sys

    return sys.version_info[:3]


def _data_folder() -> Iterator[Finding]:
    data = Path(settings.MAILLAGE_DATA)
    if not data.is_dir() or not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        yield Finding("Dossier de données", "mauvais", str(data), "Il doit exister, et ce compte doit pouvoir y écrire.")
        return
    yield Finding("Dossier de données", "bon", str(data))
    key = data / "secret-key"
    if key.is_file() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        yield Finding("Clé secrète", "mauvais", f"lisible par d’autres comptes ({key})", f"chmod 600 {key}")
    free = shutil.disk_usage(data).free
    state: State = "mauvais" if free < ROOM_NEEDED else "attention" if free < ROOM_TO_WATCH else "bon"
    yield Finding(
        "Place libre", state, _bytes(free), "" if state == "bon" else "Libérez de la place : une sauvegarde en demande."
    )
    kind = filesystem_of(data)
    if databases.is_sqlite() and kind in _NETWORK_FILESYSTEMS:
        yield Finding(
            "Système de fichiers", "mauvais", kind, "SQLite ne doit pas être sur un disque du réseau : ses verrous y mentent."
        )


def filesystem_of(path: Path) -> str:
    """The kind of file system that holds a path; empty when this machine does not say."""
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    except OSError:
        return ""
    holding = [(len(mount[1]), mount[2]) for mount in mounts if path.resolve().is_relative_to(mount[1])]
    return max(holding)[1] if holding else ""


def _database() -> Iterator[Finding]:
    if databases.is_sqlite():
        yield from _sqlite()
    else:
        yield from _postgresql()


def _sqlite() -> Iterator[Finding]:
    file = databases.sqlite_file()
    if not file.is_file():
        yield Finding("Base de données", "mauvais", f"aucune à {file}", "Lancez « maillage run » : il la crée.")
        return
    wanted = journal_mode(sqlite3.sqlite_version_info)
    why = (
        "cette version a la correction du défaut « WAL-reset »"
        if wanted == "wal"
        else "cette version n’a pas la correction du défaut « WAL-reset », WAL pourrait y perdre des écritures"
    )
    yield Finding("SQLite", "bon", f"{sqlite3.sqlite_version}, {file} ({_bytes(file.stat().st_size)})")
    live: dict[str, Any] = {}
    with connection.cursor() as cursor:
        for name in ("journal_mode", *_PRAGMAS):
            cursor.execute(f"PRAGMA {name}")
            live[name] = cursor.fetchone()[0]
        cursor.execute("PRAGMA quick_check(1)")
        check = cursor.fetchone()[0]
    right = live["journal_mode"] == wanted
    yield Finding(
        "journal_mode", "bon" if right else "mauvais", f"{live['journal_mode']} ({why})",
        "" if right else f"Le mode attendu est {wanted} : arrêtez le site, puis relancez-le.",
    )  # fmt: skip
    for name, value in _PRAGMAS.items():
        same = live[name] == value
        yield Finding(name, "bon" if same else "mauvais", str(live[name]), "" if same else f"La valeur attendue est {value}.")
    yield Finding(
        "Intégrité",
        "bon" if check == "ok" else "mauvais",
        check,
        "" if check == "ok" else "Restaurez la dernière sauvegarde : maillage restore.",
    )


def _postgresql() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('server_version_num')::int, current_database()")
        version, number, name = cursor.fetchone()
        cursor.execute("SELECT pg_database_size(current_database()), current_setting('server_encoding')")
        size, encoding = cursor.fetchone()
        limits = []
        for limit in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
            cursor.execute("SELECT current_setting(%s)", [limit])
            limits.append(f"{limit} {cursor.fetchone()[0]}")
        cursor.execute("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated")
        unchecked = cursor.fetchone()[0]
    old = number < 150_000
    yield Finding(
        "PostgreSQL",
        "mauvais" if old else "bon",
        f"{version}, base {name} ({_bytes(size)})",
        "Il faut PostgreSQL 15 ou plus récent." if old else "",
    )
    yield Finding(
        "Encodage",
        "bon" if encoding == "UTF8" else "mauvais",
        encoding,
        "" if encoding == "UTF8" else "La base doit être en UTF8.",
    )
    yield Finding("Limites", "bon", ", ".join(limits))
    if unchecked:
        yield Finding(
            "Clés étrangères", "mauvais", f"{unchecked} non vérifiées", "ALTER TABLE … VALIDATE CONSTRAINT, table par table."
        )


def _migrations() -> Iterator[Finding]:
    waiting = databases.waiting_migrations()
    newer = databases.unknown_migrations(databases.applied_migrations())
    if newer:
        yield Finding(
            "Migrations", "mauvais", f"la base en a {len(newer)} que ce Maillage ne connaît pas", "Mettez Maillage à jour."
        )
    elif waiting:
        yield Finding(
            "Migrations",
            "mauvais",
            f"{len(waiting)} à passer ({waiting[0]}…)",
            "Lancez « maillage run » ou « maillage migrate ».",
        )
    else:
        yield Finding("Migrations", "bon", "à jour")


def _territories() -> Iterator[Finding]:
    start = time.perf_counter()
    communes = len(queries.all_communes())
    spent = (time.perf_counter() - start) * 1000
    edition = queries.edition()
    state: State = "bon" if communes > 30_000 else "mauvais"
    yield Finding(
        "Territoires", state, f"{communes} communes ({edition.communes}), EPCI ({edition.epci}), lus en {spent:.0f} ms",
        "" if state == "bon" else "Le fichier livré est incomplet : réinstallez Maillage.",
    )  # fmt: skip


def _portals() -> Iterator[Finding]:
    for portal in portals().values():
        missing = portal.legal.missing()
        if not missing:
            yield Finding(f"Portail {portal.name}", "bon", f"hôtes : {', '.join(portal.hosts) or 'aucun'}")
            continue
        state: State = "mauvais" if settings.MAILLAGE_PRODUCTION else "attention"
        yield Finding(
            f"Portail {portal.name}", state, f"mentions légales sans {', '.join(missing)}",
            f"Complétez la section [legal] de regions/{portal.code}/portal.toml.",
        )  # fmt: skip
    if settings.MAILLAGE_PORTAL and settings.MAILLAGE_PORTAL not in portals():
        yield Finding("MAILLAGE_PORTAL", "mauvais", settings.MAILLAGE_PORTAL, f"Portails connus : {', '.join(portals())}.")


def _catalogue() -> Iterator[Finding]:
    counts = (("structures", Structure.objects), ("offres", Offer.objects), ("relais", Relay.objects))
    said = [f"{manager.visible().count()} {word} en ligne sur {manager.count()}" for word, manager in counts]
    empty = not Offer.objects.visible().exists()
    yield Finding(
        "Catalogue",
        "mauvais" if empty else "bon",
        ", ".join(said),
        "Lancez « maillage load-regions » ou « maillage import jsonl »." if empty else "",
    )


def _index() -> Iterator[Finding]:
    before, start = _resident(), time.perf_counter()
    index = current_index()
    spent, grown = time.perf_counter() - start, max(0, _resident() - before)
    yield Finding(
        "Index",
        "bon",
        f"révision {index.revision}, {len(index.alive)} offres, construit en {spent:.2f} s, environ {_bytes(grown)}",
    )


def _resident() -> int:
    """The memory of this process in bytes; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _backups() -> Iterator[Finding]:
    kept = archive.kept_backups()
    if not kept:
        yield Finding(
            "Sauvegardes", "attention", "aucune", "Lancez « maillage backup », puis chaque nuit (docs/guides/operations.md)."
        )
        return
    manifest = archive.read_manifest(kept[-1][1])
    days = (timezone.now() - datetime.fromisoformat(manifest.made_at)).total_seconds() / 86_400
    state: State = "bon" if days <= BACKUP_DAYS else "attention"
    yield Finding(
        "Sauvegardes",
        state,
        f"{len(kept)}, la dernière a {days:.1f} jour(s)",
        "" if state == "bon" else "La tâche de nuit ne tourne plus ?",
    )


def _messages() -> Iterator[Finding]:
    waiting = Message.objects.filter(state__in=(Message.State.READY, Message.State.SENDING))
    count, failed = waiting.count(), Message.objects.filter(state=Message.State.FAILED, purged_at__isnull=True).count()
    if not settings.EMAIL_URL:
        yield Finding(
            "Messages", "attention", f"gardés, aucun ne part ({count} en attente)", "Donnez EMAIL_URL (docs/guides/messages.md)."
        )
        return
    late = timezone.now() - LATE_MESSAGE
    old = waiting.filter(not_before__lt=late, tries=0)
    stuck = (old.filter(urgent=True) if quiet_now() else old).count()
    state: State = "attention" if stuck or failed else "bon"
    advice = "Le serveur de messagerie répond-il ? « maillage messages --une-fois » le dira." if stuck else ""
    advice = advice or ("Voyez pourquoi dans la gestion, page « Messages »." if failed else "")
    yield Finding("Messages", state, f"{count} en attente, dont {stuck} en retard ; {failed} abandonné(s)", advice)


def _night() -> Iterator[Finding]:
    runs = {run.step: run for run in StepRun.objects.order_by("step")}
    failed = [step.title for step in nightly.steps() if step.name in runs and runs[step.name].failed]
    late = [
        step.title
        for step in nightly.steps()
        if (run := runs.get(step.name)) and timezone.now() - (run.begun_at or run.known_at) > timedelta(days=step.every + 1)
    ]
    if failed:
        yield Finding(
            "Travail de la nuit", "attention", f"a échoué : {', '.join(failed)}", "« maillage nuit --liste » dit pourquoi."
        )
    elif late:
        yield Finding(
            "Travail de la nuit",
            "attention",
            f"n’est pas passé : {', '.join(late)}",
            "« maillage nuit » doit tourner chaque nuit.",
        )
    else:
        yield Finding("Travail de la nuit", "bon", f"{len(nightly.steps())} étape(s)")


def _bytes(count: int) -> str:
    amount = float(count)
    for unit in ("octets", "ko", "Mo"):
        if amount < 1000:
            return f"{amount:.0f} {unit}"
        amount /= 1000
    return f"{amount:.1f} Go"
