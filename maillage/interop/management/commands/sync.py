"""maillage sync: read a source and bring the catalogue to what it says."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from maillage.interop.decisions import carry_out_released
from maillage.interop.jsonl_import import refresh_statistics
from maillage.interop.models import Run
from maillage.interop.sources.contract import Source
from maillage.interop.sources.registry import SourceError, source, sources
from maillage.interop.steps.lock import Busy
from maillage.interop.steps.run import MissingSettings, Rehearsal, is_due, last_good, rehearse, require_settings, sync

#: Reasons shown by --dry-run, the most frequent.
_REASONS_SHOWN = 15
_OUTCOMES = {
    "published": "publiées d’office", "waiting": "à relire", "left-out": "écartées", "refused": "refusées", "unchanged": "inchangées",
}  # fmt: skip


class Command(BaseCommand):
    requires_system_checks = ()  # data only: the addresses of the site are not its business
    help = "Lit une source et met le catalogue à jour. Sortie 1 si une lecture est en quarantaine, 2 si la demande est fausse."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", nargs="?", metavar="CODE", help="la source à lire (« maillage sources » les liste)")
        parser.add_argument(
            "file", nargs="?", type=Path, metavar="FICHIER", help="fichier ou dossier à lire au lieu du service du producteur"
        )
        parser.add_argument("--due", action="store_true", help="lit toutes les sources dont l’échéance est passée")
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui serait fait, sans rien écrire")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["due"] == bool(options["code"]):
            raise CommandError(
                "Donnez le code d’une source, ou --due pour toutes celles dont l’échéance est passée.", returncode=2
            )
        try:
            if options["due"]:
                failed = self._every_due(dry_run=options["dry_run"])
            else:
                failed = self._one(source(options["code"]), options["file"], dry_run=options["dry_run"])
        except (SourceError, MissingSettings, Busy) as error:
            raise CommandError(str(error), returncode=2) from error
        if failed:
            sys.exit(1)

    def _one(self, one: Source, file: Path | None, *, dry_run: bool) -> bool:
        if file is not None and not file.exists():
            raise CommandError(f"« {file} » n’existe pas.", returncode=2)
        if dry_run:
            self._tell_rehearsal(one, rehearse(one, file))
            return False
        run = sync(one, file)
        refresh_statistics()
        self._tell(run)
        return run.state == Run.State.QUARANTINED

    def _every_due(self, *, dry_run: bool) -> bool:
        failed = False
        today = timezone.localdate()
        for one in sources().values():
            try:
                if not dry_run and (run := carry_out_released(one)):
                    self._tell(run)
                if is_due(one, last_good(one.code), today):
                    require_settings(one, None)
                    failed |= self._one(one, None, dry_run=dry_run)
            except (MissingSettings, Busy) as error:
                self.stderr.write(str(error))
        return failed

    def _tell(self, run: Run) -> None:
        if run.state == Run.State.QUARANTINED:
            self.stderr.write(f"{run.source} : en quarantaine. {run.reason}")
            return
        counts = run.counts
        self.stdout.write(
            f"{run.source} : {counts['records']} fiches données, {counts['published']} publiées, {counts['waiting']} en attente, "
            f"{counts['left_out']} écartées, {counts['refused']} refusées."
        )
        self.stdout.write(
            f"Dans le catalogue : {counts['created']} créées, {counts['changed']} modifiées, {counts['proposed']} changements à "
            f"relire, {counts['missing']} disparues (gardées 30 jours), {counts['withdrawn']} retirées."
        )
        if run.reason:
            self.stdout.write(f"Lecture partielle : {run.reason}")

    def _tell_rehearsal(self, one: Source, found: Rehearsal) -> None:
        parts = [f"{count} {_OUTCOMES[outcome]}" for outcome, count in sorted(found.outcomes.items())]
        self.stdout.write(f"{one.code} : {found.read} fiches données, {', '.join(parts) or 'aucune'}.")
        for reason, count in sorted(found.reasons.items(), key=lambda pair: (-pair[1], pair[0]))[:_REASONS_SHOWN]:
            self.stdout.write(f"  {count} × {reason}")
        if found.stopped:
            self.stdout.write(f"La lecture s’est arrêtée : {found.stopped}")
        self.stdout.write("Rien n’a été écrit.")
