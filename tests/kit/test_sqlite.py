from __future__ import annotations

import pytest

from maillage.kit.sqlite import init_command, journal_mode


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "delete"),  # Debian 12
        ((3, 44, 5), "delete"),
        ((3, 44, 6), "wal"),
        ((3, 45, 0), "delete"),
        ((3, 46, 1), "delete"),  # Debian 13
        ((3, 50, 6), "delete"),
        ((3, 50, 7), "wal"),
        ((3, 51, 0), "delete"),
        ((3, 51, 2), "delete"),
        ((3, 51, 3), "wal"),
        ((3, 53, 0), "wal"),
        ((4, 0, 0), "wal"),
    ],
)
def test_wal_is_used_only_where_the_reset_bug_is_fixed(version: tuple[int, ...], mode: str) -> None:
    assert journal_mode(version) == mode
    assert f"PRAGMA journal_mode={mode};" in init_command(version)


@pytest.mark.django_db
def test_the_live_connection_has_the_settings_we_ask_for() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            live = {}
            for name in ("foreign_keys", "synchronous", "busy_timeout"):
                cursor.execute(f"PRAGMA {name}")
                live[name] = cursor.fetchone()[0]
            assert live == {"foreign_keys": 1, "synchronous": 2, "busy_timeout": 20000}
        else:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone()[0] == "5s"
