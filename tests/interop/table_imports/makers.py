"""Files and tables for the tests of table imports. Names are invented."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from openpyxl import Workbook

from maillage.accounts.models import Person, Role
from maillage.interop.table_imports import drafts, running
from maillage.interop.table_imports.matching import Matching
from maillage.interop.table_imports.models import TableImport, TableSource

HEADINGS = ["Nom", "Ville", "CP", "Mail", "SIRET"]
ROWS = [
    ["Atelier inventé", "Laval", "53000", "accueil@atelier.example.org", ""],
    ["Café associatif imaginaire", "Craon", "53400", "", ""],
    ["Coopérative fictive", "Mayenne", "53100", "bonjour@coop.example.org", "73282932000074"],
]


def csv_bytes(rows: Sequence[Sequence[str]], *, separator: str = ";", encoding: str = "utf-8", end: str = "\n") -> bytes:
    """A CSV file; the first row holds the headings."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=end).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(*sheets: tuple[str, Sequence[Sequence[Any]]], merge: str = "") -> bytes:
    """A workbook with these sheets."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        if merge:
            sheet.merge_cells(merge)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def person(email: str = "alice@example.org") -> Person:
    """Somebody of the animation."""
    return Person.objects.filter(email=email).first() or Person.objects.create_user(email, name="Alice", role=Role.ANIMATION)


def source(code: str = "essai") -> TableSource:
    """The source of a table: the known one, or a new one that is not saved."""
    return TableSource.objects.filter(code=code).first() or TableSource(
        code=code, name=f"Source {code}", licence="Licence Ouverte 2.0"
    )


def uploaded(data: bytes, *, kind: str = "structure", name: str = "liste.csv", code: str = "essai") -> TableImport:
    """A draft."""
    return drafts.upload(data, name=name, kind=kind, source=source(code), person=person())


def matched(table: TableImport, **changes: Any) -> TableImport:
    """The proposed matching with these changes (`columns` completes those proposed), kept."""
    matching = Matching.from_json(table.matching)
    if isinstance(changes.get("columns"), Mapping):
        changes["columns"] = {**matching.columns, **changes["columns"]}
    drafts.match(table, replace(matching, **changes), seen=drafts.version(table))
    return table


def checked(table: TableImport) -> TableImport:
    """The dry run."""
    drafts.check(table)
    assert running.work(table.pk)
    table.refresh_from_db()
    print([(one.line, one.field, one.value, one.reason) for one in table.problems.all()[:20]])  # shown when a test fails
    return table


def written(table: TableImport) -> TableImport:
    """The dry run, then the writing."""
    checked(table)
    assert drafts.confirm(table, person())
    assert running.work(table.pk)
    table.refresh_from_db()
    return table


def imported(
    data: bytes, *, kind: str = "structure", name: str = "liste.csv", code: str = "essai", **changes: Any
) -> TableImport:
    """From the file to the catalogue."""
    return written(matched(uploaded(data, kind=kind, name=name, code=code), **changes))


def counts(table: TableImport) -> dict[str, int]:
    """What became of its rows, without zeros."""
    return {key: count for key, count in table.counts.items() if isinstance(count, int) and count}
