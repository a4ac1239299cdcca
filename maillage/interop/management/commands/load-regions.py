"""maillage load-regions: load the starter catalogue that ships with the regions."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from maillage.interop.starter import load_starter, region_names


class Command(BaseCommand):
    requires_system_checks = ()  # data only: the addresses of the site are not its business
    help = "Charge le catalogue de départ livré avec les régions : fiches publiées, « à confirmer par la structure »."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--region",
            action="append",
            default=[],
            metavar="DOSSIER",
            help="un dossier de région (à répéter) ; par défaut, tous, et ce qui a quitté les fichiers est marqué comme retiré",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        known = region_names()
        unknown = [name for name in options["region"] if name not in known]
        if unknown:
            raise CommandError(f"Région inconnue : {', '.join(unknown)}. Dossiers connus : {', '.join(known)}.", returncode=2)
        loaded = load_starter(frozenset(options["region"]))
        for problem in loaded.refusals + loaded.warnings:
            self.stderr.write(str(problem))
        words = {"structure": "Structures", "relays": "Relais", "offers": "Offres"}
        for section, outcome in loaded.outcomes.items():
            self.stdout.write(
                f"{words[section]} : {outcome.created} créées, {outcome.changed} modifiées, {outcome.unchanged} inchangées."
                if section != "relays"
                else f"Relais : {outcome.created} créés, {outcome.changed} modifiés, {outcome.unchanged} inchangés."
            )
        if loaded.withdrawn:
            self.stdout.write(f"Retirées des fichiers : {loaded.withdrawn}.")
        if loaded.refusals:
            self.stderr.write(f"{len(loaded.refusals)} défaut(s) : ces fiches n’ont pas été chargées.")
            sys.exit(1)
