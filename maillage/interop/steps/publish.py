"""Steps 4 and 5, proposed and published: what the mapped records say becomes sheets, or waits for a person.

One batch of records is one transaction: its links, its sheets, its proposals, the journal, the revision. A record is applied
whole or not at all. The policy (docs/algorithms/sources.md): new sheets go live or wait, as their source says; those with a doubt wait; of a
published sheet, only the calendar and what is about the record itself change without anybody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from maillage.catalogue.access import MODELS
from maillage.catalogue.actions.sheets import plain, what_is_missing
from maillage.catalogue.enums import Status
from maillage.catalogue.models import Structure
from maillage.catalogue.models.sheet import uid_for
from maillage.interop.cleaning import Record
from maillage.interop.formats import FORMATS, Format
from maillage.interop.models import Link, Proposal, RawRecord, Run
from maillage.interop.sources.contract import Source
from maillage.interop.steps.compose import Composed, Layer, compose, layer_of, link_order, row_layer
from maillage.interop.steps.understand import Meaning, meaning_of, unapplied
from maillage.interop.upsert import moved, one_import_at_a_time, write
from maillage.journal.actions import entry_for
from maillage.journal.models import Entry

BATCH = 200
#: What changes on a published sheet without anybody: dates that expire, and what is about the record itself.
AT_ONCE = frozenset(
    {
        "opens", "closes", "recurrence", "updated", "verified_on", "licence", "source_url", "sources", "withdrawn_on",
        "provenance", "deduced", "disagreements", "attributions",
    }
)  # fmt: skip
Target = tuple[str, str]  # (kind, uid)
_NO_HOST = "Sa structure n’est pas (ou pas encore) dans ce que donne la source : « {host} »."


@dataclass(slots=True)
class Done:
    """What was written: sheets created, changed, come back; changes that wait for a person."""

    created: int = 0
    changed: int = 0
    restored: int = 0
    proposed: int = 0

    def add(self, other: Done) -> None:
        """Count another batch too."""
        self.created += other.created
        self.changed += other.changed
        self.restored += other.restored
        self.proposed += other.proposed


def publish(run: Run, source: Source, today: date) -> Done:
    """Apply the mapped records of a read. A record whose structure comes later in the same read waits for a second turn."""
    total = Done()
    for last_turn in (False, True):
        after = ""
        while True:
            batch = list(unapplied(run).filter(ref__gt=after).order_by("ref").defer("payload")[:BATCH])
            if not batch:
                break
            after = batch[-1].ref
            with transaction.atomic():
                one_import_at_a_time()
                total.add(_apply(batch, source, today, last_turn=last_turn))
    return total


def _apply(batch: Sequence[RawRecord], source: Source, today: date, *, last_turn: bool) -> Done:
    meanings = {record.pk: meaning_of(record.mapped or {}) for record in batch}
    ready, late = _with_known_hosts(batch, meanings, source)
    links, touched = _relink(ready, meanings, source, today)
    done = refresh(touched, source, today, origin=f"source {source.code}")
    states = _states(touched)
    for record in ready:
        meaning = meanings[record.pk]
        mine = [states.get((link.kind, link.target), "") for link in links[record.pk]]
        _settle(record, meaning, mine)
        record.mapped, record.applied_key, record.missing_since = None, record.mapped_key, None
    if last_turn:
        for record, host in late:
            record.outcome, record.reasons = RawRecord.Outcome.WAITING, [_NO_HOST.format(host=host)]
    settled = [*ready, *(record for record, _ in late if last_turn)]
    RawRecord.objects.bulk_update(settled, ("mapped", "applied_key", "missing_since", "outcome", "reasons"), batch_size=100)
    return done


def _settle(record: RawRecord, meaning: Meaning, states: Collection[str]) -> None:
    """What became of the record, and why."""
    if meaning.verdict:
        record.outcome = meaning.verdict
        record.reasons = meaning.refused or [meaning.left_out]
    else:
        waiting = bool({Status.REVIEW, Status.DRAFT} & set(states))
        record.outcome = RawRecord.Outcome.WAITING if waiting else RawRecord.Outcome.PUBLISHED
        record.reasons = meaning.waits


def _with_known_hosts(
    batch: Sequence[RawRecord], meanings: Mapping[int, Meaning], source: Source
) -> tuple[list[RawRecord], list[tuple[RawRecord, str]]]:
    """The records that can be applied now, and those that hang on a structure that nobody knows yet, with its id."""
    wanted = {
        uid_for(Structure.KIND, source.code, entry["structure_id"])
        for meaning in meanings.values()
        for kind in ("relay", "offer")
        for entry in meaning.entries.get(kind, ())
    }
    known = set(Structure.objects.filter(uid__in=wanted).order_by("pk").values_list("ref", flat=True)) if wanted else set()
    for meaning in meanings.values():
        known |= {entry["id"] for entry in meaning.entries.get("structure", ())}
    ready, late = [], []
    for record in batch:
        entries = meanings[record.pk].entries
        missing = {e["structure_id"] for kind in ("relay", "offer") for e in entries.get(kind, ())} - known
        if missing:
            late.append((record, min(missing)))
        else:
            ready.append(record)
    return ready, late


def _relink(
    records: Sequence[RawRecord], meanings: Mapping[int, Meaning], source: Source, today: date
) -> tuple[dict[int, list[Link]], set[Target]]:
    """Write what each record says of which sheets. Returns the links by record, and the sheets to look at again."""
    existing = {
        (link.record_id, link.kind, link.ref): link
        for link in Link.objects.filter(record__in=[record.pk for record in records]).order_by("pk")
    }
    wanted: dict[tuple[int, str, str], Link] = {}
    for record in records:
        meaning = meanings[record.pk]
        if meaning.refused:
            continue  # what it said yesterday stays
        for kind, entries in meaning.entries.items():
            for entry in entries:
                key = (record.pk, kind, entry["id"])
                link = existing.get(key) or Link(record=record, kind=kind, ref=entry["id"])
                link.uid = uid_for(kind, source.code, entry["id"])
                link.entry, link.on, link.missing_since = entry, record.changed_on, None
                link.deduced, link.waits = _deduced(meaning, kind, entry["id"]), bool(meaning.waits)
                wanted[key] = link
    targets = targets_of((link.kind, link.uid) for link in wanted.values())
    for link in wanted.values():
        link.target = targets[link.kind, link.uid]
    refused = {record.pk for record in records if meanings[record.pk].refused}
    gone = [link for key, link in existing.items() if key not in wanted and link.record_id not in refused]
    Link.objects.filter(pk__in=[link.pk for link in gone], missing_since__isnull=True).update(missing_since=today)
    Link.objects.bulk_create([link for key, link in wanted.items() if key not in existing])
    Link.objects.bulk_update(
        [link for key, link in wanted.items() if key in existing],
        ("uid", "target", "entry", "deduced", "on", "waits", "missing_since"),
        batch_size=100,
    )
    by_record: dict[int, list[Link]] = {record.pk: [] for record in records}
    for link in wanted.values():
        by_record[link.record_id].append(link)
    touched = {(link.kind, link.target) for link in [*wanted.values(), *gone]}
    return by_record, touched


def _deduced(meaning: Meaning, kind: str, ref: str) -> dict[str, str]:
    """The rules of an entry: contracts name it "offer:42"."""
    return dict(meaning.deduced.get(f"{kind}:{ref}", {}))


def targets_of(sheets: Iterable[Target]) -> dict[Target, str]:
    """The uid that answers for each sheet today: its own, or the one that a person kept when it was merged."""
    found = {sheet: sheet[1] for sheet in sheets}
    for kind, model in MODELS.items():
        asked = {uid for of, uid in found if of == kind}
        onward: dict[str, str] = {}
        while asked:
            pairs = model._default_manager.filter(uid__in=asked).exclude(merged_into="").order_by("pk")
            new = dict(pairs.values_list("uid", "merged_into"))
            asked = set(new.values()) - onward.keys()
            onward |= new
        for sheet in found:
            while sheet[0] == kind and found[sheet] in onward:
                found[sheet] = onward[found[sheet]]
    return found


def layers_of(form: Format, uids: Collection[str], rows: Mapping[str, Any]) -> dict[str, tuple[list[Layer], bool]]:
    """For each sheet: everything that is said of it, in order, and whether every record that gives it needs a person."""
    found: dict[str, tuple[list[Layer], bool]] = {}
    spoken: dict[str, list[Link]] = {}
    links = Link.objects.filter(kind=form.kind, target__in=uids).select_related("record").order_by("pk")
    for link in links.defer("record__payload", "record__mapped"):
        spoken.setdefault(link.target, []).append(link)
    merged: dict[str, list[Any]] = {}
    for other in form.model._default_manager.filter(merged_into__in=uids).order_by("source", "ref"):
        merged.setdefault(other.merged_into, []).append(other)
    for uid in uids:
        mine = sorted(spoken.get(uid, ()), key=link_order)
        layers = [layer for link in mine if (layer := layer_of(link, form)) is not None]
        own = [link for link in mine if link.uid == uid]
        if uid in rows and not own:
            layers.insert(0, row_layer(rows[uid], form))
        heard = {link.uid for link in mine}
        layers += [row_layer(other, form) for other in merged.get(uid, ()) if other.uid not in heard]
        if layers:
            found[uid] = (layers, bool(own) and all(link.waits for link in own))
    return found


def composed(form: Format, uids: Collection[str], source: Source | None = None) -> dict[str, Composed]:
    """What each of these sheets should say, by uid. `source` decides the state of those that do not exist yet."""
    rows = {row.uid: row for row in form.model._default_manager.filter(uid__in=uids).order_by("pk")}
    found = {}
    for uid, (layers, waits) in layers_of(form, uids, rows).items():
        row = rows.get(uid)
        key = (row.source, row.ref) if row is not None else (layers[0].source, layers[0].ref)
        made = compose(form, key, layers, row)
        live = source is not None and source.publishes == "at-once" and source.code == key[0] and not waits
        if not (live and (row is None or row.status == Status.REVIEW) and _is_complete(form, made.record)):
            made = replace(made, record=replace(made.record, status=Status.REVIEW.value))
        found[uid] = made
    return found


def _is_complete(form: Format, record: Record) -> bool:
    columns = {field.name for field in form.model._meta.concrete_fields}
    return not what_is_missing(form.model(**{name: value for name, value in record.values.items() if name in columns}))


def refresh(touched: Collection[Target], source: Source | None, today: date, *, origin: str) -> Done:
    """Bring these sheets to what sources say of them now, under the policy. Call it inside a transaction."""
    done = Done()
    for form in FORMATS:
        uids = [uid for kind, uid in sorted(touched) if kind == form.kind]
        if not uids:
            continue
        made = composed(form, uids, source)
        held = _Held(form, made)
        outcome = write(form.model, [one.record for one in made.values()], origin=origin, judge=held.judge)
        done.created += outcome.created
        done.changed += outcome.changed
        done.restored += outcome.restored
        done.proposed += _propose(form.kind, made, held, today)
        _promote(form, [uid for uid, one in made.items() if one.record.status == Status.PUBLISHED], origin)
    return done


def _promote(form: Format, uids: Sequence[str], origin: str) -> None:
    """Publish the sheets of a trusted source that waited for a doubt which is no more, if nobody of the office touched them."""
    waiting = form.model._default_manager.filter(uid__in=uids, status=Status.REVIEW).order_by("pk")
    found = {sheet.uid: sheet for sheet in waiting}
    if not found:
        return
    people = Entry.objects.filter(subject_kind=form.kind, subject_uid__in=list(found), actor__isnull=False).order_by("pk")
    for uid in set(people.values_list("subject_uid", flat=True)):
        found.pop(uid, None)
    pks = [sheet.pk for sheet in found.values()]
    form.model._default_manager.filter(pk__in=pks).update(status=Status.PUBLISHED, modified_at=timezone.now())
    changes = {"status": [Status.REVIEW.value, Status.PUBLISHED.value]}
    Entry.objects.bulk_create([entry_for("published", sheet, changes=changes, note=origin) for sheet in found.values()])
    moved(form.model, pks)


@dataclass(slots=True)
class _Held:
    """What a batch may not write: uid → column → (value now, value proposed)."""

    form: Format
    made: Mapping[str, Composed]
    changes: dict[str, dict[str, tuple[Any, Any]]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def judge(self, row: Any, record: Record, changes: dict[str, Any]) -> dict[str, Any]:
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
                told = {**record.values[name]}
                for one in held:
                    told.pop(one, None)
                    if one in getattr(row, name):
                        told[one] = getattr(row, name)[one]
                if told == getattr(row, name):
                    del now[name]
                else:
                    now[name] = told
        return now


def _propose(kind: str, made: Mapping[str, Composed], held: _Held, today: date) -> int:
    """Keep what waits for a person; forget what sources no longer ask. Returns how many changes are new."""
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
        if Proposal.State.WAITING in states and key not in wanted
    ]
    Proposal.objects.filter(pk__in=stale).delete()
    Proposal.objects.bulk_create(new)
    Proposal.objects.bulk_update(changed, ("before", "after", "source", "ref", "proposed_on"), batch_size=100)
    return len(new)


def _structure_uids(held: _Held) -> dict[int, str]:
    """The uids of the structures between which sheets would move, by primary key."""
    pks = {pk for changes in held.changes.values() for pk in changes.get("structure_id", ())}
    return dict(Structure.objects.filter(pk__in=pks).order_by("pk").values_list("pk", "uid")) if pks else {}


def _states(touched: Collection[Target]) -> dict[Target, str]:
    """The state of each of these sheets."""
    found: dict[Target, str] = {}
    for kind, model in MODELS.items():
        uids = [uid for of, uid in touched if of == kind]
        if uids:
            rows = model._default_manager.filter(uid__in=uids).order_by("pk").values_list("uid", "status")
            found |= {(kind, uid): status for uid, status in rows}
    return found


def settle_again(source: str) -> None:
    """A person may have published since what waited yesterday: look at the sheets of the waiting records again."""
    waiting = RawRecord.objects.filter(source=source, outcome=RawRecord.Outcome.WAITING).exclude(applied_key="")
    pks = list(waiting.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), BATCH):
        links: dict[int, set[Target]] = {}
        for pk, kind, uid in (
            Link.objects.filter(record__in=pks[start : start + BATCH]).order_by("pk").values_list("record", "kind", "target")
        ):
            links.setdefault(pk, set()).add((kind, uid))
        states = _states({target for targets in links.values() for target in targets})
        settled = [
            pk for pk, targets in links.items() if not {Status.REVIEW, Status.DRAFT} & {states.get(one, "") for one in targets}
        ]
        RawRecord.objects.filter(pk__in=settled).update(outcome=RawRecord.Outcome.PUBLISHED)
