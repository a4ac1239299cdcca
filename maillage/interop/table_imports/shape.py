"""Lines → which one holds the headings, the columns, and the rows packed for the steps that follow."""

from __future__ import annotations

import gzip
import io
import itertools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from maillage.interop.sources.contract import Unreadable
from maillage.interop.table_imports.reading import Line, Reading
from maillage.territories.names import fold

#: Lines among which the headings are looked for, and values kept of each column to guess what it holds.
LOOKED_AT, KEPT = 20, 200
_SHOWN = 3


@dataclass(slots=True)
class Column:
    """One column: its heading, unique in the table, and its first different values."""

    name: str
    values: list[str] = field(default_factory=list)  # not all: the first KEPT that are not empty
    renamed: bool = False

    @property
    def samples(self) -> list[str]:
        """Three values that show what it holds."""
        return list(dict.fromkeys(value[:120] for value in self.values))[:_SHOWN]


@dataclass(frozen=True, slots=True)
class Shape:
    """A table whose headings are known: `grid` holds its rows (`rows_of` reads them again)."""

    header: int
    columns: tuple[Column, ...]
    rows: int
    grid: bytes
    notes: tuple[str, ...]


def first_lines(reading: Reading) -> list[Line]:
    """The lines among which the headings are."""
    return list(itertools.islice(reading.lines, LOOKED_AT))


def header_line(lines: list[Line]) -> int:
    """The number of the line that looks like headings: as wide as the table, words rather than figures, each once. 0 when there is none."""
    widths = sorted(sum(bool(cell) for cell in cells) for _, cells in lines)
    wanted = widths[len(widths) * 3 // 4] if widths else 0
    for number, cells in lines[:-1]:  # under headings, there is something
        filled = [cell for cell in cells if cell]
        words = [cell for cell in filled if len(cell) <= 120 and any(sign.isalpha() for sign in cell)]
        if len(filled) * 10 >= wanted * 7 and len(words) * 10 >= len(filled) * 8 and len(set(words)) * 2 >= len(words):
            return number
    return lines[0][0] if lines else 0


def shape(reading: Reading, name: str, header: int = 0) -> Shape:
    """Read a file to its end. `header`: the line of the headings when a person chose it. Raises Unreadable when nothing is under it."""
    first = first_lines(reading)
    if not first:
        raise Unreadable(f"« {name} » ne contient aucune donnée.")
    known = [number for number, _ in first]
    chosen = header if header in known else header_line(first)
    place = known.index(chosen)
    width = max(len(cells) for _, cells in first)
    columns, notes = _columns(first[place][1], width)
    packed = io.BytesIO()
    count = 0
    long: list[int] = []
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1, mtime=0) as out:
        for number, cells in itertools.chain(first[place + 1 :], reading.lines):
            if len(cells) > len(columns):
                long.append(number)
                columns += [Column(f"colonne {at}", renamed=True) for at in range(len(columns) + 1, len(cells) + 1)]
            for column, cell in zip(columns, cells, strict=False):
                if cell and len(column.values) < KEPT:
                    column.values.append(cell)
            out.write(json.dumps([number, cells], ensure_ascii=False).encode("utf-8", "replace") + b"\n")
            count += 1
    if not count:
        raise Unreadable(f"« {name} » n’a aucune ligne sous ses titres (ligne {chosen}).")
    if place:
        notes.append(f"Les titres des colonnes sont lus à la ligne {chosen} ; les lignes au-dessus sont laissées de côté.")
    if long:
        notes.append(
            f"Des lignes ont plus de cellules que de titres (la première : ligne {long[0]}) : un séparateur est sans doute en trop."
        )
    while columns and columns[-1].renamed and not columns[-1].values:
        columns.pop()
    return Shape(chosen, tuple(columns), count, packed.getvalue(), (*reading.notes, *notes))


def rows_of(grid: bytes, start: int = 0) -> Iterator[Line]:
    """The rows of a packed grid, from the one of rank `start`."""
    with gzip.GzipFile(fileobj=io.BytesIO(grid)) as lines:
        for line in itertools.islice(lines, start, None):
            number, cells = json.loads(line)
            yield number, cells


def _columns(cells: list[str], width: int) -> tuple[list[Column], list[str]]:
    found: list[Column] = []
    notes: list[str] = []
    seen: dict[str, int] = {}
    twice: dict[str, None] = {}
    for place, cell in enumerate(itertools.chain(cells, itertools.repeat("", max(0, width - len(cells)))), 1):
        title = " ".join(cell.split())[:120]
        name = title or f"colonne {place}"
        count = seen[name] = seen.get(name, 0) + 1
        if count > 1:
            twice[name] = None
            name = f"{name} ({count})"
            while name in seen:
                count += 1
                name = f"{title or f'colonne {place}'} ({count})"
            seen[name] = 1
        found.append(Column(name, renamed=not title))
    if twice:
        which = ", ".join(f"« {name} »" for name in list(twice)[:3])
        notes.append(
            f"Plusieurs colonnes ont le même titre ({which}) : elles sont numérotées, vérifiez que chacune va au bon champ."
        )
    return found, notes


def same_heading(name: str) -> str:
    """A heading as next month's file may write it: without case, accent or sign."""
    return fold(name) or name


def differences(before: Iterable[str], now: Iterable[str]) -> tuple[list[str], list[str]]:
    """(columns that are new, columns that are gone) between two tables of a source, whatever their order."""
    old, new = {same_heading(name): name for name in before}, {same_heading(name): name for name in now}
    return [name for key, name in new.items() if key not in old], [name for key, name in old.items() if key not in new]
