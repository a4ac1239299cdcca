"""Files as producers and partners really write them → tables and JSON records, or one French sentence that says what is wrong.

Any encoding that French administrations use (UTF-8 with or without a byte-order mark, UTF-16, Windows-1252), any separator,
any line ending. Nothing is guessed silently about a broken file: it is refused whole, with the line. Reads no database.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from maillage.interop.sources.contract import Unreadable

#: No open-data file we know is larger (aides-entreprises: 54 MB in November 2026).
LARGEST = 150_000_000
#: A cell longer than this is a sign of unbalanced quotes, not a text.
LONGEST_CELL = 1_000_000
SEPARATORS = ";,\t|"
#: Bytes looked at on each side of the first one that is not UTF-8, to tell what the file is.
_LOOKED_AT = 1_000_000
#: Key under which a record says why it is broken: readers give it as it is, `clean` refuses it (`refuse_broken`).
BROKEN = "§"

# First bytes of files that are not text, whatever their name says.
_SIGNATURES = (
    (
        b"PK\x03\x04",
        "est une archive ZIP (ou un classeur XLSX ou ODS) : ouvrez-la et donnez le fichier CSV ou JSON qu’elle contient.",
    ),
    (b"PK\x05\x06", "est une archive ZIP vide."),
    (b"\x1f\x8b", "est compressé (gzip) : décompressez-le d’abord."),
    (b"7z\xbc\xaf", "est une archive 7z : ouvrez-la et donnez le fichier CSV ou JSON qu’elle contient."),
    (b"\xd0\xcf\x11\xe0", "est un ancien classeur Excel (.xls) : enregistrez-le en CSV ou en XLSX."),
    (b"%PDF", "est un document PDF : il faut un fichier de données, CSV ou JSON."),
    (b"\x89PNG", "est une image : il faut un fichier de données, CSV ou JSON."),
    (b"\xff\xd8\xff", "est une image : il faut un fichier de données, CSV ou JSON."),
)
_WEB_PAGE = re.compile(rb"\s*<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CUT_MULTIBYTE = re.compile(rb"(?:[\xc2-\xf4]|[\xe0-\xf4][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{2})\Z")

csv.field_size_limit(LONGEST_CELL)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: the number of its first line in the file, its cells by column, and what is wrong with it."""

    line: int
    cells: Mapping[str, str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table read whole: its columns in the order of the file, its rows, and how it was written."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    separator: str
    encoding: str
    notes: tuple[str, ...] = field(default=())


def read(path: Path) -> bytes:
    """The bytes of a file. Raises Unreadable when it is absent, a folder, or larger than `LARGEST`."""
    try:
        if path.is_dir():
            raise Unreadable(f"« {path.name} » est un dossier : il faut un fichier.")
        if path.stat().st_size > LARGEST:
            raise Unreadable(f"« {path.name} » dépasse {LARGEST // 1_000_000} Mo : ce n’est pas le fichier attendu.")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"« {path.name} » ne peut pas être lu ({error.strerror or error}).") from error


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Bytes → (text, encoding). Raises Unreadable when they are empty, not text, cut inside a character, or in two encodings."""
    if not data.strip(b"\x00 \t\r\n"):
        raise Unreadable(f"« {name} » est vide.")
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise Unreadable(f"« {name} » {what}")
    if _WEB_PAGE.match(data.removeprefix(b"\xef\xbb\xbf")):
        raise Unreadable(f"« {name} » est une page web, pas un fichier de données : le lien a sans doute changé.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), "utf-16"
        except UnicodeDecodeError as error:
            raise Unreadable(f"« {name} » est tronqué : son dernier caractère est incomplet.") from error
    if b"\x00" in data:
        raise Unreadable(f"« {name} » n’est pas un fichier de texte : il contient des octets nuls.")
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        return _not_utf8(data, name, error)


def _not_utf8(data: bytes, name: str, error: UnicodeDecodeError) -> tuple[str, str]:
    around = data[max(0, error.start - _LOOKED_AT) : error.start + _LOOKED_AT]
    high = len(around.translate(None, bytes(range(128))))
    inside = sum(len(found[0]) for found in _MULTIBYTE.finditer(around))
    if inside > high - inside:  # mostly UTF-8: read as Windows-1252, every accent would be spoilt
        if _CUT_MULTIBYTE.search(data[-3:]) and error.start >= len(data) - 3:
            raise Unreadable(f"« {name} » est tronqué : il s’arrête au milieu d’un caractère.") from error
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            f"« {name} » mélange deux encodages : il est en UTF-8, sauf à la ligne {line}. Enregistrez-le en UTF-8."
        ) from error
    try:
        return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:  # five bytes have no meaning in Windows-1252; ISO 8859-1 has one for each
        return data.decode("latin-1"), "latin-1"


def looks_like_json(text: str) -> bool:
    """Does a text start as JSON does? A CSV whose first heading starts with a bracket does not exist in our sources."""
    return text.lstrip()[:1] in ("{", "[")


def table(data: bytes, name: str, *, required: tuple[str, ...] = ()) -> Table:
    """Bytes of a CSV file → its table.

    Blank lines are skipped, cells are stripped of outer spaces. A row with too many or too few cells is kept with its problem.
    Raises Unreadable when the file is not a table, is cut, has a column twice, or lacks one of `required` (the schema changed).
    """
    text, encoding = decode(data, name)
    if looks_like_json(text):
        raise Unreadable(f"« {name} » contient du JSON : il faut un fichier CSV.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # old Macs end lines with CR alone
    separator = _separator(text)
    lines = _lines(text, separator, name)
    first = next(lines, None)
    if first is None:
        raise Unreadable(f"« {name} » est vide.")
    columns, notes = _columns(first[1], name)
    missing = [column for column in required if column not in columns]
    if missing:
        known = ", ".join(f"« {column} »" for column in missing)
        raise Unreadable(f"« {name} » n’a pas la colonne {known} : le format du producteur a changé, ou c’est un autre fichier.")
    rows = tuple(_row(line, cells, columns) for line, cells in lines)
    return Table(name, tuple(column for column in columns if column), rows, separator, encoding, notes)


@dataclass(frozen=True, slots=True)
class Text:
    """A CSV file before anybody says which line holds its headings: how it is written, and its lines, read as they are asked for."""

    separator: str
    encoding: str
    lines: Iterator[tuple[int, list[str]]]


def text_table(data: bytes, name: str) -> Text:
    """Bytes of a CSV file → its lines that are not blank. Raises Unreadable as `table` does, while lines are read too."""
    text, encoding = decode(data, name)
    if looks_like_json(text):
        raise Unreadable(f"« {name} » contient du JSON : il faut un tableau, en CSV ou en XLSX.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    separator = _usual_separator(text)
    return Text(separator, encoding, _lines(text, separator, name))


def _usual_separator(text: str) -> str:
    """The sign that cuts most of the first lines in the same number of cells: a title may stand above the headings."""
    sample = list(io.StringIO(text[:200_000], newline=""))[:400]
    best, most = ",", (0.0, 0)
    for sign in SEPARATORS:
        try:
            widths = [len(cells) for cells in itertools.islice(filter(any, csv.reader(sample, delimiter=sign)), 50)]
        except csv.Error:
            continue
        for width, count in Counter(width for width in widths if width > 1).most_common(1):
            if (round(count / len(widths), 1), width) > most:
                best, most = sign, (round(count / len(widths), 1), width)
    return best


def _lines(text: str, separator: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV text with the line where each starts; blank ones are skipped."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    start = 1
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if any(cells):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            reason = f"est tronqué, ou un guillemet ouvert ligne {start} n’est jamais fermé."
        elif "field larger" in str(error):
            reason = f"a une cellule de plus de {LONGEST_CELL} signes ligne {start} : un guillemet n’est sans doute pas fermé."
        else:
            reason = f"a un guillemet mal placé ligne {start} : doublez les guillemets à l’intérieur d’une cellule."
        raise Unreadable(f"« {name} » {reason}") from error


def _separator(text: str) -> str:
    """The sign between cells: the one that gives most columns, as many on most of the first lines as on the heading."""
    sample = list(io.StringIO(text[:200_000], newline=""))[:400]
    best, most = ",", (0.0, 0)
    for sign in SEPARATORS:
        widths: list[int] = []
        try:
            for cells in csv.reader(sample, delimiter=sign):
                if any(cells):
                    widths.append(len(cells))
                if len(widths) == 50:
                    break
        except csv.Error:
            continue
        if widths and widths[0] > 1:
            same = sum(width == widths[0] for width in widths) / len(widths)
            if (round(same, 1), widths[0]) > most:
                best, most = sign, (round(same, 1), widths[0])
    return best


def _columns(cells: list[str], name: str) -> tuple[list[str], tuple[str, ...]]:
    """The headings. One without a name is called by its place; the same name twice is refused: nobody could tell which is right."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    found = [" ".join(cell.split()) or f"colonne {place}" for place, cell in enumerate(cells, 1)]
    twice = [column for column, count in Counter(found).items() if count > 1]
    if twice:
        raise Unreadable(
            f"« {name} » a plusieurs colonnes « {twice[0]} » : renommez-les ou supprimez celle qui est en trop, puis recommencez."
        )
    unnamed = tuple(f"La colonne {place} n’a pas de titre." for place, cell in enumerate(cells, 1) if not cell)
    return found, unnamed


def _row(line: int, cells: list[str], columns: list[str]) -> Row:
    problem = ""
    if len(cells) > len(columns) and any(cells[len(columns) :]):
        problem = f"ligne {line} : {len(cells)} cellules pour {len(columns)} colonnes ; un séparateur est sans doute en trop."
    elif len(cells) < len(columns):
        problem = f"ligne {line} : {len(cells)} cellules pour {len(columns)} colonnes ; la ligne est coupée."
    return Row(line, dict(zip(columns, [*cells, *[""] * len(columns)], strict=False)), problem)


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"« {word} » n’est pas un nombre en JSON")


def json_value(data: bytes, name: str) -> Any:
    """Bytes of a JSON file → its value. Raises Unreadable with the line when it is cut or is not JSON."""
    text, _ = decode(data, name)
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()):
            raise Unreadable(f"« {name} » est tronqué : le JSON s’arrête ligne {error.lineno} sans être refermé.") from error
        raise Unreadable(f"« {name} » n’est pas du JSON lisible (ligne {error.lineno}, colonne {error.colno}).") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            f"« {name} » n’est pas du JSON lisible : un nombre est illisible ou des objets sont trop imbriqués."
        ) from error


def json_records(data: bytes, name: str, *keys: str) -> list[Any]:
    """The records of a JSON file: a list, a list under one of `keys`, or one object per line (JSON Lines).

    Records are given as they are, even when they are not objects: `clean` refuses those. Raises Unreadable when no list is found.
    """
    text, _ = decode(data, name)
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and all(line.lstrip().startswith("{") and line.rstrip().endswith("}") for line in lines):
        return [json_value(line.encode(), f"{name}, ligne {number}") for number, line in enumerate(lines, 1)]
    value = json_value(data, name)
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        for key in keys:
            if isinstance(value.get(key), list):
                return list(value[key])
    wanted = f" sous la clé {' ou '.join(f'« {key} »' for key in keys)}" if keys else ""
    raise Unreadable(
        f"« {name} » ne contient pas de liste{wanted} : le format du producteur a changé, ou c’est un autre fichier."
    )


def payload(row: Row) -> dict[str, str]:
    """The cells of a row as a payload; a broken row says so under `BROKEN`."""
    return {**row.cells, BROKEN: row.problem} if row.problem else dict(row.cells)


def refuse_broken(record: Any) -> None:
    """Raises ValueError, with a French sentence, for a record that is not an object, or that its file broke."""
    if not isinstance(record, Mapping):
        raise ValueError("cet enregistrement n’est pas un objet : rien ne peut en être fait.")
    if record.get(BROKEN):
        raise ValueError(str(record[BROKEN]))
