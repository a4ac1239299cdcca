"""A mail server, templates of messages, and a kind that may be stopped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template import engines

from maillage.journal.kinds import Kind, kinds
from tests.mail import MailServer, mail_server


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server(settings) as made:
        yield made


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kinds(), "news", Kind("news", "Nouvelles d’essai", "Vous avez demandé ces nouvelles."))


@pytest.fixture(autouse=True)
def _templates(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """`essai/plain`: a message of the tests."""
    loaders: Any = engines["django"].engine.template_loaders[0]  # type: ignore[attr-defined]  # Django's engine
    place = str(Path(__file__).parent / "templates")
    finders = getattr(loaders, "loaders", [loaders])
    for finder in finders:
        if hasattr(finder, "dirs"):
            monkeypatch.setattr(finder, "dirs", [*finder.get_dirs(), place])
