"""maillage demo-region DIR: draw a fictitious region, to try Maillage at any size."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from maillage.interop.demo.generate import make_region
from maillage.interop.demo.write import FOLDER, write_region


class Command(BaseCommand):
    help = "Invente une région fictive (le Valombre) à l’échelle de l’article, ou plus, pour essayer Maillage."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="dossier où écrire la région")
        parser.add_argument(
            "--scale", type=int, default=1, help="combien de fois la taille de l’article (1 : 200 outils, 545 financements)"
        )
        parser.add_argument("--seed", type=int, default=1, help="graine du hasard : la même donne la même région")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["scale"] <= 10_000:
            raise CommandError(f"--scale vaut {options['scale']} : donnez un nombre entier de 1 à 10000.")
        folder: Path = options["folder"]
        region = make_region(options["scale"], options["seed"])
        try:
            write_region(region, folder)
        except OSError as error:
            raise CommandError(f"La région ne peut pas être écrite dans {folder} : {error.strerror}.") from error
        self.stdout.write(
            f"Région fictive écrite dans {folder / FOLDER} : {len(region.territory.communes)} communes, {len(region.structures)} structures, "
            f"{len(region.relays)} relais, {len(region.offers)} offres.\n"
            f"Pour la charger et la servir :\n"
            f"  MAILLAGE_REGIONS={folder} maillage import jsonl {folder / FOLDER}\n"
            f"  MAILLAGE_REGIONS={folder} maillage run        (adresse http://valombre.localhost:8000)"
        )
