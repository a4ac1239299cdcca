"""maillage sources: the sources of this installation, when they were read, and what they gave."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from maillage.interop.queries import SourceLine, source_lines
from maillage.interop.sources.registry import registry


class Command(BaseCommand):
    requires_system_checks = ()  # data only: the addresses of the site are not its business
    help = "Liste les sources, leurs dernières lectures et ce qui attend. Sortie 1 si une source est fautive ou en quarantaine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=("texte", "json"), default="texte", help="texte (par défaut) ou json")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        lines = source_lines(today)
        problems = registry().problems
        if options["format"] == "json":
            self.stdout.write(json.dumps([line.as_json() for line in lines], ensure_ascii=False, indent=1))
        else:
            for line in lines:
                self.stdout.write(_sentence(line))
            if not lines:
                self.stdout.write("Aucune source n’est installée.")
        for problem in problems:
            self.stderr.write(f"Source ignorée. {problem}")
        if problems or any(line.quarantine for line in lines):
            sys.exit(1)


def _sentence(line: SourceLine) -> str:
    if line.quarantine:
        state = f"EN QUARANTAINE : {line.quarantine.reason}"
    elif line.last is None:
        state = "jamais lue"
    else:
        counts = line.last.counts
        state = (
            f"lue le {timezone.localdate(line.last.finished_at):%d/%m/%Y}, {counts.get('records', 0)} fiches données : "
            f"{counts.get('published', 0)} publiées, {counts.get('waiting', 0)} en attente, {counts.get('left_out', 0)} écartées, "
            f"{counts.get('refused', 0)} refusées"
        )
    due = " ; à lire maintenant" if line.due else ""
    return f"{line.code} ({line.name}) : {state}{due}."
