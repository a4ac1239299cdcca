"""`maillage orienter`: the orientation on the command line, as a text table or as JSON (exchange-formats.md §5.0)."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from maillage.orientation import forms
from maillage.orientation.queries import orient
from maillage.orientation.serialise import answer_as_json
from maillage.orientation.text import answer_as_text
from maillage.vocabulary.portals import Portal, portal_of_region, portals
from maillage.vocabulary.words import vocabulary

#: Option → its help text. The names are those of the parameters of the address.
OPTIONS = {
    "etape": "étape du projet : {stage}",
    "commune": "commune : code INSEE, nom, ou nom et code postal (« Laval 53000 »)",
    "besoin": "besoin (peut être répété) : {need}",
    "secteur": "secteur (peut être répété) : {sector}",
    "forme": "forme juridique : {legal_form}",
    "public": "public (peut être répété) : {audience}",
    "acces": "façon d’être accueilli (peut être répété) : {mode}",
    "cout": "coût (peut être répété) : {cost}",
    "nature": "nature d’offre à montrer (peut être répété) : {kind}",
    "texte": "mots à chercher",
}


class Command(BaseCommand):
    help = (
        "Oriente un projet : où il en est et où il se trouve donnent les personnes à appeler, puis les offres, chacune avec sa raison. "
        "Rien n’est enregistré : la trace anonyme des recherches ne vient que du site."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        words = {name: ", ".join(vocabulary().codes(name)) for name in vocabulary().lists}
        for option, text in OPTIONS.items():
            parser.add_argument(f"--{option}", action="append", default=[], metavar=option.upper(), help=text.format(**words))
        for term in vocabulary().terms("fact").values():
            expected = "oui ou non" if term.extra["kind"] == "yes-no" else "nombre"
            name = term.extra["parameter"]
            parser.add_argument(f"--{name}", action="append", default=[], metavar=name.upper(), help=f"{term.label} ({expected})")
        parser.add_argument("--limite", type=_whole, default=20, metavar="N", help="nombre de résultats montrés (20 par défaut)")
        parser.add_argument("--debut", type=_whole, default=0, metavar="N", help="premier résultat montré, à partir de 0")
        parser.add_argument("--format", choices=("texte", "json"), default="texte", help="texte (par défaut) ou json")

    def handle(self, *args: Any, **options: Any) -> None:
        names = [*OPTIONS, *(term.extra["parameter"] for term in vocabulary().terms("fact").values())]
        reading = forms.read({name: options[name.replace("-", "_")] for name in names})
        for problem in reading.problems:
            self._say(problem)
        if any(problem.wanted for problem in reading.problems):
            _exit_not_understood()
        commune = reading.situation.commune
        answer = orient(
            reading.situation,
            _portal(commune.region if commune else None),
            limit=options["limite"],
            offset=options["debut"],
        )
        if options["format"] == "json":
            self.stdout.write(json.dumps(answer_as_json(answer, reading.problems), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(answer_as_text(answer, offset=options["debut"]))

    def _say(self, problem: forms.Problem) -> None:
        """The problem, then what to choose, one per line: the code to type and what it means."""
        self.stderr.write(f"--{problem.parameter} : {problem.sentence}")
        for choice in problem.choices:
            self.stderr.write(f"  {choice.value}\t{choice.label}")


def _portal(region: str | None) -> Portal | None:
    """The installation's portal when there is only one; else the portal of the commune's région, if it has one."""
    if settings.MAILLAGE_PORTAL:
        return portals()[settings.MAILLAGE_PORTAL]
    return portal_of_region(region) if region else None


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise argparse.ArgumentTypeError(f"« {text} » n’est pas un nombre entier positif")
    return int(text)


def _exit_not_understood() -> NoReturn:
    sys.exit(2)
