"""`maillage doctor` says how things are, and fails when something is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from maillage.config.operations.doctor import filesystem_of
from tests.operations.conftest import Installation


def report(installation: Installation) -> tuple[int, dict[str, dict[str, Any]]]:
    done = installation.maillage("doctor", "--format", "json")
    read = json.loads(done.stdout)
    assert read["ok"] == (done.returncode == 0)
    return done.returncode, {finding["subject"]: finding for finding in read["findings"]}


def test_a_healthy_installation_passes(installation: Installation) -> None:
    installation.maillage("migrate", "--skip-checks", "-v0")
    installation.maillage("load-regions")
    code, found = report(installation)
    assert code == 0, found
    assert found["Migrations"]["value"] == "à jour"
    assert found["Sauvegardes"]["state"] == "attention"
    assert "communes" in found["Territoires"]["value"]
    assert found["Messages"]["state"] == "attention"
    assert "EMAIL_URL" in found["Messages"]["advice"]
    assert found["Travail de la nuit"]["state"] == "bon"
    if installation.postgresql:
        assert found["Encodage"]["value"] == "UTF8"
        assert "lock_timeout 5s" in found["Limites"]["value"]
    else:
        live = {name: found[name]["value"] for name in ("foreign_keys", "synchronous", "busy_timeout")}
        assert live == {"foreign_keys": "1", "synchronous": "2", "busy_timeout": "20000"}
        assert found["journal_mode"]["value"].split()[0] in {"wal", "delete"}
    done = installation.maillage("doctor")
    assert "Rien à reprendre d’urgent." in done.stdout
    assert "✓ Index : révision" in done.stdout


def test_an_empty_installation_fails_with_what_to_do(installation: Installation) -> None:
    code, found = report(installation)
    assert code == 1
    assert found["Migrations"]["state"] == "mauvais"
    assert "maillage run" in found["Migrations"]["advice"]


def test_a_secret_key_that_others_can_read_is_wrong(installation: Installation) -> None:
    installation.maillage("migrate", "--skip-checks", "-v0")
    (installation.data / "secret-key").chmod(0o644)
    code, found = report(installation)
    assert code == 1
    assert found["Clé secrète"]["advice"].startswith("chmod 600")


def test_a_database_out_of_reach_is_a_finding_not_a_crash(installation: Installation) -> None:
    installation.environment["DATABASE_URL"] = "postgresql://personne@127.0.0.1:9/rien"
    code, found = report(installation)
    assert code == 1
    assert found["Base de données"]["state"] == "mauvais"
    assert found["Territoires"]["state"] == "bon", "the other looks go on"


def test_the_file_system_of_a_path_is_known() -> None:
    assert filesystem_of(Path("/proc")) == "proc"
