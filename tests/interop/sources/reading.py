"""Reads a file through a source's reader, cleaning and mapping, and counts what became of each record: none may be lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from maillage.interop.cleaning import clean
from maillage.interop.formats import OFFERS, RELAYS, STRUCTURES
from maillage.interop.sources.contract import Mapped, Raw, Source
from maillage.interop.sources.registry import source

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
FORMS = {"structures": STRUCTURES, "relays": RELAYS, "offers": OFFERS}


def real(name: str) -> Path:
    """A real file beside the project; skips the test, and says so, when it is absent."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"NON VÉRIFIÉ : {name} n’est pas à côté du projet (dossier shared/data)")
    return path


@dataclass
class Report:
    """What a file gave. `counts` adds up: records = sheets + review + left_out + refused."""

    mapped: dict[str, Mapped] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused_entries: list[str] = field(default_factory=list)

    def lines(self) -> str:
        """The report for a person."""
        counts = ", ".join(f"{name} {count}" for name, count in self.counts.items())
        reasons = "\n".join(f"  {count} × {reason}" for reason, count in self.reasons.most_common())
        return f"{counts}\n{reasons}"


def through(code: str, path: Path) -> Report:
    """Every record of a file through the source `code`."""
    return understood(source(code), source(code).read(path, {}))


def understood(one: Source, records: object) -> Report:
    """Every record given through cleaning and mapping; each entry through the checks of Maillage JSONL."""
    report = Report()
    for raw in records:  # type: ignore[attr-defined]
        assert isinstance(raw, Raw)
        report.counts["records"] += 1
        try:
            mapped = one.map(one.clean(raw))
        except ValueError as error:
            report.counts["refused"] += 1
            report.reasons[f"refusé : {error}"] += 1
            continue
        report.mapped[raw.ref] = mapped
        if mapped.left_out:
            assert (mapped.structures, mapped.relays, mapped.offers) == ((), (), ())
            report.counts["left_out"] += 1
            report.reasons[f"écarté : {mapped.left_out}"] += 1
            continue
        assert mapped.structures or mapped.relays or mapped.offers, f"{raw.ref} vanished"
        report.counts["review" if mapped.review or mapped.unknown else "ready"] += 1
        for said in mapped.review:
            report.reasons[f"à relire : {said}"] += 1
        for unknown in mapped.unknown:
            report.unknown[(unknown.field, unknown.value)] += 1
            report.reasons[f"inconnu : {unknown.field} « {unknown.value} »"] += 1
        _check_entries(one, mapped, report)
    return report


def _check_entries(one: Source, mapped: Mapped, report: Report) -> None:
    known = {f"{kind[:-1]}:{entry['id']}" for kind in FORMS for entry in getattr(mapped, kind)}
    assert set(mapped.deduced) <= known
    for kind, form in FORMS.items():
        for entry in getattr(mapped, kind):
            report.counts[kind] += 1
            cleaned = clean({**entry, "source": one.code}, form, file=one.code)
            assert not [problem for problem in cleaned.warnings if "n’est pas connue" in problem.reason], cleaned.warnings
            report.refused_entries += [str(problem) for problem in cleaned.refusals]


def only(code: str, payload: dict[str, object], ref: str = "1") -> Mapped:
    """One record, made up or taken, through cleaning and mapping."""
    one = source(code)
    return one.map(one.clean(Raw(ref, payload)))
