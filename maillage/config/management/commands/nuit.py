"""maillage nuit: run the steps of the night that are due."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from maillage.config.operations.nightly import run_due, steps
from maillage.journal.models import StepRun


class Command(BaseCommand):
    help = (
        "Fait le travail de la nuit qui est dû (alertes, rappels, oublis…). Sortie 1 si une étape a échoué ; les autres passent."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--etape", default="", dest="only", help="cette étape seulement, due ou non")
        parser.add_argument("--liste", action="store_true", dest="show", help="dit les étapes et leur dernier passage")

    def handle(self, *args: Any, **options: Any) -> None:
        known = {step.name: step for step in steps()}
        if options["show"]:
            runs = {run.step: run for run in StepRun.objects.order_by("step")}
            for step in known.values():
                run = runs.get(step.name)
                last = f"{timezone.localtime(run.begun_at):%Y-%m-%d %H:%M}" if run and run.begun_at else "jamais"
                said = f" : {run.said}" if run and run.said else ""
                self.stdout.write(
                    f"{step.name} ({step.title}), dernier passage : {last}{' (ÉCHEC)' if run and run.failed else ''}{said}"
                )
            return
        if options["only"] and options["only"] not in known:
            raise CommandError(f"« {options['only']} » n’est pas une étape : {', '.join(known)}.", returncode=2)
        done = run_due(only=options["only"])
        for one in done:
            self.stdout.write(f"{'✗' if one.failed else '✓'} {one.step.title} : {one.said}")
        if not done:
            self.stdout.write("Rien à faire : chaque étape est déjà passée cette nuit, ou un autre processus s’en occupe.")
        if any(one.failed for one in done):
            sys.exit(1)
