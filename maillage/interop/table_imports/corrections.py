"""Refused rows told to the person: grouped by field with their lines, and given back as a file to correct."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from dataclasses import field as made_of
from typing import Any

from django.db.models import Count, Min
from django.db.models.query import QuerySet

from maillage.interop.table_imports.models import TableImport, TableProblem
from maillage.interop.table_imports.reading import harmless
from maillage.interop.table_imports.shape import rows_of

#: Sorts of problems shown, and problems read to say their lines: a table refused whole says enough with its first ones.
SHOWN, READ = 40, 5_000
#: The heading of the column that says what is wrong. It goes to no field when the file comes back.
PROBLEM = "problème"
_RANGES = 12


@dataclass(slots=True)
class Group:
    """One sort of problem: the field, the reason, how many rows, their lines as ranges, some of the values."""

    field: str
    reason: str
    count: int
    lines: str = ""
    values: list[str] = made_of(default_factory=list)
    _lines: list[int] = made_of(default_factory=list)


def groups(table: TableImport) -> list[Group]:
    """The problems of a table, most frequent first. Two reads, whatever their number."""
    all_problems: QuerySet[TableProblem, Any] = table.problems.order_by()
    found = {
        (field, reason): Group(field, reason, count)
        for field, reason, count, _ in all_problems.values_list("field", "reason")
        .annotate(count=Count("pk"), first=Min("line"))
        .order_by("-count", "first", "field", "reason")[:SHOWN]
    }
    for name, reason, line, value in table.problems.order_by("line", "pk").values_list("field", "reason", "line", "value")[:READ]:
        group = found.get((name, reason))
        if group is None:
            continue
        group._lines.append(line)
        if value and value not in group.values and len(group.values) < 3:
            group.values.append(value)
    for group in found.values():
        group.lines = ranges(group._lines, more=len(group._lines) < group.count)
    return list(found.values())


def ranges(lines: Iterable[int], *, more: bool = False) -> str:
    """« 3 à 12, 15, 20 »; `more`: there are others, said with « … »."""
    runs: list[tuple[int, int]] = []
    for line in lines:
        if runs and line <= runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], line)
        else:
            runs.append((line, line))
    shown = [
        str(first) if first == last else f"{first}, {last}" if last == first + 1 else f"{first} à {last}"
        for first, last in runs[:_RANGES]
    ]
    return ", ".join(shown) + ("…" if more or len(runs) > _RANGES else "")


def corrections(table: TableImport) -> Iterator[bytes]:
    """The refused rows as a CSV for French spreadsheets: the columns of the file, then what is wrong. No cell can run as a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    buffer.write("\ufeff")
    names = [column["name"] for column in table.columns]
    place = names.index(PROBLEM) if PROBLEM in names else -1  # a file that was corrected once already
    writer.writerow([harmless(name) for at, name in enumerate(names) if at != place] + [PROBLEM])
    problems = table.problems.order_by("line", "pk").values_list("line", "field", "reason").iterator()
    refused = {line: list(rest) for line, rest in itertools.groupby(problems, key=lambda one: one[0])}
    for line, row in rows_of(bytes(table.content.grid)):
        if line not in refused:
            continue
        cells = [row[at] if at < len(row) else "" for at in range(len(names)) if at != place]
        said = " ; ".join(f"{_column_of(table, name)} : {reason}" if name else reason for _, name, reason in refused[line])
        writer.writerow([harmless(cell) for cell in (*cells, said)])
        if buffer.tell() > 60_000:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _column_of(table: TableImport, key: str) -> str:
    """The heading of the column at fault, as the person knows it; else the key."""
    return next((name for name, target in table.matching.get("columns", {}).items() if target == key), key)
