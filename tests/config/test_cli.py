"""The command line speaks French, knows every command, and helps who mistypes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

MAILLAGE = str(Path(sys.executable).parent / "maillage")


def maillage(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([MAILLAGE, *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", [[], ["help"], ["--help"]])
def test_alone_it_lists_what_it_can_do(arguments: list[str]) -> None:
    done = maillage(*arguments)
    assert done.returncode == 0
    for name in ("run", "orienter", "import", "export", "doctor", "backup", "restore", "drill", "load-regions", "demo-region"):
        assert f"\n  {name} " in done.stdout
    assert "migrate" in done.stdout


def test_the_help_of_a_command_is_french_and_lists_its_own_options_only() -> None:
    done = maillage("import", "jsonl", "--help")
    assert done.returncode == 0
    assert "usage : maillage import jsonl" in done.stdout
    assert "affiche cette aide" in done.stdout
    assert "--settings" not in done.stdout


def test_a_mistyped_command_gets_a_suggestion() -> None:
    done = maillage("orientter")
    assert (done.returncode, done.stderr) == (
        2,
        "« orientter » n’est pas une commande. Vouliez-vous dire « orienter » ? La liste : maillage help\n",
    )


def test_a_wrong_value_is_explained_in_french() -> None:
    done = maillage("doctor", "--format", "xml")
    assert done.returncode == 2
    assert "erreur : argument --format : « xml » n’est pas possible" in done.stderr


def test_django_s_commands_are_reachable() -> None:
    assert maillage("diffsettings").returncode == 0
