"""How the observatory says its figures: hidden counts, shares, lines of the tree, months."""

from __future__ import annotations

import math

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from maillage.kit.typography import number
from maillage.observatory.demand.publication import ELSEWHERE, NOWHERE, ROOT
from maillage.observatory.months import first_day
from maillage.territories import queries as territories
from maillage.vocabulary.labels import label


def count(value: int | None) -> str:
    """A count as published: « 1 234 », or « masqué »."""
    return _("masqué") if value is None else number(value)


def percent(share: float) -> str:
    """0.503 as « 50 % »."""
    whole = f"{100 * share:.0f}"
    return f"{whole}\u202f%" if (get_language() or "fr").startswith("fr") else f"{whole}%"


def signed(change: float) -> str:
    """10.2 as « +10 % »."""
    text = percent(abs(change) / 100)
    return f"+{text}" if change >= 0 else f"\u2212{text}"


def delay(median_days: float) -> str:
    """Half of the answers come within so many working days, said in whole ones: two and a half are « 3 jours ou moins »."""
    days = math.ceil(median_days)
    if not days:
        return _("La moitié des réponses arrive le jour même.")
    return ngettext(
        "La moitié des réponses arrive en %(n)s jour ouvré ou moins.",
        "La moitié des réponses arrive en %(n)s jours ouvrés ou moins.",
        days,
    ) % {"n": number(days)}


def line(key: str) -> str:
    """The name of a line of the published tree."""
    level, _colon, code = key.partition(":")
    known = {ROOT: _("Toutes les recherches"), ELSEWHERE: _("Autres régions"), NOWHERE: _("Sans commune dite")}
    if key in known:
        return known[key]
    if level == "part":
        departement, _slash, epci = code.partition("/")
        inside = territories.place("departement", departement)
        place = territories.place("epci", epci) if epci else None
        name = place.name if place else _("Communes sans intercommunalité")
        if place is not None and len(place.departements) == 1:
            return name
        return f"{name} ({inside.name if inside else departement})"
    place = territories.place(level, code)
    return place.name if place else code


def stage(code: str) -> str:
    """The name of a stage; « non dite » for none."""
    return label("stage", code) if code else _("Étape non dite")


def need(code: str) -> str:
    """The name of a need."""
    return label("need", code) if code else _("Besoin non dit")


def month(value: int) -> str:
    """202611 as « novembre 2026 »."""
    return date_format(first_day(value), "F Y")


def span(first: int, last: int) -> str:
    """The months of a year as one says them: « 2026 », « janvier à septembre 2026 »."""
    if first % 100 == 1 and last % 100 == 12:
        return str(first // 100)
    return _("de %(first)s à %(last)s") % {"first": date_format(first_day(first), "F"), "last": month(last)}


def year_title(first: int, last: int) -> str:
    """« en 2025 », « de janvier à septembre 2026 »."""
    text = span(first, last)
    return _("en %(year)s") % {"year": text} if text.isdigit() else text
