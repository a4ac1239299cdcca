"""maillage load-travel-times FILE: keep a table of travel times, used instead of distances."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from maillage.observatory.access.travel_times import TravelTimesError, load, path


class Command(BaseCommand):
    help = "Garde un tableau de temps de trajet entre communes (CSV : from, to, minutes), que l’observatoire utilise au lieu des distances."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="fichier CSV ; codes INSEE et minutes")
        parser.add_argument(
            "--forget", action="store_true", help="oublier le tableau gardé : l’observatoire revient aux distances"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["forget"] == bool(options["file"]):
            raise CommandError("Donnez un fichier, ou --forget pour oublier celui qui est gardé.")
        if options["forget"]:
            path().unlink(missing_ok=True)
            self.stdout.write("Plus de tableau de temps de trajet : les distances sont utilisées.")
            return
        try:
            trips = load(options["file"])
        except TravelTimesError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{trips} trajets gardés.")
