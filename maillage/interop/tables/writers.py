"""Rows → CSV and GeoJSON, piece by piece. Nothing that a cell holds can run as a formula in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from maillage.catalogue.rows import Row
from maillage.interop.addresses import Addresses
from maillage.interop.jsonl_export import line_of
from maillage.interop.tables.columns import Cell, Column, Table

#: A text that begins with one of these would be read as a formula (OWASP, CSV injection).
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_FLUSH = 500
GEOJSON_BEGIN, GEOJSON_END = b'{"type":"FeatureCollection","features":[\n', b"\n]}\n"


def harmless(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would run. `plain` takes it away again."""
    return f"'{text}" if text.lstrip("'").startswith(DANGEROUS) else text


def plain(text: str) -> str:
    """The text as it was before `harmless`."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(DANGEROUS) else text


_SUSPECT = frozenset((*DANGEROUS, "'"))


def cells_of(columns: Sequence[Column], found: Iterable[Row]) -> Iterator[list[Cell]]:
    """The cells of each row."""
    makers = [column.cell for column in columns]
    return ([make(row) for make in makers] for row in found)


def csv_heading(columns: Sequence[Column]) -> bytes:
    """The first line, after the mark that says UTF-8 to spreadsheets."""
    return b"\xef\xbb\xbf" + csv_lines([[column.heading for column in columns]])


def csv_lines(cells: Iterable[Sequence[Cell]]) -> bytes:
    """Lines for French spreadsheets: semicolons, CR LF (RFC 4180 otherwise)."""
    buffer = io.StringIO()
    write = csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerow
    for each in cells:
        write([harmless(value) if type(value) is str and value[:1] in _SUSPECT else value for value in each])
    return buffer.getvalue().encode()


def csv_parts(table: Table, found: Iterable[Row], addresses: Addresses) -> Iterator[bytes]:
    """A whole CSV file, in pieces."""
    columns = table.columns(addresses)
    yield csv_heading(columns)
    cells = cells_of(columns, found)
    while some := list(islice(cells, _FLUSH)):
        yield csv_lines(some)


def feature(row: Row, line: bytes) -> bytes:
    """One GeoJSON feature (RFC 7946) of a row and of its line of Maillage JSONL, whose keys are its properties."""
    lon, lat = row["lon"], row["lat"]
    point = "null" if lon is None or lat is None else f'{{"type":"Point","coordinates":[{lon!r},{lat!r}]}}'
    return f'{{"type":"Feature","id":"{row["uid"]}","geometry":{point},"properties":'.encode() + line.rstrip(b"\n") + b"}"


def geojson_parts(table: Table, found: Iterable[Row]) -> Iterator[bytes]:
    """A whole GeoJSON file, in pieces: one feature per sheet, without geometry when no place is known."""
    yield GEOJSON_BEGIN
    features = (feature(row, line_of(row, table.form.fields)) for row in found)
    begun = False
    while some := list(islice(features, _FLUSH)):
        yield (b",\n" if begun else b"") + b",\n".join(some)
        begun = True
    yield GEOJSON_END
