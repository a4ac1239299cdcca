"""The parameters of the API: what each one is, for the documentation, and how its value is read.

Whatever is not understood is refused with a sentence that says what to write instead. The parameters of a situation are read where the
pages read them (`orientation.forms`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from maillage.interop.api.answers import Refused
from maillage.interop.api.paging import PAGE, PAGE_AT_MOST
from maillage.orientation import forms
from maillage.orientation.situation import LIST_OF, PARAMETERS, Situation
from maillage.territories import queries as territories
from maillage.territories.queries import LEVELS, parse_key
from maillage.territories.values import Place
from maillage.vocabulary.words import vocabulary


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an address: its name, what it means (French source text), its JSON schema, an example."""

    name: str
    description: str
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string"})
    example: Any = None

    def documented(self) -> dict[str, Any]:
        """As OpenAPI writes it."""
        told = {"name": self.name, "in": "query", "required": False, "description": self.description, "schema": self.schema}
        if self.schema.get("type") == "array":
            told |= {"style": "form", "explode": True}
        return told if self.example is None else {**told, "example": self.example}


LANGUAGE = Parameter("lang", gettext_noop("Langue des libellés et des phrases."), {"type": "string", "enum": ["fr", "en"]})
LIMIT = Parameter(
    "limite",
    gettext_noop("Nombre d’éléments d’une page."),
    {"type": "integer", "minimum": 1, "maximum": PAGE_AT_MOST, "default": PAGE},
)
CURSOR = Parameter(
    "curseur", gettext_noop("Où reprendre la liste\u202f: une valeur opaque, donnée par «\u202fnext\u202f». Ne la fabriquez pas.")
)
SINCE = Parameter(
    "modified_since",
    gettext_noop("Seulement ce qui a changé à partir de ce jour ou de cet instant (ISO 8601, heure de Paris si rien n’est dit)."),
    {"type": "string", "pattern": r"^$|^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?$"},
    "2026-11-01",
)
TERRITORY = Parameter(
    "territoire",
    gettext_noop("Un territoire\u202f: «\u202ffrance\u202f», ou un niveau et un code, comme departement:53 ou epci:200048551."),
    {"type": "string", "pattern": r"^$|^(france|(commune|epci|departement|region):\w{1,9})$"},
    "departement:53",
)
SOURCE = Parameter("source", gettext_noop("Le catalogue d’origine, tel que les fiches le nomment."))
SIREN = Parameter("siren", gettext_noop("Numéro SIREN\u202f: neuf chiffres."), {"type": "string", "pattern": "^$|^[0-9]{9}$"})
OPEN = Parameter(
    "ouvertes",
    gettext_noop("«\u202foui\u202f»\u202f: seulement les offres ouvertes aujourd’hui."),
    {"type": "string", "enum": ["oui", "non"]},
)
MEMBERS = Parameter(
    "membres",
    gettext_noop(
        "«\u202foui\u202f»\u202f: aussi les territoires qui le composent (départements, intercommunalités ou communes)."
    ),
    {"type": "string", "enum": ["oui", "non"]},
)


def _situation_parameters() -> tuple[Parameter, ...]:
    said = {
        "stage": gettext_noop("Étape du projet."),
        "commune": gettext_noop("Commune\u202f: code INSEE, nom, code postal, ou nom et code postal."),
        "needs": gettext_noop("Besoin. Se répète."),
        "sectors": gettext_noop("Secteur. Se répète."),
        "legal_form": gettext_noop("Forme juridique."),
        "audiences": gettext_noop("Public. Se répète."),
        "modes": gettext_noop("Façon d’être accueilli. Se répète."),
        "costs": gettext_noop("Coût. Se répète."),
        "kinds": gettext_noop("Nature de l’offre. Se répète."),
        "text": gettext_noop("Mots cherchés dans les offres."),
    }
    found = []
    for name, parameter in PARAMETERS.items():
        text: dict[str, Any] = {"type": "string"}
        if name in LIST_OF:
            # codes are told as examples: a French label is understood too
            text = {"type": "string", "examples": list(vocabulary().codes(LIST_OF[name]))}
        several = name in LIST_OF and name not in forms.SINGLE
        found.append(Parameter(parameter, said[name], {"type": "array", "items": text} if several else text))
    for term in vocabulary().terms("fact").values():
        found.append(Parameter(term.extra["parameter"], term.extra["question"]))
    return tuple(found)


#: What a project may say of itself: the same words as in the addresses of the results page.
SITUATION = _situation_parameters()


def known_only(request: HttpRequest, *groups: Iterable[Parameter]) -> None:
    """Refuse the parameters that this address does not have: a misspelt filter must not look like an answer."""
    known = {LANGUAGE.name, *(one.name for group in groups for one in group)}
    unknown = [name for name in request.GET if name not in known]
    if unknown:
        sentence = _("Cette adresse n’a pas de paramètre «\u202f%(name)s\u202f». Elle connaît\u202f: %(known)s.")
        raise refused(
            [(name, "", sentence % {"name": forms.shortened(name), "known": ", ".join(sorted(known))}) for name in unknown[:10]]
        )


def refused(problems: Iterable[tuple[str, str, str]], choices: Iterable[dict[str, str]] = ()) -> Refused:
    """The refusal of (parameter, value, sentence) problems."""
    errors: list[dict[str, Any]] = [
        {"parameter": name[:120], "value": value[:120], "sentence": sentence} for name, value, sentence in problems
    ]
    if choices:
        errors[0]["choices"] = list(choices)
    return Refused(422, " ".join(error["sentence"] for error in errors), errors)


def limit(request: HttpRequest, default: int = PAGE, at_most: int = PAGE_AT_MOST) -> int:
    """The number of items of a page."""
    if LIMIT.name not in request.GET:
        return default
    text = request.GET[LIMIT.name]
    if text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= at_most:
        return int(text)
    sentence = _("limite vaut «\u202f%(value)s\u202f»\u202f: écrivez un nombre entier de 1 à %(most)d.") % {
        "value": forms.shortened(text),
        "most": at_most,
    }
    raise refused([(LIMIT.name, text, sentence)])


def cursor(request: HttpRequest) -> str:
    """The cursor as it was given; empty when there is none."""
    return request.GET.get(CURSOR.name, "")


def since(request: HttpRequest) -> datetime | None:
    """The moment of `modified_since`, aware; None when nothing is asked."""
    text = request.GET.get(SINCE.name, "").strip()
    if not text:
        return None
    # « + » is a blank in an address: 2026-11-24T10:00:00+01:00 arrives with one
    text_ = re.sub(r"(?<=\d) (?=\d\d:?\d\d$)", "+", text)
    try:
        moment = parse_datetime(text_)
        day = parse_date(text_)
        if day is not None and (moment is None or len(text_) <= 10):
            moment = datetime(day.year, day.month, day.day)  # made aware below
        if moment is None:
            raise ValueError
        aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
        aware.timestamp()
        if not 1970 < aware.year < 9000:
            raise ValueError
    except (ValueError, OverflowError) as error:
        sentence = _(
            "modified_since vaut «\u202f%(value)s\u202f»\u202f: écrivez un jour comme 2026-11-24, ou un instant comme 2026-11-24T10:00:00Z."
        ) % {"value": forms.shortened(text)}
        raise refused([(SINCE.name, text, sentence)]) from error
    return aware


def yes_or_no(request: HttpRequest, parameter: Parameter) -> bool:
    """A parameter that says yes or no; no when it says nothing."""
    text = request.GET.get(parameter.name, "non")
    if text not in ("oui", "non"):
        sentence = _("%(name)s vaut «\u202f%(value)s\u202f»\u202f: écrivez oui ou non.") % {
            "name": parameter.name,
            "value": forms.shortened(text),
        }
        raise refused([(parameter.name, text, sentence)])
    return text == "oui"


def territory(request: HttpRequest) -> Place | None:
    """The place of `territoire`; None when nothing is asked."""
    text = request.GET.get(TERRITORY.name, "").strip()
    return place_of(text) if text else None


def place_of(text: str) -> Place:
    """The place of a key. Raises Refused for a text that is no key, and for a territory that does not exist."""
    try:
        place = territories.place(*parse_key(text))
    except ValueError:
        place = None
    if place is None:
        sentence = _(
            "territoire vaut «\u202f%(value)s\u202f», qui n’existe pas\u202f: écrivez france, ou un niveau (%(levels)s) et un code, comme departement:53."
        ) % {"value": forms.shortened(text), "levels": ", ".join(LEVELS[:-1])}
        raise refused([(TERRITORY.name, text, sentence)])
    return place


def siren(request: HttpRequest) -> str:
    """Nine figures, or empty."""
    text = request.GET.get(SIREN.name, "").strip()
    if text and not re.fullmatch(r"[0-9]{9}", text):
        sentence = _("siren vaut «\u202f%(value)s\u202f»\u202f: écrivez neuf chiffres.") % {"value": forms.shortened(text)}
        raise refused([(SIREN.name, text, sentence)])
    return text


def code(request: HttpRequest, name: str, list_name: str) -> str:
    """A code of a vocabulary list, or empty."""
    text = request.GET.get(name, "").strip()
    if text and not vocabulary().knows(list_name, text):
        known = vocabulary().codes(list_name)
        sentence = _("%(name)s vaut «\u202f%(value)s\u202f»\u202f: choisissez parmi %(choices)s.") % {
            "name": name,
            "value": forms.shortened(text),
            "choices": ", ".join(known),
        }
        raise refused([(name, text, sentence)])
    return text


def situation(request: HttpRequest) -> Situation:
    """The situation of an address, where nothing may be misunderstood."""
    reading = forms.read(request.GET)
    wanted = [problem for problem in reading.problems if problem.wanted]
    if wanted:
        choices = [{"value": choice.value, "label": choice.label} for choice in wanted[0].choices]
        raise refused([(problem.parameter, problem.value, problem.sentence) for problem in wanted], choices)
    return reading.situation
