"""How SQLite is opened: durable first, and WAL only where the library can be trusted with it."""

from __future__ import annotations


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Does this SQLite library have the fix of the WAL-reset bug (3.51.3, back-ported to 3.50.7 and 3.44.6)?

    Read 2026-11: in a library without the fix, a checkpoint that races with a writer can lose committed pages.
    """
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def journal_mode(version: tuple[int, ...]) -> str:
    """`wal` where it is safe, `delete` elsewhere."""
    return "wal" if wal_is_safe(version) else "delete"


def init_command(version: tuple[int, ...]) -> str:
    """The PRAGMAs each connection starts with. `maillage doctor` reads the live values back."""
    return (
        f"PRAGMA journal_mode={journal_mode(version)};"
        "PRAGMA foreign_keys=ON;"
        "PRAGMA synchronous=FULL;"
        "PRAGMA busy_timeout=20000;"
        "PRAGMA journal_size_limit=67108864;"
    )
