"""Reads of the space: one structure with its sheets, its members, what it has to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from maillage.accounts.models import Person
from maillage.catalogue.access import AnySheet
from maillage.catalogue.actions.sheets import what_is_missing
from maillage.catalogue.actions.upkeep import sheets_of
from maillage.catalogue.enums import Silence, Status
from maillage.catalogue.freshness import due_on, is_due, months_after, rhythm_of
from maillage.catalogue.models import Invitation, Membership, ProposedEdit, Structure
from maillage.catalogue.nonlucrative import FREE, Standing, standing
from maillage.catalogue.upkeep import portal_of


def spaces_of(person: Person) -> list[Membership]:
    """Every membership of a person that is asked or active, those that give access first."""
    alive = (Membership.State.ACTIVE, Membership.State.ASKED)
    rows = Membership.objects.filter(person=person, state__in=alive, structure__merged_into="")
    return list(rows.select_related("structure").order_by("state", "structure__name", "pk"))


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A sheet in its structure's space: its state, when it is to be confirmed, what waits."""

    sheet: AnySheet
    due: date | None  # None: never confirmed
    is_due: bool
    leaves_on: date | None  # when it leaves results if nobody answers
    silent: bool
    edit: ProposedEdit | None
    missing: tuple[str, ...]


def sheet_lines(structure: Structure, day: date) -> list[SheetLine]:
    """Every sheet of the structure that is not archived: itself, then relays, then offers. Four queries."""
    upkeep = portal_of(structure).upkeep
    rhythm = rhythm_of(structure.rhythm_months, upkeep)
    alive: list[AnySheet] = [structure]
    for found in (structure.relays, structure.offers):
        alive += list(found.exclude(status=Status.ARCHIVED).filter(merged_into="").order_by("name", "pk"))
    edits = {
        (edit.sheet_kind, edit.sheet_uid): edit
        for edit in ProposedEdit.objects.filter(
            state=ProposedEdit.State.WAITING, sheet_uid__in=[sheet.uid for sheet in alive]
        ).order_by("pk")
    }
    return [
        SheetLine(
            sheet,
            due_on(sheet.verified_on, rhythm),
            sheet.is_visible and is_due(sheet.verified_on, rhythm, day),
            months_after(sheet.silent_since, upkeep.hidden_months) if sheet.silent_since else None,
            sheet.silence == Silence.SILENT,
            edits.get((sheet.KIND, sheet.uid)),
            tuple(what_is_missing(sheet)),
        )
        for sheet in alive
    ]


def to_confirm(structure: Structure) -> list[AnySheet]:
    """The sheets that a structure may say are right: those that visitors read."""
    return sheets_of(structure)


def standing_of(structure: Structure) -> Standing:
    """Does it belong to the non-lucrative network?"""
    return standing(structure.nonprofit, structure.offers.visible().filter(cost=FREE).count())


def members_of(structure: Structure) -> dict[str, Any]:
    """Who belongs to it, who asks to, who is invited. Two queries."""
    alive = (Membership.State.ASKED, Membership.State.ACTIVE)
    rows = list(
        Membership.objects.filter(structure=structure, state__in=alive)
        .select_related("person")
        .order_by("role", "created_at", "pk")
    )
    invitations = Invitation.objects.filter(structure=structure, used_at=None, revoked_at=None).order_by("-created_at", "-pk")
    return {
        "members": [row for row in rows if row.state == Membership.State.ACTIVE],
        "asking": [row for row in rows if row.state == Membership.State.ASKED],
        "invitations": list(invitations),
        "managers": sum(row.state == Membership.State.ACTIVE and row.role == Membership.Role.MANAGER for row in rows),
    }
