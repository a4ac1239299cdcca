"""One synchronisation of a source at a time, on this machine and, on PostgreSQL, on every machine."""

from __future__ import annotations

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


class Busy(Exception):
    """This source is being synchronised by another process. The message is a French sentence."""


@contextmanager
def one_at_a_time(source: str) -> Iterator[None]:
    """Hold the source while it is synchronised; raises Busy. A process that dies lets go of it."""
    sentence = f"La source « {source} » est déjà en cours de lecture par un autre processus : attendez qu’il ait fini."
    if connection.vendor == "postgresql":
        key = zlib.crc32(f"maillage source {source}".encode())
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
            if not cursor.fetchone()[0]:
                raise Busy(sentence)
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
        return
    folder = settings.MAILLAGE_DATA / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"source-{source}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(sentence) from error
        yield
