"""Clean records → rows, in one place for every import: compare, write what differs, leave what a person edited here.

One call is one transaction with its revision move and its journal lines, so an import killed at any instant and run again
ends in the same state. Batches are short: other writers wait less than a second on SQLite.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.db import connection, models, transaction
from django.utils import timezone

from maillage.catalogue import revision
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.catalogue.models.sheet import uid_for
from maillage.interop.cleaning import Key, Record
from maillage.interop.formats import AnySheet
from maillage.journal.actions import entry_for
from maillage.journal.models import Entry

#: Sheets written by one transaction (`revision.moved` lists as many changes before it asks for a new index).
BATCH = revision.LISTED_AT_MOST
#: Says which of the changes of a sheet are written now; what it leaves out waits elsewhere. Called twice for the same sheet.
Judge = Callable[[Any, Record, dict[str, Any]], dict[str, Any]]
_IMPORT_LOCK = 0x4D61696C  # "Mail": any constant of our own


@dataclass(slots=True)
class Outcome:
    """What one batch did, or would do. `orphans` hang on a structure that nobody knows: they were not written."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    restored: int = 0
    orphans: list[Record] = field(default_factory=list)


@dataclass
class Origin:
    """What the journal names as the subject of a batch: the import itself."""

    name: str
    uid: str = "import"
    KIND: ClassVar[str] = "import"


@dataclass(slots=True)
class _Plan:
    new: list[tuple[Record, int | None]] = field(default_factory=list)
    changes: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)
    pending: list[Record] = field(default_factory=list)  # the records of `new` and `changes`, in the order of the file
    outcome: Outcome = field(default_factory=Outcome)


def write(
    model: AnySheet, records: Sequence[Record], *, origin: str, dry_run: bool = False, announced: Collection[Key] = frozenset(),
    judge: Judge | None = None,
) -> Outcome:  # fmt: skip
    """Bring the rows of these records to what the records say; `origin` names the import in the journal.

    Created sheets have the status of their record. A sheet that its source had withdrawn comes back. Fields in `kept_fields` are
    left alone, and so are a verification made here and what another source filled where this one says nothing. With `dry_run`
    nothing is written; `announced` are the structures that the import would have created by then. `judge` holds changes back.
    """
    structures = _structures_of(records)
    uids = {record.key: uid_for(model.KIND, *record.key) for record in records}
    plan = _plan(model, records, uids, structures, announced if dry_run else frozenset(), judge)
    pending = plan.pending
    if dry_run or not pending:
        return plan.outcome  # nothing to do: do not take SQLite's write lock to find it out
    with transaction.atomic():
        one_import_at_a_time()
        own = {record.key: uids[record.key] for record in pending}
        done = _plan(model, pending, own, structures, frozenset(), judge, lock=True)
        if done.pending:  # another import may have done it in between
            _apply(model, done, uids, origin)
    done.outcome.unchanged += plan.outcome.unchanged
    done.outcome.orphans = plan.outcome.orphans
    return done.outcome


def withdraw_missing(
    model: AnySheet, sources: Collection[str], present: Collection[Key], *, today: date, origin: str, dry_run: bool = False
) -> int:
    """Mark as withdrawn the sheets of these sources that are not among the keys `present`. Returns how many."""
    gone = [
        pk
        for pk, source, ref in _manager(model)
        .filter(source__in=sources, withdrawn_on__isnull=True)
        .order_by("pk")
        .values_list("pk", "source", "ref")
        .iterator()
        if (source, ref) not in present
    ]
    if not dry_run:
        withdraw(model, gone, today=today, origin=origin)
    return len(gone)


def withdraw(model: AnySheet, pks: Sequence[int], *, today: date, origin: str) -> None:
    """Mark these sheets as withdrawn by their source, those that are already excepted."""
    for start in range(0, len(pks), BATCH):
        with transaction.atomic():
            one_import_at_a_time()
            rows = _manager(model).filter(pk__in=pks[start : start + BATCH], withdrawn_on__isnull=True).order_by("pk")
            sheets = list(rows.select_for_update())
            _manager(model).filter(pk__in=[sheet.pk for sheet in sheets]).update(withdrawn_on=today, modified_at=timezone.now())
            Entry.objects.bulk_create(
                [
                    entry_for("withdrawn", sheet, changes={"withdrawn_on": [None, today.isoformat()]}, note=origin)
                    for sheet in sheets
                ]
            )
            moved(model, [sheet.pk for sheet in sheets])


def batches(records: Iterable[Record]) -> Iterable[list[Record]]:
    """Records by groups of `BATCH`, in order: the same file is always cut at the same places."""
    group: list[Record] = []
    for record in records:
        group.append(record)
        if len(group) == BATCH:
            yield group
            group = []
    if group:
        yield group


def _manager(model: AnySheet) -> Any:
    return model.objects


def one_import_at_a_time() -> None:
    """Two imports at once take turns, transaction by transaction. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORT_LOCK])


def _rows_of(model: AnySheet, uids: Mapping[Key, str], *, lock: bool) -> dict[Key, Any]:
    rows = _manager(model).filter(uid__in=uids.values()).order_by("pk")
    return {(row.source, row.ref): row for row in (rows.select_for_update() if lock else rows)}


def _structures_of(records: Sequence[Record]) -> dict[Key, int]:
    uids = {uid_for(Structure.KIND, *record.structure) for record in records if record.structure}
    if not uids:
        return {}
    rows = list(Structure.objects.filter(uid__in=uids).order_by("pk").values_list("pk", "source", "ref", "merged_into"))
    kept = _kept_structures({into for *_, into in rows if into})
    return {(source, ref): kept[into] if into else pk for pk, source, ref, into in rows}


def _kept_structures(uids: Collection[str]) -> dict[str, int]:
    """The structures into which others were merged: uid → primary key of the one that is kept at the end."""
    found: dict[str, int] = {}
    onward: dict[str, str] = {}
    asked = set(uids)
    while asked:
        rows = Structure.objects.filter(uid__in=asked).order_by("pk").values_list("pk", "uid", "merged_into")
        asked = set()
        for pk, uid, into in rows:
            if into:
                onward[uid] = into
                asked |= {into} - onward.keys() - found.keys()
            else:
                found[uid] = pk
    for uid in onward:
        end = uid
        while end in onward:
            end = onward[end]
        found[uid] = found[end]
    return found


def _plan(
    model: AnySheet, records: Sequence[Record], uids: Mapping[Key, str], structures: Mapping[Key, int],
    announced: Collection[Key], judge: Judge | None, *, lock: bool = False,
) -> _Plan:  # fmt: skip
    rows = _rows_of(model, uids, lock=lock)
    plan = _Plan()
    for record in records:
        host = structures.get(record.structure) if record.structure else None
        if record.structure and host is None and record.structure not in announced:
            plan.outcome.orphans.append(record)
            continue
        row = rows.get(record.key)
        if row is None:
            plan.pending.append(record)
            plan.new.append((record, host))
            plan.outcome.created += 1
            continue
        changes = _differences(row, record, host)
        if judge is not None and changes:
            changes = judge(row, record, changes)
        if not changes:
            plan.outcome.unchanged += 1
            continue
        if "withdrawn_on" in changes:
            plan.outcome.restored += 1
        plan.outcome.changed += 1
        plan.pending.append(record)
        plan.changes.append((row, changes))
    return plan


def _differences(row: Any, record: Record, host: int | None) -> dict[str, Any]:
    kept = set(row.kept_fields)
    if row.verified_by:
        kept.add("verified_on")  # somebody verified the sheet here: the source's date does not undo it
    changes = {column: value for column, value in record.values.items() if column not in kept and getattr(row, column) != value}
    if row.provenance and "provenance" not in record.values:
        changes = _without_borrowed(row, record, changes)
    if host is not None and "structure" not in kept and row.structure_id != host:
        changes["structure_id"] = host
    if row.withdrawn_on is not None:
        changes["withdrawn_on"] = None
    return changes


def _without_borrowed(row: Any, record: Record, changes: dict[str, Any]) -> dict[str, Any]:
    """A source that knows of itself only: what another filled on the sheet stays where this one says nothing."""
    others = {name for name, origin in row.provenance.items() if origin["source"] != record.key[0]}
    told = {name: value for name, value in changes.items() if name not in others or value not in (None, "", [], False)}
    if taken_back := others & told.keys():
        told["provenance"] = {name: origin for name, origin in row.provenance.items() if name not in taken_back}
    return told


def _apply(model: AnySheet, plan: _Plan, uids: Mapping[Key, str], origin: str) -> None:
    now = timezone.now()
    touched = _create(model, plan.new, uids, now)
    lines = []
    for row, changes in plan.changes:
        before = {column: _plain(getattr(row, column)) for column in changes}
        _manager(model).filter(pk=row.pk).update(**changes, modified_at=now)
        said = {column: [before[column], _plain(value)] for column, value in changes.items()}
        row.name = changes.get("name", row.name)
        lines.append(entry_for("restored" if "withdrawn_on" in changes else "imported", row, changes=said, note=origin))
        touched.append(row.pk)
    counts = {"created": len(plan.new), "changed": len(plan.changes)}
    lines.append(entry_for("imported", Origin(origin), changes={key: [0, count] for key, count in counts.items() if count}))
    Entry.objects.bulk_create(lines)
    moved(model, touched)


def _create(model: AnySheet, new: Sequence[tuple[Record, int | None]], uids: Mapping[Key, str], now: datetime) -> list[int]:
    """Insert new sheets, all in one prepared statement: three times faster than `bulk_create` on these wide rows."""
    if not new:
        return []
    columns = [column for column in model._meta.concrete_fields if not column.primary_key]
    common = {"created_at": now, "modified_at": now}
    usual = [common.get(column.name, column.get_default()) for column in columns]
    prepared = [column.get_db_prep_save(value, connection) for column, value in zip(columns, usual, strict=True)]
    plain = [isinstance(column, models.CharField | models.TextField | models.FloatField) for column in columns]
    places = list(zip(range(len(columns)), [column.name for column in columns], usual, plain, strict=True))
    known: dict[tuple[int, Any], Any] = {}  # the same lists of codes and dates come again and again
    rows = []
    for record, host in new:
        values = {**record.values, "uid": uids[record.key], "structure": host, "status": record.status}
        row = list(prepared)
        for place, name, empty, is_plain in places:
            value = values.get(name)
            if value is None or value == empty:
                continue
            if is_plain:
                row[place] = value
                continue
            try:
                sign = (place, tuple(value) if isinstance(value, list) else value)
                ready = known.get(sign)
                if ready is None:
                    ready = known[sign] = columns[place].get_db_prep_save(value, connection)
            except TypeError:  # a list of objects has no hash
                ready = columns[place].get_db_prep_save(value, connection)
            row[place] = ready
        rows.append(row)
    names = ", ".join(connection.ops.quote_name(str(column.column)) for column in columns)
    signs = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({names}) VALUES ({signs})", rows)  # noqa: S608  # names of our own columns
    made = [uids[record.key] for record, _ in new]
    return list(_manager(model).filter(uid__in=made).order_by("pk").values_list("pk", flat=True))


def moved(model: AnySheet, touched: list[int]) -> None:
    """Move the catalogue's revision for these sheets, in the current transaction."""
    if model is Offer:
        revision.moved(offers=touched)
    elif model is Relay:
        revision.moved(relays=touched)
    else:
        revision.moved(structures=touched)


def _plain(value: Any) -> Any:
    """A value as the journal keeps it, in JSON."""
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
