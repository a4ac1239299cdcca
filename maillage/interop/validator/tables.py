"""CSV and XLSX that somebody sends → a heading and rows of texts, or a French sentence. Whatever the file holds."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from maillage.interop.tables.columns import TABLES, Table
from maillage.kit.archives import UnsafeArchive, safe_archive

DELIMITERS = ";,\t|"
COLUMNS_AT_MOST = 300
#: Parts of a workbook that are read whole into memory, and how large they may be; only sheets are read as they come.
_PART_AT_MOST = {"xl/sharedStrings.xml": 20_000_000}
_OTHER_PART_AT_MOST = 3_000_000
_SHEETS_AT_MOST = 20
#: Marks of other formats, and what to do.
SIGNATURES = (
    (b"%PDF", "ce fichier est un PDF : il faut le tableau ou les données, en CSV, XLSX ou JSON."),
    (b"\xd0\xcf\x11\xe0", "ce fichier est un ancien classeur Excel (.xls) : enregistrez-le en .xlsx ou en CSV."),
    (b"\x1f\x8b", "ce fichier est compressé (gzip) : décompressez-le, puis envoyez ce qu’il contient."),
    (b"7z\xbc\xaf", "ce fichier est une archive 7z : décompressez-la, puis envoyez ce qu’elle contient."),
    (b"Rar!", "ce fichier est une archive RAR : décompressez-la, puis envoyez ce qu’elle contient."),
    (b"\x89PNG", "ce fichier est une image."),
    (b"\xff\xd8\xff", "ce fichier est une image."),
    (b"SQLite format 3", "ce fichier est une base de données : exportez-la en CSV ou en JSON."),
)


class Unreadable(ValueError):
    """The file cannot be read as a table or as text; the message is a French sentence."""


@dataclass(frozen=True, slots=True)
class Read:
    """Text of a file, and what had to be guessed to read it (a sentence each)."""

    text: str
    remarks: tuple[str, ...] = ()


def text_of(content: bytes) -> Read:
    """The text of a file in UTF-8, with or without its mark, in UTF-16 with its mark, else in Windows-1252. Raises Unreadable."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError as error:
                raise Unreadable("le texte de ce fichier est abîmé ou incomplet : enregistrez-le en UTF-8.") from error
            text = text.removeprefix("\ufeff")
            return Read(text, () if encoding == "utf-8-sig" else ("Ce fichier est en UTF-16 : enregistrez-le plutôt en UTF-8.",))
    if b"\x00" in content:
        raise Unreadable("ce fichier n’est pas du texte : il contient des octets nuls.")
    try:
        return Read(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        number = content[: error.start].count(b"\n") + 1
        remark = f"Ce fichier n’est pas en UTF-8 (ligne {number}) : nous l’avons lu en Windows-1252 (Latin-1). Enregistrez-le en UTF-8."
        return Read(content.decode("cp1252", "replace"), (remark,))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file: its title (of a workbook), its headings, its rows with the number of their line."""

    title: str
    headings: list[str]
    rows: Iterator[tuple[int, list[str]]]
    heading_line: int = 1


def csv_sheet(text: str) -> Sheet:
    """The table of a CSV text. Its rows raise Unreadable where the text stops making sense."""
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    numbered = _numbered(reader)
    heading_line, headings = next(numbered, (1, []))
    if not any(headings):
        raise Unreadable("ce fichier n’a pas de ligne de titres.")
    return Sheet("", headings, numbered, heading_line)


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines()[:50] if line.strip()), "")
    counts = Counter({sign: first.count(sign) for sign in DELIMITERS})
    sign, count = counts.most_common(1)[0]
    return sign if count else ";"


def _numbered(reader: Any) -> Iterator[tuple[int, list[str]]]:
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = "un guillemet n’est pas fermé, ou ferme au milieu d’un texte"
            if "field larger" in str(error):
                reason = "une cellule a plus de 131 072 signes"
            raise Unreadable(f"ligne {line} : {reason} ; rien n’a été lu au-delà.") from error
        if any(cell.strip() for cell in row):
            yield line, [cell.strip() for cell in row]


def workbook_sheets(file: BinaryIO) -> Iterator[Sheet]:
    """The sheets of an XLSX file that begin with headings. Raises Unreadable when it is not one, or not a safe one."""
    from openpyxl import load_workbook  # not above: a process that reads no such file does without its memory

    try:
        archive = safe_archive(file)
    except UnsafeArchive as unsafe:
        raise Unreadable(str(unsafe)) from unsafe
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names:
        raise Unreadable("ce fichier est une archive ZIP, pas un classeur : envoyez le fichier qu’elle contient.")
    for info in archive.infolist():
        limit = _PART_AT_MOST.get(info.filename, _OTHER_PART_AT_MOST)
        if info.file_size > limit and not info.filename.startswith("xl/worksheets/sheet"):
            raise Unreadable("ce classeur a une partie trop grosse (images, styles…) : enregistrez le tableau seul, ou en CSV.")
    archive.close()
    file.seek(0)
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheets = list(book.worksheets)
    except Exception as error:  # openpyxl raises whatever a broken file makes it meet
        raise Unreadable("ce classeur est abîmé : ouvrez-le dans un tableur et enregistrez-le à nouveau.") from error
    if len(sheets) > _SHEETS_AT_MOST:
        raise Unreadable(f"ce classeur a plus de {_SHEETS_AT_MOST} feuilles.")
    for sheet in sheets:
        rows = _sheet_rows(sheet)
        first = next(rows, None)
        if first is not None:
            yield Sheet(str(sheet.title), first[1], rows, first[0])


def _sheet_rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    try:
        for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=COLUMNS_AT_MOST + 1), 1):
            cells = [_text(value) for value in row]
            while cells and not cells[-1]:  # every row comes as wide as the sheet may be
                cells.pop()
            if cells:
                yield number, cells
    except Unreadable:
        raise
    except Exception as error:  # as above: the XML is read as rows are asked for
        raise Unreadable(f"la feuille « {sheet.title} » de ce classeur est abîmée ; rien n’a été lu au-delà.") from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


def recognised(headings: list[str]) -> Table | None:
    """Which of our tables has these headings; None when it is not one of ours."""
    known = {name: len(set(headings) & table.by_heading.keys()) for name, table in TABLES.items()}
    own = {"offres": "Nature", "relais": "Niveau", "structures": "SIREN"}
    fitting = [name for name in known if {"Identifiant", "Nom", own[name]} <= set(headings)]
    return TABLES[max(fitting, key=lambda name: (known[name], name))] if fitting else None
