"""Who is told what of a request. Each message is written in the transaction of the act, once: its key says what and for which wait.

The e-mail that goes to a structure holds no name and no way to reach the holder: those are read on the page of its link, where each look
is noted and where an agreement withdrawn has its effect at once. Words of structures to the holder are
quoted by `plain`, without links.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import translation

from maillage.accompaniment.models import Handover, Request
from maillage.accompaniment.plain import one_line, quoted
from maillage.accompaniment.recipients import members_emails
from maillage.accompaniment.secrets import ANSWER, FOLLOW, secret_again
from maillage.accounts.models import Person
from maillage.accounts.personas import animators
from maillage.journal.messages import site_address, tell

#: Kinds of messages, for preferences.
NEWS, TO_ANSWER, TO_FIND = "request-news", "request-to-answer", "request-to-find"


def follow_path(request: Request, name: str = "request-follow", language: str = "") -> str:
    """The path of the holder's private page; empty when the keys that made its link are gone."""
    secret = secret_again(FOLLOW, request.uid, request.digest)
    with translation.override(language or request.language):
        return reverse(name, args=(secret,)) if secret else ""


def answer_path(handover: Handover) -> str:
    """The path of the page by which a structure answers."""
    secret = secret_again(ANSWER, f"{handover.request.uid}:{handover.pk}", handover.digest)
    with translation.override("fr"):
        return reverse("request-answer", args=(secret,)) if secret else ""


def tell_holder(request: Request, what: str, *, once: str = "", **more: Any) -> None:
    """Tell the holder (or, without an address, the agent who wrote for the holder). `what` is a template `mail/holder_<what>`."""
    to = _holder(request)
    if to is None:
        return
    path = follow_path(request)
    values = {
        "demand": request,
        "url": f"{site_address()}{path}" if path else "",
        "for_somebody": not request.email and request.person is None,
        **{name: one_line(value) if isinstance(value, str) else value for name, value in more.items()},
    }
    tell(
        to,
        f"accompaniment/mail/holder_{what}",
        values,
        kind=NEWS,
        key=_key(request, f"h-{what}", once),
        language=request.language,
    )


def tell_recipient(handover: Handover, what: str, *, once: str = "", followed: bool = False) -> None:
    """Tell the structure that has the request: at the address it was sent to, and its members who answer."""
    request = handover.request
    path = answer_path(handover)
    values = {"demand": request, "handover": handover, "url": f"{site_address()}{path}", "followed": followed}
    for place, address in enumerate(_addresses(handover)):
        key = _key(request, f"r-{what}-{handover.pk}-{place}", once)
        tell(address, f"accompaniment/mail/recipient_{what}", values, kind=TO_ANSWER, key=key)


def tell_animation(request: Request, what: str, *, once: str = "") -> None:
    """Tell those who animate the network that a request needs somebody."""
    with translation.override("fr"):
        values = {"demand": request, "url": site_address() + reverse("office-request", args=(request.uid,)), "what": what}
    for person in animators():
        key = _key(request, f"a-{what}-{person.pk}", once)
        tell(person, "accompaniment/mail/animation", values, kind=TO_FIND, key=key)


def can_be_told(request: Request) -> bool:
    """Does somebody receive the news by e-mail? Otherwise they are on the private page only."""
    return _holder(request) is not None


def said(words: str) -> Mapping[str, str]:
    """Somebody's words for an e-mail, in both forms: quoted."""
    return {"quote": quoted(words)}


def _holder(request: Request) -> str | Person | None:
    if request.email:
        return request.email
    return request.person or request.agent


def _addresses(handover: Handover) -> list[str]:
    members = members_emails(handover.structure) if handover.structure and handover.email else []
    return list(dict.fromkeys(address.lower() for address in (handover.email, *members) if address))[:6]


def _key(request: Request, what: str, once: str) -> str:
    """Unique for one request, one thing to say and one wait (`once` distinguishes what may be said several times in a wait)."""
    return f"rq-{request.uid}-{request.wait}-{what}{f'-{once}' if once else ''}"[:120]
