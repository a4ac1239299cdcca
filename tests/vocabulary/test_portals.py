"""Portals are data: two are served by one process, the host decides, a third needs no code."""

from __future__ import annotations

from pathlib import Path

import pytest

from maillage.vocabulary.portals import portal_for, portal_of_region, portals
from maillage.vocabulary.words import VocabularyError
from tests.regions import third_region  # noqa: F401  # a fixture


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("essor.localhost:8000", "Essor"),
        ("tremplin.localhost:8000", "Tremplin"),
        ("TREMPLIN.localhost", "Tremplin"),
        ("127.0.0.1:8000", "Essor"),
        ("[::1]:8000", "Essor"),
    ],
)
def test_the_host_name_chooses_the_portal(host: str, name: str) -> None:
    assert portal_for(host).name == name


def test_the_environment_can_force_the_portal() -> None:
    assert portal_for("essor.localhost", "hauts-de-france").name == "Tremplin"


def test_forcing_a_portal_that_does_not_exist_says_which_exist() -> None:
    with pytest.raises(
        VocabularyError, match=r"« atlantide », qui n’existe pas\. Portails connus : pays-de-la-loire, hauts-de-france"
    ):
        portal_for("essor.localhost", "atlantide")


def test_a_region_knows_its_portal() -> None:
    found = portal_of_region("32")
    assert found is not None
    assert found.name == "Tremplin"
    assert portal_of_region("94") is None


def test_a_third_region_is_only_data(third_region: Path) -> None:  # noqa: F811
    assert list(portals()) == ["pays-de-la-loire", "hauts-de-france", "valombre"]
    assert portal_for("valombre.localhost:8000").name == "Boussole"


def test_a_brand_colour_that_nobody_can_read_is_refused(third_region: Path) -> None:  # noqa: F811
    path = third_region / "portal.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("#5b3f8c", "#ffcc00"), encoding="utf-8")
    portals.cache_clear()
    with pytest.raises(VocabularyError, match=r"la couleur #ffcc00 n’est pas assez lisible"):
        portals()


def test_an_unknown_key_of_a_portal_is_refused(third_region: Path) -> None:  # noqa: F811
    path = third_region / "portal.toml"
    path.write_text("slogan = 'x'\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    portals.cache_clear()
    with pytest.raises(VocabularyError, match=r"valombre/portal.toml : une clé manque ou n’est pas connue .*slogan"):
        portals()
