"""Sources are folders; a wrong folder says what is wrong and leaves the others alone."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from maillage.interop.sources.contract import Source
from maillage.interop.sources.registry import PROVIDERS, SourceError, registry, source, sources
from maillage.vocabulary.portals import portals
from tests.interop.steps.conftest import FICTITIOUS

#: Sources of tables are rows.
pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of sources of its own, with one right source."""
    shutil.copytree(FICTITIOUS / "guichet_essai", tmp_path / "sources" / "guichet_essai")
    monkeypatch.setenv("MAILLAGE_SOURCES", str(tmp_path / "sources"))
    return tmp_path / "sources" / "guichet_essai"


def test_a_portal_may_ask_that_a_source_be_read_by_a_person_before_visitors(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert source("guichet-essai").publishes == "at-once"
    careful = replace(next(iter(portals().values())), review_sources=("guichet-essai", "inconnue"))
    monkeypatch.setattr("maillage.interop.sources.registry.portals", lambda: {careful.code: careful})
    monkeypatch.setenv("MAILLAGE_SOURCES", f"{folder.parent}/")  # another spelling: read again
    assert source("guichet-essai").publishes == "review"
    assert [problem for problem in registry().problems if "inconnue" in problem and "review_sources" in problem]


def test_a_folder_gives_a_source_with_its_words_and_its_functions() -> None:
    found = source("guichet-essai")
    assert (found.name, found.publishes, found.every_days) == ("Guichet d’essai", "at-once", 1)
    assert callable(found.read)
    assert found.rules != source("annuaire-essai").rules


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        ("source.toml", 'licence = "Licence Ouverte 2.0"', "", "il manque la clé « licence »"),
        ("source.toml", "every_days = 1", 'every_days = "1"', "la clé « every_days » attend un nombre entier"),
        ("source.toml", "every_days = 1", "every_days = -1", "0 pour une source lue à la main"),
        ("source.toml", "relicensable = true", 'relicensable = true\ncouleur = "x"', "la clé « couleur » n’est pas connue"),
        ("source.toml", "relicensable = true", 'relicensable = true\ncode = "depart"', "n’est ni « depart »"),
        ("source.toml", 'publishes = "at-once"', 'publishes = "peut-être"', "« at-once » ou « review »"),
        ("source.toml", "name = ", "name =", ""),
        ("source.toml", "every_days = 1", "every_days", "TOML"),
        ("reader.py", "def read(", "def lire(", "il manque la fonction « read »"),
        ("mapping.py", "KINDS = ", "KINDS = 1 / 0 or ", "mapping.py ne peut pas être lu : ZeroDivisionError"),
    ],
)
def test_what_is_wrong_is_said_with_its_file(folder: Path, file: str, before: str, after: str, said: str) -> None:
    path = folder / file
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    problems = registry().problems
    assert any(said in problem and "guichet_essai" in problem for problem in problems) if said else not problems
    assert ("guichet-essai" in sources()) is (not said)


def test_an_unknown_code_is_refused_with_the_codes_that_exist() -> None:
    with pytest.raises(SourceError, match="guichet-essai"):
        source("nulle-part")


def test_a_provider_gives_sources_that_are_not_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    given = source("guichet-essai")
    own = Source(**{name: getattr(given, name) for name in given.__slots__ if name != "code"}, code="tableur")
    monkeypatch.setattr("maillage.interop.sources.registry.PROVIDERS", [*PROVIDERS, lambda: [own]])
    assert sources()["tableur"] is own
