"""Criteria and restrictions of les-aides.fr that can be said as conditions. Pure; what is not understood whole stays text.

A criterion is taken only when the *whole* of it is one of the forms below: « Entreprise de moins de 10 salariés du commerce »
says more than a number, and a condition that forgets the rest would be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from maillage.interop.sources.texts import folded

_WHO = r"(?:(?:les |l |une |la )?(?:entreprises?|structures?|associations?|organismes?|employeurs?|effectif)(?: (?:est|sont))?(?: (?:de|d|ayant|employant|comptant))? ?)?"
_STAFF = r"(?:salaries?|personnes|etp|equivalents temps plein)"
_AGE = r"(?:(?:creees?|crees?|existant|immatriculees?|ayant)? ?(?:depuis|il y a)? ?)"
_LESS, _MORE = r"(?:moins de|inferieur a|strictement inferieur a)", r"(?:plus de|superieur a)"
_AT_MOST, _AT_LEAST = r"(?:au plus|jusqu a|maximum|inferieur ou egal a)", r"(?:au moins|minimum|superieur ou egal a)"

_STAFF_FORMS = tuple((re.compile(f"{_WHO}{words} (\\d+) {_STAFF}"), operator, shift) for words, operator, shift in (
    (_LESS, "<=", -1), (_MORE, ">=", 1), (_AT_MOST, "<=", 0), (_AT_LEAST, ">=", 0),
))  # fmt: skip
_AGE_FORMS = tuple((re.compile(f"{_WHO}{_AGE}{words} (\\d+) (ans?|mois)(?: d existence| d anciennete| d activite)?"), operator) for words, operator in (
    (f"(?:{_LESS}|{_AT_MOST})", "<="), (f"(?:{_MORE}|{_AT_LEAST})", ">="),
))  # fmt: skip
_FLAGS: Mapping[str, re.Pattern[str]] = {
    "esus": re.compile(
        f"{_WHO}(?:agrement |agreees? |labellisees? )?(?:esus|entreprises? solidaires? d utilite sociale)(?: esus)?"
    ),
    "siae": re.compile(f"{_WHO}(?:siae|structures? (?:de l |d )insertion par l activite economique)(?: siae)?"),
    "immatricule": re.compile(
        f"{_WHO}immatriculees?(?: au (?:rcs|rne|registre du commerce et des societes|repertoire des metiers))?"
    ),
}


def condition(criterion: str) -> Mapping[str, Any] | None:
    """A required criterion as a condition of Maillage JSONL 1, with the producer's words as its label; None when it is not one."""
    plain = folded(criterion)
    label = " ".join(criterion.split())[:300]
    for form, operator, shift in _STAFF_FORMS:
        if found := form.fullmatch(plain):
            return {"field": "salaries", "operator": operator, "value": max(int(found[1][:9]) + shift, 0), "label": label}
    for form, operator in _AGE_FORMS:
        if found := form.fullmatch(plain):
            months = int(found[1][:6]) * (1 if found[2] == "mois" else 12)
            return {"field": "mois-creation", "operator": operator, "value": months, "label": label}
    for fact, form in _FLAGS.items():
        if form.fullmatch(plain):
            return {"field": fact, "operator": "=", "value": True, "label": label}
    return None


def oldest(conditions: list[Mapping[str, Any]]) -> int | None:
    """The greatest age of a company, in months, that conditions accept; None when they do not say."""
    ages = [int(one["value"]) for one in conditions if one["field"] == "mois-creation" and one["operator"] == "<="]
    return min(ages) if ages else None


def youngest(conditions: list[Mapping[str, Any]]) -> int | None:
    """The least age that they ask."""
    ages = [int(one["value"]) for one in conditions if one["field"] == "mois-creation" and one["operator"] == ">="]
    return max(ages) if ages else None
