"""Six-digit codes sent by e-mail: ten minutes, five tries, once. The same is done whether an account exists or not.

A code is tied to the browser that asked (its `handle` is in the session). The message also holds a link, for whoever reads it
on another device: its page has a button, so that a mail scanner that follows links consumes nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from maillage.accounts import events
from maillage.accounts.models import Code, Person

LIFE = timedelta(minutes=10)
TRIES = 5
Purpose = Code.Purpose


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a code: the row when it is right, else how many tries are left (0: a new one must be asked for)."""

    code: Code | None
    left: int = 0


def _digest(handle: str, typed: str) -> str:
    return salted_hmac("maillage.accounts.codes", f"{handle}\0{typed}", algorithm="sha256").hexdigest()


def _link_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def ask(email: str, purpose: Purpose, request: HttpRequest, *, person: Person | None = None, wanted: str = "") -> str:
    """Send a code to this address; gives the handle to keep in the session.

    For signing in, `person` is looked up here: nobody, or a closed account, gets the same rows, the same message and the same delay.
    """
    email, now = email.strip().lower(), timezone.now()
    handle, token, digits = secrets.token_urlsafe(32), secrets.token_urlsafe(32), f"{secrets.randbelow(1_000_000):06d}"
    with transaction.atomic():
        Code.objects.filter(expires_at__lt=now).delete()
        if purpose == Purpose.SIGN_IN:
            person = Person.objects.filter(email=email).first()
        code = Code.objects.create(
            purpose=purpose,
            email=email,
            person=person,
            handle=handle,
            digest=_digest(handle, digits),
            link_digest=_link_digest(token),
            wanted=wanted[:500],
            expires_at=now + LIFE,
        )
        events.record(events.Kind.CODE_ASKED, person=person, request=request, detail=code.purpose)
        base = (settings.SITE_URL or request.build_absolute_uri("/")).rstrip("/")
        get_adapter().send_mail(
            "accounts/mail/code",
            email,
            {
                "purpose": code.purpose,
                "digits": digits,
                "minutes": LIFE.seconds // 60,
                "link": base + reverse("sign-in-email", args=(token,)) if purpose == Purpose.SIGN_IN else "",
                "portal": getattr(request, "portal", None),
            },
        )
    return handle


def _alive(**which: str) -> Code | None:
    return Code.objects.filter(used_at__isnull=True, expires_at__gt=timezone.now(), tries__lt=TRIES, **which).first()


def pending(handle: str, purpose: Purpose) -> Code | None:
    """The code that this browser asked for, while it can still be used. Reading it consumes nothing."""
    return _alive(handle=handle, purpose=purpose) if handle else None


def from_link(token: str) -> Code | None:
    """The code whose message held this link, while it can still be used. Reading it consumes nothing."""
    return _alive(link_digest=_link_digest(token), purpose=Purpose.SIGN_IN)


def _consume(code: Code) -> Code | None:
    won = Code.objects.filter(pk=code.pk, used_at__isnull=True).update(used_at=timezone.now())
    return code if won else None


def check(handle: str, typed: str, purpose: Purpose, request: HttpRequest) -> Answer:
    """Try a code. The try is counted before the code is looked at: parallel tries gain nothing."""
    digits = "".join(character for character in typed if character.isdecimal())
    mine = Code.objects.filter(handle=handle, purpose=purpose, used_at__isnull=True, expires_at__gt=timezone.now())
    if not handle or not mine.filter(tries__lt=TRIES).update(tries=F("tries") + 1):
        return Answer(None)
    code = mine.select_related("person").first()
    if code and constant_time_compare(code.digest, _digest(handle, digits)):
        return Answer(_consume(code))
    events.record(events.Kind.CODE_FAILED, person=code.person if code else None, request=request, detail=purpose)
    return Answer(None, TRIES - code.tries if code else 0)


def consume_link(token: str) -> Code | None:
    """Use the link of a message: its code, or None if one of the two was used, is too old, or never existed."""
    code = from_link(token)
    return _consume(code) if code else None
