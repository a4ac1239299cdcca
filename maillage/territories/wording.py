"""A territory inside a sentence, in the reader's language: « couvre la Sarthe », “covers Sarthe”."""

from __future__ import annotations

from django.utils.translation import get_language

from maillage.territories.grammar import Forms
from maillage.territories.values import Place


def forms(place: Place) -> Forms:
    """How a territory is said after a verb (`the`), after a noun (`of`) and as a place (`at`). French has articles, English none."""
    if (get_language() or "fr").startswith("fr"):
        return Forms(place.the, place.of, place.at)
    return Forms(place.name, place.name, f"in {place.name}")
