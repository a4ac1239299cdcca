"""maillage tables: the tables uploaded in the office; --run works on those that wait."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from maillage.interop.table_imports import drafts, worker
from maillage.interop.table_imports.models import TableImport


class Command(BaseCommand):
    requires_system_checks = ()  # data only: the addresses of the site are not its business
    help = "Liste les tableaux déposés dans la gestion ; --run traite ceux qui attendent et oublie les anciens."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--run", action="store_true", help="traiter les tableaux qui attendent, ici et maintenant")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["run"]:
            forgotten, done = drafts.expire(), worker.run_waiting()
            self.stdout.write(f"{done} tableau(x) traité(s), {forgotten} oublié(s) après {drafts.KEPT_DAYS} jours.")
            return
        for table in TableImport.objects.select_related("source").order_by("-created_at", "-pk")[:50]:
            counts = table.counts
            parts = [
                f"{table.created_at:%Y-%m-%d %H:%M}", table.get_state_display(), f"{table.progress}/{table.rows} lignes",
                f"« {table.name} » de {table.source.code}",
            ]  # fmt: skip
            if counts:
                parts.append(
                    f"{counts['created']} créées, {counts['changed']} modifiées, {counts['unchanged']} inchangées, {counts['refused']} refusées"
                )
            self.stdout.write(" · ".join(parts))
