"""`maillage export jsonl`: what visitors may see, as Maillage JSONL 1. The same catalogue gives the same bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from maillage.catalogue.rows import Row, rows
from maillage.interop.formats import FORMATS, RELAYS, Field, Format


def export_folder(folder: Path) -> dict[str, int]:
    """Write structures.jsonl, offers.jsonl and, when there are relays, relays.jsonl. Returns the number of lines of each.

    Published sheets that their source has not withdrawn, sorted by (source, id); what hangs on a structure that is not
    exported is left out, as nobody could import it. Each file is replaced at once: a killed export leaves the old one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for form in FORMATS:
        path = folder / form.file
        count = _write(path, form)
        if form is RELAYS and not count:
            path.unlink(missing_ok=True)
        else:
            counts[form.file] = count
    return counts


def _write(path: Path, form: Format) -> int:
    partial = path.with_name(path.name + ".partial")
    count = 0
    with partial.open("wb") as file:
        for line in lines(form):
            file.write(line)
            count += 1
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    return count


def lines(form: Format) -> Iterator[bytes]:
    """The lines of one file, in order, each with its end of line."""
    return (line_of(row, form.fields) for row in rows(form.model))


def line_of(row: Row, fields: tuple[Field, ...]) -> bytes:
    """One sheet as a line; empty values are left out."""
    return to_json(entry_of(row, fields)) + b"\n"  # three times quicker than json.dumps


def entry_of(row: Row, fields: tuple[Field, ...]) -> dict[str, Any]:
    """One sheet with the keys of Maillage JSONL, in their order; empty values are left out."""
    written: dict[str, Any] = {}
    for one in fields:
        value = row["structure__ref" if one.name == "structure" else one.name]
        if value != one.empty and value is not None:
            written[one.key] = one.write(value)
    return written
