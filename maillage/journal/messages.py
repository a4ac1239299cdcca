"""Tell somebody something: one message, written in the transaction of what it tells."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.utils import timezone, translation

from maillage.accounts.models import Person
from maillage.journal.models import Message


def site_address() -> str:
    """Where links of messages lead: SITE_URL, never what a request says of its host."""
    return (settings.SITE_URL or "http://127.0.0.1:8000").rstrip("/")


def tell(
    to: str | Person,
    template: str,
    context: Mapping[str, Any],
    *,
    kind: str,
    key: str | None = None,
    language: str = "",
    not_before: datetime | None = None,
    stop_url: str = "",
    urgent: bool = False,
) -> Message | None:
    """Write one message; None when `key` says that it was already told.

    `template` is `<app>/mail/<name>`: its `.txt` begins with the subject on the first line, an optional `.html` says the same. Both get
    `context`, `site` (the address of the site) and `stop_url`. `kind` is what preferences speak of (docs/guides/messages.md).
    Call it inside the transaction of the act: if that is rolled back, nobody is told.
    """
    person = to if isinstance(to, Person) else None
    address = person.email if person else str(to)
    language = language or "fr"
    with translation.override(language):
        values = {**context, "site": site_address(), "stop_url": stop_url}
        subject, _, text = render_to_string(f"{template}.txt", values).strip().partition("\n")
        html = render_to_string(f"{template}.html", values) if _has_html(template) else ""
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
        message_id=f"<{secrets.token_hex(16)}@{urlsplit(site_address()).hostname}>",
        not_before=not_before or timezone.now(),
        urgent=urgent,
    )
    if key is None:
        message.save(force_insert=True)
        return message
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        return None
    return message


def _has_html(template: str) -> bool:
    try:
        get_template(f"{template}.html")
    except TemplateDoesNotExist:
        return False
    return True
