"""One record after the other: which rules it follows, what they refuse, what it is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from maillage.catalogue.described import described
from maillage.catalogue.quality import score
from maillage.catalogue.rows import OF_STRUCTURE
from maillage.interop.cleaning import Key, clean
from maillage.interop.formats import OFFERS, RELAYS, STRUCTURES, Format
from maillage.interop.inclusion import rules
from maillage.interop.inclusion.mapping import described_record
from maillage.interop.problems import shown
from maillage.interop.tables.columns import HEADINGS
from maillage.interop.validator.report import Report

#: What a file may hold, and how it is said.
WORDS = {
    "structures.jsonl": "Maillage, structures",
    "offers.jsonl": "Maillage, offres",
    "relays.jsonl": "Maillage, relais",
    "structures": "data.inclusion v1, structures",
    "services": "data.inclusion v1, services",
}
Rules = Format | rules.Kind


def rules_of(records: Iterable[Mapping[str, Any]]) -> Rules | None:
    """The rules that these records follow, by the keys that most of them have; None when nothing is recognised."""
    votes: Counter[str] = Counter()
    for record in records:
        found = _rules_of(record)
        if found:
            votes[found] += 1
    if not votes:
        return None
    name = max(votes, key=lambda each: (votes[each], each))
    if name == "structures":
        return "structures"
    return "services" if name == "services" else {form.file: form for form in (STRUCTURES, OFFERS, RELAYS)}[name]


def _rules_of(record: Mapping[str, Any]) -> str:
    keys = record.keys()
    if "nom" in keys or "date_maj" in keys:
        return "services" if {"structure_id", "thematiques", "frais", "modes_mobilisation"} & keys else "structures"
    if "level" in keys:
        return RELAYS.file
    if {"coverage", "kind", "stages"} & keys:
        return OFFERS.file
    return STRUCTURES.file if {"name", "siren", "types"} & keys else ""


@dataclass(slots=True)
class Checker:
    """Checks the records of one list by its rules, and tells the report. `headings` says fields by the heading of their column."""

    rules: Rules
    report: Report
    part: str = ""
    headings: bool = False
    today: date = field(default_factory=date.today)
    _seen: dict[Key, int] = field(default_factory=dict)

    def check(self, number: int, record: Mapping[str, Any]) -> None:
        """One record, at a line (or of a rank)."""
        self.report.records += 1
        good = self._maillage(number, record) if isinstance(self.rules, Format) else self._inclusion(number, record)
        if not good:
            self.report.refused += 1

    def refuse(self, number: int, value: object, reason: str) -> None:
        """A record that could not even be read."""
        self.report.records += 1
        self.report.refused += 1
        self.report.error(number, "", value, reason, self.part)

    def _maillage(self, number: int, record: Mapping[str, Any]) -> bool:
        assert isinstance(self.rules, Format)
        cleaned = clean(record, self.rules, file="", line=number)
        for problem in cleaned.warnings:
            self.report.warning(number, self._field(problem.field), problem.value, problem.reason, self.part)
        for problem in cleaned.refusals:
            self.report.error(number, self._field(problem.field), problem.value, problem.reason, self.part)
        good = self._is_new(number, cleaned.key) and cleaned.record is not None
        if cleaned.record is not None and self.rules is OFFERS:
            nothing = dict.fromkeys((f"structure__{name}" for name in OF_STRUCTURE), "")
            modified = datetime.combine(cleaned.record.values["updated"] or self.today, time(), UTC)
            row = {**nothing, **cleaned.record.values, "modified_at": modified}
            self.report.scored(score(described(row, self.today), self.today))
        return good

    def _inclusion(self, number: int, record: Mapping[str, Any]) -> bool:
        assert not isinstance(self.rules, Format)
        refusals = rules.refusals(record, self.rules)
        for name, value, reason in refusals:
            self.report.error(number, shown(name), value, reason, self.part)
        for name, value, reason in rules.warnings(record, self.rules):
            self.report.warning(number, shown(name), value, reason, self.part)
        source, identifier = record.get("source"), record.get("id")
        key = (source, identifier) if isinstance(source, str) and isinstance(identifier, str) else None
        good = self._is_new(number, key) and not refusals
        if not refusals and self.rules == "services":
            self.report.scored(score(described_record(dict(record)), self.today))
        return good

    def _is_new(self, number: int, key: Key | None) -> bool:
        if key is None:
            return True
        first = self._seen.setdefault(key, number)
        if first != number:
            self.report.error(
                number, self._field("id"), key[1], "cet identifiant est déjà pris plus haut dans le fichier.", self.part
            )
        return first == number

    def _field(self, name: str) -> str:
        return HEADINGS[name][0] if self.headings and name in HEADINGS else name
