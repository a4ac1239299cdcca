"""Tell somebody something: one message, written in the transaction of what it tells."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import timezone, translation

from maillage.accounts.models import Person
from maillage.journal import stops
from maillage.journal.kinds import is_stoppable, kinds
from maillage.journal.models import Message


def site_address() -> str:
    """Where links of messages lead: SITE_URL, never what a request says of its host."""
    return (settings.SITE_URL or "http://127.0.0.1:8000").rstrip("/")


def site_host() -> str:
    """The name of the site in its address."""
    return urlsplit(site_address()).hostname or "localhost"


def tell(
    to: str | Person,
    template: str,
    context: Mapping[str, Any],
    *,
    kind: str,
    key: str | None = None,
    language: str = "",
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    stop_url: str = "",
    urgent: bool = False,
    site: str = "",
) -> Message | None:
    """Write one message; None when `key` says that it was already told, or when its receiver stopped this kind.

    `template` is `<app>/mail/<name>`: its `.txt` begins with the subject on the first line, an optional `.html` says the same. Both get
    `context`, `site` (the address of the site), `why` (the sentence of the kind) and `stop_url`, and may extend `mail/base.txt` and
    `mail/base.html`. `kind` is one that an app declares (`message_kinds.py`); when it may be stopped, a one-click link is added unless
    `stop_url` is given. `urgent`: the receiver is waiting for it (a code, a receipt), it leaves during quiet hours too. After
    `not_after` it is not worth sending. `site`: the start of the addresses of a portal that has its own host, instead of the installation's. `key` must hold nothing personal: it outlives the message. Call it inside the transaction of the
    act: if that is rolled back, nobody is told.
    """
    person = to if isinstance(to, Person) else None
    address = person.email if person else str(to)
    language, site = language or "fr", site or site_address()
    if stops.is_stopped(kind, address, person):
        return None
    with translation.override(language):
        if not stop_url and is_stoppable(kind):
            stop_url = site + stops.link(kind, address, person)
        why = str(kinds()[kind].why) if kind in kinds() else ""
        values = {
            **context,
            "site": site,
            "site_host": urlsplit(site).hostname or site_host(),
            "stop_url": stop_url,
            "why": why,
            "language": language,
        }
        subject, _, text = _rendered(f"{template}.txt", values, escape=False).strip().partition("\n")
        html = _rendered(f"{template}.html", values) if _has_html(template) else ""
    message = Message(
        key=key,
        kind=kind,
        to=address,
        person=person,
        language=language,
        subject=" ".join(subject.split())[:300],
        text=text.strip() + "\n",
        html=html,
        stop_url=stop_url,
        message_id=f"<{secrets.token_hex(16)}@{site_host()}>",
        not_before=not_before or timezone.now(),
        not_after=not_after,
        urgent=urgent,
    )
    if key is None:
        message.save(force_insert=True)
    else:
        try:
            with transaction.atomic():
                message.save(force_insert=True)
        except IntegrityError:
            return None
    transaction.on_commit(_wake)
    return message


def _wake() -> None:
    from maillage.journal.outbox import worker  # the worker builds messages with this module

    worker.wake()


def _rendered(name: str, values: Mapping[str, Any], *, escape: bool = True) -> str:
    """A template of e-mail, without the context of a request; plain text is not escaped as if it were HTML."""
    template: Any = get_template(name, using="django")
    return str(template.template.render(Context(dict(values), autoescape=escape)))


def _has_html(template: str) -> bool:
    try:
        get_template(f"{template}.html", using="django")
    except TemplateDoesNotExist:
        return False
    return True
