"""maillage export jsonl DIR: write the published catalogue in Maillage JSONL 1."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from maillage.interop.jsonl_export import export_folder


class Command(BaseCommand):
    requires_system_checks = ()  # data only: the addresses of the site are not its business
    help = "Exporte les fiches publiées ; le même catalogue donne toujours les mêmes fichiers, octet pour octet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        formats = parser.add_subparsers(dest="format", required=True, metavar="FORMAT", help="format à écrire : jsonl")
        jsonl = formats.add_parser("jsonl", help="structures.jsonl, offers.jsonl et, s’il y a des relais, relays.jsonl")
        jsonl.add_argument("folder", metavar="DOSSIER", type=Path, help="dossier où écrire, créé s’il manque")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = export_folder(options["folder"])
        except OSError as error:
            raise CommandError(
                f"Le dossier « {options['folder']} » ne peut pas être écrit : {error.strerror}.", returncode=2
            ) from error
        for file, count in counts.items():
            self.stdout.write(f"{file} : {count} ligne(s).")
