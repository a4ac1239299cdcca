"""`maillage dump`: the whole catalogue in every format, in a dated folder that appears at once.

Processes make pieces (`pieces`), this one puts them end to end: memory is that of a few pieces, whatever the size of the catalogue.
"""

from __future__ import annotations

import gc
import gzip
import hashlib
import json
import multiprocessing
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from threading import Semaphore
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connections
from django.utils import timezone

from maillage import __version__
from maillage.catalogue import revision
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.catalogue.rows import keys
from maillage.interop.addresses import Addresses
from maillage.interop.dumps import pieces
from maillage.interop.dumps.pieces import MODELS, TABLE_OF, Job, Piece, files_of, gzip_member
from maillage.interop.hsds.taxonomies import taxonomy_records, term_records
from maillage.interop.tables.workbook import ROWS_AT_MOST, Poured
from maillage.interop.tables.writers import GEOJSON_BEGIN, GEOJSON_END, csv_heading

MANIFEST, FORMAT = "manifest.json", 1
KEPT_DAYS = 30
LICENCE = {"name": "Licence Ouverte 2.0", "url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"}
WORKBOOK = "xlsx/catalogue.xlsx"
#: Sheets of one job: small enough for the memory of a piece, large enough for the cost of handing it over.
JOB_SIZE = 1_000
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}")
#: The order in which kinds are written: what hangs on a structure comes after it, and the tabs of the workbook are in this order.
_KINDS = (Structure.KIND, Relay.KIND, Offer.KIND)


class DumpError(Exception):
    """A dump cannot be written; the message says why."""


def folder() -> Path:
    """Where dumps are."""
    return Path(settings.MAILLAGE_DATA) / "dumps"


def dump(*, today: date | None = None, site: str = "", processes: int | None = None, kept_days: int = KEPT_DAYS) -> Path:
    """Write the dump of today and forget those older than `kept_days`. Returns its folder.

    The folder is a link to a version that is whole: it is replaced at once, and a dump that is killed changes nothing. `site` is the
    beginning of public addresses (none is written without it). Raises DumpError.
    """
    day = today or timezone.localdate()
    home = folder()
    versions = home / "versions"
    target = versions / f"{day:%Y%m%d}-{timezone.now():%H%M%S%f}-{os.getpid()}"
    try:
        target.mkdir(parents=True)
        try:
            _write(target, day, site, processes or os.cpu_count() or 1)
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise
        link = home / f".{target.name}"
        link.symlink_to(Path("versions") / target.name, target_is_directory=True)
        link.replace(home / day.isoformat())
        _forget(home, day - timedelta(days=kept_days))
    except OSError as error:
        raise DumpError(f"Le dossier « {home} » ne peut pas être écrit : {error.strerror or error}.") from error
    return home / day.isoformat()


def _forget(home: Path, before: date) -> None:
    """Remove the dumps older than `before`, and the versions that no day names. One that is being read is read to its end."""
    for name, path in dated(home):
        if name < before.isoformat():
            path.unlink()
    named = {path.resolve() for _, path in dated(home)}
    for version in (home / "versions").iterdir():
        if version.resolve() not in named and _is_dead(version):
            shutil.rmtree(version, ignore_errors=True)


def _is_dead(version: Path) -> bool:
    """Is nobody writing this version? Its name ends with the process that began it."""
    if (version / MANIFEST).is_file():
        return True
    process = version.name.rpartition("-")[2]
    return not process.isdigit() or not Path(f"/proc/{process}").exists()


def dated(home: Path) -> list[tuple[str, Path]]:
    """The dumps there are, oldest first: (day, folder)."""
    if not home.is_dir():
        return []
    return sorted((path.name, path) for path in home.iterdir() if _DATED.fullmatch(path.name))


def latest() -> Path | None:
    """The folder of the last dump, as a version that will not change; None when there is none."""
    for _, path in reversed(dated(folder())):
        if (path / MANIFEST).is_file():
            return path.resolve()
    return None


def manifest_of(path: Path) -> dict[str, Any]:
    """What a dump says of itself."""
    found: dict[str, Any] = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    return found


class _Writer:
    """The files of one dump, open together, and what goes into them."""

    def __init__(self, target: Path, stack: ExitStack, site: str) -> None:
        self.target, self.stack, self.addresses = target, stack, Addresses(site)
        self.files: dict[str, BinaryIO] = {}
        self.counts: Counter[str] = Counter()
        self.left_out: Counter[tuple[str, str]] = Counter()
        self.licences: Counter[tuple[str, str, str, str]] = Counter()

    def open(self, path: str, beginning: bytes = b"") -> None:
        """Make a file, with what it begins with; a file that is there already is left as it is."""
        if path not in self.files:
            place = self.target / path
            place.parent.mkdir(exist_ok=True)
            self.files[path] = self.stack.enter_context(place.open("wb"))
            self.counts[path] += 0
            self.files[path].write(gzip_member(beginning))  # an empty file would not be a gzip file

    def take(self, piece: Piece) -> None:
        """Put a piece at the end of its files."""
        for path, content in piece.content.items():
            if self.counts[path] and path.endswith(("json.gz", "geojson.gz")):
                self.files[path].write(gzip_member(b",\n"))
            self.files[path].write(content)
        self.counts.update(piece.counts)
        self.left_out.update(piece.left_out)
        self.licences.update(piece.licences)

    def finish(self) -> None:
        """Close every list, and put the files on the disk for good."""
        for path, file in self.files.items():
            if path.endswith(".geojson.gz"):
                file.write(gzip_member(GEOJSON_END))
            elif path.endswith(".json.gz"):
                file.write(gzip_member(b"\n]\n"))
            file.flush()
            os.fsync(file.fileno())


def _write(target: Path, day: date, site: str, processes: int) -> None:
    before = revision.current()
    with ExitStack() as stack:
        writer = _Writer(target, stack, site)
        for kind in _KINDS:
            for what, path in files_of(kind).items():
                beginning = {
                    "csv": csv_heading(TABLE_OF[kind].columns(writer.addresses)),
                    "geojson": GEOJSON_BEGIN,
                    "hsds": b"[\n",
                    "inclusion": b"[\n",
                }
                writer.open(path, beginning.get(what, b""))
        _pour(writer, day, site, processes)
        writer.finish()
    for name, found in (("taxonomies", taxonomy_records()), ("taxonomy_terms", list(term_records().values()))):
        with gzip.GzipFile(target / f"hsds/{name}.json.gz", "wb", mtime=0) as file:
            file.write(json.dumps(found, ensure_ascii=False, indent=1).encode())
        writer.counts[f"hsds/{name}.json.gz"] = len(found)
    _write_manifest(target, writer, day, (before, revision.current()))


def _pour(writer: _Writer, day: date, site: str, processes: int) -> None:
    """Make every piece, in order, and put it where it goes."""
    (writer.target / "xlsx").mkdir()
    tables = [TABLE_OF[kind] for kind in _KINDS]
    work = {kind: pieces.jobs(kind, keys(MODELS[kind]), day, site, JOB_SIZE) for kind in _KINDS}
    with (writer.target / WORKBOOK).open("wb") as file:
        with Poured(file, tables, writer.addresses) as book, _made(processes, sum(map(len, work.values()))) as made:
            for kind in _KINDS:
                with book.sheet(TABLE_OF[kind]) as sheet:
                    for piece in made(work[kind]):
                        writer.take(piece)
                        if piece.sheet and writer.counts[files_of(kind)["csv"]] <= ROWS_AT_MOST:
                            sheet.write(piece.sheet)
        file.flush()
        os.fsync(file.fileno())
    writer.counts[WORKBOOK] = sum(writer.counts[files_of(kind)["csv"]] for kind in _KINDS)


def _settle() -> None:
    """What a process of the pool does first. Pieces hold no cycle: looking for some would take an eighth of the time."""
    gc.freeze()
    gc.disable()


class _made:  # reads as a word: `with _made(2) as made`
    """`with _made(processes, jobs) as made: made(jobs)` gives the pieces in order, made by processes or, for little, here."""

    def __init__(self, processes: int, count: int) -> None:
        self.processes, self.count = (processes if count > 1 else 1), max(1, count)
        self.room = Semaphore(2 * self.processes + 2)  # pieces that are made and not yet written: memory

    def __enter__(self) -> Callable[[list[Job]], Iterator[Piece]]:
        if self.processes == 1:
            return lambda work: map(pieces.make, work)
        connections.close_all()  # a connection does not cross a fork
        self.pool = multiprocessing.get_context("fork").Pool(self.processes, initializer=_settle)
        return self._pieces

    def _pieces(self, work: list[Job]) -> Iterator[Piece]:
        for piece in self.pool.imap(pieces.make, self._when_there_is_room(work)):
            yield piece
            self.room.release()

    def _when_there_is_room(self, work: list[Job]) -> Iterator[Job]:
        for job in work:
            self.room.acquire()
            yield job

    def __exit__(self, *error: object) -> None:
        if self.processes > 1:
            self.room.release(self.count)  # after an error the thread that hands jobs over may be waiting
            self.pool.terminate()
            self.pool.join()


def _write_manifest(target: Path, writer: _Writer, day: date, revisions: tuple[int, int]) -> None:
    paths = sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())
    manifest = {
        "format": FORMAT,
        "maillage": __version__,
        "date": day.isoformat(),
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "revision": {"before": revisions[0], "after": revisions[1]},
        "licence": LICENCE,
        "files": [
            {
                "path": path,
                "bytes": (target / path).stat().st_size,
                "sha256": _digest(target / path),
                "records": writer.counts[path],
                "licence": "celle de chaque fiche" if path == pieces.OTHERS_FILE else LICENCE["name"],
            }
            for path in paths
        ],
        "left_out": [
            {"file": path, "reason": reason, "records": count} for (path, reason), count in sorted(writer.left_out.items())
        ],
        "licences": [
            {"class": group, "kind": kind, "source": source, "licence": licence, "records": count}
            for (group, kind, source, licence), count in sorted(writer.licences.items())
        ],
    }
    with (target / MANIFEST).open("w", encoding="utf-8") as file:
        json.dump(manifest, file, ensure_ascii=False, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
