"""What was erased, outside the database: digests only. A restored backup does these erasures again.

`erasures.jsonl` in the data folder: a first line with a salt, then one line per erasure. It holds no name and no address: an identity
can be recognised, not read. Keep it with the backups, as `secret-key` (docs/guides/privacy.md).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from maillage.journal.privacy.registry import every_replay

#: So that trying every known address against the ledger costs something (about 5 ms each).
_ROUNDS = 20_000


def path() -> Path:
    """The ledger."""
    return Path(settings.MAILLAGE_DATA) / "erasures.jsonl"


def _waiting() -> Path:
    return path().with_name("erasures-to-replay")


def write(kind: str, identity: str, at: datetime | None = None) -> None:
    """Add one erasure, on the disk for good when this returns."""
    file = path()
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+", encoding="utf-8") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)  # two processes may erase at once
        first = opened.readline()
        salt = json.loads(first)["salt"] if first else secrets.token_hex(16)
        lines = [] if first else [{"salt": salt}]
        lines.append({"at": (at or timezone.now()).isoformat(), "kind": kind, "digest": _digest(salt, kind, identity)})
        opened.write("".join(json.dumps(line) + "\n" for line in lines))
        opened.flush()
        os.fsync(opened.fileno())


def _digest(salt: str, kind: str, identity: str) -> str:
    told = f"{kind}:{identity.strip().lower()}".encode()
    return hashlib.pbkdf2_hmac("sha256", told, bytes.fromhex(salt), _ROUNDS).hex()


def _read() -> tuple[str, dict[str, datetime]]:
    """The salt, and digest → the last time it was erased. A line cut by a crash is the last one, and is skipped."""
    salt, found = "", {}
    if path().exists():
        for line in path().read_text(encoding="utf-8").splitlines():
            try:
                values = json.loads(line)
            except ValueError:
                continue
            if "salt" in values:
                salt = values["salt"]
            else:
                found[values["digest"]] = datetime.fromisoformat(values["at"])
    return salt, found


def replay() -> int:
    """Do again, in this database, the erasures that it does not know. Returns how many.

    What was created after its erasure (somebody who came back) is left alone.
    """
    salt, erased = _read()
    done = 0
    for replayed in every_replay() if erased else ():
        for identity, created_at, erase in list(replayed.candidates()):
            when = erased.get(_digest(salt, replayed.kind, identity))
            if when is not None and created_at <= when:
                with transaction.atomic():
                    erase()
                done += 1
    _waiting().unlink(missing_ok=True)
    return done


def replay_later() -> None:
    """The restored database is not migrated yet: `replay_if_waiting` will do it."""
    _waiting().touch()


def replay_if_waiting() -> int:
    """Replay if a restore asked for it."""
    return replay() if _waiting().exists() else 0
