"""Keeping sheets true: ask a structure to confirm them, take its answer, write what silence costs."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.accounts.models import Person
from maillage.accounts.policy import Action
from maillage.catalogue.access import MODELS, AnySheet, NotAllowed
from maillage.catalogue.actions.sheets import announce, confirmed, version
from maillage.catalogue.enums import Silence
from maillage.catalogue.freshness import is_due, may_remind, months_after, rhythm_of, silence_on
from maillage.catalogue.models import ErrorReport, Structure
from maillage.catalogue.personas import may_in_structure
from maillage.catalogue.upkeep import Asked, correspondents, link_token, managers_of, portal_of
from maillage.journal.actions import record
from maillage.journal.messages import site_address, tell


def sheets_of(structure: Structure) -> list[AnySheet]:
    """What visitors see of a structure: its own sheet, then its relays and offers."""
    own: list[AnySheet] = [structure] if structure.is_visible else []
    relays, offers = structure.relays.visible().order_by("name", "pk"), structure.offers.visible().order_by("name", "pk")
    return [*own, *relays, *offers]


def remind(structure: Structure, day: date, *, asked_by: Person | None = None) -> int:
    """Write to the structure about the sheets to confirm; returns how many messages were written.

    Each night: sheets that are due, and those still without an answer, at most one mail every `remind_months`. Asked by the animation:
    every sheet that is due, at once, even if nobody manages the structure. Silence counts from here, and only if somebody was written to.
    """
    with transaction.atomic():
        structure = Structure.objects.select_for_update(of=("self",)).get(pk=structure.pk)
        upkeep = portal_of(structure).upkeep
        managers = managers_of(structure)
        if not asked_by and not may_remind(structure.reminded_on, day, upkeep):
            return 0
        rhythm = rhythm_of(structure.rhythm_months, upkeep)
        waiting: list[AnySheet] = []
        fresh_ones: list[AnySheet] = []
        for sheet in sheets_of(structure):
            if sheet.silent_since is not None:
                waiting.append(sheet)
            elif is_due(sheet.verified_on, rhythm, day) and (sheet.verified_on or managers or asked_by):
                fresh_ones.append(sheet)
        if not fresh_ones and not any(sheet.silence != Silence.SILENT for sheet in waiting):
            return 0  # nothing new to ask: what fell silent was told so
        asked = [*fresh_ones, *waiting]
        since = min((sheet.silent_since for sheet in waiting if sheet.silent_since), default=day)
        token = link_token(Asked(structure.uid, tuple((sheet.KIND, sheet.uid) for sheet in asked)))
        context = {
            "structure": structure,
            "sheets": asked,
            "url": site_address() + reverse("still-right", args=(token,)),
            "leaves_on": months_after(since, upkeep.hidden_months),
            "managed": bool(managers),
            "claim_url": site_address() + reverse("claim", args=(structure.handle,)),
        }
        told = [
            tell(to, "catalogue/mail/reminder", context, kind="freshness", key=f"freshness:{structure.uid}:{day}:{number}")
            for number, to in enumerate(correspondents(structure, managers))
        ]
        written = sum(message is not None for message in told)
        if not written:
            return 0  # nobody to write to, or they stopped reminders: silence does not count, the board says so
        structure.reminded_on = day
        structure.save(update_fields=["reminded_on"])
        for sheet in fresh_ones:
            type(sheet)._default_manager.filter(pk=sheet.pk).update(silent_since=day)
            record("reminded", sheet, actor=asked_by)
    return written


def ask_to_confirm(structure: Structure, day: date, *, person: Person) -> int:
    """The animation asks a structure to confirm its sheets, now. Raises NotAllowed; ValueError (French) when nobody could be written to."""
    if not may_in_structure(person, structure, Action.STRUCTURE_MODERATE):
        raise NotAllowed(_("Cet acte revient à l’animation du réseau."))
    if not correspondents(structure):
        raise ValueError(
            _("Aucune adresse où écrire\u202f: la fiche n’en donne pas, et personne ne la tient. Appelez la structure.")
        )
    return remind(structure, day, asked_by=person)


def settle(day: date) -> dict[str, int]:
    """Write what silence costs each sheet that day, and move the revision; returns how many sheets became of each silence."""
    counts: dict[str, int] = {}
    for kind, model in MODELS.items():
        concerned = model._default_manager.filter(Q(silent_since__isnull=False) | ~Q(silence=Silence.NONE)).order_by("pk")
        for pk in list(concerned.values_list("pk", flat=True)):
            with transaction.atomic():
                sheet: AnySheet = model._default_manager.select_for_update(of=("self",)).get(pk=pk)
                owner = sheet if isinstance(sheet, Structure) else sheet.structure
                answered = bool(sheet.verified_on and sheet.silent_since and sheet.verified_on >= sheet.silent_since)
                since = None if answered else sheet.silent_since  # confirmed by its source meanwhile
                now = silence_on(since, day, portal_of(owner).upkeep)
                if (since, now) == (sheet.silent_since, sheet.silence):
                    continue
                before = Silence(sheet.silence)
                model._default_manager.filter(pk=pk).update(silent_since=since, silence=now)
                if now != before:
                    if now == Silence.SILENT or before == Silence.SILENT:
                        record("fell-silent" if now == Silence.SILENT else "answered", sheet)
                    announce(sheet)
                    counts[f"{kind}:{now}"] = counts.get(f"{kind}:{now}", 0) + 1
    return counts


class Moved(Exception):
    """A sheet changed between what was read and the answer: nothing was written."""


def confirm(
    structure: Structure,
    seen: Iterable[tuple[str, str, str]],
    *,
    day: date,
    person: Person | None,
    among: Collection[tuple[str, str]],
) -> int:
    """« Toujours exact » about sheets as they were read: (kind, uid, version). Returns how many were marked.

    `among` are the sheets that may be answered for (those of the link, or all of the structure): others are left aside. By a link
    nobody is signed in (`person` None): the structure answers. Raises Moved, and NotAllowed.
    """
    if person is not None and not may_in_structure(person, structure, Action.STRUCTURE_CONFIRM):
        raise NotAllowed(_("Vous ne pouvez pas répondre pour cette structure."))
    done = 0
    with transaction.atomic():
        for kind, uid, read in seen:
            if (kind, uid) not in among:
                continue
            sheet = _sheet_of(structure, kind, uid)
            if sheet is None:
                continue
            if version(sheet) != read:
                raise Moved(sheet.name)
            note = "" if person else _("par le lien reçu par courriel")
            done += confirmed(sheet, actor=person, on=day, by=structure.name[:200], note=note)
    return done


def _sheet_of(structure: Structure, kind: str, uid: str) -> AnySheet | None:
    model = MODELS.get(kind)
    if model is None:
        return None
    found = model._default_manager.select_for_update(of=("self",)).filter(uid=uid, merged_into="")
    own = found.filter(pk=structure.pk) if model is Structure else found.filter(structure=structure)  # type: ignore[misc]  # Structure has none
    return own.first()


def correct(structure: Structure, message: str, *, portal: str) -> ErrorReport:
    """« À corriger », by the link of a reminder: what the structure says is wrong waits with the reports of errors. Sent twice, kept once."""
    said = {"sheet_kind": structure.KIND, "sheet_uid": structure.uid, "message": message, "handled_at": None}
    with transaction.atomic():
        Structure.objects.select_for_update(of=("self",)).get(pk=structure.pk)
        same = ErrorReport.objects.filter(**said).first()
        if same is not None:
            return same
        report = ErrorReport.objects.create(
            **said, sheet_name=structure.name[:300], portal=portal, reason=ErrorReport.Reason.STRUCTURE
        )
        record("reported", structure, note=str(ErrorReport.Reason.STRUCTURE.label))
    return report


def choose_rhythm(structure: Structure, months: int, *, person: Person) -> None:
    """Choose the months between two confirmations. Raises NotAllowed, and ValueError when the portal does not offer this rhythm."""
    if not may_in_structure(person, structure, Action.STRUCTURE_EDIT):
        raise NotAllowed(_("Vous ne pouvez pas changer le rythme de cette structure."))
    if months not in portal_of(structure).upkeep.rhythms:
        raise ValueError(_("Choisissez un des rythmes proposés."))
    with transaction.atomic():
        locked = Structure.objects.select_for_update(of=("self",)).get(pk=structure.pk)
        before, locked.rhythm_months = locked.rhythm_months, months
        if before != months:
            locked.save(update_fields=["rhythm_months"])
            record("rhythm", locked, actor=person, changes={"rhythm_months": [before, months]})
