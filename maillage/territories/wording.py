"""A territory inside a sentence, in the reader's language: « couvre la Sarthe », “covers Sarthe”."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maillage.territories import queries as territories
from maillage.territories.grammar import Forms
from maillage.territories.values import Commune, Place


def forms(place: Place) -> Forms:
    """How a territory is said after a verb (`the`), after a noun (`of`) and as a place (`at`). French has articles, English none."""
    if (get_language() or "fr").startswith("fr"):
        return Forms(place.the, place.of, place.at)
    return Forms(place.name, place.name, f"in {place.name}")


def commune_label(commune: Commune, former_name: str = "") -> str:
    """A commune as one line of a choice: « Laval (Mayenne, 53000) », and the former name by which it was found."""
    departement = territories.place("departement", commune.departement)
    where = ", ".join(part for part in (departement.name if departement else "", commune.postcode) if part)
    name = f"{commune.name} ({where})" if where else commune.name
    return _("%(former)s, aujourd’hui %(name)s") % {"former": former_name, "name": name} if former_name else name
