"""What a structure changes on its own sheets: at once, or read first by the animation, as its portal says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import Person
from maillage.accounts.policy import Action
from maillage.catalogue.access import MODELS, Act, AnySheet, NotAllowed
from maillage.catalogue.actions import sheets as actions
from maillage.catalogue.actions.sheets import OFFICE, Conflict, NotReady, announce, changes, locked, plain, version
from maillage.catalogue.enums import Status
from maillage.catalogue.models import ProposedEdit, Structure
from maillage.catalogue.personas import may_in_structure
from maillage.catalogue.upkeep import portal_of
from maillage.journal.actions import record
from maillage.journal.messages import site_address, tell

#: What an authority or the network decides: a structure never says it of itself. The rest of its forms it edits.
NOT_THEIRS: Mapping[str, frozenset[str]] = {
    "structure": frozenset(
        {"roles", "networks", "types", "nonprofit", "siren", "siret", "rna", "sources", "source_url", "licence", "notes"}
    ),
    "offer": frozenset({"sources", "source_url", "licence", "notes"}),
    "relay": frozenset({"level", "network", "mark_until", "sources", "source_url", "licence", "notes"}),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an edit: the fields that changed, and whether visitors read them now (`live`) or somebody reads them first."""

    changes: dict[str, list[Any]]
    live: bool


def owner_of(sheet: AnySheet) -> Structure:
    """The structure that a sheet belongs to."""
    return sheet if isinstance(sheet, Structure) else sheet.structure


def require_own(person: Person, act: str, sheet: AnySheet) -> None:
    """Raise NotAllowed unless this person may do this to a sheet of their structure: edit it, send a draft for review."""
    if not may_in_structure(person, owner_of(sheet), Action.STRUCTURE_EDIT):
        raise NotAllowed(_("Cette fiche n’est pas à votre structure, ou vous ne la tenez plus."))
    if sheet.merged_into or sheet.status == Status.ARCHIVED:
        raise NotAllowed(_("Cette fiche est archivée\u202f: demandez à l’animation du réseau de la rouvrir."))
    if sheet.status == Status.REVIEW:
        raise NotAllowed(_("L’animation du réseau relit cette fiche\u202f: elle vous reviendra publiée, ou en brouillon."))
    if act == Act.SUBMIT and sheet.status != Status.DRAFT:
        raise NotAllowed(_("Seul un brouillon s’envoie en relecture."))


def may_own(person: Person, act: str, sheet: AnySheet) -> str:
    """Why not, as a French sentence; empty when they may."""
    try:
        require_own(person, act, sheet)
    except NotAllowed as refusal:
        return str(refusal)
    return ""


def waiting_edit(sheet: AnySheet) -> ProposedEdit | None:
    """What waits to be read about this sheet."""
    return ProposedEdit.objects.filter(sheet_kind=sheet.KIND, sheet_uid=sheet.uid, state=ProposedEdit.State.WAITING).first()


def create(kind: str, values: Mapping[str, Any], *, person: Person, ref: str, structure: Structure) -> AnySheet:
    """A new offer or relay of the structure, as a draft. The same form posted twice gives one sheet. Raises NotAllowed."""
    require_own(person, Act.EDIT, structure)
    model = MODELS[kind]
    try:
        with transaction.atomic():
            existing = model._default_manager.filter(source=OFFICE, ref=ref).first()
            if existing is not None:
                return existing
            extra = {**_theirs(kind, values), "structure": structure}
            sheet: AnySheet = model(source=OFFICE, ref=ref, status=Status.DRAFT, **extra)
            sheet.save(force_insert=True)
            record("created", sheet, actor=person)
            announce(sheet)
    except IntegrityError:  # the same form, posted twice at the same instant
        return model._default_manager.get(source=OFFICE, ref=ref)
    return sheet


def edit(sheet: AnySheet, values: Mapping[str, Any], *, person: Person, seen: str) -> Outcome:
    """Save what a structure changed on its sheet, or keep it to be read first when the sheet is published and the portal says so.

    `seen` is the `version` that the person started from. Raises NotAllowed, Conflict (nothing was written), NotReady.
    """
    values = _theirs(sheet.KIND, values)
    if sheet.status != Status.PUBLISHED or portal_of(owner_of(sheet)).upkeep.edits == "live":
        return Outcome(actions.edit(sheet, values, person=person, seen=seen, require=require_own), live=True)
    with transaction.atomic():
        current = locked(sheet)
        require_own(person, Act.EDIT, current)
        found = changes(current, values)
        before = waiting_edit(current)
        if not found and before is None:
            return Outcome({}, live=False)
        if version(current) != seen:
            raise Conflict(current)
        lacking = actions.what_is_missing(current)
        for name in found:
            setattr(current, name, values[name])  # never saved: only looked at
        if missing := [why for why in actions.what_is_missing(current) if why not in lacking]:
            raise NotReady(" ".join(missing))
        if before is not None and plain(before.changes) == plain(found):
            return Outcome(found, live=False)
        if before is not None:
            _close(before, ProposedEdit.State.TAKEN_BACK, person)
        if found:
            ProposedEdit.objects.create(
                sheet_kind=sheet.KIND, sheet_uid=sheet.uid, sheet_name=sheet.name[:300], changes=found, person=person, person_name=str(person)[:150]
            )  # fmt: skip
        record("edit-proposed" if found else "edit-taken-back", current, actor=person, note=", ".join(found))
    return Outcome(found, live=False)


def with_waiting(sheet: AnySheet) -> AnySheet:
    """The sheet as its structure left it: what waits to be read laid over what is published. Not to be saved."""
    waits = waiting_edit(sheet)
    for name, (_before, after) in (waits.changes if waits else {}).items():
        setattr(sheet, name, _value(sheet, name, after))
    return sheet


def take_back(edit: ProposedEdit, *, person: Person) -> None:
    """The structure takes back what waits. Raises NotAllowed."""
    sheet = sheet_of(edit)
    if not may_in_structure(person, owner_of(sheet), Action.STRUCTURE_EDIT):
        raise NotAllowed(_("Cette fiche n’est pas à votre structure."))
    with transaction.atomic():
        if _close(edit, ProposedEdit.State.TAKEN_BACK, person):
            record("edit-taken-back", sheet, actor=person)


def sheet_of(edit: ProposedEdit) -> AnySheet:
    """The sheet that an edit is about."""
    return MODELS[edit.sheet_kind]._default_manager.get(uid=edit.sheet_uid)


def accept(edit: ProposedEdit, names: list[str], *, person: Person, seen: str) -> dict[str, list[Any]]:
    """Write the fields kept (`names`) of what a structure asked; the others are refused with it. Decided already: nothing happens.

    `seen` is the version of the sheet that the animation compared. Raises NotAllowed, Conflict, NotReady.
    """
    sheet = sheet_of(edit)
    _require_moderator(person, sheet)
    with transaction.atomic():
        current = ProposedEdit.objects.select_for_update(of=("self",)).get(pk=edit.pk)
        if current.state != ProposedEdit.State.WAITING:
            return {}
        values = {name: _value(sheet, name, after) for name, (_before, after) in current.changes.items() if name in names}
        note = _("demandée par %(who)s") % {"who": current.person_name}
        found = actions.edit(sheet, values, person=person, seen=seen, verb="edit-accepted", note=note)
        _close(current, ProposedEdit.State.ACCEPTED, person)
        _tell(current, sheet, accepted=True, note="")
    return found


def refuse(edit: ProposedEdit, *, person: Person, note: str) -> None:
    """Leave the sheet as it is, and say why to who asked. Decided already: nothing happens. Raises NotAllowed."""
    sheet = sheet_of(edit)
    _require_moderator(person, sheet)
    with transaction.atomic():
        if _close(edit, ProposedEdit.State.REFUSED, person, note):
            record("edit-refused", sheet, actor=person, note=note)
            _tell(edit, sheet, accepted=False, note=note)


def _value(sheet: AnySheet, name: str, kept: Any) -> Any:
    """The value of a field, from how the journal writes it: a day, a decimal, a list."""
    field: Any = sheet._meta.get_field(name)
    return field.to_python(kept)


def _require_moderator(person: Person, sheet: AnySheet) -> None:
    if not may_in_structure(person, owner_of(sheet), Action.STRUCTURE_MODERATE):
        raise NotAllowed(_("Cette décision revient à l’animation du réseau."))


def _close(edit: ProposedEdit, state: str, person: Person, note: str = "") -> bool:
    waiting = ProposedEdit.objects.filter(pk=edit.pk, state=ProposedEdit.State.WAITING)
    return bool(waiting.update(state=state, decided_at=timezone.now(), decided_by=str(person)[:150], note=note))


def _tell(edit: ProposedEdit, sheet: AnySheet, *, accepted: bool, note: str) -> None:
    if edit.person is not None and edit.person.is_active:
        url = site_address() + reverse("space-sheet", args=(owner_of(sheet).uid, sheet.KIND, sheet.uid))
        context = {"edit": edit, "accepted": accepted, "note": note, "url": url}
        tell(edit.person, "catalogue/mail/edit_decided", context, kind="structure")


def _theirs(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in NOT_THEIRS[kind]}
