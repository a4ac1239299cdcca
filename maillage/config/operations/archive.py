"""A backup is one file: a compressed archive with the copy of the database and a manifest that says what must be in it."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

MANIFEST, FORMAT = "manifest.json", 1
COPIES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
#: Kept: the last backup of each of the last 7 days, 4 weeks and 12 months that have one.
DAYS, WEEKS, MONTHS = 7, 4, 12
#: Copies made before a migration or a restore: the last ones of each sort.
SAFETY_COPIES = 3
_DATED = re.compile(r"(?P<reason>[a-z-]+)-(?P<day>\d{8}-\d{6})\.tar\.gz")
USUAL = "maillage"


class BackupError(Exception):
    """A backup cannot be made, read or restored; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself: `rows` by table, the `migrations` of its database, the SHA-256 of the copy."""

    version: str
    made_at: str  # ISO 8601, with its offset
    database: str  # sqlite | postgresql
    engine: str
    migrations: list[str]
    rows: dict[str, int]
    sha256: str
    size: int
    format: int = FORMAT


def folder() -> Path:
    """Where backups are kept unless a file is named."""
    return Path(settings.MAILLAGE_DATA) / "backups"


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(target: Path, copy: Path, manifest: Manifest) -> None:
    """Write the archive at once and for good: a killed backup leaves no half file under its name. Readable by us only."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive:
            text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size, entry.mode = len(text), 0o600
            archive.addfile(entry, io.BytesIO(text))
            archive.add(copy, arcname=COPIES[manifest.database], recursive=False)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, target)


def read_manifest(path: Path) -> Manifest:
    """The manifest of a backup, without unpacking its database. Raises BackupError."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            member = archive.next()
            content = archive.extractfile(member) if member and member.name == MANIFEST and member.size < 1_000_000 else None
            if content is None:
                raise BackupError(f"« {path} » n’est pas une sauvegarde de Maillage : elle n’a pas de manifeste.")
            values = json.loads(content.read())
    except FileNotFoundError as error:
        raise BackupError(f"« {path} » n’existe pas.") from error
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise BackupError(f"« {path} » n’est pas une sauvegarde lisible ({error}).") from error
    try:
        manifest = Manifest(**values)
    except TypeError as error:
        raise BackupError(f"Le manifeste de « {path} » n’est pas celui d’une sauvegarde ({error}).") from error
    if manifest.format != FORMAT or manifest.database not in COPIES:
        raise BackupError(f"« {path} » vient d’une autre version de Maillage (format {manifest.format}).")
    return manifest


@contextmanager
def unpacked(path: Path) -> Iterator[tuple[Manifest, Path]]:
    """The manifest and the copy of the database, in a temporary folder, its digest checked. Raises BackupError."""
    manifest = read_manifest(path)
    with TemporaryDirectory(prefix="maillage-restore-") as place:
        copy = Path(place) / COPIES[manifest.database]
        try:
            with tarfile.open(path, "r:gz") as archive:
                content = archive.extractfile(COPIES[manifest.database])
                if content is None:
                    raise BackupError(f"« {path} » n’a pas de copie de la base.")
                with copy.open("wb") as file:
                    while block := content.read(1 << 20):
                        file.write(block)
        except (tarfile.TarError, EOFError, KeyError, OSError) as error:
            raise BackupError(f"« {path} » est abîmée ({error}). Prenez une autre sauvegarde.") from error
        if digest_of(copy) != manifest.sha256:
            raise BackupError(f"« {path} » est abîmée : son empreinte n’est pas celle du manifeste. Prenez une autre sauvegarde.")
        yield manifest, copy


def name_for(reason: str, moment: datetime) -> str:
    """The name of a backup: why and when."""
    return f"{reason}-{moment:%Y%m%d-%H%M%S}.tar.gz"


def kept_backups() -> list[tuple[datetime, Path]]:
    """The usual backups of the folder, oldest first."""
    return _dated(path for path in folder().glob(f"{USUAL}-*.tar.gz"))


def _dated(paths: Iterable[Path]) -> list[tuple[datetime, Path]]:
    found = []
    for path in paths:
        match = _DATED.fullmatch(path.name)
        if match:
            found.append((datetime.strptime(match["day"], "%Y%m%d-%H%M%S"), path))  # a name, not an instant
    return sorted(found)


def to_remove(backups: list[tuple[datetime, Path]]) -> list[Path]:
    """What the rotation 7 days / 4 weeks / 12 months lets go of."""
    kept: set[Path] = set()
    for limit, period in ((DAYS, "%Y%m%d"), (WEEKS, "%G%V"), (MONTHS, "%Y%m")):
        last: dict[str, Path] = {moment.strftime(period): path for moment, path in backups}  # the last of each period wins
        kept.update(last[name] for name in sorted(last)[-limit:])
    return [path for _, path in backups if path not in kept]


def rotate() -> list[Path]:
    """Remove the backups that the rotation lets go of. Returns them."""
    gone = to_remove(kept_backups())
    for reason in ("avant-migration", "avant-restauration"):
        gone += [path for _, path in _dated(folder().glob(f"{reason}-*.tar.gz"))[:-SAFETY_COPIES]]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone
