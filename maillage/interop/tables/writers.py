"""Rows → CSV, XLSX and GeoJSON. Nothing that a cell holds can run as a formula in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any

import xlsxwriter

from maillage.catalogue.rows import Row
from maillage.interop.addresses import Addresses
from maillage.interop.jsonl_export import entry_of
from maillage.interop.tables.columns import Cell, Column, Table, codebook

#: A text that begins with one of these would be read as a formula (OWASP, CSV injection).
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
#: What a cell of a workbook may hold; Excel refuses the file beyond.
CELL_AT_MOST = 32_767
_FLUSH = 500


def harmless(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would run. `plain` takes it away again."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def plain(text: str) -> str:
    """The text as it was before `harmless`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(DANGEROUS) else text


def csv_parts(table: Table, found: Iterable[Row], addresses: Addresses) -> Iterator[bytes]:
    """A CSV file for French spreadsheets: UTF-8 with its mark, semicolons, CR LF (RFC 4180 otherwise)."""
    columns = table.columns(addresses)
    cells = [column.cell for column in columns]
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([column.heading for column in columns])
    for count, row in enumerate(found, 1):
        writer.writerow([harmless(value) if type(value) is str else value for value in (cell(row) for cell in cells)])
        if not count % _FLUSH:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def geojson_parts(table: Table, found: Iterable[Row], addresses: Addresses) -> Iterator[bytes]:
    """A GeoJSON file (RFC 7946): one feature per sheet, with the keys of Maillage JSONL; no geometry when no place is known."""
    yield b'{"type":"FeatureCollection","features":[\n'
    page = next(column for column in table.columns(addresses) if column.heading == "Page publique").cell
    some: list[str] = []
    first = True
    for row in found:
        properties = entry_of(row, table.form.fields)
        lon, lat = properties.pop("lon", None), properties.pop("lat", None)
        if address := page(row):
            properties["page"] = address
        point = None if lon is None or lat is None else {"type": "Point", "coordinates": [lon, lat]}
        feature = {"type": "Feature", "id": row["uid"], "geometry": point, "properties": properties}
        some.append(("" if first else ",\n") + json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
        first = False
        if len(some) == _FLUSH:
            yield "".join(some).encode()
            some.clear()
    yield "".join(some).encode() + b"\n]}\n"


def write_workbook(target: IO[bytes], tables: Sequence[tuple[Table, Iterable[Row]]], addresses: Addresses) -> None:
    """A workbook with one sheet per table, then the codebook. Memory stays that of one row."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(target, options) as book:
        heading = book.add_format({"bold": True, "bg_color": "#E8F0F1", "bottom": 1})
        described: list[tuple[Table, list[Column]]] = []
        for table, found in tables:
            columns = table.columns(addresses)
            described.append((table, columns))
            sheet = book.add_worksheet(table.title)
            sheet.freeze_panes(1, 0)
            for at, column in enumerate(columns):
                sheet.set_column(at, at, _width(column))
            sheet.write_row(0, 0, [column.heading for column in columns], heading)
            _write_rows(sheet, [column.cell for column in columns], found)
        _write_codebook(book, heading, described)


def _write_rows(sheet: Any, cells: list[Callable[[Row], Cell]], found: Iterable[Row]) -> None:
    text, number = sheet.write_string, sheet.write_number
    for at, row in enumerate(found, 1):
        for column, cell in enumerate(cells):
            value = cell(row)
            if value is None or value == "":
                continue
            if type(value) is str:
                text(at, column, value if len(value) <= CELL_AT_MOST else value[: CELL_AT_MOST - 1] + "…")
            else:
                number(at, column, value)


def _write_codebook(book: Any, heading: Any, described: list[tuple[Table, list[Column]]]) -> None:
    sheet = book.add_worksheet("Lexique")
    for at, width in enumerate((24, 34, 60)):
        sheet.set_column(at, at, width)
    sheet.write_row(0, 0, ["Table ou liste", "Colonne ou code", "Ce que c’est"], heading)
    lines = [(table.title, column.heading, column.holds) for table, columns in described for column in columns]
    for at, line in enumerate([*lines, *codebook()], 1):
        for column, value in enumerate(line):
            sheet.write_string(at, column, value)


def _width(column: Column) -> int:
    return {"Nom": 44, "Résumé": 60, "Description": 60, "Comment faire": 44}.get(column.heading, max(12, len(column.heading) + 2))
