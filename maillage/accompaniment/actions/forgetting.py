"""Forget a request: whoever asked cannot be recognised any more; what may be counted stays (dates, stage, needs, commune, answers).

The holder asks for it on the private page; the night does it two years after the last contact, a month after saying so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from maillage.accompaniment.actions.following import withdraw
from maillage.accompaniment.enums import Move
from maillage.accompaniment.models import Handover, Line, Request
from maillage.accompaniment.telling import tell_holder
from maillage.journal import consents
from maillage.journal.models import Consent, Message
from maillage.journal.outbox.transport import forget_files
from maillage.journal.privacy import ledger
from maillage.journal.privacy.retention import NOTICE, life

#: What an anonymised request holds instead.
BLANKS = {"needed": "", "holder_name": "", "email": "", "phone": "", "moment": "", "followed": "", "person": None, "agent": None}
#: Lines that name people, or hold what they wrote.
_OF_STRUCTURES = frozenset({Move.SEND, Move.QUEUE, Move.OPEN, Move.ACCEPT, Move.DECLINE, Move.KNOW, Move.REDIRECT, Move.ESCALATE})


def forget(requests: Iterable[Request]) -> None:
    """Anonymise requests, with their stories, agreements and messages. Idempotent."""
    with transaction.atomic():
        for request in requests:
            consents.revoke(request)
            Consent.objects.filter(subject_kind=request.KIND, subject_uid=request.uid).delete()
            forget_files(Message.objects.filter(key__startswith=f"rq-{request.uid}-", key__contains="-h-"))  # those to the holder
            Line.objects.filter(request=request).update(word="")
            Line.objects.filter(request=request).exclude(move__in=_OF_STRUCTURES).update(who="")
            Handover.objects.filter(request=request).update(word="", caller="")
            Request.objects.filter(pk=request.pk).update(**BLANKS, forgotten_at=timezone.now())


def erase(request: Request) -> None:
    """The holder wants nothing to be left: withdraw if it is alive, forget, and remember the erasure for restored backups."""
    with transaction.atomic():
        if not request.is_over:
            withdraw(request)
        forget([request])
        transaction.on_commit(partial(ledger.write, "request", request.uid))


def forget_old(now: datetime | None = None) -> Counter[str]:
    """Tell those whose time comes in a month; forget those whose time has come and who were told, or whom nobody can tell."""
    now = now or timezone.now()
    done: Counter[str] = Counter()
    kept = Request.objects.filter(forgotten_at__isnull=True).order_by("pk")
    for request in kept.filter(noticed_at__isnull=True, last_contact_at__lt=now - life() + NOTICE):
        with transaction.atomic():
            Request.objects.filter(pk=request.pk).update(noticed_at=now)
            tell_holder(request, "forgetting", once=f"{now:%Y%m%d}", on=(now + NOTICE).date())
            done["told"] += 1
    for request in kept.filter(noticed_at__lte=now - NOTICE, last_contact_at__lt=now - life()):
        with transaction.atomic():
            forget([request])
            done["forgotten"] += 1
    return done
