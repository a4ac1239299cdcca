"""The feed of the Manche: {count, aides: […]}."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from maillage.interop.sources import feeds
from maillage.interop.sources.contract import Raw


def read(origin: Path | None, since: Mapping[str, str]) -> Iterator[Raw]:
    """Every aid of the feed."""
    return feeds.records(origin, "Le flux de la Manche", "aides", ref="id", revision="date_updated")
