"""From a proof to an open session: first factor, second factor when there is one, then the session with a new key.

What the session holds is only what was proved and when. What its person may do is never in it: it is asked of the database each time.
"""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from maillage.accounts import events
from maillage.accounts.access import has_role
from maillage.accounts.models import Person, Role, Session
from maillage.accounts.personas import is_professional
from maillage.accounts.second_factor import has_factor

BACKEND = "django.contrib.auth.backends.ModelBackend"
#: Between the first factor and the second; and how long a proof is fresh enough to change a factor or an address.
PENDING_LIFE = FRESH = 10 * 60
PENDING, SECOND, PROVED_AT = "pending", "second_factor", "proved_at"


def safe_next(request: HttpRequest, wanted: str) -> str:
    """The page to return to, if it is one of ours; else empty."""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and ours else ""


def after_sign_in(request: HttpRequest, person: Person, wanted: str) -> str:
    """Where to go once signed in: the page that asked for it if it is one of ours, else the office or « Mon compte »."""
    return safe_next(request, wanted) or resolve_url("office" if has_role(person, Role.REDACTION) else "account")


def begin(request: HttpRequest, person: Person, how: str, wanted: str = "", *, strong: bool = False) -> str:
    """The first factor is proved (`how`: code, link, password, provider): open the session, or ask for the second factor.

    `strong`: this proof counts as two factors (a passkey with verification, a provider that says so). Gives the address to go to.
    """
    if strong or not has_factor(person):
        return _open(request, person, how, wanted, second=how if strong else "")
    request.session.flush()
    request.session[PENDING] = {"person": person.pk, "how": how, "at": time.time(), "wanted": wanted[:500]}
    return resolve_url("second-factor")


def pending(request: HttpRequest) -> tuple[Person, dict[str, Any]] | None:
    """Who proved a first factor in this session lately and owes the second."""
    held = request.session.get(PENDING)
    if not isinstance(held, dict) or time.time() - held["at"] > PENDING_LIFE:
        return None
    person = Person.objects.filter(pk=held["person"], is_active=True).first()
    return (person, held) if person else None


def complete(request: HttpRequest, person: Person, second: str) -> str:
    """The second factor is proved too. Gives the address to go to."""
    held = request.session.get(PENDING)
    if isinstance(held, dict):
        return _open(request, person, held["how"], held["wanted"], second=second)
    rise(request, person, second)
    return ""


def _open(request: HttpRequest, person: Person, how: str, wanted: str, *, second: str) -> str:
    with transaction.atomic():
        Session.objects.filter(expire_date__lt=timezone.now()).delete()
        events.forget_old()
        request.session.pop(PENDING, None)
        login(request, person, backend=BACKEND)  # gives the session another key
        request.session["device"] = events.device(request)
        request.session["opened_at"] = timezone.now().isoformat()
        prove_again(request, how)
        if second:
            mark_second(request, person, second)
        events.record(events.Kind.SIGNED_IN, person=person, request=request, detail=f"{how}+{second}" if second else how)
    return after_sign_in(request, person, wanted)


def rise(request: HttpRequest, person: Person, second: str) -> None:
    """An open session proves a second factor: it gets another key, since it may now do more."""
    request.session.cycle_key()
    prove_again(request, second)
    mark_second(request, person, second)


def prove_again(request: HttpRequest, how: str) -> None:
    """Note that the person has just proved who they are."""
    request.session[PROVED_AT] = {"at": time.time(), "how": how}


def mark_second(request: HttpRequest, person: Person, second: str) -> None:
    """Note that this session was opened with a second factor."""
    request.session[SECOND] = {"person": person.pk, "how": second}


def is_fresh(request: HttpRequest) -> bool:
    """Was the person's identity proved in the last ten minutes? With the second factor, when there is one."""
    held = request.session.get(PROVED_AT)
    if not isinstance(held, dict) or time.time() - held["at"] > FRESH:
        return False
    assert isinstance(request.user, Person)
    return used_second(request) or not has_factor(request.user)


def used_second(request: HttpRequest) -> bool:
    """Was this session opened with a second factor, by the person it belongs to?"""
    held = request.session.get(SECOND)
    return isinstance(held, dict) and isinstance(request.user, Person) and held.get("person") == request.user.pk


def is_enough(request: HttpRequest) -> bool:
    """Does this session satisfy what the person's personas require now? Asked at each request."""
    if used_second(request) or not settings.MAILLAGE_SECOND_FACTOR:
        return True
    return not is_professional(request.user)
