"""The thread of a serving process that answers siting questions, outside requests. Several processes may: a lease gives each to one."""

from __future__ import annotations

import logging
import threading

from django.db import connection

from maillage.observatory.siting import runs

log = logging.getLogger(__name__)

#: Seconds between two looks at the database.
EVERY_SECONDS = 10.0

_thread: threading.Thread | None = None
_stop = threading.Event()
_wake = threading.Event()


def wake() -> None:
    """Say that a question waits: this process looks at once, the others at their next turn."""
    _wake.set()


def run_waiting() -> int:
    """Answer every question that waits, here and now. Returns how many."""
    return sum(runs.work(pk, stop=_stop.is_set) for pk in runs.waiting())


def start() -> None:
    """Start the thread of this process, once."""
    global _thread
    if _thread is None or not _thread.is_alive():
        _stop.clear()
        _thread = threading.Thread(target=_until_stopped, name="siting", daemon=True)
        _thread.start()


def stop() -> None:
    """Stop the solver, then end the thread; the question waits for another process."""
    global _thread
    if _thread is not None:
        _stop.set()
        _wake.set()
        _thread.join(timeout=EVERY_SECONDS)
        _thread = None
        _stop.clear()


def _until_stopped() -> None:
    while not _stop.is_set():
        try:
            run_waiting()
        except Exception as error:  # a database that is away comes back: the thread must be there then
            log.warning("siting questions could not be worked on, next turn in %d s: %s", EVERY_SECONDS, error)
        connection.close()  # a kept connection would be found dead one day
        _wake.wait(EVERY_SECONDS)
        _wake.clear()
