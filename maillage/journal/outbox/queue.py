"""The queue, in the database: rows are leased, then recorded. Each call is one short transaction; none holds while a message is sent.

On SQLite as on PostgreSQL, two workers never lease the same row: the UPDATE asks again that it be ready, under the lock of the write.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from maillage.journal.models import Message
from maillage.kit.masking import without_addresses

State = Message.State
#: A message is given up after so many refusals that were said to be temporary: about a day and a half.
TRIES = 14
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
#: Days after which nothing is left of what a message said, nor to whom; its row stays, for the counts and for its key.
PURGE_DAYS = 30


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many tries: 1 minute, 2, 4… 4 hours at most."""
    doubled: timedelta = _FIRST_WAIT * 2 ** max(0, tries - 1)
    return min(doubled, _LONGEST_WAIT)


def lease(count: int, length: timedelta, *, urgent_only: bool = False) -> list[Message]:
    """Take up to `count` messages that are due, for `length`: nobody else takes them until then. Urgent ones first."""
    now = timezone.now()
    due = Message.objects.filter(state=State.READY, not_before__lte=now)
    if urgent_only:
        due = due.filter(urgent=True)
    found = list(due.order_by("-urgent", "not_before", "pk").values_list("pk", flat=True)[:count])
    if not found:
        return []
    token = secrets.token_hex(16)
    Message.objects.filter(pk__in=found, state=State.READY).update(state=State.SENDING, lease=token, leased_until=now + length)
    return list(Message.objects.filter(lease=token, state=State.SENDING).order_by("-urgent", "not_before", "pk"))


def is_ours(message: Message) -> bool:
    """Is it still to be sent by us? Its receiver may have been erased, may have stopped it; our lease may be over."""
    return _ours(message).filter(leased_until__gt=timezone.now()).exists()


def _ours(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(pk=message.pk, state=State.SENDING, lease=message.lease)


def sent(message: Message) -> None:
    """It left."""
    _ours(message).update(state=State.SENT, sent_at=timezone.now(), lease="", leased_until=None, last_error="")


def refused(message: Message, why: str) -> None:
    """The receiver's server will never take it."""
    _ours(message).update(
        state=State.REFUSED, lease="", leased_until=None, tries=message.tries + 1, last_error=without_addresses(why)[:500]
    )


def expired(message: Message) -> None:
    """Too late: what it says is no longer true."""
    _ours(message).update(state=State.EXPIRED, lease="", leased_until=None)


def postponed(message: Message, why: str) -> None:
    """It could not leave this time: later, later still, then given up."""
    tries = message.tries + 1
    state = State.FAILED if tries >= TRIES else State.READY
    _ours(message).update(
        state=state,
        not_before=timezone.now() + wait_after(tries),
        lease="",
        leased_until=None,
        tries=tries,
        last_error=without_addresses(why)[:500],
    )


def give_back(messages: list[Message]) -> None:
    """They were not tried: they are due again at once, and no try is counted."""
    if messages:
        Message.objects.filter(pk__in=[one.pk for one in messages], state=State.SENDING, lease=messages[0].lease).update(
            state=State.READY, lease="", leased_until=None
        )


def take_back_expired() -> int:
    """Messages whose worker died come back to the queue."""
    return Message.objects.filter(state=State.SENDING, leased_until__lte=timezone.now()).update(
        state=State.READY, lease="", leased_until=None
    )


def send_again(message: Message) -> bool:
    """Put back in the queue a message that was given up or refused. False when it is not one, or was purged."""
    return bool(
        Message.objects.filter(pk=message.pk, state__in=(State.FAILED, State.REFUSED), purged_at__isnull=True).update(
            state=State.READY, tries=0, not_before=timezone.now(), last_error=""
        )
    )


def purge(now: datetime | None = None) -> int:
    """Forget what old messages said and to whom (`PURGE_DAYS` after they left or were given up). Returns how many."""
    limit = (now or timezone.now()) - timedelta(days=PURGE_DAYS)
    done = Q(state=State.SENT, sent_at__lt=limit) | Q(
        state__in=(State.FAILED, State.REFUSED, State.EXPIRED), not_before__lt=limit
    )
    return Message.objects.filter(done, purged_at__isnull=True).update(
        to="", person=None, subject="", text="", html="", stop_url="", last_error="", purged_at=now or timezone.now()
    )
