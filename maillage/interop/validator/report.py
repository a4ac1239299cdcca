"""What is wrong with a file, gathered: one group per field and reason, with the lines where it occurs."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from maillage.catalogue.quality import Score
from maillage.interop.problems import shown

#: Groups and examples beyond these are counted, not listed: a file with one error per line has one group.
GROUPS_AT_MOST, EXAMPLES, RANGES_SHOWN = 100, 3, 12


@dataclass(slots=True)
class Group:
    """One thing that is wrong: where, why, on which lines, and some of the values."""

    part: str  # sheet of a workbook, list of a JSON file; empty when there is one only
    field: str
    reason: str
    numbers: list[int] = dataclasses.field(default_factory=list)
    examples: list[str] = dataclasses.field(default_factory=list)

    def add(self, number: int, value: str) -> None:
        """Count one occurrence."""
        if not self.numbers or self.numbers[-1] != number:
            self.numbers.append(number)
        if value and value not in self.examples and len(self.examples) < EXAMPLES:
            self.examples.append(value)


@dataclass(slots=True)
class Report:
    """The verdict on a file. `stopped` says in a sentence why nothing more could be read; `unit` is « ligne » or « fiche »."""

    kind: str = ""
    unit: str = "ligne"
    records: int = 0
    refused: int = 0
    stopped: str = ""
    remarks: list[str] = dataclasses.field(default_factory=list)
    scores: list[float] = dataclasses.field(default_factory=list)
    to_raise: Counter[str] = dataclasses.field(default_factory=Counter)
    unlisted: int = 0
    _errors: dict[tuple[str, str, str], Group] = dataclasses.field(default_factory=dict)
    _warnings: dict[tuple[str, str, str], Group] = dataclasses.field(default_factory=dict)

    def error(self, number: int, name: str, value: object, reason: str, part: str = "") -> None:
        """One thing that makes a record invalid."""
        self._add(self._errors, number, name, value, reason, part)

    def warning(self, number: int, name: str, value: object, reason: str, part: str = "") -> None:
        """One thing that would be better otherwise."""
        self._add(self._warnings, number, name, value, reason, part)

    def _add(
        self, groups: dict[tuple[str, str, str], Group], number: int, name: str, value: object, reason: str, part: str
    ) -> None:
        key = (part, name, reason)
        if key not in groups:
            if len(groups) >= GROUPS_AT_MOST:
                self.unlisted += 1
                return
            groups[key] = Group(part, name, reason)
        groups[key].add(number, "" if value is None or value == "" else shown(value))

    def scored(self, score: Score) -> None:
        """The quality of one record."""
        self.scores.append(score.value)
        self.to_raise.update(one.name for one in score.to_raise)

    @property
    def errors(self) -> list[Group]:
        """Errors by field, the most frequent first within a field."""
        return _by_field(self._errors.values())

    @property
    def warnings(self) -> list[Group]:
        """Warnings by field."""
        return _by_field(self._warnings.values())

    @property
    def is_valid(self) -> bool:
        """Was the whole file read, with no error and at least one record?"""
        return not self.stopped and not self._errors and self.records > 0

    @property
    def score(self) -> float | None:
        """The mean quality of the records that have one (0 to 1); None when none has."""
        return round(sum(self.scores) / len(self.scores), 2) if self.scores else None

    def where(self, group: Group) -> str:
        """« lignes 3 à 12 et 15 », in the reader's language."""
        return ranges(group.numbers, self.unit)


def _by_field(groups: Iterable[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: (group.part, group.field, -len(group.numbers), group.numbers))


def ranges(numbers: list[int], unit: str = "ligne") -> str:
    """Numbers in words: « ligne 4 », « lignes 3 à 12 et 15 », « tout le fichier » when the only one is 0."""
    kept = sorted({number for number in numbers if number})
    if not kept:
        return _("tout le fichier")
    spans: list[tuple[int, int]] = []
    for number in kept:
        if spans and number == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    said = [str(first) if first == last else _("%(first)d à %(last)d") % {"first": first, "last": last} for first, last in spans]
    if len(said) > RANGES_SHOWN:
        more = sum(last - first + 1 for first, last in spans[RANGES_SHOWN:])
        said = [*said[:RANGES_SHOWN], _("%(count)d autres") % {"count": more}]
    names = {"ligne": (_("ligne"), _("lignes")), "fiche": (_("fiche"), _("fiches"))}[unit]
    listed = said[0] if len(said) == 1 else _("%(first)s et %(last)s") % {"first": ", ".join(said[:-1]), "last": said[-1]}
    return f"{names[len(kept) > 1]} {listed}"
