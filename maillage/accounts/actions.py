"""Writes on accounts: the first administrator, sign-in links, passwords, ending sessions."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from maillage.accounts import events
from maillage.accounts.models import Person, Role, Session, SignInLink
from maillage.accounts.session_store import handle_of

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


def open_holder_account(email: str, name: str) -> Person:
    """The account of somebody who has just proved this address: without role, without password. One per address, even when asked twice."""
    with transaction.atomic():
        person, created = Person.objects.get_or_create(email=email.strip().lower(), defaults={"name": name.strip()[:120]})
        if created:
            person.set_unusable_password()
            person.save(update_fields=["password"])
            events.record(events.Kind.ACCOUNT_OPENED, person=person)
        return person


def end_sessions(person: Person, *, actor: Person | None = None) -> None:
    """Sign the person out everywhere: no open session, and no link given before, works any more."""
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(sign_outs=F("sign_outs") + 1)
        SignInLink.objects.filter(person=person, used_at__isnull=True).update(used_at=timezone.now())
        Session.objects.filter(person=person).delete()
        events.record(events.Kind.SESSIONS_ENDED, person=person, actor=actor)
    person.refresh_from_db(fields=["sign_outs"])


def open_sessions(person: Person) -> list[Session]:
    """The sessions of this person that are open now, the latest first."""
    return list(Session.objects.filter(person=person, expire_date__gt=timezone.now()).order_by("-opened_at", "handle"))


def end_session(person: Person, handle: str) -> bool:
    """Close one session of this person; False when there is none of that name. Its next request finds it closed."""
    with transaction.atomic():
        ended, _rows = Session.objects.filter(person=person, handle=handle).delete()
        if ended:
            events.record(events.Kind.SESSION_ENDED, person=person)
    return bool(ended)


def end_other_sessions(person: Person, session_key: str | None) -> None:
    """Close every session of this person but one: what protects the account has changed."""
    Session.objects.filter(person=person).exclude(handle=handle_of(session_key or "")).delete()


def change_address(person: Person, email: str) -> bool:
    """Give the account another address, already proved. False when another account has it. Links given before stop working."""
    email = email.strip().lower()
    try:
        with transaction.atomic():
            if Person.objects.filter(email=email).exclude(pk=person.pk).exists():
                return False
            person.email = email
            person.save(update_fields=["email"])
            SignInLink.objects.filter(person=person, used_at__isnull=True).update(used_at=timezone.now())
    except IntegrityError:  # the same address was taken in the meantime
        person.refresh_from_db()
        return False
    return True


def change_role(
    person: Person, role: str, *, is_active: bool, actor: Person | None = None, territory: tuple[str, str] = ("", "")
) -> None:
    """Give a role (with its territory, for an officer), or close the account. The sessions end at once.

    Raises ValueError with a French sentence when nobody would be left to administer.
    """
    with transaction.atomic():
        administrators = Person.objects.select_for_update().filter(role=Role.ADMINISTRATION, is_active=True).order_by("pk")
        left = [one.pk for one in administrators if one.pk != person.pk]
        if not left and not (role == Role.ADMINISTRATION and is_active):
            raise ValueError(
                "Il doit rester au moins une personne pour administrer : donnez d’abord ce rôle à quelqu’un d’autre."
            )
        person.role, person.is_active = role, is_active
        person.territory_level, person.territory_code = territory if role == Role.LOCAL else ("", "")
        person.save(update_fields=["role", "is_active", "territory_level", "territory_code"])
        events.record(events.Kind.ROLE_CHANGED, person=person, actor=actor, detail=role if is_active else "closed")
        end_sessions(person, actor=actor)


def remove_factors(person: Person, *, actor: Person) -> None:
    """Remove every second factor of somebody who lost theirs: the person is told, sessions end, and the next sign-in sets up another."""
    with transaction.atomic():
        Authenticator.objects.filter(user=person).delete()
        events.record(events.Kind.FACTOR_REMOVED, person=person, actor=actor, detail="all")
        get_adapter().send_mail("accounts/mail/changed", person.email, {"what": "factor-removed", "portal": None})
        end_sessions(person, actor=actor)
