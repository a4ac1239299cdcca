"""The CSV list of France services places, one line per place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from maillage.interop.sources import downloads, files
from maillage.interop.sources.contract import Raw

COLUMNS = ("id", "nom", "adresse", "code_insee", "code_postal", "commune", "departement", "lat", "lon", "horaires_osm")


def read(origin: Path | None, since: Mapping[str, str]) -> Iterator[Raw]:
    """Every place of the file."""
    data = downloads.given(origin, "La liste des espaces France services")
    for row in files.table(data, origin.name if origin else "", required=COLUMNS).rows:
        yield Raw(row.cells["id"], files.payload(row))
