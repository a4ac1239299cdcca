"""`maillage orienter`, as in exchange-formats.md §5.0."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from maillage.catalogue.index import reset
from tests.catalogue import worlds

pytestmark = pytest.mark.django_db


def orienter(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    reset()
    code = 0
    try:
        call_command("orienter", *arguments)
    except SystemExit as end:
        code = int(end.code or 0)
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_a_table_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    worlds.offer(name="Appui juridique", needs=["juridique"], legal_forms=["association"], modes=["distance"])
    worlds.offer(name="En Sarthe", needs=["juridique"], coverage=["departement:72"])
    worlds.structure(name="Réseau", roles=[{"role": "reseau-local-ess", "territory": {"level": "departement", "code": "53"}}])
    code, out, err = orienter(capsys, "--etape", "creation", "--commune", "Laval 53000", "--besoin", "juridique")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "Création · Laval (Mayenne) · Juridique et statuts"
    assert "  Réseau — Réseau local de l’ESS (Couvre la Mayenne)" in lines
    assert "1 RÉSULTAT" in lines
    assert "  1. Appui juridique" in lines
    assert "     ? Réservé à la forme juridique\u202f: Association" in lines
    assert "     ✗ Couvre seulement la Sarthe" in lines
    assert lines[-1].startswith("Quelle est la forme juridique")


def test_json_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    worlds.offer()
    code, out, _ = orienter(capsys, "--format", "json", "--commune", "53062", "--salaries", "2")
    assert code == 0
    assert json.loads(out)["situation"]["facts"] == {"salaries": 2}


def test_homonyms_are_listed_with_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = orienter(capsys, "--etape", "creation", "--commune", "Saint-Denis")
    assert (code, out) == (2, "")
    assert "  93066\tSaint-Denis (Seine-Saint-Denis, 93200)" in err.splitlines()


def test_unknown_codes_are_said_in_french_with_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = orienter(capsys, "--etape", "creaton", "--besoin", "zzz")
    assert (code, out) == (2, "")
    assert "--etape : Nous n’avons pas compris l’étape" in err
    assert "--besoin : Nous n’avons pas compris le besoin" in err


def test_nothing_found_says_what_to_drop(capsys: pytest.CaptureFixture[str]) -> None:
    worlds.offer(legal_forms=["scop"])
    code, out, _ = orienter(capsys, "--forme", "association", "--commune", "53062")
    assert code == 0
    assert "0 RÉSULTAT" in out
    assert "Sans la forme juridique Association\u202f: 1 résultat" in out


def test_a_limit_never_cuts_silently(capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(4):
        worlds.offer(name=f"Offre {number}")
    _, out, _ = orienter(capsys, "--limite", "3")
    assert "4 RÉSULTATS" in out
    assert "3 montrés sur 4" in out
    with pytest.raises(CommandError, match="nombre entier positif"):
        call_command("orienter", "--limite", "-1")


def test_the_help_is_in_french_and_names_the_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("orienter", "--help")
    out = capsys.readouterr().out
    assert "difficultes" in out
    assert "code INSEE, nom, ou nom et code postal" in out
