"""The thread of a serving process that works on large tables, outside requests, and forgets old ones.

Only server processes start it (config/operations/serve.py). Several may run: a lease gives each table to one of them. What they
do is in `running`; `maillage tables --run` does it too, by hand.
"""

from __future__ import annotations

import logging
import threading

from django.db import connection

from maillage.interop.table_imports import drafts, running

log = logging.getLogger(__name__)

#: Seconds between two looks at the database, and between two clean-ups.
EVERY_SECONDS, CLEAN_EVERY_SECONDS = 10.0, 6 * 3600.0

_thread: threading.Thread | None = None
_stop = threading.Event()
_wake = threading.Event()


def wake() -> None:
    """Say that a table waits: this process looks at once, the others at their next turn."""
    _wake.set()


def run_waiting() -> int:
    """Work on every table that waits, here and now. Returns how many."""
    return sum(running.work(pk, stop=_stop.is_set) for pk in running.waiting())


def start() -> None:
    """Start the thread of this process, once."""
    global _thread
    if _thread is None or not _thread.is_alive():
        _stop.clear()
        _thread = threading.Thread(target=_until_stopped, name="tables", daemon=True)
        _thread.start()


def stop() -> None:
    """Let the batch being written end, then end the thread."""
    global _thread
    if _thread is not None:
        _stop.set()
        _wake.set()
        _thread.join(timeout=EVERY_SECONDS)
        _thread = None
        _stop.clear()


def _until_stopped() -> None:
    since_clean = CLEAN_EVERY_SECONDS
    while not _stop.is_set():
        try:
            if since_clean >= CLEAN_EVERY_SECONDS:
                since_clean = 0.0
                drafts.expire()
            run_waiting()
        except Exception as error:  # a database that is away comes back: the thread must be there then
            log.warning("tables could not be worked on, next turn in %d s: %s", EVERY_SECONDS, error)
        connection.close()  # a kept connection would be found dead one day
        _wake.wait(EVERY_SECONDS)
        _wake.clear()
        since_clean += EVERY_SECONDS
