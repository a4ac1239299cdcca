"""Messages and erasures, by the real commands in real processes."""

from __future__ import annotations

import socket
import time
from pathlib import Path

from tests.mail import MailServer
from tests.operations.conftest import Installation

WRITE = (
    "from maillage.journal.messages import tell; from datetime import date; "
    "tell('ana@example.org', 'journal/mail/retention', {'on': date(2026, 12, 1), 'url': 'x', 'months': 24}, kind='retention', urgent=True)"
)
ERASE = (
    "from maillage.accounts.models import Person; from maillage.journal.privacy.erasure import erase; "
    "erase(Person.objects.get(email='zoe@example.org'))"
)
COUNT = "from maillage.accounts.models import Person; print('PEOPLE', *Person.objects.values_list('email', flat=True))"


def _ready(installation: Installation) -> None:
    assert installation.maillage("migrate", "--skip-checks", "-v0").returncode == 0


def test_a_serving_process_sends_what_another_one_writes(installation: Installation) -> None:
    _ready(installation)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with MailServer() as server:
        installation.environment["EMAIL_URL"] = server.url
        process = installation.start("run", "--port", str(port))
        written = installation.maillage("shell", "-v0", "-c", WRITE)
        assert written.returncode == 0, written.stderr
        deadline = time.monotonic() + 90
        while not server.taken and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.1)
        assert server.to() == ["ana@example.org"]
        process.terminate()
        assert process.wait(timeout=30) == 0


def test_the_command_sends_once_and_says_what_waits(installation: Installation) -> None:
    _ready(installation)
    assert installation.maillage("shell", "-v0", "-c", WRITE).returncode == 0
    said = installation.maillage("messages", "--lire").stdout
    assert "ana@example.org" in said
    refused = installation.maillage("messages", "--une-fois")
    assert refused.returncode == 2
    assert "EMAIL_URL est vide" in refused.stderr
    with MailServer() as server:
        installation.environment["EMAIL_URL"] = server.url
        assert "1 envoyé" in installation.maillage("messages", "--une-fois").stdout
        assert "0 envoyé" in installation.maillage("messages", "--une-fois").stdout
        assert server.to() == ["ana@example.org"]


def test_a_restored_backup_forgets_whom_it_was_asked_to_forget(installation: Installation, tmp_path: Path) -> None:
    _ready(installation)
    for name, role in (("zoe", "redaction"), ("ada", "administration")):
        assert installation.maillage("create-account", f"{name}@example.org", "--role", role).returncode == 0
    assert installation.maillage("shell", "-v0", "-c", WRITE).returncode == 0
    saved = tmp_path / "saved.tar.gz"
    assert installation.maillage("backup", str(saved)).returncode == 0
    erased = installation.maillage("shell", "-v0", "-c", ERASE)
    assert erased.returncode == 0, erased.stderr
    assert "zoe" not in (installation.data / "erasures.jsonl").read_text()
    done = installation.maillage("restore", "--yes", str(saved))
    assert done.returncode == 0, done.stderr
    assert "1 effacement(s)" in done.stdout
    assert installation.maillage("shell", "-v0", "-c", COUNT).stdout.split() == ["PEOPLE", "ada@example.org"]
    assert "abandonné" in installation.maillage("messages", "--etat").stdout, "it may have left since the backup"
