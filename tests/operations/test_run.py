"""`maillage run`: from nothing to a site that answers, twice, and down again without losing anything."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.operations.conftest import Installation


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(port: int, path: str = "/") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def wait_until_it_answers(process: subprocess.Popen[str], port: int) -> tuple[int, str]:
    limit = time.monotonic() + 90
    while time.monotonic() < limit:
        assert process.poll() is None, process.communicate()[0]
        try:
            return get(port)
        except OSError:
            time.sleep(0.05)
    raise AssertionError("no answer in 90 s")


def stop(process: subprocess.Popen[str], number: signal.Signals) -> str:
    """Signal the whole group, as Ctrl+C in a terminal does."""
    os.killpg(process.pid, number)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    return said


def test_it_serves_from_nothing_and_again_without_doing_the_work_twice(installation: Installation) -> None:
    port = free_port()
    first = installation.start("run", "--port", str(port))
    status, page = wait_until_it_answers(first, port)
    assert status == 200
    assert "Essor" in page
    taken = installation.maillage("run", "--port", str(port))
    assert taken.returncode == 1
    assert f"Le port {port} est déjà pris" in taken.stderr
    said = stop(first, signal.SIGINT)
    assert "Création de la base…" in said
    assert f"Portail « Essor » : http://127.0.0.1:{port}/" in said
    assert f"Portail « Tremplin » : http://tremplin.localhost:{port}/" in said
    assert "première connexion" in said
    assert said.rstrip().endswith("Arrêté.")

    state = (installation.data / "prepared.json").read_text(encoding="utf-8")
    second = installation.start("run", "--port", str(port))
    assert wait_until_it_answers(second, port)[0] == 200
    said = stop(second, signal.SIGTERM)
    assert "Création de la base" not in said
    assert "Chargement du catalogue" not in said
    assert (installation.data / "prepared.json").read_text(encoding="utf-8") == state


def test_what_visitors_asked_just_before_the_end_is_recorded(installation: Installation) -> None:
    port = free_port()
    process = installation.start("run", "--port", str(port))
    wait_until_it_answers(process, port)
    assert get(port, "/resultats/?etape=creation&commune=53130")[0] == 200
    stop(process, signal.SIGTERM)
    done = installation.maillage(
        "shell", "-v0", "-c", "from maillage.orientation.models import SearchRecord as S; print(S.objects.count())"
    )
    assert done.stdout.split()[-1] == "1"


def test_two_first_starts_at_once_make_one_database(installation: Installation) -> None:
    code = "from maillage.config.operations.prepare import prepare; prepare(print)"
    both = [installation.start("shell", "-v0", "-c", code) for _ in range(2)]
    said = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("Création de la base" in text for text in said) == 1
    assert sum("Chargement du catalogue" in text for text in said) == 1
    done = installation.maillage(
        "shell", "-v0", "-c", "from maillage.accounts.models import Person as P; print(P.objects.count())"
    )
    assert done.stdout.split()[-1] == "1"


def test_a_changed_catalogue_is_loaded_at_the_next_start(installation: Installation, tmp_path: Path) -> None:
    code = "from maillage.config.operations.prepare import prepare; prepare(print)"
    installation.maillage("shell", "-v0", "-c", code)
    assert "Chargement" not in installation.maillage("shell", "-v0", "-c", code).stdout
    region = tmp_path / "regions" / "essai" / "catalogue"
    region.mkdir(parents=True)
    (region / "essai.toml").write_text(
        '[structure]\nid = "essai"\nname = "Essai"\n[[sources]]\nurl = "https://e.example.org/"\nread_on = 2026-11-01\n',
        encoding="utf-8",
    )
    installation.environment["MAILLAGE_REGIONS"] = str(tmp_path / "regions")
    done = installation.maillage("shell", "-v0", "-c", code)
    assert "Chargement du catalogue de départ…" in done.stdout, done.stderr
    assert len(json.loads((installation.data / "prepared.json").read_text(encoding="utf-8"))) == 2


@pytest.mark.parametrize(
    ("options", "words"), [(["--workers", "0"], "--workers"), (["--host", "203.0.113.7"], "Impossible d’écouter")]
)
def test_a_wrong_request_is_refused_with_a_sentence(installation: Installation, options: list[str], words: str) -> None:
    done = installation.maillage("run", "--port", str(free_port()), *options)
    assert done.returncode == 2
    assert words in done.stderr


def test_a_database_out_of_reach_is_said_in_a_sentence(installation: Installation) -> None:
    installation.environment["DATABASE_URL"] = "postgresql://personne@127.0.0.1:9/rien"
    done = installation.maillage("run", "--port", str(free_port()))
    assert done.returncode == 1
    assert "La base de données ne répond pas" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_of_an_older_version_is_saved_before_it_is_migrated(installation: Installation) -> None:
    assert installation.maillage("migrate", "--skip-checks", "-v0").returncode == 0
    assert installation.maillage("migrate", "orientation", "zero", "--skip-checks", "-v0").returncode == 0
    done = installation.maillage("shell", "-v0", "-c", "from maillage.config.operations.prepare import prepare; prepare(print)")
    assert "sauvegarde avant de la mettre à jour" in done.stdout, done.stderr
    assert len(list((installation.data / "backups").glob("avant-migration-*.tar.gz"))) == 1
    assert installation.maillage("migrate", "--check", "--skip-checks").returncode == 0
