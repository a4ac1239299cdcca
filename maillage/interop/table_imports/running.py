"""The work on the rows of a table, batch by batch: a dry run, then the writing. Resumable, by one process at a time.

A batch is one transaction: sheets, journal, revision, problems, counts and progress. A process that dies loses at most the batch
it was at; another one goes on once the lease is over. What was already written would be found unchanged anyway.
"""

from __future__ import annotations

import itertools
import logging
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from maillage.catalogue.models import Structure
from maillage.catalogue.models.sheet import uid_for
from maillage.interop.cleaning import Key, Record
from maillage.interop.jsonl_import import refresh_statistics
from maillage.interop.models import Run
from maillage.interop.problems import Problem, shown
from maillage.interop.steps.compose import Composed
from maillage.interop.steps.propose import Held, propose
from maillage.interop.table_imports.fields import FORMS
from maillage.interop.table_imports.matching import Matching
from maillage.interop.table_imports.models import TableImport, TableProblem
from maillage.interop.table_imports.reading import Line
from maillage.interop.table_imports.rows import Rows, folded, host_record
from maillage.interop.table_imports.shape import rows_of
from maillage.interop.upsert import BATCH, Outcome, one_import_at_a_time, write
from maillage.journal import actions as journal

log = logging.getLogger(__name__)

State = TableImport.State
#: How long a process may be silent before another takes its work, and how many failures stop a table.
LEASE, MOST_ATTEMPTS = timedelta(seconds=90), 3
#: Rows shown as they will be, sorts of warnings kept, rows from which the database looks at its sizes again.
_FIRST, _WARNINGS, _MANY = 5, 50, 5_000
_LINES_SHOWN = 5


class LeaseLost(Exception):
    """Another process took the work, or a person changed the table."""


@dataclass(slots=True)
class Counts:
    """What became of the rows so far: created + changed + unchanged + repeated + refused = progress."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    repeated: int = 0
    refused: int = 0
    restored: int = 0  # among the changed ones
    proposed: int = 0  # changes of published sheets that wait for a person: fields, not rows
    structures: int = 0  # created because a row names them
    warnings: list[list[Any]] = field(default_factory=list)  # [field, reason, how many, [first lines]]

    def warn(self, problem: Problem) -> None:
        """Add a warning to those of its sort."""
        for kept in self.warnings:
            if kept[0] == problem.field and kept[1] == problem.reason:
                kept[2] += 1
                if len(kept[3]) < _LINES_SHOWN:
                    kept[3].append(problem.line)
                return
        if len(self.warnings) < _WARNINGS:
            self.warnings.append([problem.field, problem.reason, 1, [problem.line]])

    def as_json(self) -> dict[str, Any]:
        """For the database."""
        return {name: getattr(self, name) for name in self.__slots__}


def work(pk: int, *, stop: Callable[[], bool] = lambda: False) -> bool:
    """Do what a table waits for, until it is done or `stop` says so. False when there was nothing to do, or another does it."""
    token = secrets.token_hex(8)
    table = _lease(pk, token)
    if table is None:
        return False
    try:
        _Work(table, token, stop).run()
    except LeaseLost:
        log.info("table %s: the work was taken over", table.uid)
    except Exception:
        log.exception("table %s: a batch failed at row %d", table.uid, table.progress)
        failed = table.attempts >= MOST_ATTEMPTS
        TableImport.objects.filter(pk=pk, leased_by=token).update(
            leased_by="",
            leased_until=None if failed else timezone.now() + timedelta(seconds=5),
            state=State.STOPPED if failed else table.state,
        )
    return True


def waiting() -> list[int]:
    """The tables that wait for a process, oldest first."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=timezone.now())
    return list(
        TableImport.objects.filter(free, state__in=TableImport.WORKING).order_by("touched_at", "pk").values_list("pk", flat=True)
    )


def _lease(pk: int, token: str) -> TableImport | None:
    now = timezone.now()
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    taken = TableImport.objects.filter(free, pk=pk, state__in=TableImport.WORKING).update(
        leased_by=token, leased_until=now + LEASE
    )
    if not taken:
        return None
    table = TableImport.objects.select_related("source", "content", "confirmed_by").get(pk=pk)
    table.attempts += 1
    TableImport.objects.filter(pk=pk).update(attempts=table.attempts)
    return table


class _Work:
    def __init__(self, table: TableImport, token: str, stop: Callable[[], bool]) -> None:
        self.table, self.token, self.stop = table, token, stop
        self.dry_run = table.state == State.CHECKING
        self.form = FORMS[table.kind]
        self.start = 0 if self.dry_run else table.progress  # a dry run remembers structures it would create: it starts over
        self.counts = Counts(**table.counts) if self.start else Counts()
        self.first: list[list[Any]] = [] if self.dry_run else table.first
        source = table.source
        refs: dict[str, str] = {}
        if table.kind != "structure":
            known = Structure.objects.filter(source=source.code).order_by("-ref").values_list("name", "ref")
            refs = {folded(name): ref for name, ref in known.iterator()}
        self.rows = Rows(
            table.kind, [column["name"] for column in table.columns], Matching.from_json(table.matching),
            source=source.code, licence=source.licence, file=table.name, refs=refs,
        )  # fmt: skip
        self.grid = bytes(table.content.grid)
        self.announced: set[Key] = set()

    def run(self) -> None:
        repeated, clashing = self._repeats()
        if not self.start:
            TableProblem.objects.filter(table=self.table).delete()
        progress = self.start
        for batch in _batches(rows_of(self.grid, self.start)):
            if self.stop():
                TableImport.objects.filter(pk=self.table.pk, leased_by=self.token).update(
                    leased_by="", leased_until=None, attempts=0
                )
                return
            progress += len(batch)
            self._batch(batch, repeated, clashing, progress)
        self._finish()

    def _repeats(self) -> tuple[set[int], dict[int, int]]:
        """Lines that say again what another says, and lines that give the same sheet other values: line → one of the others.

        All of those clash, not only the later ones: which came first must not decide.
        """
        seen: dict[str, tuple[int, int]] = {}
        repeated: set[int] = set()
        clashing: dict[int, int] = {}
        for line, row in rows_of(self.grid):
            ref = self.rows.identity(row)
            if not ref:
                continue
            said = self.rows.said(row)
            first, first_said = seen.setdefault(ref, (line, said))
            if first == line:
                continue
            if said == first_said and first not in clashing:
                repeated.add(line)
            else:
                clashing[line] = first
                clashing.setdefault(first, line)
        if clashing:  # a copy of a clashing line clashes too
            firsts = {first: line for line, first in clashing.items()}
            for line, row in rows_of(self.grid):
                if line in repeated and (first := seen[self.rows.identity(row)][0]) in firsts:
                    repeated.discard(line)
                    clashing[line] = first
        return repeated, clashing

    def _batch(self, batch: list[Line], repeated: set[int], clashing: dict[int, int], progress: int) -> None:
        records: list[Record] = []
        problems: list[Problem] = []
        hosts: dict[str, tuple[str, int]] = {}
        counts = self.counts
        for line, row in batch:
            if line in repeated:
                counts.repeated += 1
                continue
            read = self.rows.read(line, row)
            for warning in read.cleaned.warnings:
                counts.warn(warning)
            record = read.cleaned.record
            if line in clashing:
                reason = f"cette ligne et la ligne {clashing[line]} décrivent la même fiche avec des valeurs différentes : gardez-en une."
                problems.append(Problem(self.table.name, line, "id", shown(self.rows.identity(row)), reason))
                counts.refused += 1
            elif record is None:
                problems.extend(read.cleaned.refusals)
                counts.refused += 1
            else:
                records.append(record)
                if read.host and record.structure:
                    hosts.setdefault(record.structure[1], (read.host, line))
                if self.dry_run and len(self.first) < _FIRST:
                    self.first.append(
                        [line, {column: _plain(value) for column, value in record.values.items() if value not in ("", None, [])}]
                    )
        with transaction.atomic():
            if not self.dry_run:
                one_import_at_a_time()
            self._hosts(hosts)
            done = self._write(records)
            counts.created += done.created
            counts.changed += done.changed
            counts.unchanged += done.unchanged
            counts.restored += done.restored
            for orphan in done.orphans:
                counts.refused += 1
                host = orphan.structure[1] if orphan.structure else ""
                reason = "aucune structure de la source n’a cet identifiant : importez d’abord le tableau des structures."
                problems.append(Problem(self.table.name, orphan.line, "structure", shown(host), reason))
            TableProblem.objects.bulk_create(
                TableProblem(table=self.table, line=one.line, field=one.field[:60], value=one.value[:100], reason=one.reason)
                for one in problems
            )
            self._advance(progress)

    def _write(self, records: list[Record]) -> Outcome:
        """Write under the policy of every source: of a published sheet, only the calendar changes without anybody."""
        made = {uid_for(self.form.kind, *record.key): Composed(record, {}) for record in records}
        held = Held(self.form, made)
        done = write(
            self.form.model, records, origin=f"tableau {self.table.name}", dry_run=self.dry_run, announced=self.announced,
            judge=held.judge,
        )  # fmt: skip
        source = self.table.source.code
        self.counts.proposed += propose(self.form.kind, made, held, timezone.localdate(), only=source, dry_run=self.dry_run)
        return done

    def _hosts(self, hosts: dict[str, tuple[str, int]]) -> None:
        """Create the structures that rows name and nobody knows; one that exists is left as it is."""
        source = self.table.source.code
        uids = {uid_for(Structure.KIND, source, ref): ref for ref in hosts if (source, ref) not in self.announced}
        if not uids:
            return
        known = set(Structure.objects.filter(uid__in=uids).order_by("pk").values_list("uid", flat=True))
        new = [
            record
            for uid, ref in uids.items()
            if uid not in known and (record := host_record(self.rows, *hosts[ref])) is not None
        ]
        done = write(Structure, new, origin=f"tableau {self.table.name}", dry_run=self.dry_run) if new else None
        self.counts.structures += done.created if done else 0
        if self.dry_run:
            self.announced.update(record.key for record in new)

    def _advance(self, progress: int) -> None:
        now = timezone.now()
        held = TableImport.objects.filter(pk=self.table.pk, leased_by=self.token, state=self.table.state).update(
            progress=progress, counts=self.counts.as_json(), first=self.first, leased_until=now + LEASE, touched_at=now
        )
        if not held:
            raise LeaseLost
        self.table.progress = progress

    def _finish(self) -> None:
        with transaction.atomic():
            now = timezone.now()
            state = State.CHECKED if self.dry_run else State.DONE
            held = TableImport.objects.filter(pk=self.table.pk, leased_by=self.token, state=self.table.state).update(
                state=state, leased_by="", leased_until=None, finished_at=now, touched_at=now
            )
            if not held:
                raise LeaseLost
            if not self.dry_run:
                done = {name: [0, count] for name, count in self.counts.as_json().items() if isinstance(count, int) and count}
                self._told_as_a_read(now)
                journal.record(
                    "table-imported", self.table, actor=self.table.confirmed_by, changes=done, note=self.table.source.name
                )
        if not self.dry_run and self.counts.created >= _MANY:
            refresh_statistics()

    def _told_as_a_read(self, now: datetime) -> None:
        """The import in the history of its source, with the counts of every other one: `records` = published + refused."""
        counts = self.counts
        published = counts.created + counts.changed + counts.unchanged
        Run.objects.create(
            source=self.table.source.code, state=Run.State.DONE, origin=self.table.name, finished_at=now,
            counts={
                "read": self.table.rows, "repeated": counts.repeated, "records": published + counts.refused, "published": published,
                "waiting": 0, "left_out": 0, "refused": counts.refused, "created": counts.created, "changed": counts.changed,
                "restored": counts.restored, "proposed": counts.proposed, "missing": 0, "withdrawn": 0,
            },
        )  # fmt: skip


def _batches(lines: Iterator[Line]) -> Iterator[list[Line]]:
    while batch := list(itertools.islice(lines, BATCH)):
        yield batch


def _plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
