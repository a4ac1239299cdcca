"""maillage retention: forget who has not come for two years, a month after having said so."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from maillage.journal.privacy import ledger, retention


class Command(BaseCommand):
    help = "Prévient puis efface les comptes sans contact depuis deux ans. « maillage nuit » le fait chaque nuit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="dit combien seraient prévenus ou effacés, sans rien faire")
        parser.add_argument(
            "--rejouer", action="store_true", dest="replay", help="refait les effacements du registre dans cette base"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["replay"]:
            self.stdout.write(f"{ledger.replay()} effacement(s) refait(s).")
            return
        if options["dry_run"]:
            now = timezone.now()
            stale = retention.without_contact_since(now - retention.life() + retention.NOTICE).filter(notice__isnull=True).count()
            over = (
                retention.without_contact_since(now - retention.life())
                .filter(notice__sent_at__lte=now - retention.NOTICE)
                .count()
            )
            self.stdout.write(f"{stale} compte(s) à prévenir, {over} à effacer.")
            return
        done = retention.run()
        self.stdout.write(f"{done.told} compte(s) prévenu(s), {done.erased} effacé(s).")
