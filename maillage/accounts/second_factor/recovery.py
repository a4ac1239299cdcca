"""Ten recovery codes, each usable once, for whoever lost the phone or the key."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import transaction

from maillage.accounts.models import Person


def _row(person: Person) -> Authenticator | None:
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).first()


def make(person: Person) -> list[str]:
    """New codes; those before do not work any more."""
    with transaction.atomic():
        Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).delete()
        return list(RecoveryCodes.activate(person).get_unused_codes())


def unused(person: Person) -> list[str]:
    """The codes that are left."""
    row = _row(person)
    return RecoveryCodes(row).get_unused_codes() if row else []


def use(person: Person, typed: str) -> bool:
    """Try a code; the right one will not work again."""
    row = _row(person)
    digits = "".join(character for character in typed if character.isdecimal())
    return bool(row and len(digits) == len(RecoveryCodes(row).generate_codes()[0]) and RecoveryCodes(row).validate_code(digits))
