"""Erase somebody: every declaration does what it says, in one transaction; then the ledger remembers, so that a backup forgets too."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from maillage.accounts.models import Person, Role
from maillage.journal.privacy import ledger
from maillage.journal.privacy.export import rows_of
from maillage.journal.privacy.registry import every_personal, holder_of
from maillage.kit.personal import GONE, Fate, Holder, Personal


class LastAdministrator(Exception):
    """Nobody could administer the site after this erasure; the message says what to do."""


def check_may_erase(person: Person) -> None:
    """Raise LastAdministrator when this person is the only one who administers."""
    if person.role != Role.ADMINISTRATION or not person.is_active:
        return
    if not Person.objects.filter(role=Role.ADMINISTRATION, is_active=True).exclude(pk=person.pk).exists():
        raise LastAdministrator(
            "Vous êtes la seule personne à administrer ce site : donnez d’abord ce rôle à quelqu’un d’autre, puis revenez."
        )


def erase(person: Person) -> None:
    """Erase an account and what is declared about it, for good. Raises LastAdministrator; writes the ledger once committed."""
    with transaction.atomic():
        locked = Person.objects.select_for_update().get(pk=person.pk)
        check_may_erase(locked)
        holder = holder_of(locked)
        for declaration in every_personal():
            _apply(declaration, holder)
        transaction.on_commit(partial(ledger.write, "person", holder.email))


def _apply(declaration: Personal, holder: Holder) -> None:
    if declaration.fate is Fate.KEEP:
        return
    for column in declaration.scrubs:
        _scrub(declaration, column, holder)
    rows = rows_of(declaration, holder)
    if declaration.erase is not None:
        declaration.erase(rows)
    elif declaration.fate is Fate.ERASE:
        rows.delete()
    else:
        rows.update(**declaration.blanks)


def _scrub(declaration: Personal, column: str, holder: Holder) -> None:
    """Replace the texts that are exactly a name of the holder inside a JSON column, in every row that holds one."""
    model = apps.get_model(declaration.model)
    written = Q()
    for name in holder.names:
        written |= Q(as_text__contains=name) | Q(as_text__contains=json.dumps(name)[1:-1])
    found = model._default_manager.annotate(as_text=Cast(column, TextField())).filter(written).order_by("pk")
    for row in found:
        before = getattr(row, column)
        after = _without(before, holder.names)
        if after != before:
            model._default_manager.filter(pk=row.pk).update(**{column: after})


def _without(value: Any, names: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {key: _without(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, names) for inner in value]
    return GONE if isinstance(value, str) and value in names else value
