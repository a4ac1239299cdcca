"""`validate(content)`: look at a file whatever it is, and say what is wrong with it. Reads nothing else, keeps nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from maillage.interop.inclusion import rules
from maillage.interop.lines import Line, lines_of, object_of
from maillage.interop.problems import shown
from maillage.interop.tables.columns import HEADINGS, Table, entry_of
from maillage.interop.tables.writers import plain
from maillage.interop.validator.records import WORDS, Checker, Rules, rules_of
from maillage.interop.validator.report import Report
from maillage.interop.validator.tables import (
    COLUMNS_AT_MOST,
    SIGNATURES,
    Sheet,
    Unreadable,
    csv_sheet,
    recognised,
    text_of,
    workbook_sheets,
)

#: What we can look at, said to whoever sends something else.
EXPECTED = (
    "Formats lus : Maillage JSONL (structures, offres ou relais), nos exports CSV et XLSX, "
    "data.inclusion v1 en JSON (structures ou services)."
)
#: Objects and lists that a JSON text may open: an eighth of this is enough for 8 MB of services.
_NESTED_AT_MOST = 500_000
_SAMPLE = 50


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is read. The page is bounded so that a file costs two seconds at most; the command is not so hurried."""

    size: int = 8_000_000
    records: int = 20_000
    cells: int = 150_000


PAGE = Bounds()
COMMAND = Bounds(size=200_000_000, records=1_000_000, cells=20_000_000)


def validate(content: bytes, bounds: Bounds = PAGE) -> Report:
    """The verdict on a file. Never raises on what it holds."""
    report = Report()
    try:
        _look(content, report, bounds)
    except Unreadable as sentence:
        report.stopped = str(sentence)
    if not report.records and not report.stopped:
        report.stopped = f"il n’y a aucune fiche dans ce fichier. {EXPECTED}"
    return report


def _look(content: bytes, report: Report, bounds: Bounds) -> None:
    if not content.strip():
        raise Unreadable("ce fichier est vide.")
    if len(content) > bounds.size:
        raise Unreadable(f"ce fichier dépasse {bounds.size // 1_000_000} Mo : coupez-le en plusieurs.")
    if content.startswith(b"PK"):
        report.kind = "classeur XLSX"
        _look_at_sheets(workbook_sheets(io.BytesIO(content)), report, bounds)
        return
    for signature, sentence in SIGNATURES:
        if content.startswith(signature):
            raise Unreadable(sentence)
    beginning = content[:1_000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if beginning.startswith(b"[") or (beginning.startswith(b"{") and not _is_lines(content)):
        _look_at_json(content, report, bounds)
    elif beginning.startswith(b"{"):
        _look_at_lines(content, report, bounds)
    else:
        read = text_of(content)
        report.remarks += read.remarks
        if read.text.lstrip()[:1] in ("[", "{"):
            _look_at_json(read.text.encode("utf-8", "replace"), report, bounds)
            return
        report.kind = "tableau CSV"
        _look_at_sheets(iter([csv_sheet(read.text)]), report, bounds)


def _is_lines(content: bytes) -> bool:
    """Is this one object per line, rather than one object over several lines?"""
    lines = [line for line in content.strip().split(b"\n", 3) if line.strip()]
    return len(lines) > 1 and (lines[0].rstrip().endswith(b"}") or lines[1].lstrip().startswith(b"{"))


# --- one object per line


def _look_at_lines(content: bytes, report: Report, bounds: Bounds) -> None:
    lines = lines_of(io.BytesIO(content))
    sample: list[Line] = list(islice(lines, _SAMPLE))
    found = rules_of(line.value for line in sample if line.value is not None)
    checker = _checker(found, report)
    for line in chain(sample, lines):
        if report.records >= bounds.records:
            raise Unreadable(_too_many(bounds))
        if line.value is None:
            checker.refuse(line.number, line.shown, line.reason)
        else:
            checker.check(line.number, line.value)


def _checker(found: Rules | None, report: Report, part: str = "") -> Checker:
    if found is None:
        raise Unreadable(f"aucune fiche reconnue dans ce fichier. {EXPECTED}")
    said = WORDS[found if isinstance(found, str) else found.file]
    report.kind = f"{report.kind}, {said}" if report.kind and said not in report.kind else said
    return Checker(found, report, part)


def _too_many(bounds: Bounds) -> str:
    return f"ce fichier a plus de {bounds.records} fiches : seules les premières ont été lues. Coupez-le en plusieurs."


# --- JSON


def _look_at_json(content: bytes, report: Report, bounds: Bounds) -> None:
    read = text_of(content)
    report.remarks += read.remarks
    text = read.text
    if text.count("[") + text.count("{") > _NESTED_AT_MOST:
        raise Unreadable("ce fichier a trop d’objets et de listes emboîtés.")
    report.unit = "fiche"
    whole = object_of(text)
    if isinstance(whole, str):
        raise Unreadable(whole)
    for part, records in _lists(whole):
        found = rules_of(record for record in records[:_SAMPLE] if isinstance(record, dict))
        if part in rules.MODELS:
            found = "structures" if part == "structures" else "services"
        checker = _checker(found, report, part)
        for number, record in enumerate(records, 1):
            if report.records >= bounds.records:
                raise Unreadable(_too_many(bounds))
            if isinstance(record, dict):
                checker.check(number, record)
            else:
                checker.refuse(number, record, "il faut un objet entre accolades.")


def _lists(whole: Any) -> list[tuple[str, list[Any]]]:
    if isinstance(whole, list):
        return [("", whole)]
    if isinstance(whole, dict):
        named = [(name, whole[name]) for name in ("structures", "services") if isinstance(whole.get(name), list)]
        if named:
            return named
        if isinstance(whole.get("items"), list):  # a page of the API of data.inclusion
            return [("", whole["items"])]
        return [("", [whole])]
    raise Unreadable(f"ce fichier JSON ne contient pas de fiches. {EXPECTED}")


# --- tables


def _look_at_sheets(sheets: Iterator[Sheet], report: Report, bounds: Bounds) -> None:
    read, unknown, cells = 0, [], 0
    for sheet in sheets:
        table = recognised(sheet.headings)
        if table is None:
            if sheet.title != "Lexique":
                unknown.append(sheet)
            continue
        read += 1
        cells = _look_at_sheet(sheet, table, report, bounds, cells)
    if not read:
        seen = ", ".join(f"« {shown(heading)} »" for sheet in unknown for heading in sheet.headings[:6] if heading)
        raise Unreadable(
            f"les titres des colonnes ne sont pas ceux d’un de nos exports{f' (lus : {seen})' if seen else ''}. {EXPECTED}"
        )
    report.remarks += [
        f"La feuille « {shown(sheet.title)} » n’a pas été lue : ses titres ne sont pas les nôtres." for sheet in unknown
    ]


def _look_at_sheet(sheet: Sheet, table: Table, report: Report, bounds: Bounds, cells: int) -> int:
    part = sheet.title
    columns = _columns(sheet, table, report)
    checker = _checker(table.form, report, part)
    checker.headings = True
    for number, row in sheet.rows:
        cells += sum(1 for cell in row if cell)
        if report.records >= bounds.records:
            raise Unreadable(_too_many(bounds))
        if cells > bounds.cells:
            raise Unreadable(
                f"ce tableau a plus de {bounds.cells} cellules : seules les premières ont été lues. Coupez-le en plusieurs."
            )
        if len(row) != len(sheet.headings):
            if not part or len(row) > len(sheet.headings):
                checker.refuse(number, None, f"cette ligne a {len(row)} cellules, et les titres sont {len(sheet.headings)}.")
                continue
            row = row + [""] * (len(sheet.headings) - len(row))
        checker.check(number, entry_of({key: plain(row[at]) for key, at in columns.items()}, table.form))
    return cells


def _columns(sheet: Sheet, table: Table, report: Report) -> Mapping[str, int]:
    """Key → column. A heading that is twice there is an error; one that is unknown, a warning."""
    if len(sheet.headings) > COLUMNS_AT_MOST:
        raise Unreadable(f"ce tableau a plus de {COLUMNS_AT_MOST} colonnes.")
    found: dict[str, int] = {}
    extra = {"Nom de la structure", "Nom de la commune", "Page publique"}
    for at, heading in enumerate(sheet.headings):
        one = table.by_heading.get(heading)
        if one is None:
            if heading and heading not in extra:
                report.warning(
                    sheet.heading_line, heading, None, "cette colonne n’est pas connue ; elle est ignorée.", sheet.title
                )
        elif one.key in found:
            reason = "deux colonnes ont ce titre : gardez-en une seule."
            report.error(sheet.heading_line, HEADINGS[one.key][0], None, reason, sheet.title)
        else:
            found[one.key] = at
    return found
