"""What a person decides about a source: changes accepted or refused, a quarantine released or dismissed. One transaction each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from maillage.accounts.models import Person
from maillage.catalogue.access import MODELS
from maillage.catalogue.actions.sheets import announce, plain, what_is_missing
from maillage.catalogue.models import Structure
from maillage.interop.access import require_decider
from maillage.interop.models import Proposal, Run
from maillage.interop.sources.contract import Source
from maillage.interop.steps.compose import from_plain
from maillage.interop.steps.lock import one_at_a_time
from maillage.interop.steps.run import carry_out
from maillage.journal.actions import record


@dataclass(slots=True)
class Decided:
    """How many changes were decided, and the sheets whose value had moved meanwhile: those were left to be looked at again."""

    done: int = 0
    moved: list[str] = field(default_factory=list)


def decide(pks: Collection[int], *, accept: bool, person: Person) -> Decided:
    """Accept or refuse changes. One whose sheet says something else than what the person saw is not applied: it waits, up to date.

    Decided already by somebody else: nothing happens. Raises NotAllowed.
    """
    require_decider(person)
    decided = Decided()
    with transaction.atomic():
        waiting = Proposal.objects.select_for_update().filter(pk__in=pks, state=Proposal.State.WAITING)
        by_sheet: dict[tuple[str, str], list[Proposal]] = {}
        for proposal in waiting.order_by("kind", "uid", "field"):
            by_sheet.setdefault((proposal.kind, proposal.uid), []).append(proposal)
        for (kind, uid), proposals in by_sheet.items():
            if accept:
                _accept(kind, uid, proposals, person, decided)
            else:
                _refuse(kind, uid, proposals, person, decided)
    return decided


def _accept(kind: str, uid: str, proposals: list[Proposal], person: Person, decided: Decided) -> None:
    sheet: Any = MODELS[kind]._default_manager.select_for_update(of=("self",)).get(uid=uid)
    changes, provenance = {}, dict(sheet.provenance)
    applied = []
    for proposal in proposals:
        now = sheet.structure.uid if proposal.field == "structure" else plain(getattr(sheet, proposal.field))
        if now != proposal.before:
            proposal.before = now
            proposal.save(update_fields=["before"])
            decided.moved.append(sheet.name)
            continue
        if proposal.field == "structure":
            sheet.structure = Structure.objects.get(uid=proposal.after)
        else:
            setattr(sheet, proposal.field, from_plain(sheet, proposal.field, proposal.after))
        if proposal.field in provenance:
            day = proposal.proposed_on.isoformat()
            provenance[proposal.field] = {"source": proposal.source, "ref": proposal.ref, "on": day}
        changes[proposal.field] = [proposal.before, proposal.after]
        applied.append(proposal)
    if not applied:
        return
    if what_is_missing(sheet):
        decided.moved.append(sheet.name)  # accepting would leave visitors without what they need
        return
    sheet.provenance = provenance
    sheet.kept_fields = [name for name in sheet.kept_fields if name not in changes]
    sheet.save()
    _settle(applied, Proposal.State.ACCEPTED, person)
    record("accepted", sheet, actor=person, changes=changes, note=f"source {applied[0].source}")
    announce(sheet)
    decided.done += len(applied)


def _refuse(kind: str, uid: str, proposals: list[Proposal], person: Person, decided: Decided) -> None:
    sheet = MODELS[kind]._default_manager.get(uid=uid)
    _settle(proposals, Proposal.State.REFUSED, person)
    changes = {proposal.field: [proposal.after, proposal.before] for proposal in proposals}
    record("refused", sheet, actor=person, changes=changes, note=f"source {proposals[0].source}")
    decided.done += len(proposals)


def _settle(proposals: list[Proposal], state: str, person: Person) -> None:
    Proposal.objects.filter(pk__in=[proposal.pk for proposal in proposals]).update(
        state=state, decided_by=str(person), decided_at=timezone.now()
    )


def dismiss(run: Run, *, person: Person) -> None:
    """Set a quarantined read aside for good: yesterday's data stays, until the next read. Raises NotAllowed."""
    require_decider(person)
    with transaction.atomic():
        if _decide_run(run, Run.State.DISMISSED, person):
            record("dismissed", run, actor=person, note=run.reason)


def release(run: Run, *, person: Person) -> bool:
    """Say that a quarantined read is right. It is applied by `carry_out_released`, outside the request. Raises NotAllowed.

    False when it cannot be released: something was not read, or somebody decided meanwhile.
    """
    require_decider(person)
    if not run.may_be_released:
        return False
    with transaction.atomic():
        if not _decide_run(run, Run.State.RELEASED, person):
            return False
        record("released", run, actor=person, note=run.reason)
    return True


def _decide_run(run: Run, state: str, person: Person) -> bool:
    waiting = Run.objects.filter(pk=run.pk, state=Run.State.QUARANTINED)
    return bool(waiting.update(state=state, decided_by=str(person), decided_at=timezone.now()))


def carry_out_released(source: Source) -> Run | None:
    """Apply the read of this source that a person released, if there is one. Raises Busy."""
    run = Run.objects.filter(source=source.code, state=Run.State.RELEASED).order_by("-pk").first()
    if run is None:
        return None
    with one_at_a_time(source.code):
        return carry_out(run, source, timezone.localdate(run.started_at))
