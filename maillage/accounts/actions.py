"""Writes on accounts: the first administrator, sign-in links, passwords, ending sessions."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.models import Person, Role, SignInLink

LINK_LIFE = timedelta(minutes=15)
FIRST_ADMINISTRATOR = "administration@localhost"


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """The administrator that `maillage run` speaks of, and whether it was created just now."""

    person: Person
    created: bool


def first_administrator(email: str = FIRST_ADMINISTRATOR) -> FirstAdministrator:
    """Make sure somebody can administer: the oldest active administrator, or a new one without password. Idempotent.

    The new one signs in with a link (`sign_in_link`) and chooses a password in « Mon compte ».
    """
    with transaction.atomic():
        found = Person.objects.filter(role=Role.ADMINISTRATION, is_active=True).order_by("created_at", "pk").first()
        if found:
            return FirstAdministrator(found, created=False)
        person, created = Person.objects.get_or_create(email=email, defaults={"name": "Administration"})
        if created:
            person.set_unusable_password()
        person.role, person.is_active = Role.ADMINISTRATION, True
        person.save()
        return FirstAdministrator(person, created=created)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def sign_in_link(person: Person, base: str = "") -> str:
    """The address of a sign-in link, valid once and for 15 minutes. `base` is the site's address (default: SITE_URL)."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        SignInLink.objects.filter(expires_at__lt=timezone.now() - timedelta(days=1)).delete()
        SignInLink.objects.create(digest=_digest(secret), person=person, expires_at=timezone.now() + LINK_LIFE)
    return (base or settings.SITE_URL or "http://127.0.0.1:8000").rstrip("/") + reverse("sign-in-link", args=(secret,))


def usable_link(secret: str) -> SignInLink | None:
    """The link of this secret if it can still be used; reading it consumes nothing."""
    return (
        SignInLink.objects.filter(
            digest=_digest(secret), used_at__isnull=True, expires_at__gt=timezone.now(), person__is_active=True
        )
        .select_related("person")
        .first()
    )


def consume_link(secret: str) -> Person | None:
    """Use a link: its person, or None if it was used, is too old, or never existed. Two posts at once: one wins."""
    link = usable_link(secret)
    if link is None:
        return None
    won = SignInLink.objects.filter(pk=link.pk, used_at__isnull=True).update(used_at=timezone.now())
    return link.person if won else None


def end_sessions(person: Person) -> None:
    """Sign the person out everywhere: no open session, and no link given before, works any more."""
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(sign_outs=F("sign_outs") + 1)
        SignInLink.objects.filter(person=person, used_at__isnull=True).update(used_at=timezone.now())
    person.refresh_from_db(fields=["sign_outs"])


def change_role(person: Person, role: str, *, is_active: bool) -> None:
    """Give a role, or close the account. Losing something ends the sessions at once.

    Raises ValueError with a French sentence when nobody would be left to administer.
    """
    with transaction.atomic():
        administrators = Person.objects.select_for_update().filter(role=Role.ADMINISTRATION, is_active=True).order_by("pk")
        left = [one.pk for one in administrators if one.pk != person.pk]
        if not left and not (role == Role.ADMINISTRATION and is_active):
            raise ValueError(
                "Il doit rester au moins une personne pour administrer : donnez d’abord ce rôle à quelqu’un d’autre."
            )
        Person.objects.filter(pk=person.pk).update(role=role, is_active=is_active)
        person.role, person.is_active = role, is_active
        end_sessions(person)
