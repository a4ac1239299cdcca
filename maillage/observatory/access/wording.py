"""The words of the access pages: kinds of places, divisions, indicators, figures and their plain reading."""

from __future__ import annotations

from math import isinf, isnan

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maillage.kit import typography
from maillage.observatory.access.indicators import MINUTES
from maillage.observatory.access.inequality import Inequality
from maillage.observatory.access.places import GENERALIST, INCUBATOR, LATE, OPEN, RELAY


def place_words(kind: str) -> str:
    """What a kind of place is called in a table."""
    return {
        RELAY: _("Relais le plus proche"),
        OPEN: _("Relais ouvert au moins 10\u202fh par semaine"),
        LATE: _("Relais ouvert le soir (après 18\u202fh) ou le samedi"),
        GENERALIST: _("Accompagnement généraliste"),
        INCUBATOR: _("Incubateur, couveuse ou pépinière"),
    }[kind]


def division_words(name: str) -> tuple[str, str]:
    """What a division is called, and the rest: (inside, outside)."""
    return {
        "rural": (_("Communes rurales"), _("Communes urbaines")),
        "frr": (_("Communes en FRR"), _("Hors FRR")),
        "qpv": (_("Communes avec un QPV"), _("Sans QPV")),
        "metropole": (_("Métropole"), _("Hors métropole")),
    }[name]


def unit_words(unit: str) -> str:
    """km or minutes, as it follows a number."""
    return _("min") if unit == MINUTES else _("km")


def percent(share: float | None) -> str:
    """A share: « 42 % », or « inconnu »; less than one in a hundred is said so."""
    if share is None or isnan(share):
        return unknown()
    if 0 < share < 0.01:
        return _("moins de 1\u202f%")
    return f"{100 * share:.0f}\u202f%" if _in_french() else f"{100 * share:.0f}%"


def figure(value: float | None, unit: str = "", decimals: int = 0) -> str:
    """A number with its unit, or « inconnu »; an infinite distance says that there is no place."""
    if value is None or isnan(value):
        return unknown()
    if isinf(value):
        return _("aucun lieu")
    if decimals:
        text = f"{value:.{decimals}f}"
        text = text.replace(".", ",") if _in_french() else text
    else:
        text = typography.number(value)
    return f"{text}\u202f{unit}" if unit else text


def unknown() -> str:
    """What is not known is said, never written as zero."""
    return _("inconnu")


def gini_words(found: Inequality) -> str:
    """What an inequality means, in one sentence."""
    return _(
        "Indice de Gini\u202f: %(gini)s (0\u202f: tout le monde a le même accès\u202f; près de 1\u202f: quelques-uns ont tout). "
        "La moitié la moins bien servie des habitants a %(half)s des heures d’accueil\u202f; le dixième le mieux servi en a %(top)s."
    ) % {"gini": figure(found.gini, decimals=2), "half": percent(found.share_of(0.5)), "top": percent(1 - found.share_of(0.9))}


def _in_french() -> bool:
    return (get_language() or "fr").startswith("fr")
