"""A third region in a temporary folder, for the tests that prove that a region is data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from maillage.interop.demo.generate import make_region
from maillage.interop.demo.write import write_region
from maillage.vocabulary.portals import portals
from maillage.vocabulary.words import vocabulary


def forget_regions() -> None:
    """Read the portals and the words again at the next use (territories too many things remember: see the tests in a process apart)."""
    vocabulary.cache_clear()
    portals.cache_clear()


@pytest.fixture
def third_region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the Valombre, known to this process for the time of a test."""
    folder = write_region(make_region(), tmp_path)
    monkeypatch.setenv("MAILLAGE_REGIONS", str(tmp_path))
    forget_regions()
    yield folder
    monkeypatch.undo()
    forget_regions()
