"""Create and edit sheets, move them through their states, mark them as verified."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from maillage.accounts.access import has_role
from maillage.accounts.models import Person
from maillage.catalogue import access, revision
from maillage.catalogue.access import MODELS, Act, AnySheet
from maillage.catalogue.enums import Silence, Status
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.journal.actions import record

#: Source of the sheets that are born in the office.
OFFICE = "gestion"

#: What no form edits: identity, state, freshness and bookkeeping.
_NOT_EDITED = {
    "id", "uid", "source", "ref", "status", "structure", "updated", "verified_on", "verified_by", "withdrawn_on", "kept_fields",
    "silent_since", "silence", "rhythm_months", "reminded_on",
    "provenance", "deduced", "disagreements", "attributions", "merged_into", "created_at", "modified_at",
}  # fmt: skip
EDITED: Mapping[str, tuple[str, ...]] = {
    kind: tuple(field.name for field in model._meta.concrete_fields if field.name not in _NOT_EDITED)
    for kind, model in MODELS.items()
}


#: Where a contact that is hidden stays empty: no import may write there.
_CONTACT = ("phone", "email", "hidden_contact")


class Conflict(Exception):
    """Somebody saved the sheet since the person opened it: nothing was written. `current` is the sheet as it is now."""

    def __init__(self, current: AnySheet) -> None:
        super().__init__("La fiche a changé depuis que vous l’avez ouverte.")
        self.current = current


class NotReady(Exception):
    """The sheet lacks something that visitors need; the message is the French reason."""


def version(sheet: AnySheet) -> str:
    """What identifies the content of a sheet: two tabs that show the same content hold the same version.

    A digest of the edited fields and the state rather than a counter: imports that write in bulk cannot forget to move it.
    """
    content = [sheet.status, *(getattr(sheet, name) for name in EDITED[sheet.KIND])]
    return hashlib.sha256(json.dumps(content, cls=_Encoder, ensure_ascii=False).encode()).hexdigest()[:24]


class _Encoder(DjangoJSONEncoder):
    """Numbers that mean the same write the same: 1500 and 1500.00, 2 and 2.0."""

    def default(self, o: Any) -> Any:
        """A Decimal without its trailing zeros."""
        if hasattr(o, "normalize"):
            return format(o.normalize(), "f")
        return super().default(o)


def plain(value: Any) -> Any:
    """A field's value as the journal keeps it: text, numbers, lists."""
    return json.loads(json.dumps(value, cls=_Encoder, ensure_ascii=False))


def announce(sheet: AnySheet) -> None:
    """Move the revision for this sheet, in the current transaction."""
    revision.moved(
        offers=[sheet.pk] if isinstance(sheet, Offer) else [],
        structures=[sheet.pk] if isinstance(sheet, Structure) else [],
        relays=[sheet.pk] if isinstance(sheet, Relay) else [],
    )


def locked(sheet: AnySheet) -> AnySheet:
    """The sheet read again inside the transaction, held until its end (SQLite holds the whole base)."""
    return type(sheet)._default_manager.select_for_update(of=("self",)).get(pk=sheet.pk)


def create(kind: str, values: Mapping[str, Any], *, person: Person, ref: str, structure: Structure | None = None) -> AnySheet:
    """Create a draft. `ref` is drawn when the form is shown: the same form posted twice gives one sheet.

    Raises NotAllowed.
    """
    answer = access.may_create(person)
    if not answer.allowed:
        raise access.NotAllowed(str(answer.reason))
    model = MODELS[kind]
    existing = model._default_manager.filter(source=OFFICE, ref=ref).first()
    if existing is not None:
        return existing
    extra = {"structure": structure} if kind != Structure.KIND else {}
    try:
        with transaction.atomic():
            sheet: AnySheet = model(source=OFFICE, ref=ref, status=Status.DRAFT, **values, **extra)
            sheet.save(force_insert=True)
            record("created", sheet, actor=person)
            announce(sheet)
    except IntegrityError:  # the same form, posted twice at the same instant
        return model._default_manager.get(source=OFFICE, ref=ref)
    return sheet


def changes(sheet: AnySheet, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """field → [before, after] for the values that differ from the sheet's, as the journal keeps them."""
    found = {}
    for name, value in values.items():
        before, after = plain(getattr(sheet, name)), plain(value)
        if before != after:
            found[name] = [before, after]
    return found


Requirement = Callable[[Person, str, AnySheet], None]


def edit(
    sheet: AnySheet,
    values: Mapping[str, Any],
    *,
    person: Person,
    seen: str,
    require: Requirement = access.require,
    verb: str = "edited",
    note: str = "",
) -> dict[str, list[Any]]:
    """Save the fields that changed, and keep them from imports. Returns the changes (empty: nothing was to save).

    `seen` is the `version` the person started from. Raises Conflict if the sheet changed since, NotAllowed, and NotReady if a sheet
    that is no longer a draft would lose what visitors need. `require` raises NotAllowed: the office's table unless a structure edits its own.
    """
    with transaction.atomic():
        current = locked(sheet)
        found = changes(current, values)
        if not found:
            return {}
        require(person, Act.EDIT, current)
        if version(current) != seen:
            raise Conflict(current)
        lacking = what_is_missing(current)
        for name in found:
            setattr(current, name, values[name])
        if current.status != Status.DRAFT and (missing := [why for why in what_is_missing(current) if why not in lacking]):
            raise NotReady(" ".join(missing))
        if current.source != OFFICE:
            current.kept_fields = sorted(
                {*current.kept_fields, *found, *_CONTACT} if current.hidden_contact else {*current.kept_fields, *found}
            )
        current.deduced = {name: rule for name, rule in current.deduced.items() if name not in found}
        current.save()
        record(verb, current, actor=person, changes=found, note=note)
        announce(current)
    return found


def move(sheet: AnySheet, act: str, *, person: Person, seen: str, note: str = "", require: Requirement | None = None) -> AnySheet:
    """Do one act of the workflow on the sheet as the person saw it (`seen`), with a word for the history.

    Done already by a double click: nothing more happens. Raises NotAllowed, Conflict, NotReady.
    """
    rule = access.POLICY[act]
    assert rule.to is not None, "this act moves no state"
    with transaction.atomic():
        current = locked(sheet)
        if current.status == rule.to and (require or has_role(person, rule.role)):
            return current
        (require or access.require)(person, act, current)
        if version(current) != seen:
            raise Conflict(current)
        if rule.to in {Status.REVIEW, Status.PUBLISHED} and (missing := what_is_missing(current)):
            raise NotReady(" ".join(missing))
        before, current.status = current.status, rule.to
        current.save()
        record(rule.verb, current, actor=person, changes={"status": [before, rule.to]}, note=note)
        announce(current)
    return current


def what_is_missing(sheet: AnySheet) -> list[str]:
    """What prevents a sheet from being shown to visitors, as French sentences."""
    missing = []
    if isinstance(sheet, Offer):
        if not sheet.summary and not sheet.description:
            missing.append(_("Il manque une phrase ou une description qui dit ce qu’est cette offre."))
        if not sheet.coverage:
            missing.append(_("Il manque le territoire couvert : sans lui, l’offre n’apparaîtrait nulle part."))
    if isinstance(sheet, Structure) and not (sheet.description or sheet.website or sheet.phone or sheet.email):
        missing.append(_("Il manque une présentation ou un moyen de joindre la structure."))
    if isinstance(sheet, Relay) and not (sheet.address or sheet.commune or sheet.phone or sheet.email):
        missing.append(_("Il manque l’adresse du relais ou un moyen de le joindre."))
    return missing


def verify(sheet: AnySheet, *, person: Person, on: date, by: str, note: str = "") -> AnySheet:
    """Mark the sheet as verified by somebody (`by`) on a day. Verifying is not editing: the content does not move.

    Raises NotAllowed.
    """
    with transaction.atomic():
        current = locked(sheet)
        access.require(person, Act.VERIFY, current)
        confirmed(current, actor=person, on=on, by=by, note=note)
    return current


def confirmed(sheet: AnySheet, *, actor: Person | None, on: date, by: str, note: str = "") -> bool:
    """Write that a sheet, held by the caller's transaction, was confirmed; its silence ends. False when that was written already."""
    found = changes(sheet, {"verified_on": on, "verified_by": by})
    if not found and sheet.silent_since is None and sheet.silence == Silence.NONE:
        return False
    sheet.verified_on, sheet.verified_by = on, by
    sheet.silent_since, sheet.silence = None, Silence.NONE
    sheet.save()
    record("verified", sheet, actor=actor, changes=found, note=note)
    announce(sheet)
    return True


def confirm_deduced(sheet: AnySheet, names: Iterable[str], *, person: Person) -> AnySheet:
    """A person says that what a rule inferred is right: it is no longer « déduit », and imports leave it. Raises NotAllowed."""
    with transaction.atomic():
        current = locked(sheet)
        access.require(person, Act.CONFIRM, current)
        confirmed = sorted(set(names) & current.deduced.keys())
        if not confirmed:
            return current
        before = list(current.kept_fields)
        current.kept_fields = sorted({*before, *confirmed})
        current.deduced = {name: rule for name, rule in current.deduced.items() if name not in confirmed}
        current.save(update_fields=["kept_fields", "deduced", "modified_at"])
        record("confirmed", current, actor=person, changes={"kept_fields": [before, current.kept_fields]})
        announce(current)
    return current


def release(sheet: AnySheet, names: Iterable[str], *, person: Person) -> AnySheet:
    """Give fields back to the source: the next import may write them again. Raises NotAllowed."""
    with transaction.atomic():
        current = locked(sheet)
        access.require(person, Act.RELEASE, current)
        before = list(current.kept_fields)
        held = set(_CONTACT) if current.hidden_contact else set()  # a source would write what the structure wants hidden
        current.kept_fields = [name for name in before if name not in set(names) or name in held]
        if current.kept_fields == before:
            return current
        current.save(update_fields=["kept_fields", "modified_at"])
        record("edited", current, actor=person, changes={"kept_fields": [before, current.kept_fields]})
        announce(current)
    return current
