"""Lines of a JSONL file → raw objects, one by one, whatever the file holds. Memory stays that of one line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from maillage.interop.problems import shown as shortened

#: A longer line is refused: no sheet needs it, and a file of another kind must not fill the memory.
LONGEST = 1_000_000
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank: its number from 1, and its object or the reason why there is none.

    `offset` is where it begins in the file, for `line_at`.
    """

    number: int
    value: dict[str, Any] | None
    reason: str = ""
    shown: str = ""
    offset: int = 0


class _Refused(ValueError):
    pass


def _no_constant(name: str) -> NoReturn:
    raise _Refused(f"« {name} » n’est pas un nombre en JSON.")


def _no_repeated_key(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _Refused(f"la clé « {shortened(twice)} » est écrite deux fois.")
    return found


_decode = json.JSONDecoder(object_pairs_hook=_no_repeated_key, parse_constant=_no_constant).decode


def read_lines(path: Path) -> Iterator[Line]:
    """The lines of a file. A byte-order mark, CR LF and blank lines are accepted. Raises OSError when it cannot be read."""
    with path.open("rb") as file:
        yield from lines_of(file)


def lines_of(file: BinaryIO) -> Iterator[Line]:
    """As `read_lines`, of a file that is open."""
    number = end = 0
    while raw := file.readline(LONGEST + 1):
        number, offset, end = number + 1, end, end + len(raw)
        if number == 1:
            raw = raw.removeprefix(_BOM)
        if len(raw) > LONGEST and not raw.endswith(b"\n"):
            while (rest := file.readline(LONGEST)) and not rest.endswith(b"\n"):
                end += len(rest)
            end += len(rest)
            yield Line(number, None, f"cette ligne dépasse {LONGEST} octets.")
            continue
        raw = raw.strip(b" \t\r\n")
        if raw:
            yield _line(number, raw, offset)


def line_at(path: Path, first: Line) -> Line:
    """Read a line again, when its object was let go of."""
    with path.open("rb") as file:
        file.seek(first.offset)
        return _line(first.number, file.readline(LONGEST + 1).removeprefix(_BOM).strip(b" \t\r\n"), first.offset)


def _line(number: int, raw: bytes, offset: int) -> Line:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        reason = f"cette ligne n’est pas en UTF-8 (octet {error.start + 1}) : enregistrez le fichier en UTF-8."
        return Line(number, None, reason, raw[max(0, error.start - 20) : error.start + 20].decode("latin-1"))
    try:
        value = _decode(text)
    except json.JSONDecodeError as error:
        reason = f"cette ligne n’est pas du JSON (colonne {error.colno}) : il faut un objet entier par ligne."
        return Line(number, None, reason, text[max(0, error.pos - 20) : error.pos + 20])
    except _Refused as refused:
        return Line(number, None, str(refused))
    except (ValueError, RecursionError):  # a number of thousands of digits; thousands of brackets
        return Line(number, None, "cette ligne contient un nombre trop long ou trop d’objets imbriqués.")
    if not isinstance(value, dict):
        return Line(number, None, "il faut un objet entre accolades.", text)
    return Line(number, value, offset=offset)


def object_of(text: str) -> Any:
    """What a whole JSON text says, or, as a text, the French sentence that refuses it (a file never holds one text alone)."""
    try:
        found = _decode(text)
    except json.JSONDecodeError as error:
        return f"ce fichier n’est pas du JSON entier : ligne {error.lineno}, colonne {error.colno}. Est-il coupé ?"
    except _Refused as refused:
        return f"ce fichier n’est pas du JSON correct : {refused}"
    except (ValueError, RecursionError):
        return "ce fichier contient un nombre trop long ou trop d’objets imbriqués."
    return "ce fichier ne contient qu’un texte." if isinstance(found, str) else found
