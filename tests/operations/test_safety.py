"""Back up, restore, drill: the real commands on a real installation."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from maillage.config.operations import archive
from tests.interop.samples import OFFER, offer, write_folder
from tests.operations.conftest import Installation


@pytest.fixture
def filled(installation: Installation, tmp_path: Path) -> Installation:
    """An installation with one offer."""
    assert installation.maillage("migrate", "--skip-checks", "-v0").returncode == 0
    assert installation.maillage("import", "jsonl", str(write_folder(tmp_path / "in"))).returncode == 0
    return installation


def exported(installation: Installation, place: Path) -> list[str]:
    assert installation.maillage("export", "jsonl", str(place)).returncode == 0
    return [json.loads(line)["name"] for line in (place / "offers.jsonl").read_text(encoding="utf-8").splitlines()]


def rewrite(path: Path, **changes: object) -> Path:
    """The same backup with another manifest."""
    with archive.unpacked(path) as (manifest, copy):
        values = {name: getattr(manifest, name) for name in manifest.__slots__} | changes
        target = path.with_name("autre.tar.gz")
        archive.write(target, copy, archive.Manifest(**values))
    return target


def test_a_backup_is_restored_and_the_former_database_is_kept(filled: Installation, tmp_path: Path) -> None:
    done = filled.maillage("backup")
    assert done.returncode == 0, done.stderr
    (saved,) = filled.backups()
    assert str(saved) in done.stdout
    assert archive.read_manifest(saved).rows["catalogue_offer"] == 1

    changed = write_folder(tmp_path / "in", offers=[offer(name="Autre nom"), offer(id="o2")])
    assert filled.maillage("import", "jsonl", str(changed)).returncode == 0
    assert len(exported(filled, tmp_path / "out")) == 2
    done = filled.maillage("restore", str(saved), answer="non\n")
    assert done.returncode == 1
    assert "Rien n’a été fait." in done.stderr
    assert filled.maillage("restore", str(saved)).returncode == 1, "nobody to answer is not a yes"
    assert len(exported(filled, tmp_path / "out")) == 2

    done = filled.maillage("restore", str(saved), answer="restaurer\n")
    assert done.returncode == 0, done.stderr
    assert exported(filled, tmp_path / "out") == [OFFER["name"]]
    (aside,) = (filled.data / "backups").glob("avant-restauration-*.tar.gz")
    assert filled.maillage("restore", "--yes", str(aside)).returncode == 0
    assert exported(filled, tmp_path / "out") == ["Autre nom", OFFER["name"]]


def test_a_restored_catalogue_has_a_revision_that_no_process_has_seen(filled: Installation, tmp_path: Path) -> None:
    filled.maillage("backup", str(tmp_path / "b.tar.gz"))
    filled.maillage("import", "jsonl", str(write_folder(tmp_path / "in", offers=[offer(name="Autre")])))
    before = revision(filled)
    assert filled.maillage("restore", "--yes", str(tmp_path / "b.tar.gz")).returncode == 0
    assert revision(filled) > before


def revision(installation: Installation) -> int:
    done = installation.maillage("shell", "-v0", "-c", "from maillage.catalogue import revision; print(revision.current())")
    return int(done.stdout.split()[-1])


def test_a_backup_of_a_newer_maillage_is_refused(filled: Installation, tmp_path: Path) -> None:
    target = tmp_path / "b.tar.gz"
    filled.maillage("backup", str(target))
    newer = rewrite(target, migrations=["catalogue.9999_demain"], version="9.0")
    for command in (("restore", "--yes", str(newer)), ("drill", str(newer))):
        done = filled.maillage(*command)
        assert done.returncode == 1
        assert "version plus récente de Maillage (9.0 ; migrations inconnues ici : catalogue.9999_demain)" in done.stderr
    assert exported(filled, tmp_path / "out") == [OFFER["name"]]


def test_a_backup_of_the_other_database_is_refused(filled: Installation, tmp_path: Path) -> None:
    target = tmp_path / "b.tar.gz"
    filled.maillage("backup", str(target))
    with archive.unpacked(target) as (manifest, _):
        here = manifest.database
    other = rewrite(target, database="sqlite" if here == "postgresql" else "postgresql")
    done = filled.maillage("restore", "--yes", str(other))
    assert done.returncode == 1
    assert "maillage export jsonl" in done.stderr


def test_a_broken_file_is_refused_and_the_database_stays(filled: Installation, tmp_path: Path) -> None:
    broken = tmp_path / "b.tar.gz"
    broken.write_bytes(b"rien")
    done = filled.maillage("restore", "--yes", str(broken))
    assert done.returncode == 1
    assert "n’est pas une sauvegarde lisible" in done.stderr
    assert exported(filled, tmp_path / "out") == [OFFER["name"]]


def test_a_drill_proves_the_last_backup_and_touches_nothing(filled: Installation, tmp_path: Path) -> None:
    done = filled.maillage("drill")
    assert done.returncode == 0, done.stderr
    assert len(filled.backups()) == 1, "without a backup, a drill makes one"
    assert "Intégrité, clés étrangères et" in done.stdout
    assert "Migrations : à jour." in done.stdout
    assert "Durée de la restauration" in done.stdout
    assert exported(filled, tmp_path / "out") == [OFFER["name"]]


def test_a_drill_fails_when_rows_are_missing(filled: Installation, tmp_path: Path) -> None:
    target = tmp_path / "b.tar.gz"
    filled.maillage("backup", str(target))
    with archive.unpacked(target) as (manifest, _):
        rows = {**manifest.rows, "catalogue_offer": 2}
    done = filled.maillage("drill", str(rewrite(target, rows=rows)))
    assert done.returncode == 1
    assert "L’exercice a échoué. Des lignes manquent ou sont en trop (catalogue_offer : 1 au lieu de 2)" in done.stderr


def test_a_database_too_broken_to_be_copied_is_set_aside_and_replaced(filled: Installation, tmp_path: Path) -> None:
    if filled.postgresql:
        pytest.skip("a server keeps its files to itself")
    target = tmp_path / "b.tar.gz"
    filled.maillage("backup", str(target))
    (filled.data / "maillage.sqlite3").write_bytes(b"ceci n'est plus une base" * 1000)
    assert filled.maillage("doctor").returncode == 1
    done = filled.maillage("restore", "--yes", str(target))
    assert done.returncode == 0, done.stderr
    assert exported(filled, tmp_path / "out") == [OFFER["name"]]
    (aside,) = (filled.data / "backups").glob("base-abimee-*/maillage.sqlite3")
    assert aside.read_bytes().startswith(b"ceci n'est plus")


def test_a_backup_holds_two_files_and_no_secret_key(filled: Installation, tmp_path: Path) -> None:
    target = tmp_path / "b.tar.gz"
    filled.maillage("backup", str(target))
    with tarfile.open(target) as file:
        assert len(file.getnames()) == 2
        assert file.getnames()[0] == "manifest.json"


def test_a_backup_that_cannot_be_written_says_why(filled: Installation, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = filled.maillage("backup", str(tmp_path / "file" / "b.tar.gz"))
    assert done.returncode == 1
    assert "ne peut pas être écrit" in done.stderr
