"""The feed of a European desk: a list of calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from maillage.interop.sources import feeds
from maillage.interop.sources.contract import Raw


def read(origin: Path | None, since: Mapping[str, str]) -> Iterator[Raw]:
    """Every aid of the feed."""
    return feeds.records(origin, "Le flux des appels européens", ref="ID")
