"""The feed of Île-de-France: a list of aids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from maillage.interop.sources import feeds
from maillage.interop.sources.contract import Raw


def read(origin: Path | None, since: Mapping[str, str]) -> Iterator[Raw]:
    """Every aid of the feed."""
    return feeds.records(origin, "Le flux de la Région Île-de-France", ref="reference", revision="date")
