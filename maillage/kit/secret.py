"""The installation's secret key: from the environment, else made once and kept in the data folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

KEY_FILE = "secret-key"


def secret_key(data: Path) -> str:
    """The key that signs sessions and links: SECRET_KEY, else the file of the data folder, made at the first start (0600)."""
    given = os.environ.get("SECRET_KEY", "").strip()
    if given:
        return given
    path = data / KEY_FILE
    if path.is_file():
        return path.read_text(encoding="ascii").strip()
    data.mkdir(parents=True, exist_ok=True)
    fresh = secrets.token_urlsafe(48)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was quicker: its key is the key
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(fresh)
    return fresh
