"""A synchronisation: one read of a source, carried through every step. Killed at any instant and started again, it ends the same.

What is not finished is found by comparing keys, not remembered: a new read takes over from one that was interrupted.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from maillage.interop.merging.propose import propose
from maillage.interop.models import Link, RawRecord, Run
from maillage.interop.sources.contract import Incomplete, Raw, Source, Unreadable
from maillage.interop.steps import assess, keep, publish, understand, vanish
from maillage.interop.steps.lock import one_at_a_time
from maillage.journal.actions import record

log = logging.getLogger(__name__)

_OPEN = (Run.State.READING, Run.State.APPLYING)


class MissingSettings(ValueError):
    """The service of the source cannot be asked: an environment variable is missing. The message is a French sentence."""


@dataclass(slots=True)
class Rehearsal:
    """What a read would give (`--dry-run`): nothing was written."""

    read: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    stopped: str = ""


class Known(Mapping[str, str]):
    """ref → revision kept, asked of the database one by one: no source fills the memory with its refs."""

    def __init__(self, source: str) -> None:
        self.rows = RawRecord.objects.filter(source=source, missing_since__isnull=True).exclude(revision="").order_by("ref")

    def __getitem__(self, ref: str) -> str:
        found = self.rows.filter(ref=ref).values_list("revision", flat=True).first()
        if found is None:
            raise KeyError(ref)
        return found

    def __iter__(self) -> Iterator[str]:
        return self.rows.values_list("ref", flat=True).iterator(2000)

    def __len__(self) -> int:
        return self.rows.count()


def sync(source: Source, origin: Path | None = None, *, today: date | None = None) -> Run:
    """Read a source and bring the catalogue to what it says. Returns the run: done, or in quarantine with its reason.

    Raises MissingSettings, and Busy when another process reads it. Call it outside requests and transactions.
    """
    require_settings(source, origin)
    today = today or timezone.localdate()
    with one_at_a_time(source.code):
        run = _begin(source, origin)
        try:
            run.reason = _read(run, source, origin, today)
        except Unreadable as error:
            return _quarantine(run, str(error))
        except Exception as error:  # whatever a reader does, yesterday's data stays and a person is told
            log.exception("source %s could not be read", source.code)
            return _quarantine(run, f"La lecture s’est arrêtée sur une erreur imprévue ({type(error).__name__} : {error}).")
        understand.understand(run, source)
        if reason := assess.why_quarantined(run):
            return _quarantine(run, reason)
        return carry_out(run, source, today)


def require_settings(source: Source, origin: Path | None) -> None:
    """Raise MissingSettings when the source's service is asked and an environment variable that it needs is not set."""
    missing = [name for name in source.needs if not os.environ.get(name, "").strip()]
    if origin is None and missing:
        raise MissingSettings(
            f"La source « {source.code} » demande {', '.join(missing)} dans l’environnement. Donnez-la, ou un fichier à lire."
        )


def _begin(source: Source, origin: Path | None) -> Run:
    with transaction.atomic():
        Run.objects.filter(source=source.code, state__in=_OPEN).update(
            state=Run.State.INTERRUPTED,
            finished_at=timezone.now(),
            reason="Arrêtée avant la fin ; la lecture suivante l’a reprise.",
        )
        Run.objects.filter(source=source.code, state__in=(Run.State.QUARANTINED, Run.State.RELEASED)).update(
            state=Run.State.DISMISSED, decided_at=timezone.now(), decided_by="Maillage"
        )
        return Run.objects.create(source=source.code, origin=origin.name[:500] if origin else "")


def _read(run: Run, source: Source, origin: Path | None, today: date) -> str:
    """Keep everything that the reader gives. Returns why it stopped early, empty when it gave everything."""
    counted = _Counted(source.read(origin, Known(source.code)))
    stopped = ""
    try:
        keep.keep(run, counted, today)
        run.complete = True
    except Incomplete as error:
        stopped = str(error)
    run.counts = {"read": counted.count, "repeated": counted.count - run.records.count()}
    run.save(update_fields=["complete", "counts"])
    return stopped


@dataclass
class _Counted:
    """An iterator that counts what it gives."""

    given: Iterator[Raw]
    count: int = 0

    def __iter__(self) -> Iterator[Raw]:
        for raw in self.given:
            self.count += 1
            yield raw


def _quarantine(run: Run, reason: str) -> Run:
    run.state, run.reason, run.finished_at = Run.State.QUARANTINED, reason, timezone.now()
    run.counts = {**run.counts, "records": run.records.count()}
    with transaction.atomic():
        run.save()
        record("quarantined", run, note=reason)
    log.error("source %s is in quarantine (run %s): %s", run.source, run.pk, reason)
    return run


def carry_out(run: Run, source: Source, today: date) -> Run:
    """Apply a read that was understood: sheets, proposals, what is missing, counts."""
    run.state = Run.State.APPLYING
    run.save()
    done = publish.publish(run, source, today)
    _look_for_duplicates(source, today)
    missing = vanish.mark_missing(run, today) if run.complete else 0
    withdrawn = vanish.end_grace(source.code, today)
    publish.settle_again(source.code)
    run.counts = {
        "read": run.counts.get("read", 0), "repeated": run.counts.get("repeated", 0), **assess.tally(run),
        "created": done.created, "changed": done.changed, "restored": done.restored, "missing": missing, "withdrawn": withdrawn,
        "proposed": done.proposed,
    }  # fmt: skip
    run.state, run.finished_at = Run.State.DONE, timezone.now()
    with transaction.atomic():
        run.save()
        if any(run.counts[name] for name in ("created", "changed", "restored", "missing", "withdrawn", "proposed")):
            record("synchronised", run, changes={name: [0, count] for name, count in run.counts.items() if count})
    return run


def _look_for_duplicates(source: Source, today: date) -> None:
    """Compare the sheets of which the source says something new today with those of the other sources."""
    fresh = Link.objects.filter(record__source=source.code, on=today).order_by("pk")
    by_kind: dict[str, set[str]] = {}
    for kind, uid in fresh.values_list("kind", "target").iterator(2_000):
        by_kind.setdefault(kind, set()).add(uid)
    for kind, uids in by_kind.items():
        propose(kind, uids, today=today)


def rehearse(source: Source, origin: Path | None = None, *, progress: Callable[[int], None] = lambda count: None) -> Rehearsal:
    """Read and map without writing anything: how many records would give sheets, wait, be left out or refused, and why."""
    require_settings(source, origin)
    found = Rehearsal()
    try:
        for raw in source.read(origin, Known(source.code)):
            found.read += 1
            progress(found.read)
            ref, revision, payload, digest = keep.prepared(raw)
            if not payload:
                found.outcomes["unchanged"] = found.outcomes.get("unchanged", 0) + 1
                continue
            kept = RawRecord(source=source.code, ref=ref, revision=revision, payload=payload, digest=digest)
            meaning = understand.meaning(kept, source)
            outcome = meaning.verdict or ("waiting" if meaning.waits or source.publishes == "review" else "published")
            found.outcomes[outcome] = found.outcomes.get(outcome, 0) + 1
            for reason in meaning.refused or meaning.waits or ([meaning.left_out] if meaning.left_out else []):
                found.reasons[reason] = found.reasons.get(reason, 0) + 1
    except (Unreadable, Incomplete) as error:
        found.stopped = str(error)
    return found


def is_due(source: Source, last: Run | None, today: date) -> bool:
    """Must this source be read now? It is when its last good read is older than its schedule, or was never made."""
    if not source.every_days:
        return False
    if last is None or last.finished_at is None:
        return True
    return timezone.localdate(last.finished_at) <= today - timedelta(days=source.every_days)


def last_good(code: str) -> Run | None:
    """The last read of a source that was applied."""
    return Run.objects.filter(source=code, state=Run.State.DONE).order_by("-pk").first()
