"""The night of requests: nobody stays without news. Each duty is written in its own transaction; running again does nothing twice."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from maillage.accompaniment.actions.moving import held, move, present, tell_story
from maillage.accompaniment.deadlines import Duty, Wait, duty
from maillage.accompaniment.enums import Ending, Move, State
from maillage.accompaniment.models import Request
from maillage.accompaniment.states import ANSWERED, NIGHT, WITH_HOLDER
from maillage.accompaniment.telling import said, tell_animation, tell_holder, tell_recipient
from maillage.journal import consents

log = logging.getLogger(__name__)


def run(now: datetime | None = None) -> Counter[Duty]:
    """Do what is owed to every request; gives how many of each duty. One that fails is noted and does not stop the others."""
    now = now or timezone.now()
    done: Counter[Duty] = Counter()
    alive = Request.objects.exclude(state__in=(State.CLOSED, State.WITHDRAWN)).order_by("pk").values_list("pk", flat=True)
    failed = 0
    for pk in list(alive):
        try:
            with transaction.atomic(), held(pk) as request:
                owed = duty(wait_of(request), timezone.localdate(now))
                if owed:
                    DUTIES[owed](request, now)
                    done[owed] += 1
        except Exception:  # one request that fails must not leave all the others without news
            failed += 1
            log.exception("night of requests: request %s", pk)
    if failed:
        raise RuntimeError(f"{failed} request(s) failed; see the log")
    return done


def wait_of(request: Request) -> Wait:
    """What a request waits for, in days of Paris."""
    return Wait(
        state=State(request.state),
        since=timezone.localdate(request.waiting_since),
        reminded=request.reminded_at is not None,
        asked=request.asked_at is not None,
        escalated_on=timezone.localdate(request.escalated_at) if request.escalated_at else None,
    )


def _reminded(request: Request, now: datetime) -> None:
    request.reminded_at = now
    request.save(update_fields=["reminded_at"])


def _remind_recipient(request: Request, now: datetime) -> None:
    _reminded(request, now)
    handover = present(request)
    if handover is None:
        return
    tell_story(request, Move.REMIND, handover.recipient_name, at=now)
    if consents.consents_in_force(request).filter(recipient_uid=handover.recipient_uid).exists():
        tell_recipient(handover, "reminder")
    tell_holder(request, "reminded", recipient=handover.recipient_name)


def _remind_holder(request: Request, now: datetime) -> None:
    _reminded(request, now)
    tell_story(request, Move.REMIND, request.holder_name, at=now)
    tell_holder(request, "your_turn", other=request.proposed.name if request.proposed else "")


def _remind_animation(request: Request, now: datetime) -> None:
    _reminded(request, now)
    tell_animation(request, "reminder")
    tell_holder(request, "searching")


def _escalate(request: Request, now: datetime) -> None:
    handover = present(request)
    move(request, Move.ESCALATE, NIGHT, now)
    request.escalated_at, request.reminded_at = now, None
    request.save(update_fields=["escalated_at", "reminded_at"])
    name = handover.recipient_name if handover else ""
    tell_story(request, Move.ESCALATE, name, at=now)
    tell_animation(request, "escalated")
    tell_holder(request, "escalated", recipient=name)


def _ask_useful(request: Request, now: datetime) -> None:
    request.asked_at = now
    request.save(update_fields=["asked_at"])
    handover = present(request)
    tell_holder(request, "useful", recipient=handover.recipient_name if handover else "")


def _close(request: Request, now: datetime) -> None:
    state = State(request.state)
    request.ending = Ending.DONE if state in ANSWERED else Ending.NO_AGREEMENT if state in WITH_HOLDER else Ending.SILENCE
    move(request, Move.CLOSE, NIGHT, now)
    tell_story(request, Move.CLOSE, "", str(Ending(request.ending).label), at=now)
    tell_holder(request, "closed", ending=str(request.ending), words=said(""))


DUTIES = {
    Duty.REMIND_RECIPIENT: _remind_recipient,
    Duty.REMIND_HOLDER: _remind_holder,
    Duty.REMIND_ANIMATION: _remind_animation,
    Duty.ESCALATE: _escalate,
    Duty.ASK_USEFUL: _ask_useful,
    Duty.CLOSE: _close,
}
