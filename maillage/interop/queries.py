"""Reads for the pages and commands about sources. Counts are made by the database, a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q

from maillage.catalogue.access import MODELS
from maillage.interop.models import Duplicate, Merge, Proposal, RawRecord, Run
from maillage.interop.sources.contract import Source
from maillage.interop.sources.registry import sources
from maillage.interop.steps.run import is_due


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source and where it stands. `source` is None when its folder is no longer there and its records are."""

    code: str
    source: Source | None
    last: Run | None  # the last read that was applied
    quarantine: Run | None
    outcomes: Mapping[str, int] = field(default_factory=dict)  # records by outcome, those of the last reads
    missing: int = 0
    proposals: int = 0
    due: bool = False

    @property
    def name(self) -> str:
        """What people call it."""
        return self.source.name if self.source else self.code

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "code": self.code,
            "name": self.name,
            "last_read": self.last.finished_at.isoformat() if self.last and self.last.finished_at else None,
            "counts": self.last.counts if self.last else {},
            "quarantine": self.quarantine.reason if self.quarantine else None,
            "proposals": self.proposals,
            "missing": self.missing,
            "due": self.due,
        }


def source_lines(today: date, known: Mapping[str, Source] | None = None) -> list[SourceLine]:
    """Every source of the installation, and those that left it but whose records are here. `known`: the sources, when the caller has them."""
    known = sources() if known is None else known
    last = _latest(Q(state=Run.State.DONE))
    quarantined = _latest(Q(state=Run.State.QUARANTINED))
    outcomes: dict[str, dict[str, int]] = {}
    missing: dict[str, int] = {}
    rows = RawRecord.objects.order_by("source", "outcome").values("source", "outcome")
    for row in rows.annotate(present=Count("pk", filter=Q(missing_since=None)), gone=Count("pk", filter=~Q(missing_since=None))):
        outcomes.setdefault(row["source"], {})[row["outcome"]] = row["present"]
        missing[row["source"]] = missing.get(row["source"], 0) + row["gone"]
    proposals = _counted(Proposal.objects.filter(state=Proposal.State.WAITING))
    codes = sorted({*known, *last, *quarantined, *outcomes})
    return [
        SourceLine(
            code,
            known.get(code),
            last.get(code),
            quarantined.get(code),
            outcomes.get(code) or _counted_by(last.get(code)),
            missing.get(code, 0),
            proposals.get(code, 0),
            code in known and is_due(known[code], last.get(code), today),
        )
        for code in codes
    ]


def _counted_by(last: Run | None) -> dict[str, int]:
    """What a read counted, for sources that keep no record (tables)."""
    counts = last.counts if last else {}
    return {outcome: counts.get(outcome.replace("-", "_"), 0) for outcome in RawRecord.Outcome.values} if counts else {}


def _latest(which: Q) -> dict[str, Run]:
    rows = Run.objects.filter(which).order_by("source").values("source").annotate(last=Max("pk"))
    return {run.source: run for run in Run.objects.filter(pk__in=[row["last"] for row in rows]).order_by("pk")}


def _counted(rows: Any) -> dict[str, int]:
    return dict(rows.order_by("source").values_list("source").annotate(count=Count("pk")))


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a person."""

    quarantines: int
    proposals: int
    duplicates: int


def waiting() -> Waiting:
    """Count what waits: three queries."""
    return Waiting(
        Run.objects.filter(state=Run.State.QUARANTINED).count(),
        Proposal.objects.filter(state=Proposal.State.WAITING).count(),
        Duplicate.objects.filter(state=Duplicate.State.WAITING).count(),
    )


def records(code: str, outcome: str) -> Any:
    """The records of a source with an outcome, in order of ref; `missing` for those that it no longer gives."""
    found = RawRecord.objects.filter(source=code).defer("payload", "mapped").prefetch_related("links")
    if outcome == "missing":
        return found.filter(missing_since__isnull=False).order_by("missing_since", "ref")
    return found.filter(outcome=outcome, missing_since__isnull=True).order_by("ref")


def proposals(source: str = "") -> Any:
    """The changes that wait, those of one sheet together."""
    found = Proposal.objects.filter(state=Proposal.State.WAITING).order_by("name", "kind", "uid", "field")
    return found.filter(source=source) if source else found


def sheets_by_uid(asked: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    """The sheets of these kinds and uids: one query per kind."""
    by_kind: dict[str, set[str]] = {}
    for kind, uid in asked:
        by_kind.setdefault(kind, set()).add(uid)
    found = {}
    for kind, uids in by_kind.items():
        for sheet in MODELS[kind]._default_manager.filter(uid__in=uids).order_by("pk"):
            found[kind, sheet.uid] = sheet
    return found


def duplicates(kind: str = "") -> Any:
    """The pairs to decide, surest first."""
    found = Duplicate.objects.filter(state=Duplicate.State.WAITING).order_by("-score", "pk")
    return found.filter(sheet_kind=kind) if kind else found


def merges() -> Any:
    """Every merge, latest first."""
    return Merge.objects.order_by("-pk")
