"""Step 4, proposed: what a source would change on a published sheet, and that waits for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from maillage.catalogue.actions.sheets import plain
from maillage.catalogue.models import Structure
from maillage.interop.cleaning import Record
from maillage.interop.formats import Format
from maillage.interop.models import Proposal
from maillage.interop.steps.compose import Composed

#: What changes on a published sheet without anybody: dates that expire, and what is about the record itself.
AT_ONCE = frozenset(
    {
        "opens", "closes", "recurrence", "updated", "verified_on", "licence", "source_url", "sources", "withdrawn_on",
        "provenance", "deduced", "disagreements", "attributions",
    }
)  # fmt: skip


@dataclass(slots=True)
class Held:
    """What a batch may not write: uid → column → (value now, value proposed)."""

    form: Format
    made: Mapping[str, Composed]
    changes: dict[str, dict[str, tuple[Any, Any]]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def judge(self, row: Any, _record: Record, changes: dict[str, Any]) -> dict[str, Any]:
        """The changes to write now. A sheet that visitors do not see has nothing to protect."""
        self.changes.pop(row.uid, None)
        if not row.is_visible or "withdrawn_on" in changes:
            return changes
        now = {name: value for name, value in changes.items() if name in AT_ONCE}
        held = {name: value for name, value in changes.items() if name not in AT_ONCE}
        if not held:
            return now
        self.changes[row.uid] = {name: (getattr(row, name), value) for name, value in held.items()}
        self.names[row.uid] = row.name
        for name in ("provenance", "deduced"):  # they tell of the value that is shown, not of the one proposed
            if name in now:
                told = {**now[name]}
                for one in held:
                    told.pop(one, None)
                    if one in getattr(row, name):
                        told[one] = getattr(row, name)[one]
                if told == getattr(row, name):
                    del now[name]
                else:
                    now[name] = told
        return now


def propose(kind: str, made: Mapping[str, Composed], held: Held, today: date, *, only: str = "", dry_run: bool = False) -> int:
    """Keep what waits for a person; forget what sources no longer ask. Returns how many changes are new.

    `only`: the source that speaks, when it does not speak for the others; what another asks is then left to wait.
    """
    known: dict[tuple[str, str], dict[str, Proposal]] = {}
    for proposal in Proposal.objects.filter(kind=kind, uid__in=list(made)).order_by("pk"):
        known.setdefault((proposal.uid, proposal.field), {})[proposal.state] = proposal
    new, changed, wanted = [], [], set()
    hosts = _structure_uids(held)
    for uid, changes in held.changes.items():
        for column, (before, after) in changes.items():
            name = "structure" if column == "structure_id" else column
            was, asked = (hosts[before], hosts[after]) if name == "structure" else (plain(before), plain(after))
            earlier = known.get((uid, name), {})
            refused = earlier.get(Proposal.State.REFUSED)
            if refused is not None and refused.after == asked:
                continue
            wanted.add((uid, name))
            source, ref = made[uid].said_by.get(name, made[uid].record.key)
            waiting = earlier.get(Proposal.State.WAITING)
            if waiting is None:
                new.append(
                    Proposal(
                        kind=kind, uid=uid, name=held.names[uid], source=source, ref=ref, field=name, before=was, after=asked,
                        proposed_on=today,
                    )
                )  # fmt: skip
            elif (waiting.before, waiting.after) != (was, asked):
                waiting.before, waiting.after, waiting.source, waiting.ref, waiting.proposed_on = was, asked, source, ref, today
                changed.append(waiting)
    stale = [
        states[Proposal.State.WAITING].pk
        for key, states in known.items()
        if Proposal.State.WAITING in states and key not in wanted and only in ("", states[Proposal.State.WAITING].source)
    ]
    if dry_run:
        return len(new)
    Proposal.objects.filter(pk__in=stale).delete()
    Proposal.objects.bulk_create(new)
    Proposal.objects.bulk_update(changed, ("before", "after", "source", "ref", "proposed_on"), batch_size=100)
    return len(new)


def _structure_uids(held: Held) -> dict[int, str]:
    """The uids of the structures between which sheets would move, by primary key."""
    pks = {pk for changes in held.changes.values() for pk in changes.get("structure_id", ())}
    return dict(Structure.objects.filter(pk__in=pks).order_by("pk").values_list("pk", "uid")) if pks else {}
