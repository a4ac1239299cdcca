"""The service on this machine, and the days that the reader believes it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.test import override_settings

from maillage.interop.sources.les_aides import reader
from tests.interop.sources.les_aides.hands import DEPARTEMENTS
from tests.interop.sources.les_aides.server import KEY, LesAides, les_aides


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LesAides]:
    """The service, asked for the five départements of a région, one activity."""
    with les_aides() as (running, server), override_settings(MAILLAGE_DATA=tmp_path):
        monkeypatch.setenv("MAILLAGE_LES_AIDES_URL", server.url)
        monkeypatch.setenv("MAILLAGE_FETCH_ALLOW", "127.0.0.1")
        monkeypatch.setenv("MAILLAGE_LES_AIDES_KEY", KEY)
        monkeypatch.setenv("MAILLAGE_LES_AIDES_DEPARTEMENTS", ",".join(DEPARTEMENTS))
        monkeypatch.setenv("MAILLAGE_LES_AIDES_APE", "S")
        yield running


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """The day that the reader believes it is: the last of the list."""
    known = [date(2026, 11, 24)]
    monkeypatch.setattr(reader.timezone, "localdate", lambda *zone: known[-1])
    return known
