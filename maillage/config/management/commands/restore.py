"""maillage restore FILE: put a backup in the place of the database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from maillage.config.operations import archive
from maillage.config.operations.archive import BackupError
from maillage.config.operations.prepare import forget_catalogue
from maillage.config.operations.restore import check_compatible, restore
from maillage.journal.privacy import ledger

WORD = "restaurer"


class Command(BaseCommand):
    requires_system_checks = ()  # a restore is wanted most when something is wrong
    help = "Remet une sauvegarde à la place de la base ; la base actuelle est gardée de côté."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER", help="la sauvegarde à remettre")
        parser.add_argument("--yes", action="store_true", help="ne demande pas de confirmation")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            manifest = archive.read_manifest(path)
            check_compatible(manifest)
            self.stdout.write(
                f"Sauvegarde du {manifest.made_at} (Maillage {manifest.version}, {manifest.engine}, "
                f"{sum(manifest.rows.values())} lignes). Ce qui a été écrit depuis sera perdu, sauf dans la copie gardée de côté."
            )
            if not options["yes"] and not self._agreed():
                raise CommandError("Rien n’a été fait.")
            restored = restore(path)
        except BackupError as error:
            raise CommandError(str(error)) from error
        forget_catalogue()
        self.stdout.write("La base a été remplacée.")
        if restored.aside:
            self.stdout.write(f"L’ancienne est gardée : {restored.aside}")
        if restored.migrations:
            ledger.replay_later()
            self.stdout.write(
                f"{len(restored.migrations)} migration(s) à passer : lancez « maillage run », qui refera aussi les effacements."
            )
        else:
            self.stdout.write(f"{ledger.replay()} effacement(s) demandé(s) depuis cette sauvegarde ont été refaits.")

    def _agreed(self) -> bool:
        try:
            return input(f"Écrivez « {WORD} » pour continuer : ").strip().lower() == WORD
        except EOFError:
            return False
