"""Security events: one line that is never changed, and the same on the log as JSON, for whoever gathers logs elsewhere."""

from __future__ import annotations

import json
import logging
from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from maillage.accounts.devices import device_of
from maillage.accounts.models import Person, SecurityEvent
from maillage.accounts.shared_rate import SharedRate

log = logging.getLogger("maillage.security")
Kind = SecurityEvent.Kind
#: How long lines are kept.
KEPT = timedelta(days=365)
#: Refused acts that are kept as lines, for one account: whoever tries everything fills the log, not the table.
REFUSALS = SharedRate("refused", allowed=30, seconds=900)


def device(request: HttpRequest | None) -> str:
    """The kind of device of a request."""
    return device_of(request.headers.get("User-Agent", "")) if request else ""


def tell_log(kind: str, *, person: Person | None = None, actor: Person | None = None, device: str = "", detail: str = "") -> None:
    """The line of the log alone: JSON, so that nothing typed can pass for another line."""
    line = {"event": kind, "person": person and person.pk, "actor": actor and actor.pk, "device": device, "detail": detail}
    log.info(json.dumps({name: value for name, value in line.items() if value}))


def record(
    kind: Kind, *, person: Person | None = None, actor: Person | None = None, request: HttpRequest | None = None, detail: str = ""
) -> SecurityEvent:
    """Write what happened to this account, in the caller's transaction. `detail` is a code (a method, a role), never what was typed."""
    event = SecurityEvent(kind=kind, person=person, actor=actor, device=device(request), detail=detail[:120])
    event.save(force_insert=True)
    tell_log(kind, person=person, actor=actor, device=event.device, detail=event.detail)
    return event


def refused(request: HttpRequest, detail: str) -> None:
    """Somebody signed in asked for what they may not do.

    A look (GET) is told to the log only, since GET writes nothing; so is an act of an account that has just been refused thirty.
    """
    person = request.user if isinstance(request.user, Person) else None
    if person is None:
        return
    if request.method in {"GET", "HEAD"} or REFUSALS.wait(str(person.pk)):
        tell_log(Kind.REFUSED, person=person, device=device(request), detail=detail)
    else:
        record(Kind.REFUSED, person=person, request=request, detail=detail)


def forget_old() -> int:
    """Remove the lines that are older than a year; returns how many."""
    return SecurityEvent.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
