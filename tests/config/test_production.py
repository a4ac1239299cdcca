"""A production installation that is unsafe or incomplete does not start, and says why."""

from __future__ import annotations

from typing import Any

import pytest

from maillage.config.checks import production_is_complete


def messages(settings: Any, **values: Any) -> list[str]:
    """What the check says under these settings."""
    for name, value in {"MAILLAGE_PRODUCTION": True, "SITE_IS_HTTPS": True, "MAILLAGE_PORTAL": "", **values}.items():
        setattr(settings, name, value)
    return [str(problem.msg) for problem in production_is_complete(None)]


def test_a_trial_asks_for_nothing(settings: Any) -> None:
    assert messages(settings, MAILLAGE_PRODUCTION=False, SITE_IS_HTTPS=False) == []


def test_production_wants_an_https_address(settings: Any) -> None:
    assert messages(settings, SITE_IS_HTTPS=False)[0].startswith("SITE_URL doit être l’adresse https://")


@pytest.mark.parametrize(("portal", "names"), [("", ["Essor", "Tremplin"]), ("hauts-de-france", ["Tremplin"])])
def test_production_wants_the_legal_notice_of_each_portal_that_is_served(settings: Any, portal: str, names: list[str]) -> None:
    said = messages(settings, MAILLAGE_PORTAL=portal)
    assert said == [
        f"Mentions légales incomplètes pour le portail « {name} » : publisher, address, phone, email, director, hosting."
        for name in names
    ]
