from __future__ import annotations

import stat
from pathlib import Path

import pytest

from maillage.kit.secret import KEY_FILE, secret_key


def test_the_key_is_made_once_and_kept_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    first = secret_key(tmp_path / "data")
    assert len(first) >= 48
    assert secret_key(tmp_path / "data") == first
    assert stat.S_IMODE((tmp_path / "data" / KEY_FILE).stat().st_mode) == 0o600


def test_two_installations_never_share_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    assert secret_key(tmp_path / "one") != secret_key(tmp_path / "two")


def test_the_environment_decides_when_it_gives_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "given")
    assert secret_key(tmp_path / "data") == "given"
    assert not (tmp_path / "data").exists()
