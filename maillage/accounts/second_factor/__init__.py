"""The second factor: an application that gives codes (TOTP), passkeys (WebAuthn), recovery codes. Secrets and checks are django-allauth's."""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from maillage.accounts.models import Person

Type = Authenticator.Type
#: What makes a second factor; recovery codes only replace one for a moment.
FACTORS = (Type.TOTP, Type.WEBAUTHN)


def factors_of(person: Person) -> list[Authenticator]:
    """The application and the passkeys of this person, oldest first."""
    return list(Authenticator.objects.filter(user=person, type__in=FACTORS).order_by("created_at", "pk"))


def has_factor(person: Person) -> bool:
    """Has this person set up a second factor?"""
    return bool(Authenticator.objects.filter(user=person, type__in=FACTORS).exists())
