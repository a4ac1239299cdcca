"""The CSV list of prescribing organisations, one line per office."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from maillage.interop.sources import downloads, files
from maillage.interop.sources.contract import Raw

COLUMNS = ("uid", "nom", "type", "adresse", "code_postal", "commune", "departement", "lon", "lat", "site_web")


def read(origin: Path | None, since: Mapping[str, str]) -> Iterator[Raw]:
    """Every office of the file."""
    data = downloads.given(origin, "La liste des agences de l’emploi")
    for row in files.table(data, origin.name if origin else "", required=COLUMNS).rows:
        yield Raw(row.cells["uid"], files.payload(row))
