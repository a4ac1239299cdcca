"""maillage load-grids: load the grids of the self-diagnosis that ship with Maillage and its regions."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from maillage.diagnosis.load import load_grids


class Command(BaseCommand):
    requires_system_checks = ()  # data only: the addresses of the site are not its business
    help = "Charge les grilles d’autodiagnostic livrées. Une version publiée ne change jamais : un contenu nouveau devient la version suivante."

    def handle(self, *args: Any, **options: Any) -> None:
        done = load_grids()
        for problem in done.problems:
            self.stderr.write(problem)
        for kept in done.kept:
            self.stdout.write(f"Grille {kept} : la région a publié sa propre version, elle reste.")
        self.stdout.write(f"Versions publiées : {', '.join(done.published) or 'aucune nouvelle'}.")
        if done.problems:
            sys.exit(1)
