"""Files of campaigns as rows of text: (line number, {column: text}). Every cell is text until the form reads it. No Django."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from maillage.kit.archives import Limits, UnsafeArchive, safe_archive

LARGEST_BYTES = 5_000_000
LARGEST_ROWS = 5_000
#: An office file of a few thousand lines is a few dozen entries.
_LIMITS = Limits(unpacked=60_000_000, entries=500)
Row = tuple[int, dict[str, str]]


class UnreadableFile(ValueError):
    """The file cannot be read at all; the message is a French sentence."""


def read_rows(name: str, content: bytes) -> list[Row]:
    """The rows of a file, by what it begins with and then by its name. Raises UnreadableFile."""
    if len(content) > LARGEST_BYTES:
        raise UnreadableFile(f"Ce fichier dépasse {LARGEST_BYTES // 1_000_000} Mo : coupez-le en plusieurs.")
    if content.startswith(b"PK"):
        rows = _xlsx(content)
    else:
        text = _text(content)
        rows = (
            _jsonl(text) if name.lower().endswith((".jsonl", ".ndjson", ".json")) or text.lstrip().startswith("{") else _csv(text)
        )
    found: list[Row] = []
    for row in rows:
        if len(found) >= LARGEST_ROWS:
            raise UnreadableFile(f"Ce fichier a plus de {LARGEST_ROWS} lignes : coupez-le en plusieurs.")
        found.append(row)
    if not found:
        raise UnreadableFile("Ce fichier ne contient aucune campagne : il faut une ligne de titres, puis une ligne par campagne.")
    return found


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableFile("Ce fichier n’est pas un texte lisible : enregistrez-le en CSV UTF-8, en XLSX ou en JSONL.")


def _csv(text: str) -> Iterator[Row]:
    first = text.split("\n", 1)[0]
    delimiter = max((";", ",", "\t"), key=first.count)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        header = [name.strip().lower() for name in reader.fieldnames or ()]
        _check_header(header)
        reader.fieldnames = header
        for row in reader:
            if None in row:
                raise UnreadableFile(
                    f"Ligne {reader.line_num} : il y a plus de cases que de titres. Vérifiez les « {delimiter} » dans les textes."
                )
            values = {name: (value or "").strip() for name, value in row.items()}
            if any(values.values()):
                yield reader.line_num, values
    except csv.Error as error:
        raise UnreadableFile(f"Ce fichier CSV est mal formé vers la ligne {reader.line_num} : {error}.") from error


def _xlsx(content: bytes) -> Iterator[Row]:
    import openpyxl  # not above: a process that reads no such file does without its memory

    try:
        with safe_archive(io.BytesIO(content), _LIMITS):
            pass
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except UnsafeArchive as refusal:
        raise UnreadableFile(f"Fichier refusé : {refusal}") from refusal
    except Exception as error:  # openpyxl raises whatever a damaged part makes it raise
        raise UnreadableFile("Ce fichier n’est pas un classeur XLSX lisible : enregistrez-le à nouveau.") from error
    try:
        sheet = book.worksheets[0]
        lines = sheet.iter_rows(max_row=LARGEST_ROWS + 2, max_col=60, values_only=True)
        header = [cell_text(cell).lower() for cell in next(lines, ())]
        _check_header(header)
        for number, line in enumerate(lines, 2):
            values = {name: cell_text(cell) for name, cell in zip(header, line, strict=False) if name}
            if any(values.values()):
                yield number, values
    except UnreadableFile:
        raise
    except Exception as error:
        raise UnreadableFile("Une feuille de ce classeur est abîmée : enregistrez-le à nouveau.") from error
    finally:
        book.close()


def _jsonl(text: str) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line, parse_float=str)
        except (ValueError, RecursionError) as error:
            raise UnreadableFile(f"Ligne {number} : ce n’est pas du JSON. Il faut un objet par ligne.") from error
        if not isinstance(value, dict):
            raise UnreadableFile(f"Ligne {number} : attendu un objet JSON, avec une clé par colonne.")
        yield number, {str(name): cell_text(cell) for name, cell in value.items()}


def _check_header(header: list[str]) -> None:
    if "identifiant" not in header:
        raise UnreadableFile("La colonne « identifiant » manque : elle dit quelle campagne une ligne met à jour.")
    named = [name for name in header if name]
    if len(set(named)) != len(named):
        raise UnreadableFile("Deux colonnes portent le même titre.")


def cell_text(value: Any) -> str:
    """A cell as somebody would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value).strip()[:6_000]
