"""maillage doctor: look at the installation and say what is wrong."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from maillage.config.operations.doctor import examine

_SIGNS = {"bon": "✓", "attention": "!", "mauvais": "✗"}


class Command(BaseCommand):
    requires_system_checks = ()  # it must answer when everything else refuses to start
    help = "Examine l’installation : base, dossier, index, portails, sauvegardes. Sortie 1 si quelque chose ne va pas."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=("texte", "json"), default="texte", help="texte (par défaut) ou json")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = examine()
        wrong = [finding for finding in findings if finding.state == "mauvais"]
        if options["format"] == "json":
            report = {"ok": not wrong, "findings": [asdict(finding) for finding in findings]}
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
        else:
            for finding in findings:
                self.stdout.write(f"{_SIGNS[finding.state]} {finding.subject} : {finding.value}")
                if finding.advice:
                    self.stdout.write(f"    → {finding.advice}")
            self.stdout.write("Rien à reprendre d’urgent." if not wrong else f"{len(wrong)} point(s) à reprendre.")
        if wrong:
            sys.exit(1)
