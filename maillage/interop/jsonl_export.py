"""`maillage export jsonl`: what visitors may see, as Maillage JSONL 1. The same catalogue gives the same bytes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from maillage.catalogue.enums import Status
from maillage.interop.formats import FORMATS, RELAYS, STRUCTURES, Field, Format


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
    sheets: Any = form.model.objects.visible()
    if form is not STRUCTURES:
        sheets = sheets.filter(structure__status=Status.PUBLISHED, structure__withdrawn_on__isnull=True).select_related(
            "structure"
        )
    # sorted here and not by the database, whose collation may put É or - elsewhere
    order = sorted(sheets.values_list("source", "ref", "pk"))
    for start in range(0, len(order), 1000):
        keys = [pk for _, _, pk in order[start : start + 1000]]
        found = sheets.in_bulk(keys)
        for pk in keys:
            if pk in found:  # it may have been unpublished since
                yield line_of(found[pk], form.fields)


def line_of(sheet: Any, fields: tuple[Field, ...]) -> bytes:
    """One sheet as a line; empty values are left out."""
    written: dict[str, Any] = {}
    for one in fields:
        value = sheet.structure.ref if one.name == "structure" else getattr(sheet, one.name)
        if value != one.empty and value is not None:
            written[one.key] = one.write(value)
    return json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
