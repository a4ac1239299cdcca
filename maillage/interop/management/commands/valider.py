"""maillage valider FILE: say what is wrong with a file of a partner, without keeping anything of it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from maillage.catalogue.advice import advice
from maillage.interop.validator.report import Group, Report
from maillage.interop.validator.validate import COMMAND, validate


class Command(BaseCommand):
    requires_system_checks = ()  # it reads a file, not the site
    help = "Vérifie un fichier (Maillage JSONL, nos CSV et XLSX, data.inclusion) et dit ce qui ne va pas. Sortie 1 s’il y a une erreur."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER", help="fichier à vérifier ; rien n’en est gardé")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            if path.stat().st_size > COMMAND.size:
                raise CommandError(f"« {path} » dépasse {COMMAND.size // 1_000_000} Mo : coupez-le en plusieurs.", returncode=2)
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"« {path} » ne peut pas être lu : {error.strerror}.", returncode=2) from error
        report = validate(content, COMMAND)
        self._print(report)
        if not report.is_valid:
            sys.exit(1)

    def _print(self, report: Report) -> None:
        if report.kind:
            self.stdout.write(f"{report.kind} : {report.records} fiche(s) lues, {report.refused} à corriger.")
        for remark in report.remarks:
            self.stdout.write(remark)
        for title, groups in (("Erreur", report.errors), ("Conseil", report.warnings)):
            for group in groups:
                self.stdout.write(f"{title}. {self._sentence(report, group)}")
        if report.unlisted:
            self.stdout.write(f"… et {report.unlisted} autres, d’autres sortes.")
        if report.score is not None:
            self.stdout.write(f"Qualité : {report.score:.2f} sur 1, en moyenne sur {len(report.scores)} fiche(s).")
            for name, count in report.to_raise.most_common():
                self.stdout.write(f"  {advice(name)} ({count} fiche(s))")
        if report.stopped:
            self.stderr.write(f"Lecture arrêtée : {report.stopped}")

    def _sentence(self, report: Report, group: Group) -> str:
        where = ", ".join(part for part in (group.part, report.where(group)) if part)
        name = f", champ « {group.field} »" if group.field else ""
        examples = f" (par exemple « {' », « '.join(group.examples)} »)" if group.examples else ""
        return f"{where}{name} : {group.reason}{examples}"
