"""`maillage exposure`: how often each offer is shown, to see whether the ranking forgets somebody."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from maillage.catalogue.models import Offer
from maillage.orientation.exposure import exposure
from maillage.orientation.queries import PARIS
from maillage.orientation.situation import Situation
from maillage.territories import queries as territories
from maillage.vocabulary.words import vocabulary


class Command(BaseCommand):
    help = (
        "Mesure l’exposition des offres : pour chaque étape dans chaque commune d’un département, ce que le classement montre "
        "jour après jour. Les offres les moins montrées viennent d’abord."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--departement", required=True, metavar="CODE", help="code du département, par exemple 53")
        parser.add_argument("--jours", type=int, default=7, metavar="N", help="nombre de jours (7 par défaut)")
        parser.add_argument("--montres", type=int, default=20, metavar="N", help="résultats lus par personne (20 par défaut)")
        parser.add_argument("--lignes", type=int, default=30, metavar="N", help="offres listées (30 par défaut)")

    def handle(self, *args: Any, **options: Any) -> None:
        communes = territories.communes_of("departement", options["departement"])
        if not communes:
            raise CommandError(f"Le département « {options['departement']} » n’existe pas.")
        if options["jours"] < 1 or options["montres"] < 1:
            raise CommandError("--jours et --montres doivent être au moins 1.")
        stages = vocabulary().codes("stage")
        situations = [Situation(stage=stage, commune=commune) for commune in communes for stage in stages]
        today: date = timezone.now().astimezone(PARIS).date()
        lines = exposure(situations, today, options["jours"], options["montres"])
        names = dict(Offer.objects.values_list("pk", "name"))
        self.stdout.write(f"{len(lines)} offres trouvées dans {len(situations)} situations, sur {options['jours']} jours.")
        self.stdout.write("part montrée   trouvée   montrée   première   offre")
        for line in lines[: options["lignes"]]:
            self.stdout.write(
                f"{line.share:>11.0%}   {line.found:>7}   {line.shown:>7}   {line.first:>8}   {names.get(line.pk, line.pk)}"
            )
