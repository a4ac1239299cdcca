"""maillage backup [FILE]: back up the database while the site runs."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from maillage.config.operations import archive
from maillage.config.operations.archive import BackupError
from maillage.config.operations.backup import backup


class Command(BaseCommand):
    requires_system_checks = ()  # a backup is wanted most when something is wrong
    help = "Sauvegarde la base sans arrêter le site ; garde 7 jours, 4 semaines et 12 mois dans le dossier des sauvegardes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, metavar="FICHIER", help="où l’écrire (par défaut, un fichier daté du dossier backups)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            path, manifest = backup(options["file"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        gone = [] if options["file"] else archive.rotate()
        self.stdout.write(
            f"Sauvegarde écrite : {path} ({manifest.engine}, {sum(manifest.rows.values())} lignes, {path.stat().st_size} octets)."
        )
        self.stdout.write(f"SHA-256 de la copie : {manifest.sha256}")
        if gone:
            self.stdout.write(f"Anciennes sauvegardes retirées : {', '.join(old.name for old in gone)}.")
