"""Merge two sheets into one, say that they are not the same, undo a merge: one transaction each, decided by a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from maillage.accounts.models import Person
from maillage.catalogue.access import MODELS, AnySheet
from maillage.catalogue.actions.sheets import Conflict, announce, plain, version
from maillage.catalogue.enums import Status
from maillage.catalogue.merges import FOLLOWERS
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.interop.access import require_decider
from maillage.interop.formats import FORMATS
from maillage.interop.models import Duplicate, Link, Merge, Proposal, RawRecord
from maillage.interop.steps.compose import from_plain
from maillage.interop.steps.publish import composed, targets_of
from maillage.interop.upsert import moved, one_import_at_a_time
from maillage.journal.actions import record

_FORMATS = {form.kind: form for form in FORMATS}
#: What a merge takes from the composition whatever the kept sheet holds: where each field comes from.
_ABOUT = ("provenance", "disagreements", "attributions")


class NotPossible(Exception):
    """These two sheets cannot be merged, or this merge cannot be undone; the message is the French reason."""


def merge(kept: AnySheet, away: AnySheet, *, person: Person, seen: tuple[str, str]) -> Merge:
    """Make `kept` answer for both sheets. What it lacks comes from the other; nothing that it says changes.

    `away` leaves the catalogue with its address leading to `kept`; what hangs on it (offers, relays) hangs on `kept`. `seen` are the
    versions of the two sheets that the person compared. Raises NotAllowed, Conflict and NotPossible.
    """
    require_decider(person)
    with transaction.atomic():
        one_import_at_a_time()
        kept, away = _locked(kept), _locked(away)
        if kept.KIND != away.KIND or kept.pk == away.pk:
            raise NotPossible("Il faut deux fiches différentes de la même nature.")
        if kept.merged_into or away.merged_into:
            raise NotPossible("L’une de ces fiches est déjà fusionnée avec une autre. Rechargez la page.")
        if away.is_visible and not kept.is_visible:
            raise NotPossible("Gardez la fiche publiée : l’autre ne l’est pas, et les visiteurs ne verraient plus rien.")
        for sheet, known in ((kept, seen[0]), (away, seen[1])):
            if version(sheet) != known:
                raise Conflict(sheet)
        written: dict[str, Any] = {}
        written[away.uid] = _write(away, {"status": Status.ARCHIVED.value, "merged_into": kept.uid})
        hanging = _rehang(away, kept) if isinstance(away, Structure) and isinstance(kept, Structure) else {}
        _retarget(away.KIND, {kept.uid, away.uid})
        made = composed(_FORMATS[kept.KIND], [kept.uid])[kept.uid].record.values
        written[kept.uid] = _write(kept, _filled(kept, made))
        done = Merge.objects.create(
            sheet_kind=kept.KIND, kept=kept.uid, away=away.uid, names=[kept.name, away.name], written=written, moved=hanging,
            merged_by=str(person),
        )  # fmt: skip
        _decide(kept, away, Duplicate.State.MERGED, person)
        Duplicate.objects.filter(
            Q(first=away.uid) | Q(second=away.uid), sheet_kind=away.KIND, state=Duplicate.State.WAITING
        ).delete()
        record("merged", kept, actor=person, changes=written[kept.uid], note=f"avec « {away.name} » ({away.source})")
        record("merged", away, actor=person, changes={"status": written[away.uid]["status"]}, note=f"dans « {kept.name} »")
        announce(kept)
        announce(away)
    return done


def keep_apart(duplicate: Duplicate, *, person: Person) -> None:
    """Say that the two sheets are two things: they are not proposed again. Raises NotAllowed."""
    require_decider(person)
    with transaction.atomic():
        Duplicate.objects.filter(pk=duplicate.pk, state=Duplicate.State.WAITING).update(
            state=Duplicate.State.DIFFERENT, decided_by=str(person), decided_at=timezone.now()
        )
        sheet = MODELS[duplicate.sheet_kind]._default_manager.get(uid=duplicate.first)
        other = MODELS[duplicate.sheet_kind]._default_manager.get(uid=duplicate.second)
        record("kept-apart", sheet, actor=person, note=f"de « {other.name} » ({other.source})")


def undo(done: Merge, *, person: Person) -> None:
    """Give each sheet back what the merge changed, unless somebody changed it since. Undone already: nothing happens.

    Sources speak again of each sheet apart: the next read brings what they said meanwhile. Raises NotAllowed and NotPossible.
    """
    require_decider(person)
    with transaction.atomic():
        one_import_at_a_time()
        done = Merge.objects.select_for_update().get(pk=done.pk)
        if done.undone_at is not None:
            return
        model = MODELS[done.sheet_kind]
        kept = _locked(model._default_manager.get(uid=done.kept))
        away = _locked(model._default_manager.get(uid=done.away))
        if away.merged_into != kept.uid:
            raise NotPossible("Cette fusion n’est plus en place.")
        if kept.merged_into:
            raise NotPossible("La fiche gardée a elle-même été fusionnée depuis : défaites d’abord cette autre fusion.")
        told = {sheet.uid: _restore(sheet, done.written[sheet.uid]) for sheet in (kept, away)}
        _hang_back(done, away)
        _retarget(done.sheet_kind, {kept.uid, away.uid})
        _tell_again(kept, told[kept.uid])
        asked = Proposal.objects.filter(kind=done.sheet_kind, uid=kept.uid, state=Proposal.State.WAITING)
        asked.exclude(source=kept.source).delete()  # what the others ask of it now, their next read says
        linked = Link.objects.filter(kind=done.sheet_kind, target__in=[kept.uid, away.uid]).order_by("pk")
        RawRecord.objects.filter(pk__in=linked.values("record")).update(
            mapped_key="", applied_key=""
        )  # the next read applies them again
        done.undone_by, done.undone_at = str(person), timezone.now()
        done.save(update_fields=["undone_by", "undone_at"])
        _decide(kept, away, Duplicate.State.DIFFERENT, person)
        for sheet in (kept, away):
            record("unmerged", sheet, actor=person, changes=told[sheet.uid])
            announce(sheet)


def _locked(sheet: AnySheet) -> Any:
    return type(sheet)._default_manager.select_for_update(of=("self",)).get(pk=sheet.pk)


def _filled(kept: AnySheet, made: Mapping[str, Any]) -> dict[str, Any]:
    """What the kept sheet takes: the fields it lacks, and where each field comes from now."""
    fresh = {
        name: value
        for name, value in made.items()
        if name not in (*_ABOUT, "deduced") and name not in kept.kept_fields and not _says(getattr(kept, name)) and _says(value)
    }
    deduced = {**kept.deduced, **{name: rule for name, rule in made["deduced"].items() if name in fresh}}
    return {**fresh, "deduced": deduced, **{name: made[name] for name in _ABOUT}}


def _says(value: Any) -> bool:
    return value not in (None, "", [], False)


def _write(sheet: AnySheet, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Write the values that differ; returns {column: [before, after]}."""
    found = {name: [plain(getattr(sheet, name)), plain(value)] for name, value in values.items()}
    found = {name: pair for name, pair in found.items() if pair[0] != pair[1]}
    for name in found:
        setattr(sheet, name, values[name])
    sheet.save(update_fields=[*found, "modified_at"])
    return found


def _restore(sheet: AnySheet, written: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    back = {}
    for name, (before, after) in written.items():
        if plain(getattr(sheet, name)) == after:
            back[name] = from_plain(sheet, name, before)
    return _write(sheet, back)


def _tell_again(kept: AnySheet, restored: Mapping[str, Any]) -> None:
    """Where each field comes from, when a read has said it anew since the merge."""
    made = composed(_FORMATS[kept.KIND], [kept.uid])[kept.uid].record.values
    _write(kept, {name: made[name] for name in _ABOUT if name not in restored})


def _rehang(away: Structure, kept: Structure) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for model in (Offer, Relay):
        pks = list(model._default_manager.filter(structure=away).order_by("pk").values_list("pk", flat=True))
        model._default_manager.filter(pk__in=pks).update(structure=kept, modified_at=timezone.now())
        moved(model, pks)
        found[model.KIND] = pks
    for follower in FOLLOWERS:
        found[follower.name] = follower.move(away, kept)
    return found


def _hang_back(done: Merge, away: AnySheet) -> None:
    """What hung on the structure hangs on it again, and so does what its source has hung on it since."""
    if not isinstance(away, Structure):
        return
    for model in (Offer, Relay):
        theirs = Link.objects.filter(kind=model.KIND, record__source=away.source, entry__structure_id=away.ref).order_by("pk")
        later = set(theirs.values_list("target", flat=True))
        found = model._default_manager.filter(structure__uid=done.kept).filter(
            Q(pk__in=done.moved.get(model.KIND, [])) | Q(uid__in=later)
        )
        pks = list(found.order_by("pk").values_list("pk", flat=True))
        model._default_manager.filter(pk__in=pks).update(structure=away, modified_at=timezone.now())
        moved(model, pks)
    for follower in FOLLOWERS:
        follower.back(done.moved.get(follower.name, []), away)


def _retarget(kind: str, uids: set[str]) -> None:
    """Links lead to the sheet that answers for their own today."""
    links = list(
        Link.objects.filter(kind=kind).filter(Q(target__in=uids) | Q(uid__in=uids)).order_by("pk").only("uid", "target", "kind")
    )
    targets = targets_of((kind, link.uid) for link in links)
    changed = []
    for link in links:
        if link.target != targets[kind, link.uid]:
            link.target = targets[kind, link.uid]
            changed.append(link)
    Link.objects.bulk_update(changed, ("target",), batch_size=500)


def _decide(kept: AnySheet, away: AnySheet, state: str, person: Person) -> None:
    first, second = sorted((kept.uid, away.uid))
    Duplicate.objects.filter(sheet_kind=kept.KIND, first=first, second=second).update(
        state=state, decided_by=str(person), decided_at=timezone.now()
    )
