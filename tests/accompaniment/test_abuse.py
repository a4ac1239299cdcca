"""The script that shows the limits, against a real local server: what it must see, and what it must say when there is no limit."""

from __future__ import annotations

from typing import Any

import pytest

from maillage.accompaniment import limits
from maillage.accompaniment.models import Request
from maillage.accompaniment.views import ask
from maillage.accounts.shared_rate import SharedRate
from tests.accompaniment import abuse


@pytest.fixture
def site(transactional_db: None, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    def waited(_seconds: float) -> None:
        monkeypatch.setattr(ask, "QUICKEST", 0)

    monkeypatch.setattr(abuse.time, "sleep", waited)
    return str(live_server.url)


def test_the_script_meets_the_trap_the_signed_time_and_the_limit(site: str, capsys: Any) -> None:
    assert abuse.main(site) == 0
    said = capsys.readouterr().out
    assert "honeypot filled in: 200, refused" in said
    assert "sent at once: 200, refused" in said
    assert f"{limits.NETWORK.allowed} passed, then 429, Retry-After: " in said
    assert Request.objects.count() == limits.NETWORK.allowed


def test_the_script_fails_on_a_site_without_limit(site: str, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "NETWORK", SharedRate("request-network", allowed=1000, seconds=600))
    monkeypatch.setattr(abuse, "AT_MOST", 10)
    assert abuse.main(site) == 1
    assert "NO LIMIT" in capsys.readouterr().out
