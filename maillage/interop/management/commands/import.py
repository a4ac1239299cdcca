"""maillage import jsonl DIR: read a catalogue in Maillage JSONL 1."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from maillage.interop.jsonl_import import UsageError, import_folder, refresh_statistics
from maillage.interop.report import Report


class Command(BaseCommand):
    requires_system_checks = ()  # data only: the addresses of the site are not its business
    help = "Importe un catalogue. Sortie 0 si tout a été pris, 1 si des lignes ont été refusées, 2 si la demande est fausse."

    def add_arguments(self, parser: ArgumentParser) -> None:
        formats = parser.add_subparsers(dest="format", required=True, metavar="FORMAT", help="format à lire : jsonl")
        jsonl = formats.add_parser("jsonl", help="dossier avec structures.jsonl, offers.jsonl et, s’il y a lieu, relays.jsonl")
        jsonl.add_argument("folder", metavar="DOSSIER", type=Path, help="dossier à lire")
        jsonl.add_argument("--dry-run", action="store_true", help="dit ce qui serait fait, sans rien écrire")
        jsonl.add_argument("--strict", action="store_true", help="n’importe rien si une seule ligne est refusée")
        jsonl.add_argument(
            "--complete",
            action="store_true",
            help="le fichier contient toutes les offres de ses sources : marque les autres comme retirées",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_folder(
                options["folder"],
                dry_run=options["dry_run"],
                strict=options["strict"],
                complete=options["complete"],
                progress=self._progress if self.stderr.isatty() else lambda file, lines: None,
            )
        except (UsageError, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        if not report.nothing_written:
            refresh_statistics()
        self._print(report)
        if report.refused:
            sys.exit(1)

    def _progress(self, file: str, lines: int) -> None:
        self.stderr.write(f"\r{file} : ligne {lines}…", ending="")

    def _print(self, report: Report) -> None:
        for problem in report.refusals:
            self.stderr.write(f"Refusé. {problem}")
        for warning in report.warnings():
            self.stderr.write(f"Avertissement. {warning}")
        for file in report.files:
            self.stdout.write(file.sentence())
        for remark in report.remarks:
            self.stdout.write(remark)
        self.stdout.write(f"{report.refused} ligne(s) refusée(s), {report.warned} avertissement(s).")
        if report.nothing_written:
            self.stdout.write("Rien n’a été écrit.")
