"""maillage links: visit the addresses that sheets hold."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from maillage.interop.links.check import check, waiting


class Command(BaseCommand):
    requires_system_checks = ()  # data only: the addresses of the site are not its business
    help = "Visite les adresses des fiches qui sont à vérifier cette semaine, les plus montrées d’abord."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--minutes", type=int, default=30, metavar="N", help="durée au plus ; le reste attend la fois suivante (30)"
        )
        parser.add_argument("--liste", action="store_true", help="montre ce qui serait visité, sans rien visiter")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["minutes"] < 1:
            raise CommandError("--minutes demande un nombre entier, au moins 1.", returncode=2)
        if options["liste"]:
            from django.utils import timezone

            for url in waiting(timezone.now()):
                self.stdout.write(url)
            return
        self.stdout.write(str(check(minutes=options["minutes"])))
