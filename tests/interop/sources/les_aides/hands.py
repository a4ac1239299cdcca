"""What these tests do again and again: read a round, map a record, look where the work list is."""

from __future__ import annotations

from pathlib import Path

from maillage.interop.sources.contract import Mapped, Raw
from maillage.interop.sources.les_aides import mapping, reader

#: The départements of a région, which the service is asked for.
DEPARTEMENTS = ("44", "49", "53", "72", "85")


def read(since: dict[str, str] | None = None) -> dict[str, Raw]:
    return {raw.ref: raw for raw in reader.read(None, since or {})}


def mapped_of(raw: Raw) -> Mapped:
    return mapping.map(mapping.clean(raw))


def folder() -> Path:
    from django.conf import settings

    return Path(settings.MAILLAGE_DATA) / "sources" / "les-aides"
