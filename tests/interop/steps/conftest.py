"""Two fictitious sources, read from files that each test writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from maillage.interop.models import Run
from maillage.interop.sources.registry import source
from maillage.interop.steps.run import sync

FICTITIOUS = Path(__file__).parent / "fictitious"
DAY = date(2026, 11, 23)

Read = Callable[..., Run]


@pytest.fixture(autouse=True)
def _fictitious_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLAGE_SOURCES", str(FICTITIOUS))


@pytest.fixture
def write_file(tmp_path: Path) -> Callable[[list[dict[str, Any]]], Path]:
    """A file of the fictitious producer."""

    def write(records: list[dict[str, Any]]) -> Path:
        path = tmp_path / "donnees.jsonl"
        path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        return path

    return write


@pytest.fixture
def read(db: None, write_file: Callable[[list[dict[str, Any]]], Path]) -> Read:
    """Synchronise a fictitious source with these records, on a day counted from DAY."""

    def reading(*records: dict[str, Any], code: str = "guichet-essai", days: int = 0) -> Run:
        return sync(source(code), write_file(list(records)), today=DAY + timedelta(days=days))

    return reading


def aid(number: int, **changes: Any) -> dict[str, Any]:
    """A record of the fictitious producer."""
    return {"ref": str(number), "aid": f"Aide d’essai {number}", **changes}
