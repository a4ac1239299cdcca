"""`maillage sources` and `maillage sync`: what they print, and how they end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from maillage.catalogue.models import Offer
from maillage.interop.models import RawRecord, Run
from tests.interop.steps.conftest import aid

pytestmark = pytest.mark.django_db
Write = Callable[[list[dict[str, Any]]], Path]


def test_a_dry_run_tells_what_would_be_done_and_writes_nothing(write_file: Write, capsys: Any) -> None:
    call_command("sync", "guichet-essai", str(write_file([aid(1), aid(2, broken=True), aid(3, kind="avance")])), "--dry-run")
    told = capsys.readouterr().out
    assert "3 fiches données, 1 publiées d’office, 1 refusées, 1 à relire." in told
    assert "1 × Ce record d’essai est cassé." in told
    assert "Rien n’a été écrit." in told
    assert not RawRecord.objects.exists()
    assert not Run.objects.exists()


def test_a_read_is_told_and_listed(write_file: Write, capsys: Any) -> None:
    call_command("sync", "guichet-essai", str(write_file([aid(1), aid(2, public_only=True)])))
    assert "2 fiches données, 1 publiées, 0 en attente, 1 écartées, 0 refusées." in capsys.readouterr().out
    assert Offer.objects.count() == 1
    call_command("sources", "--format", "json")
    lines = {line["code"]: line for line in json.loads(capsys.readouterr().out)}
    assert lines["guichet-essai"]["counts"]["published"] == 1
    assert not lines["guichet-essai"]["due"]
    assert lines["annuaire-essai"] == lines["annuaire-essai"] | {"last_read": None, "due": True}


def test_a_quarantine_ends_with_1_in_both_commands(write_file: Write, capsys: Any) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("sync", "guichet-essai", str(write_file([{"unreadable": "Schéma changé."}])))
    assert ended.value.code == 1
    assert "en quarantaine. Schéma changé." in capsys.readouterr().err
    with pytest.raises(SystemExit):
        call_command("sources")
    assert "EN QUARANTAINE : Schéma changé ; à lire maintenant." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nulle-part"], "Aucune source n’a le code « nulle-part »"),
        ([], "Donnez le code d’une source, ou --due"),
        (["guichet-essai", "--due"], "Donnez le code d’une source, ou --due"),
        (["guichet-essai", "/nulle/part.json"], "n’existe pas"),
    ],
)
def test_a_request_that_makes_no_sense_ends_with_2(arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said) as refused:
        call_command("sync", *arguments)
    assert refused.value.returncode == 2
