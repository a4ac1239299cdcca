"""A dump as processes: several make the pieces, and the files are those that one would make."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.interop.samples import offer, structure, write_folder
from tests.operations.conftest import Installation


def test_two_processes_write_what_one_writes(installation: Installation, tmp_path: Path) -> None:
    structures = [structure(id=f"s{n}", siren=..., siret=...) for n in range(40)]
    folder = write_folder(
        tmp_path / "in", structures=structures, offers=[offer(id=f"o{n:04}", structure_id=f"s{n % 40}") for n in range(4_500)]
    )
    installation.maillage("migrate", "--skip-checks", "-v0")
    assert installation.maillage("import", "jsonl", str(folder)).returncode == 0

    def digests(processes: str) -> dict[str, Any]:
        done = installation.maillage("dump", "--processes", processes)
        assert done.returncode == 0, done.stderr
        day = next(path for path in (installation.data / "dumps").iterdir() if path.name.startswith("2"))
        manifest = json.loads((day / "manifest.json").read_text(encoding="utf-8"))
        return {
            entry["path"]: (entry["sha256"], entry["records"])
            for entry in manifest["files"]
            if not entry["path"].startswith("xlsx")
        }

    one = digests("1")
    assert one["jsonl/offers.jsonl.gz"][1] == 4_500
    assert digests("2") == one
