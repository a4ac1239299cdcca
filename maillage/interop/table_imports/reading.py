"""A file as people send it → its lines of cells, as text. CSV is read by `sources.files`, XLSX by `workbook`; nothing else is.

Lines are given one by one: memory stays that of the file. Every refusal is `Unreadable`, with a French sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from maillage.interop.sources.contract import Unreadable
from maillage.interop.sources.files import text_table
from maillage.interop.table_imports.workbook import open_workbook

#: A larger file is not typed by hand: it has a producer, and a reader of its own in `interop/sources`.
MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 10_000_000, 100_000, 200
#: Empty lines in a row after which the rest of a sheet is taken for formatting without content.
MOST_EMPTY = 20_000
#: Separators on one physical line beyond which it is no table (a list of that many cells would fill the memory).
_MOST_SEPARATORS = 20_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SEPARATORS = {";": "points-virgules", ",": "virgules", "\t": "tabulations", "|": "barres verticales"}
_ENCODINGS = {"utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252", "latin-1": "ISO 8859-1"}

Line = tuple[int, list[str]]  # its number in the file, from 1, and its cells


@dataclass(frozen=True, slots=True)
class Reading:
    """A file being read. `notes` are French sentences about it; `sheets` are the names of a workbook's sheets, `sheet` the one read."""

    lines: Iterator[Line]
    notes: tuple[str, ...]
    sheets: tuple[str, ...] = ()
    sheet: str = ""


def read(data: bytes, name: str, sheet: str = "") -> Reading:
    """Open a file. Raises Unreadable at once, or while lines are read. `sheet`: the one to read, else the first that holds something."""
    if not data:
        raise Unreadable(f"« {name} » est vide.")
    if len(data) > MOST_BYTES:
        raise Unreadable(f"« {name} » dépasse {MOST_BYTES // 1_000_000} Mo : découpez-le en plusieurs fichiers.")
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise Unreadable(f"« {name} » est protégé par un mot de passe : ouvrez-le, retirez la protection, puis redéposez-le.")
        raise Unreadable(f"« {name} » est un ancien classeur Excel (.xls) : ouvrez-le et enregistrez-le en .xlsx ou en .csv.")
    if data.startswith(b"PK"):
        book = open_workbook(data, name, sheet, MOST_COLUMNS + 1)
        return Reading(_bounded(book.lines, name), book.notes, book.sheets, book.sheet)
    text = text_table(data, name)
    _no_endless_line(data, text.separator, name)
    notes = [
        f"Fichier CSV, colonnes séparées par des {_SEPARATORS[text.separator]}, encodage {_ENCODINGS[text.encoding]}.",
    ]
    return Reading(_bounded(text.lines, name), tuple(notes))


def _no_endless_line(data: bytes, separator: str, name: str) -> None:
    sign = separator.encode()
    if data.count(sign) > _MOST_SEPARATORS and any(line.count(sign) > _MOST_SEPARATORS for line in data.split(b"\n")):
        raise Unreadable(f"« {name} » a une ligne de plus de {_MOST_SEPARATORS} cellules : ce n’est pas un tableau.")


def _bounded(lines: Iterator[Line], name: str) -> Iterator[Line]:
    """The lines that hold something, without the apostrophe that our own files put before what looks like a formula."""
    kept = before = 0
    for number, cells in lines:
        if number - before > MOST_EMPTY:
            return
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        before = number
        kept += 1
        if kept > MOST_ROWS + 1:
            raise Unreadable(f"« {name} » a plus de {MOST_ROWS} lignes : découpez-le en plusieurs fichiers.")
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(f"« {name} » a plus de {MOST_COLUMNS} colonnes (ligne {number}) : gardez celles qui servent.")
        yield number, [plain(cell) if cell[0:1] == "'" else cell for cell in cells]


#: A text that begins with one of these would be run as a formula by a spreadsheet.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """A text with an apostrophe before what a spreadsheet would run."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def plain(text: str) -> str:
    """The text as it was before `harmless`."""
    return text[1:] if text[1:].startswith(DANGEROUS) else text
