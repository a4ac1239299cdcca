"""A CSV or JSON file in the mediation-numérique schema. The same schema serves every territory: several files, one source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from maillage.interop.sources import downloads, files
from maillage.interop.sources.contract import Raw

COLUMNS = ("id", "nom", "commune", "code_postal", "adresse", "services", "date_maj")


def read(origin: Path | None, since: Mapping[str, str]) -> Iterator[Raw]:
    """Every place of the file."""
    data = downloads.given(origin, "La liste des lieux de médiation numérique")
    name = origin.name if origin else ""
    if files.looks_like_json(files.decode(data, name)[0]):
        for record in files.json_records(data, name, "data", "lieux"):
            payload = record if isinstance(record, dict) else {files.BROKEN: "cet enregistrement n’est pas un objet."}
            yield Raw(str(payload.get("id") or ""), payload, str(payload.get("date_maj") or ""))
        return
    for row in files.table(data, name, required=COLUMNS).rows:
        yield Raw(row.cells["id"], files.payload(row), row.cells["date_maj"])
