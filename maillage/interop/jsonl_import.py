"""`maillage import jsonl`: a folder of Maillage JSONL 1 → the catalogue. Lines → clean records → rows, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from django.db import connection

from maillage.interop.cleaning import Key, Record, clean
from maillage.interop.formats import FORMATS, OFFERS, STRUCTURES, Format
from maillage.interop.lines import Line, line_at, read_lines
from maillage.interop.problems import Problem, shown
from maillage.interop.report import FileReport, Report
from maillage.interop.upsert import batches, withdraw_missing, write

Progress = Callable[[str, int], None]


class UsageError(ValueError):
    """The command was asked something that makes no sense; the message says what to give instead."""


def import_folder(
    folder: Path,
    *,
    dry_run: bool = False,
    strict: bool = False,
    complete: bool = False,
    today: date | None = None,
    progress: Progress = lambda file, lines: None,
) -> Report:
    """Import structures.jsonl, relays.jsonl when there is one, then offers.jsonl.

    `dry_run` writes nothing and tells what would be done. `strict` writes nothing if one line would be refused. `complete`
    says that offers.jsonl holds every offer of the sources it names: the others of these sources are marked as withdrawn.
    Raises UsageError when the folder holds no file to read.
    """
    found = [form for form in FORMATS if (folder / form.file).is_file()]
    if not found:
        raise UsageError(f"« {folder} » ne contient ni {STRUCTURES.file} ni {OFFERS.file} : donnez le dossier qui les contient.")
    if complete and OFFERS not in found:
        raise UsageError(f"--complete demande un fichier {OFFERS.file} dans « {folder} ».")
    if strict and not dry_run:
        rehearsal = _Import(folder, dry_run=True, complete=complete, today=today, progress=progress).run(found)
        if rehearsal.refused:
            rehearsal.remarks.append("Rien n’a été importé : --strict refuse tout quand une ligne est refusée.")
            return rehearsal
    return _Import(folder, dry_run=dry_run, complete=complete, today=today, progress=progress).run(found)


class _Import:
    """One run over a folder. Structures accepted so far are remembered for a dry run, keys for repeated and missing lines."""

    def __init__(self, folder: Path, *, dry_run: bool, complete: bool, today: date | None, progress: Progress) -> None:
        self.folder, self.dry_run, self.complete, self.progress = folder, dry_run, complete, progress
        self.today = today or date.today()
        self.report = Report(nothing_written=dry_run)
        self.structures: set[Key] = set()

    def run(self, formats: list[Format]) -> Report:
        for form in formats:
            self._file(form)
        return self.report

    def _file(self, form: Format) -> None:
        count = FileReport(form.file)
        self.report.files.append(count)
        seen: dict[Key, tuple[int, int]] = {}  # line and offset
        present: set[Key] = set()  # keys of refused lines: these offers are in the file all the same
        self.unreadable = 0
        origin = f"import {form.file}"
        for batch in batches(self._records(form, count, seen, present)):
            done = write(form.model, batch, origin=origin, dry_run=self.dry_run, announced=self.structures)
            count.created += done.created
            count.changed += done.changed
            count.unchanged += done.unchanged
            count.restored += done.restored
            for orphan in done.orphans:
                count.refused += 1
                host = orphan.structure[1] if orphan.structure else ""
                reason = f"aucune structure de la source « {orphan.key[0]} » n’a cet identifiant, ou elle a été refusée."
                self.report.refusals.append(
                    Problem(orphan.file, orphan.line, "structure_id", shown(host), reason, shown(orphan.key[1]))
                )
            if form is STRUCTURES and self.dry_run:
                self.structures.update(record.key for record in batch)
            self.progress(form.file, batch[-1].line)
        if self.complete and form is OFFERS:
            count.withdrawn = self._withdraw(present | seen.keys(), origin)

    def _records(self, form: Format, count: FileReport, seen: dict[Key, tuple[int, int]], present: set[Key]) -> Iterator[Record]:
        for line in read_lines(self.folder / form.file):
            if line.value is None:
                count.refused += 1
                self.unreadable += 1
                self.report.refusals.append(Problem(form.file, line.number, "", shown(line.shown), line.reason))
                continue
            cleaned = clean(line.value, form, file=form.file, line=line.number)
            for warning in cleaned.warnings:
                self.report.warn(warning)
            if cleaned.record is None:
                count.refused += 1
                self.report.refusals.extend(cleaned.refusals)
                if cleaned.key:
                    present.add(cleaned.key)
                else:
                    self.unreadable += 1
                continue
            record = cleaned.record
            number, offset = seen.setdefault(record.key, (line.number, line.offset))
            if number == line.number:
                yield record
            elif self._says_the_same(form, number, offset, record):
                count.repeated += 1
            else:
                count.refused += 1
                reason = f"cette fiche est déjà à la ligne {number}, avec d’autres valeurs : gardez une seule des deux lignes."
                self.report.refusals.append(Problem(form.file, line.number, "id", shown(record.key[1]), reason))

    def _says_the_same(self, form: Format, number: int, offset: int, record: Record) -> bool:
        """Does the first line with this key, read again, say what the record says?"""
        first = line_at(self.folder / form.file, Line(number, None, offset=offset))
        earlier = clean(first.value or {}, form, file=form.file).record
        return earlier is not None and (earlier.values, earlier.structure) == (record.values, record.structure)

    def _withdraw(self, present: set[Key], origin: str) -> int:
        if self.unreadable:
            self.report.remarks.append(
                f"Aucune offre n’a été marquée comme retirée : {self.unreadable} ligne(s) de {OFFERS.file} n’ont pas pu être "
                "identifiées, et l’une d’elles pourrait être l’offre manquante. Corrigez-les et recommencez."
            )
            return 0
        sources = {source for source, _ in present}
        return withdraw_missing(OFFERS.model, sources, present, today=self.today, origin=origin, dry_run=self.dry_run)


def refresh_statistics() -> None:
    """Let the database look at its new sizes: after a large import its plans are those of a small table otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA optimize" if connection.vendor == "sqlite" else "ANALYZE")
