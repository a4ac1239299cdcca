"""The dataset `234400034_referentiel-aides-paysdelaloirefr`, whole: JSON of either version of the portal's API, or CSV."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from maillage.interop.sources import downloads, files
from maillage.interop.sources.contract import Raw

URL = "https://data.paysdelaloire.fr/api/explore/v2.1/catalog/datasets/234400034_referentiel-aides-paysdelaloirefr/exports/json"
COLUMNS = ("intervention_id", "aide_nom", "aid_benef", "temporalite")


def read(origin: Path | None, since: Mapping[str, str]) -> Iterator[Raw]:
    """Every aid of the Région."""
    data, name = downloads.given_or_fetched(origin, os.environ.get("MAILLAGE_PDL_AIDES_URL", "").strip() or URL)
    if files.looks_like_json(files.decode(data, name)[0]):
        for record in files.json_records(data, name, "results", "records", "data"):
            payload = _fields(record)
            yield Raw(str(payload.get("intervention_id") or ""), payload)
        return
    for row in files.table(data, name, required=COLUMNS).rows:
        yield Raw(row.cells["intervention_id"], files.payload(row))


def _fields(record: Any) -> dict[str, Any]:
    """The old API wraps the fields of a record; the new one does not."""
    if not isinstance(record, dict):
        return {files.BROKEN: "cet enregistrement n’est pas un objet."}
    fields = record.get("fields")
    return fields if isinstance(fields, dict) else record
