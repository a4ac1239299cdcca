"""Workbooks of any length. XlsxWriter makes the book (headings, widths, codebook); rows are poured into its sheets as they come.

Five times quicker than a call per cell, in the memory of one piece: 100,000 offers have three million cells
(docs/decisions/0020-dumps.md). Every text is an inline string: nothing in a cell can be a formula.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from html import escape
from itertools import islice
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from maillage.catalogue.rows import Row
from maillage.interop.addresses import Addresses
from maillage.interop.tables.columns import Cell, Column, Table, codebook
from maillage.interop.tables.writers import cells_of

#: What a cell may hold, and a sheet: Excel refuses the file beyond.
CELL_AT_MOST, ROWS_AT_MOST = 32_767, 1_048_575
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: What a spreadsheet would read as an escaped character.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_END = b"</sheetData>"
_PIECE = 500


def sheet_rows(cells: Iterable[Sequence[Cell]], first: int) -> bytes:
    """Rows as a sheet keeps them; `first` is the number of the first one (2: under the headings)."""
    from xlsxwriter.utility import xl_col_to_name  # not above: a process that writes no such file does without its memory

    names: list[str] = []
    written = []
    for number, each in enumerate(cells, first):
        if not names:
            names = [xl_col_to_name(at) for at in range(len(each))]
        said = [
            _cell(f"{name}{number}", value) for name, value in zip(names, each, strict=True) if value is not None and value != ""
        ]
        written.append(f'<row r="{number}">{"".join(said)}</row>')
    return "".join(written).encode()


def _cell(place: str, value: str | int | float) -> str:
    if type(value) is not str:
        return f'<c r="{place}"><v>{value!r}</v></c>'
    if len(value) > CELL_AT_MOST:
        value = value[: CELL_AT_MOST - 1] + "…"
    if not value.isalnum():
        if not value.isprintable():
            value = _UNWRITABLE.sub("", value).replace("\r\n", "\n").replace("\r", "\n")  # the only end of line there
        if "_x" in value:
            value = _ESCAPE.sub("_x005F_", value)
        value = escape(value, quote=False)
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'


class Poured:
    """A workbook being written: `with Poured(…) as book`, then each `sheet` in turn. The rest of the book is written at the end."""

    def __init__(self, target: IO[bytes], tables: Sequence[Table], addresses: Addresses) -> None:
        self._book = ZipFile(target, "w", ZIP_DEFLATED, compresslevel=1)
        self._skeleton = ZipFile(io.BytesIO(_skeleton(tables, addresses)))
        self._paths = {table.name: f"xl/worksheets/sheet{at}.xml" for at, table in enumerate(tables, 1)}
        self._left = set(self._paths)

    @contextmanager
    def sheet(self, table: Table) -> Iterator[IO[bytes]]:
        """The sheet of a table, open for its rows (as `sheet_rows` gives them). One sheet at a time, each once."""
        self._left.remove(table.name)
        path = self._paths[table.name]
        text = self._skeleton.read(path)
        before, end, after = re.sub(rb"<dimension [^>]*/>", b"", text).partition(_END)
        with self._book.open(path, "w", force_zip64=True) as sheet:
            sheet.write(before)
            yield sheet
            sheet.write(end + after)

    def __enter__(self) -> Poured:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, traceback: object) -> None:
        """Write the sheets nobody poured into, the codebook, styles; nothing of them after an error."""
        with self._book:
            poured = {path for name, path in self._paths.items() if name not in self._left}
            for name in self._skeleton.namelist() if kind is None else ():
                if name not in poured:
                    self._book.writestr(name, self._skeleton.read(name))


def write_workbook(target: IO[bytes], tables: Sequence[tuple[Table, Iterable[Row]]], addresses: Addresses) -> None:
    """A workbook with one sheet per table, then the codebook."""
    with Poured(target, [table for table, _ in tables], addresses) as book:
        for table, found in tables:
            cells = cells_of(table.columns(addresses), found)
            with book.sheet(table) as sheet:
                number = 2
                while some := list(islice(cells, _PIECE)):
                    sheet.write(sheet_rows(some, number))
                    number += len(some)


def _skeleton(tables: Sequence[Table], addresses: Addresses) -> bytes:
    """The book without its rows."""
    import xlsxwriter  # not above: a process that writes no such file does without its memory

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        heading = book.add_format({"bold": True, "bg_color": "#E8F0F1", "bottom": 1})
        lines: list[tuple[str, str, str]] = []
        for table in tables:
            columns = table.columns(addresses)
            sheet = book.add_worksheet(table.title)
            sheet.freeze_panes(1, 0)
            for at, column in enumerate(columns):
                sheet.set_column(at, at, _width(column))
                sheet.write_string(0, at, column.heading, heading)
            lines += [(table.title, column.heading, column.holds) for column in columns]
        _codebook(book, heading, [*lines, *codebook()])
    return target.getvalue()


def _codebook(book: Any, heading: Any, lines: Sequence[tuple[str, str, str]]) -> None:
    sheet = book.add_worksheet("Lexique")
    for at, (title, width) in enumerate((("Table ou liste", 24), ("Colonne ou code", 34), ("Ce que c’est", 60))):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, title, heading)
    for number, line in enumerate(lines, 1):
        for at, text in enumerate(line):
            sheet.write_string(number, at, text)


def _width(column: Column) -> int:
    return {"Nom": 44, "Résumé": 60, "Description": 60, "Comment faire": 44}.get(column.heading, max(12, len(column.heading) + 2))
