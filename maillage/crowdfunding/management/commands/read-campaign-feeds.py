from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from maillage.crowdfunding.imports.feed import read_feed
from maillage.crowdfunding.imports.files import UnreadableFile
from maillage.crowdfunding.imports.load import load
from maillage.crowdfunding.rules import rules
from maillage.kit.fetch import FetchError, Refused


class Command(BaseCommand):
    help = "Lit les flux de campagnes des plateformes qui en ont un"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("platform", nargs="*", help="codes des plateformes (toutes celles qui ont un flux, sinon)")
        parser.add_argument(
            "--publish", action="store_true", help="publie les nouvelles campagnes au lieu d’en faire des brouillons"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        known = {code: platform for code, platform in rules().platforms.items() if platform.feed}
        wanted = options["platform"] or list(known)
        failed = 0
        for code in wanted:
            platform = known.get(code)
            if platform is None or platform.feed is None:
                raise CommandError(
                    f"« {code} » n’est pas une plateforme qui a un flux. Connues : {', '.join(known) or 'aucune'}."
                )
            try:
                report = load(read_feed(platform.feed), code, publish=options["publish"])
            except (UnreadableFile, FetchError, Refused) as error:
                failed += 1
                self.stderr.write(f"{platform.name} : {error}")
                continue
            for refusal in report.refused:
                self.stderr.write(f"{platform.name}, campagne {refusal.line}, {refusal.column} : {refusal.sentence}")
            self.stdout.write(
                f"{platform.name} : {report.created} créées, {report.changed} changées, {report.unchanged} inchangées."
            )
        if not wanted:
            self.stdout.write("Aucune plateforme de la liste n’a de flux.")
        if failed:
            raise CommandError(f"{failed} flux illisibles ; les autres ont été lus.")
