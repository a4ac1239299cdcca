"""Bring the observatory up to date; for cron, or by hand."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from maillage.observatory import work


class Command(BaseCommand):
    help = "Compte les recherches, garde l’offre du mois, oublie les visiteurs d’hier. Peut être relancée sans risque."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do each piece of work, and say what it did."""
        for step in work.EVERY.values():
            self.stdout.write(step())
