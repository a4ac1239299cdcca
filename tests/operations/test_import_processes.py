"""Imports as processes: two at once take turns, and a page's process sees what they wrote."""

from __future__ import annotations

from pathlib import Path

from tests.interop.samples import offer, structure, write_folder
from tests.operations.conftest import Installation


def test_two_imports_of_the_same_files_at_once_end_as_one(installation: Installation, tmp_path: Path) -> None:
    structures = [structure(id=f"s{n}", siren=..., siret=...) for n in range(40)]
    folder = write_folder(
        tmp_path / "in", structures=structures, offers=[offer(id=f"o{n:04}", structure_id=f"s{n % 40}") for n in range(1500)]
    )
    installation.maillage("migrate", "--skip-checks", "-v0")
    both = [installation.start("import", "jsonl", str(folder)) for _ in range(2)]
    said = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert installation.maillage("export", "jsonl", str(tmp_path / "out")).returncode == 0
    assert len((tmp_path / "out" / "offers.jsonl").read_bytes().splitlines()) == 1500
    again = installation.maillage("import", "jsonl", str(tmp_path / "out"))
    assert "offers.jsonl : 0 créées, 0 modifiées, 1500 inchangées, 0 refusées." in again.stdout
