"""XLSX workbooks → lines of text cells. Values are read as the spreadsheet kept them; formulas are never evaluated."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from maillage.interop.sources.contract import Unreadable
from maillage.kit.archives import UnsafeArchive, safe_archive

_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_UNCALCULATED = re.compile(rb"(?:</f>|<f [^<>]*/>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
_CHUNK, _OVERLAP = 1 << 20, 300


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook being read: the lines of one sheet, the names of all, and French sentences about what a person should know."""

    lines: Iterator[tuple[int, list[str]]]
    notes: tuple[str, ...]
    sheets: tuple[str, ...]
    sheet: str


def open_workbook(data: bytes, name: str, sheet: str, columns: int) -> Book:
    """Open a workbook after checking its archive; `columns`: at most this many cells of each line. Raises Unreadable."""
    from openpyxl import load_workbook  # not above: a process that reads no such file does without its memory

    archive = _checked(data, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl does not keep (styles, validations) is not read here
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            found = [one for one in book.worksheets if one.sheet_state == "visible"] or list(book.worksheets)
            sheets = tuple(one.title for one in found)
            chosen = next((one for one in found if one.title == sheet), None) or next(filter(_holds_something, found), None)
    except Exception as error:  # a broken workbook breaks openpyxl in any way: for the person it is one thing
        raise _broken(name) from error
    if chosen is None:
        raise Unreadable(f"« {name} » ne contient aucune donnée.")
    notes = [f"Classeur Excel, feuille « {chosen.title} »."]
    try:
        notes += _oddities(archive, chosen._worksheet_path)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise _broken(name) from error
    return Book(_lines(chosen, columns, name), tuple(notes), sheets, chosen.title)


def _broken(name: str) -> Unreadable:
    return Unreadable(f"« {name} » est un classeur abîmé ou incomplet : ouvrez-le, enregistrez-le de nouveau, puis redéposez-le.")


def _checked(data: bytes, name: str) -> zipfile.ZipFile:
    """The archive, when it is a workbook of a reasonable size."""
    try:
        archive = safe_archive(io.BytesIO(data))
    except UnsafeArchive as refusal:
        raise Unreadable(f"« {name} » n’a pas été ouvert : {refusal}") from refusal
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names:
        if "content.xml" in names:
            raise Unreadable(f"« {name} » est un classeur LibreOffice (.ods) : enregistrez-le en .xlsx ou en .csv.")
        raise Unreadable(f"« {name} » est une archive ZIP, pas un classeur : ouvrez-la et déposez le tableau qu’elle contient.")
    return archive


def _holds_something(sheet: Any) -> bool:
    if not hasattr(sheet, "iter_rows"):
        return False  # a chart
    sheet.reset_dimensions()
    return any(value is not None for row in sheet.iter_rows(max_row=200, max_col=50, values_only=True) for value in row)


def _oddities(archive: zipfile.ZipFile, path: str) -> list[str]:
    """What the lines do not show: merged cells, formulas that no spreadsheet has calculated."""
    merged: dict[str, None] = {}
    uncalculated = False
    tail = b""
    with archive.open(path.lstrip("/")) as xml:
        while chunk := xml.read(_CHUNK):
            piece = tail + chunk
            uncalculated = uncalculated or _UNCALCULATED.search(piece) is not None
            merged.update((ref.decode(), None) for ref in _MERGED.findall(piece))
            tail = piece[-_OVERLAP:]
    notes = []
    if merged:
        shown = ", ".join(list(merged)[:3]) + ("…" if len(merged) > 3 else "")
        notes.append(
            f"Des cellules sont fusionnées ({shown}) : la valeur est lue dans la première, les autres sont vides. "
            "Défusionnez-les si chaque ligne doit la porter."
        )
    if uncalculated:
        notes.append(
            "Des formules n’ont pas de résultat enregistré : leurs cellules sont lues comme vides. "
            "Ouvrez le classeur dans un tableur et enregistrez-le pour les calculer."
        )
    return notes


def _lines(sheet: Any, columns: int, name: str) -> Iterator[tuple[int, list[str]]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheet.reset_dimensions()
            for number, row in enumerate(sheet.iter_rows(max_col=columns, values_only=True), 1):
                yield number, [_text(value) for value in row] if any(value is not None for value in row) else []
    except Unreadable:
        raise
    except Exception as error:  # see open_workbook
        raise _broken(name) from error


def _text(value: Any) -> str:
    """A cell as text: whole numbers without decimals, dates AAAA-MM-JJ, booleans oui or non."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, float):
        return repr(round(value, 10))
    return str(value) if isinstance(value, int | timedelta) else str(value).strip()
