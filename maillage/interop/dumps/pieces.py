"""The work of one process of a dump: some sheets, read once, become a piece of every file.

A gzip file may be several gzip members one after the other (RFC 1952): pieces made apart are put end to end by the process that writes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from isal import isal_zlib
from pydantic_core import to_json

from maillage.catalogue.described import described
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.catalogue.quality import Described
from maillage.catalogue.rows import Row, rows
from maillage.interop.addresses import Addresses
from maillage.interop.formats import FORMATS, Format
from maillage.interop.hsds import records
from maillage.interop.inclusion import mapping
from maillage.interop.inclusion.mapping import LeftOut
from maillage.interop.jsonl_export import line_of
from maillage.interop.licences import HELD, OPEN, OTHER, UNKNOWN, class_of_structure, licence_class
from maillage.interop.tables.columns import TABLES, Cell, Table
from maillage.interop.tables.workbook import sheet_rows
from maillage.interop.tables.writers import csv_lines, feature

#: Of ISA-L's four: as small as zlib's first, in a quarter of its time (docs/decisions/0020-dumps.md).
LEVEL = 2
MODELS: dict[str, type[Structure] | type[Offer] | type[Relay]] = {model.KIND: model for model in (Structure, Relay, Offer)}
FORM_OF: dict[str, Format] = {form.kind: form for form in FORMATS}
TABLE_OF: dict[str, Table] = {table.form.kind: table for table in TABLES.values()}
OTHERS_FILE = "autres-licences.jsonl.gz"
#: Classes of licences that leave in no file, and what the manifest says of them.
_STAYING = {UNKNOWN: "licence inconnue", HELD: "source qui ne peut pas être redistribuée"}


@dataclass(frozen=True, slots=True)
class Job:
    """Some sheets of one kind (primary keys, in order); `first` is the rank of the first one among its kind."""

    kind: str
    keys: Sequence[int]
    first: int
    today: date
    site: str


@dataclass(slots=True)
class Piece:
    """What a job gives: for each file its compressed bytes; how many records; what stayed and why; which licences."""

    kind: str
    content: dict[str, bytes] = field(default_factory=dict)
    sheet: bytes = b""  # rows of the workbook
    counts: Counter[str] = field(default_factory=Counter)
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)
    licences: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)  # class, kind, source, licence


def files_of(kind: str) -> dict[str, str]:
    """The files that sheets of a kind go to: what is in it → path. Structures, relays and offers share none but `others`."""
    table = TABLE_OF[kind]
    found = {
        "jsonl": f"jsonl/{FORM_OF[kind].file}.gz",
        "csv": f"csv/{table.name}.csv.gz",
        "geojson": f"geojson/{table.name}.geojson.gz",
        "hsds": "hsds/organizations.json.gz" if kind == Structure.KIND else "hsds/services.json.gz",
        "others": OTHERS_FILE,
    }
    if kind != Relay.KIND:
        found["inclusion"] = f"data-inclusion/{'structures' if kind == Structure.KIND else 'services'}.json.gz"
    return found


def make(job: Job) -> Piece:
    """The piece of a job. Runs in a process of its own."""
    piece = Piece(job.kind)
    addresses, form, files = Addresses(job.site), FORM_OF[job.kind], files_of(job.kind)
    makers = [column.cell for column in TABLE_OF[job.kind].columns(addresses)]
    lines: list[bytes] = []
    features: list[bytes] = []
    cells: list[list[Cell]] = []
    served: list[bytes] = []
    included: list[bytes] = []
    others: list[bytes] = []
    for row in rows(MODELS[job.kind], job.keys):
        licence = licence_class(row)
        piece.licences[licence, job.kind, row["source"], row["licence"]] += 1
        if licence in _STAYING:
            piece.left_out[files["jsonl"], _STAYING[licence]] += 1
            continue
        line = line_of(row, form.fields)
        if licence == OTHER:
            others.append(b'{"sheet":"' + job.kind.encode() + b'",' + line[1:])
            piece.left_out[files["jsonl"], "autre licence, à part"] += 1
            continue
        if job.kind != Structure.KIND and not _with_its_structure(row):
            piece.left_out[files["jsonl"], "sa structure est sous une autre licence"] += 1
            continue
        lines.append(line)
        features.append(feature(row, line))
        cells.append([maker(row) for maker in makers])
        told = described(row, job.today) if job.kind == Offer.KIND else None
        served.append(to_json(_hsds(row, job, addresses, told)))
        if job.kind != Relay.KIND:
            try:
                included.append(to_json(_inclusion(row, job, addresses, told)))
            except LeftOut as reason:
                piece.left_out[files["inclusion"], str(reason)] += 1
    for name, some, between in (
        ("jsonl", lines, b""),
        ("geojson", features, b",\n"),
        ("hsds", served, b",\n"),
        ("inclusion", included, b",\n"),
        ("others", others, b""),
    ):
        if some:
            piece.content[files[name]] = _compressed(between.join(some))
            piece.counts[files[name]] = len(some)
    if cells:
        piece.content[files["csv"]] = _compressed(csv_lines(cells))
        piece.counts[files["csv"]] = len(cells)
        piece.sheet = sheet_rows(cells, job.first + 2)
    return piece


def _with_its_structure(row: Row) -> bool:
    """Does the structure of an offer or a relay leave under the same licence? Else nobody could import the sheet."""
    return class_of_structure(row) == OPEN


def _hsds(row: Row, job: Job, addresses: Addresses, told: Described | None) -> dict[str, Any]:
    if job.kind == Structure.KIND:
        return records.organization(row, addresses)
    if job.kind == Relay.KIND:
        return records.relay_service(row, job.today, addresses)
    return records.offer_service(row, job.today, addresses, told=told)


def _inclusion(row: Row, job: Job, addresses: Addresses, told: Described | None) -> dict[str, Any]:
    if job.kind == Structure.KIND:
        return mapping.structure(row, job.today, addresses.structure(row))
    return mapping.service(row, job.today, addresses.offer(row), told)


def _compressed(content: bytes) -> bytes:
    """One gzip member, without a date: the same content gives the same bytes."""
    packer = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, 31)
    return packer.compress(content) + packer.flush()


def gzip_member(content: bytes) -> bytes:
    """What goes before, between and after the pieces of a file."""
    return _compressed(content)


def jobs(kind: str, keys: Sequence[int], today: date, site: str, size: int) -> list[Job]:
    """The jobs of a kind."""
    return [Job(kind, keys[at : at + size], at, today, site) for at in range(0, len(keys), size)]
