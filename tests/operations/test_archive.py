"""What a backup file holds, how it is refused when it is wrong, and which ones the rotation keeps."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.config.operations import archive
from maillage.config.operations.archive import BackupError, Manifest

START = datetime(2026, 1, 1, 3, 0)


def manifest(copy: Path, **changes: object) -> Manifest:
    values = {
        "version": "0.1.0",
        "made_at": "2026-11-23T03:00:00+01:00",
        "database": "sqlite",
        "engine": "SQLite 3",
        "migrations": ["catalogue.0001_sheets"],
        "rows": {"catalogue_offer": 3},
        "sha256": archive.digest_of(copy),
        "size": copy.stat().st_size,
    }
    return Manifest(**{**values, **changes})  # type: ignore[arg-type]  # a test changes what it wants


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    path = tmp_path / "copy"
    path.write_bytes(bytes(range(256)) * 5000)
    return path


def test_a_backup_gives_back_what_it_was_given(copy: Path, tmp_path: Path) -> None:
    target = tmp_path / "backups" / "b.tar.gz"
    archive.write(target, copy, manifest(copy))
    assert target.stat().st_mode & 0o077 == 0
    assert [path.name for path in target.parent.iterdir()] == ["b.tar.gz"]
    assert archive.read_manifest(target) == manifest(copy)
    with archive.unpacked(target) as (said, found):
        assert said.rows == {"catalogue_offer": 3}
        assert found.read_bytes() == copy.read_bytes()
    assert not found.exists()


def test_a_wrong_digest_is_refused(copy: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.tar.gz"
    archive.write(target, copy, manifest(copy, sha256="0" * 64))
    with pytest.raises(BackupError, match="son empreinte n’est pas celle du manifeste"), archive.unpacked(target):
        pass


def test_a_cut_or_changed_file_is_refused(copy: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.tar.gz"
    archive.write(target, copy, manifest(copy))
    whole = target.read_bytes()
    for content in (b"", b"x", whole[:50], whole[: len(whole) // 2], whole[: len(whole) * 3 // 4], b"\0" + whole[1:]):
        target.write_bytes(content)
        with pytest.raises(BackupError), archive.unpacked(target):
            pass


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="n’existe pas"):
        archive.read_manifest(tmp_path / "rien.tar.gz")


@pytest.mark.parametrize("text", ["{}", "[]", "pas du json", '{"format": 2}'])
def test_an_archive_of_something_else_is_refused(text: str, tmp_path: Path) -> None:
    target = tmp_path / "b.tar.gz"
    with tarfile.open(target, "w:gz") as file:
        entry = tarfile.TarInfo(archive.MANIFEST)
        entry.size = len(text.encode())
        file.addfile(entry, io.BytesIO(text.encode()))
    with pytest.raises(BackupError):
        archive.read_manifest(target)


def test_a_backup_of_another_format_is_refused(copy: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.tar.gz"
    archive.write(target, copy, manifest(copy, format=2))
    with pytest.raises(BackupError, match="autre version de Maillage"):
        archive.read_manifest(target)
    assert json.loads(json.dumps(asdict(manifest(copy)))) == asdict(manifest(copy))


def test_a_year_of_nights_keeps_seven_days_four_weeks_and_twelve_months() -> None:
    nights = [(START + timedelta(days=n), Path(f"{n}")) for n in range(365)]
    gone = set(archive.to_remove(nights))
    kept = [moment for moment, path in nights if path not in gone]
    assert kept[-7:] == [moment for moment, _ in nights[-7:]]
    assert len({moment.strftime("%Y%m") for moment in kept}) == 12
    assert len({moment.strftime("%G%V") for moment in kept[-10:]}) >= 4
    assert len(kept) <= 7 + 4 + 12


@given(st.lists(st.integers(min_value=0, max_value=800 * 24), max_size=80, unique=True))
def test_the_last_backup_is_always_kept_and_rotating_again_removes_nothing(hours: list[int]) -> None:
    backups = sorted((START + timedelta(hours=hour), Path(str(hour))) for hour in hours)
    gone = set(archive.to_remove(backups))
    kept = [one for one in backups if one[1] not in gone]
    assert kept[-1:] == backups[-1:]
    assert archive.to_remove(kept) == []
    assert len(kept) <= 7 + 4 + 12
