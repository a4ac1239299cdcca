"""The search record: one anonymous row per orientation, written by batches from a thread, so that a page never waits for it.

Rows wait in a bounded queue in memory. The writer takes them every few seconds and when the process ends; a process that is
killed loses the rows it had not written, which is accepted: they are statistics. If the database refuses, rows wait for the next turn, and
beyond the queue's size the oldest are dropped. Nothing here may slow a page, and no failure here may reach it.

Only server processes start a writer (`start`, called by the WSGI module): commands and tests write nothing on their own.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections import deque

from django.db import connection, transaction
from django.utils import timezone

from maillage.orientation.answer import Answer
from maillage.orientation.models import SearchRecord
from maillage.orientation.queries import PARIS

log = logging.getLogger(__name__)

#: Rows kept in memory at most, rows written in one statement at most, and seconds between two turns.
QUEUE_SIZE, BATCH_SIZE, EVERY_SECONDS = 10_000, 500, 5.0

_waiting: deque[SearchRecord] = deque(maxlen=QUEUE_SIZE)
_writer: threading.Thread | None = None
_stop = threading.Event()
_wake = threading.Event()
_writing = threading.Lock()


def keep(answer: Answer, portal: str) -> None:
    """Put one orientation in the queue. Keeps codes and counts only: never the words searched, nothing about the visitor."""
    situation, commune = answer.situation, answer.situation.commune
    _waiting.append(
        SearchRecord(
            day=timezone.now().astimezone(PARIS).date(),
            portal=portal,
            stage=situation.stage or "",
            needs=list(situation.needs),
            commune=commune.code if commune else "",
            epci=(commune.epci or "") if commune else "",
            departement=commune.departement if commune else "",
            region=commune.region if commune else "",
            results=dict(answer.by_kind),
            total=answer.total,
            nothing_found=answer.total == 0,
        )
    )
    if len(_waiting) >= BATCH_SIZE:
        _wake.set()


def waiting() -> int:
    """How many rows are not written yet."""
    return len(_waiting)


def flush() -> int:
    """Write what waits; returns the number of rows written. On a database error the rows stay in the queue and 0 is added."""
    with _writing:
        return _write()


def _write() -> int:
    written = 0
    while _waiting:
        batch = [_waiting.popleft() for _ in range(min(BATCH_SIZE, len(_waiting)))]
        try:
            with transaction.atomic():
                SearchRecord.objects.bulk_create(batch)
        except Exception as error:  # the page has already been sent: whatever happens here, only the log hears of it
            log.warning("%d search records could not be written, they wait for the next turn: %s", len(batch), error)
            _waiting.extendleft(reversed(batch[: QUEUE_SIZE - len(_waiting)]))
            break
        written += len(batch)
    return written


def start() -> None:
    """Start the writer of this process, once; what waits at its end is written too."""
    global _writer
    if _writer is None or not _writer.is_alive():
        _stop.clear()
        _writer = threading.Thread(target=_write_until_stopped, name="search-record", daemon=True)
        _writer.start()
        atexit.register(stop)


def stop() -> None:
    """Write what waits, and end the writer."""
    global _writer
    if _writer is not None:
        _stop.set()
        _wake.set()
        _writer.join(timeout=EVERY_SECONDS)
        _writer = None
        atexit.unregister(stop)


def _write_until_stopped() -> None:
    while not _stop.is_set():
        _wake.wait(EVERY_SECONDS)
        _wake.clear()
        if flush():
            connection.close()  # a thread's connection is nobody else's to close: a kept one would be found dead one day
    flush()
    connection.close()
