"""What the small JSON feeds of aids share: reading the list of records, refusing a broken one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from maillage.interop.sources import aids, downloads, files
from maillage.interop.sources.contract import Raw


def records(origin: Path | None, source: str, *keys: str, ref: str, revision: str = "") -> Iterator[Raw]:
    """The records of a JSON file given by hand: the list itself, or the list under one of `keys`. `ref` names the id's field.

    A record that is not an object says so: `refuse` refuses it.
    """
    data = downloads.given(origin, source)
    for record in files.json_records(data, origin.name if origin else "", *keys):
        payload: dict[str, Any] = record if isinstance(record, dict) else {files.BROKEN: "cet enregistrement n’est pas un objet."}
        yield Raw(str(payload.get(ref) or ""), payload, str(payload.get(revision) or "") if revision else "")


def refuse(raw: Raw, title: str) -> str:
    """The title of a record. Raises ValueError for a broken record, or one without title."""
    files.refuse_broken(raw.payload)
    said = aids.line(raw.payload.get(title))
    if not said:
        raise ValueError("cette aide n’a pas de titre.")
    return said
