"""maillage dump: write the nightly dump of the public catalogue."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from maillage.interop.dumps.dump import KEPT_DAYS, DumpError, dump, manifest_of


class Command(BaseCommand):
    requires_system_checks = ()  # data only: the addresses of the site are not its business
    help = "Écrit l’export complet du jour, dans tous les formats, servi sur /donnees/ ; à lancer chaque nuit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--keep", type=int, default=KEPT_DAYS, metavar="JOURS", help="jours d’exports gardés (30)")
        parser.add_argument("--processes", type=int, default=None, metavar="N", help="processus au travail (un par cœur)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"] < 1 or (options["processes"] is not None and options["processes"] < 1):
            raise CommandError("--keep et --processes demandent un nombre entier, au moins 1.", returncode=2)
        try:
            path = dump(site=settings.SITE_URL, processes=options["processes"], kept_days=options["keep"])
        except DumpError as error:
            raise CommandError(str(error), returncode=2) from error
        manifest = manifest_of(path)
        for file in manifest["files"]:
            self.stdout.write(f"{file['path']} : {file['records']} fiche(s), {file['bytes']} octets.")
        for one in manifest["left_out"]:
            self.stdout.write(f"{one['file']} : {one['records']} fiche(s) laissées, {one['reason']}.")
        self.stdout.write(f"Export du {manifest['date']} écrit dans {path}.")
