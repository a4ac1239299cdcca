"""What an import did, for the person who ran it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from maillage.interop.problems import Problem

#: Warnings of the same sort are told once, with the first lines where they occur.
_LINES_SHOWN = 5


@dataclass(slots=True)
class FileReport:
    """The count of one file."""

    file: str
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    restored: int = 0
    withdrawn: int = 0
    repeated: int = 0
    refused: int = 0

    def sentence(self) -> str:
        """The count in one line."""
        parts = [
            f"{self.created} créées",
            f"{self.changed} modifiées",
            f"{self.unchanged} inchangées",
            f"{self.refused} refusées",
        ]
        if self.restored:
            parts.append(f"{self.restored} revenues (comptées dans les modifiées)")
        if self.withdrawn:
            parts.append(f"{self.withdrawn} retirées par leur source")
        if self.repeated:
            parts.append(f"{self.repeated} lignes répétées à l’identique")
        return f"{self.file} : {', '.join(parts)}."


@dataclass(slots=True)
class Report:
    """The whole import. `nothing_written` when a dry run or `--strict` kept it from writing."""

    files: list[FileReport] = field(default_factory=list)
    refusals: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    nothing_written: bool = False
    _warnings: dict[tuple[str, str, str], tuple[int, list[str]]] = field(default_factory=dict)

    def warn(self, problem: Problem) -> None:
        """Add a warning to those of its sort."""
        count, first = self._warnings.setdefault((problem.file, problem.field, problem.reason), (0, []))
        if len(first) < _LINES_SHOWN:
            first.append(f"{problem.line} (« {problem.value} »)" if problem.value else str(problem.line))
        self._warnings[problem.file, problem.field, problem.reason] = (count + 1, first)

    def warnings(self) -> Iterator[str]:
        """One sentence for each sort of warning."""
        for (file, name, reason), (count, first) in self._warnings.items():
            more = f" et {count - len(first)} autres" if count > len(first) else ""
            plural = "lignes" if count > 1 else "ligne"
            yield f"{file}, {plural} {', '.join(first)}{more}, champ « {name} » : {reason}"

    @property
    def warned(self) -> int:
        """How many warnings, repeated ones counted."""
        return sum(count for count, _ in self._warnings.values())

    @property
    def refused(self) -> int:
        """How many lines were refused."""
        return sum(file.refused for file in self.files)
