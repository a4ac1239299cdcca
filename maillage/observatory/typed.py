"""The territory that an address or a field names: a key, a name, or the code of an EPCI that is gone."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from maillage.catalogue.forms.fields import TerritoryField
from maillage.kit.typography import typographic
from maillage.observatory.demand.areas import successor
from maillage.territories import queries as territories
from maillage.territories.queries import parse_key
from maillage.territories.values import Place

#: How much of a text is read or repeated.
READ = 80


@dataclass(frozen=True, slots=True)
class Typed:
    """What was named, and what must be said of it: why nothing was found, or that a successor answers."""

    place: Place | None
    sentence: str = ""


def place_typed(text: str) -> Typed:
    """The territory of a key (« departement:53 ») or of a name (« Mayenne »); several of a name: the sentence says what to write."""
    text = text.strip()[:READ]
    try:
        level, code = parse_key(text)
    except ValueError:
        return _named(text)
    found = territories.place(level, code.upper())
    if found or level != "epci":
        return Typed(found, "" if found else _unknown(text))
    found = territories.place("epci", successor(code))
    if found is None:
        return Typed(None, _unknown(text))
    sentence = _(
        "L’intercommunalité «\u202f%(code)s\u202f» n’existe plus. La plupart de ses habitants sont aujourd’hui dans %(name)s."
    )
    return Typed(found, sentence % {"code": typographic(code), "name": found.name})


def _named(text: str) -> Typed:
    if ":" in text:  # a key of no level
        return Typed(None, _unknown(text))
    try:
        key = TerritoryField(max_length=READ).clean(text)
    except ValidationError as error:
        return Typed(None, " ".join(error.messages))
    return Typed(territories.place(*parse_key(key)))


def _unknown(text: str) -> str:
    return _("Le territoire «\u202f%(value)s\u202f» n’existe pas ou n’existe plus.") % {"value": typographic(text)}
