"""The thread of a serving process that sends messages; `maillage messages` is the same work in a process of its own.

Only server processes start it (config/operations/serve.py). Several may run: a lease gives each message to one of them.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.db import connection

from maillage.journal.outbox.sending import PACE, Pace, send_due

log = logging.getLogger(__name__)

#: Seconds between two looks at the queue, and at most when the mail server is away.
EVERY_SECONDS, AWAY_SECONDS = 5.0, 300.0

_thread: threading.Thread | None = None
_stop = threading.Event()
_wake = threading.Event()


def wake() -> None:
    """Say that a message waits: this process looks at once, the others at their next turn."""
    _wake.set()


def start() -> None:
    """Start the thread of this process, once."""
    global _thread
    if _thread is None or not _thread.is_alive():
        _stop.clear()
        _thread = threading.Thread(target=run, args=(_stop.is_set, _rest), name="messages", daemon=True)
        _thread.start()


def stop() -> None:
    """Let the message being sent leave, then end the thread."""
    global _thread
    if _thread is not None:
        _stop.set()
        _wake.set()
        _thread.join(timeout=PACE.timeout)
        _thread = None
        _stop.clear()


def _rest(seconds: float) -> None:
    _wake.wait(seconds)
    _wake.clear()


def run(stopped: Callable[[], bool], rest: Callable[[float], object], pace: Pace = PACE) -> None:
    """Send, rest, again, until stopped. A server that is away is asked less and less often, at least every 5 minutes."""
    waits = EVERY_SECONDS
    while not stopped():
        try:
            done = send_due(pace, stop=stopped)
        except Exception as error:  # a database that is away comes back: the thread must be there then
            log.warning("messages could not be sent, next turn in %d s: %s", waits, error)
        else:
            if done.unreachable:
                waits = min(2 * waits, AWAY_SECONDS)
                log.warning("the mail server is away, next turn in %d s: %s", waits, done.unreachable)
            else:
                waits = EVERY_SECONDS
        connection.close()  # a kept connection would be found dead one day
        rest(waits)
