from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from maillage.crowdfunding.imports.files import UnreadableFile, read_rows
from maillage.crowdfunding.imports.load import load


class Command(BaseCommand):
    help = "Importe des campagnes de financement participatif (CSV, XLSX ou JSONL)"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="fichier à lire")
        parser.add_argument(
            "--source", required=True, help="qui donne ce fichier : la même source met à jour les mêmes campagnes"
        )
        parser.add_argument(
            "--publish", action="store_true", help="publie les nouvelles campagnes au lieu d’en faire des brouillons"
        )
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui serait fait, sans rien écrire")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = read_rows(options["file"].name, options["file"].read_bytes())
        except (UnreadableFile, OSError) as error:
            raise CommandError(str(error)) from error
        report = load(rows, options["source"][:60], publish=options["publish"], dry_run=options["dry_run"])
        for refusal in report.refused:
            self.stderr.write(f"Ligne {refusal.line}, {refusal.column} : {refusal.sentence}")
        self.stdout.write(f"{report.created} créées, {report.changed} changées, {report.unchanged} inchangées.")
        if report.refused:
            raise CommandError(f"{len({refusal.line for refusal in report.refused})} lignes refusées.")
