"""The secret of a day: random, shared by the processes of one machine through a file, deleted when the day is over.

It is in no database, so in no backup. Without it, what the day's hashes were made from cannot be found again (docs/algorithms/visitors.md).
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from datetime import date
from pathlib import Path

_NAME = "visitors-{}.salt"
SIZE = 32


def salt_of(day: date, folder: Path) -> bytes:
    """The secret of a day, made by the first process that asks. Raises OSError when the folder cannot be written."""
    path = folder / _NAME.format(day.isoformat())
    with suppress(FileNotFoundError):
        return path.read_bytes()
    draft = folder / f".{secrets.token_hex(8)}.salt"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(SIZE))
        with suppress(FileExistsError):  # another process was first: its secret is everybody's
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path.read_bytes()


def forget_before(day: date, folder: Path) -> None:
    """Delete the secrets of the days before one."""
    for path in sorted(folder.glob(_NAME.format("*"))):
        if path.name < _NAME.format(day.isoformat()):
            path.unlink(missing_ok=True)
