"""Sends what is due, batch after batch: lease (committed), send, record (committed), message after message."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from maillage.journal.models import Message
from maillage.journal.outbox import queue
from maillage.journal.outbox.quiet import read_quiet_hours
from maillage.journal.outbox.transport import Postponed, Refused, Transport, Unreachable, transport

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How a worker works: messages in a batch, length of a lease, seconds of patience for each answer of the mail server."""

    batch: int = 50
    lease: timedelta = timedelta(minutes=5)
    timeout: float = 10.0

    @property
    def longest(self) -> timedelta:
        """The longest that one message may take: connection, greeting, TLS, user, sender, receiver, data, end."""
        return timedelta(seconds=8 * self.timeout)


PACE = Pace()


@dataclass(slots=True)
class Sent:
    """What a turn did. `unreachable`: why the mail server could not be spoken to; empty when it could."""

    sent: int = 0
    postponed: int = 0
    refused: int = 0
    unreachable: str = ""


def send_due(pace: Pace = PACE, *, stop: Callable[[], bool] = lambda: False) -> Sent:
    """Send everything that is due now, until nothing is, or `stop()`, or the mail server is away. Does nothing without EMAIL_URL."""
    done = Sent()
    way = transport(pace.timeout)
    if way is None:
        return done
    queue.take_back_expired()
    try:
        while not stop() and not done.unreachable:
            batch = queue.lease(pace.batch, pace.lease, urgent_only=quiet_now())
            if not batch:
                break
            _send_batch(batch, way, pace, done, stop)
    finally:
        way.close()
    return done


def quiet_now() -> bool:
    """Do messages that can wait wait now?"""
    return read_quiet_hours(settings.MAILLAGE_QUIET_HOURS).hold(timezone.now())


def _send_batch(batch: list[Message], way: Transport, pace: Pace, done: Sent, stop: Callable[[], bool]) -> None:
    until = batch[0].leased_until
    assert until is not None
    for rank, message in enumerate(batch):
        now = timezone.now()
        if stop() or until - now < pace.longest:
            queue.give_back(batch[rank:])
            return
        if message.not_after and message.not_after < now:
            queue.expired(message)
            continue
        if not queue.is_ours(message):
            continue
        try:
            way.send(message)
        except Unreachable as error:
            done.unreachable = str(error)
            queue.give_back(batch[rank:])
            return
        except Postponed as error:
            done.postponed += 1
            queue.postponed(message, str(error))
        except Refused as error:
            done.refused += 1
            queue.refused(message, str(error))
        except Exception as error:  # a message that cannot even be built must not stop the others
            log.exception("message %d could not be sent", message.pk)
            done.refused += 1
            queue.refused(message, f"{type(error).__name__}: {error}")
        else:
            queue.sent(message)
            done.sent += 1
