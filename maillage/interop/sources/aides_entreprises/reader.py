"""The open-data export, JSON (one whole file, no pages) or CSV with semicolons. Both hold one record per aid."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from maillage.interop.sources import downloads, files
from maillage.interop.sources.contract import Raw

URL = "https://data.aides-entreprises.fr/files/aides.json"
COLUMNS = ("id_aid", "aid_nom", "aid_objet", "status", "date_fin")


def read(origin: Path | None, since: Mapping[str, str]) -> Iterator[Raw]:
    """Every aid, deleted ones included: the mapping tells why those are left out."""
    data, name = downloads.given_or_fetched(origin, os.environ.get("MAILLAGE_AIDES_ENTREPRISES_URL", "").strip() or URL)
    if files.looks_like_json(files.decode(data, name)[0]):
        for record in files.json_records(data, name, "data"):
            payload = record if isinstance(record, dict) else {files.BROKEN: "cet enregistrement n’est pas un objet."}
            yield Raw(str(payload.get("id_aid") or ""), payload, _revision(payload))
        return
    for row in files.table(data, name, required=COLUMNS).rows:
        yield Raw(row.cells["id_aid"], files.payload(row), _revision(row.cells))


def _revision(record: Mapping[str, object]) -> str:
    return str(record.get("maj") or record.get("horodatage") or "")
