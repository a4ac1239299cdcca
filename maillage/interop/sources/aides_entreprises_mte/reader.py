"""The CSV export of the programmes: one record per programme, over many lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from maillage.interop.sources import downloads, files
from maillage.interop.sources.contract import Raw

COLUMNS = (
    "id", "titre", "promesse", "description", "eligibilite", "types_aides", "porteurs", "url_source", "cibles",
    "eligibilite_geographique", "eligibilite_geographique_exclusions", "date_ouverture", "date_cloture", "date_mise_a_jour",
)  # fmt: skip


def read(origin: Path | None, since: Mapping[str, str]) -> Iterator[Raw]:
    """Every programme of the export. Its date of change is that of the export, the same for all: it is no revision."""
    data = downloads.given(origin, "L’export de Transition écologique des entreprises")
    for row in files.table(data, origin.name if origin else "", required=COLUMNS).rows:
        yield Raw(row.cells["id"], files.payload(row))
