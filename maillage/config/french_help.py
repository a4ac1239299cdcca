"""Makes the help and the usage errors of the command line French: argparse speaks English, and Django adds options nobody here needs."""

from __future__ import annotations

import argparse

from django.core.management.base import BaseCommand

#: What argparse says (Python 3.11 to 3.13), and how we say it. A sentence that is not here stays in English.
SENTENCES = {
    "usage: ": "usage : ",
    "options": "options",
    "positional arguments": "arguments",
    "subcommands": "sous-commandes",
    "show this help message and exit": "affiche cette aide",
    "the following arguments are required: %s": "il manque : %s",
    "unrecognized arguments: %s": "argument inconnu : %s",
    "invalid choice: %(value)r (choose from %(choices)s)": "« %(value)s » n’est pas possible ; choix : %(choices)s",
    "invalid %(type)s value: %(value)r": "« %(value)s » ne convient pas (attendu : %(type)s)",
    "expected one argument": "une valeur est attendue",
    "expected at least one argument": "au moins une valeur est attendue",
    "argument %(argument_name)s: %(message)s": "argument %(argument_name)s : %(message)s",
    "%(prog)s: error: %(message)s\n": "%(prog)s : erreur : %(message)s\n",
    "not allowed with argument %s": "ne va pas avec %s",
    "ambiguous option: %(option)s could match %(matches)s": "option ambiguë : %(option)s peut être %(matches)s",
}
#: Options that Django gives to every command: they still work, help does not list them.
HIDDEN = {"--version", "-v", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color", "--skip-checks"}


def install() -> None:
    """From now on, in this process, argparse speaks French and help shows our options only."""
    argparse._ = lambda text: SENTENCES.get(text, text)  # type: ignore[attr-defined]  # the name under which argparse translates
    BaseCommand.suppressed_base_arguments = HIDDEN
