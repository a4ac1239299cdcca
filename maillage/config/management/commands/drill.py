"""maillage drill [FILE]: prove that a backup can be restored."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from maillage.config.operations.archive import BackupError
from maillage.config.operations.drill import drill


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Exercice : restaure une sauvegarde dans un endroit à part et la vérifie, sans toucher à la base."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            metavar="FICHIER",
            help="la sauvegarde à essayer (par défaut la dernière, sinon une nouvelle)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = drill(options["file"])
        except BackupError as error:
            raise CommandError(f"L’exercice a échoué. {error}") from error
        rows = sum(done.manifest.rows.values())
        self.stdout.write(f"Sauvegarde essayée : {done.path}")
        self.stdout.write(f"Intégrité, clés étrangères et {rows} lignes dans {len(done.manifest.rows)} tables : conformes.")
        waiting = f"{len(done.migrations)} à passer après la restauration" if done.migrations else "à jour"
        self.stdout.write(f"Migrations : {waiting}.")
        self.stdout.write(f"Ce qui serait perdu : ce qui a été écrit depuis {_duration(done.age)}.")
        self.stdout.write(f"Durée de la restauration : {done.duration:.1f} s.")


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} secondes"
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.0f} heures" if seconds < 172_800 else f"{seconds / 86_400:.0f} jours"
