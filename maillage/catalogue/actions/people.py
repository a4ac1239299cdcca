"""Accounts changed from the office, with their journal line (the journal stands above accounts, so these acts live here)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.db import transaction

from maillage.accounts import actions as accounts
from maillage.accounts import events
from maillage.accounts.access import has_role
from maillage.accounts.models import Person, Role
from maillage.catalogue.access import NotAllowed
from maillage.catalogue.actions import members
from maillage.journal.actions import record


@dataclass(frozen=True, slots=True)
class _Account:
    """An account as the journal speaks of it."""

    uid: str
    name: str
    KIND: ClassVar[str] = "person"


def _subject(person: Person) -> _Account:
    return _Account(uid=str(person.pk), name=person.email)


def _require_administrator(actor: Person) -> None:
    if not has_role(actor, Role.ADMINISTRATION):
        raise NotAllowed("Seule l’administration change les comptes.")


def open_account(email: str, name: str, role: str, *, actor: Person, territory: tuple[str, str] = ("", "")) -> Person:
    """Open an account without password: the person enters by a code or a link. Raises NotAllowed."""
    _require_administrator(actor)
    level, code = territory if role == Role.LOCAL else ("", "")
    with transaction.atomic():
        person = Person.objects.create_user(email, name=name, role=role, territory_level=level, territory_code=code)
        events.record(events.Kind.ACCOUNT_OPENED, person=person, actor=actor, detail=role)
        record("account-opened", _subject(person), actor=actor, changes={"role": ["", role]})
    return person


def change_account(person: Person, role: str, *, is_active: bool, actor: Person, territory: tuple[str, str] = ("", "")) -> None:
    """Change a role, or close or reopen the account. Raises NotAllowed; ValueError when nobody would administer any more."""
    _require_administrator(actor)
    before = (person.role, person.is_active)
    if before == (role, is_active) and (role != Role.LOCAL or territory == (person.territory_level, person.territory_code)):
        return
    with transaction.atomic():
        accounts.change_role(person, role, is_active=is_active, actor=actor, territory=territory)
        changes = {"role": [before[0], role], "is_active": [before[1], is_active]}
        record("account-changed", _subject(person), actor=actor, changes=changes)
        if before[1] and not is_active:
            members.closed(person)


def link_given(person: Person, *, actor: Person) -> None:
    """Say in the journal that somebody drew a sign-in link for this account. Raises NotAllowed."""
    _require_administrator(actor)
    record("link-given", _subject(person), actor=actor)


def remove_factors(person: Person, *, actor: Person) -> None:
    """Remove the second factor of somebody who lost it, once the administrator made sure who asks. Their sessions end. Raises NotAllowed."""
    _require_administrator(actor)
    with transaction.atomic():
        accounts.remove_factors(person, actor=actor)
        record("factors-removed", _subject(person), actor=actor)
