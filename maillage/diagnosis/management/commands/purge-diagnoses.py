"""maillage purge-diagnoses: delete the diagnoses whose private link expired, with their documents."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from maillage.diagnosis.actions import purge


class Command(BaseCommand):
    requires_system_checks = ()  # data only: the addresses of the site are not its business
    help = "Efface les autodiagnostics dont le lien privé a expiré, avec leurs documents. À lancer chaque jour."

    def handle(self, *args: Any, **options: Any) -> None:
        expired, orphans = purge(timezone.now())
        self.stdout.write(f"Autodiagnostics effacés : {expired}. Fichiers sans autodiagnostic effacés : {orphans}.")
