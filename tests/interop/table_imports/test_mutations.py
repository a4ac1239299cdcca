"""Files broken in every way: refused or read, within bounds of time and memory. 100,000 of them with `make epreuves`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def tried(repository: Path, files: int) -> dict[str, Any]:
    """The program's answer; it runs apart so that its memory is its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.interop.table_imports.mutations", "--files", str(files)],
        cwd=repository, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_few_hundred_broken_files_break_nothing(repository: Path) -> None:
    found = tried(repository, 300)
    assert found["broken"] == []
    assert {name.split()[-1] for name in found["tally"]} == {"read", "refused"}


@pytest.mark.epreuve
def test_a_hundred_thousand_broken_files_break_nothing(repository: Path) -> None:
    assert tried(repository, 100_000)["broken"] == []
