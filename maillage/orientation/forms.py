"""The address becomes one `Situation`. What is not understood becomes a plain sentence with a choice, never an exception.

The page, the API and the command line all read here: the parameters are those of `situation.PARAMETERS`, plus one per fact of
the vocabulary. A value may be a code or a French label, with or without accents and capitals.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maillage.orientation.situation import LIST_OF, PARAMETERS, Situation
from maillage.territories import queries as territories
from maillage.territories.names import fold
from maillage.territories.queries import Commune
from maillage.territories.wording import commune_label
from maillage.vocabulary.labels import choices, label
from maillage.vocabulary.words import Term, Vocabulary, vocabulary

#: A form where a person types the commune says so with this parameter (any value): five digits are then a postal code before being an
#: INSEE code. Nearly 3,000 communes have an INSEE code that is somebody else's postal code.
TYPED = "saisie"
#: Fields that hold one value; the others hold a list.
SINGLE = frozenset({"stage", "commune", "legal_form"})
#: How much of an address is read. Beyond, nothing is understood better, and a page would only repeat it.
VALUES_READ, VALUE_READ, TEXT_READ, CHOICES_SHOWN = 60, 120, 200, 12
#: The largest whole number that a fact may hold (a turnover in euros).
LARGEST = 10**12

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ud800-\udfff]+")
_YES, _NO = frozenset({"oui", "1", "true", "vrai", "yes", "o"}), frozenset({"non", "0", "false", "faux", "no", "n"})


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose instead: the value to put in the address, and its label."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of the address that was not understood: `field` of the situation (or fact code), `parameter`, and what to do.

    `wanted` is False when the situation is complete without an answer (the sentence only says how something was read).
    """

    field: str
    parameter: str
    value: str
    sentence: str
    choices: tuple[Choice, ...] = ()
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """What an address says, and what it says that nobody understands."""

    situation: Situation
    problems: tuple[Problem, ...] = ()

    def problem(self, field: str) -> Problem | None:
        """The first problem of a field, to show beside it."""
        return next((problem for problem in self.problems if problem.field == field), None)


def read(parameters: QueryDict | Mapping[str, Sequence[str]]) -> Reading:
    """Read the parameters of an address (or of the command line, under the same names). Unknown parameters are ignored."""
    problems: list[Problem] = []
    said: dict[str, Any] = {}
    for name, parameter in PARAMETERS.items():
        values = _values(parameters, parameter)
        if not values:
            continue
        if name == "commune":
            said[name] = _commune(parameters, values, problems)
        elif name == "text":
            said[name] = _text(values, problems)
        elif name in SINGLE:
            codes = _codes(name, parameter, values, problems)
            if len(codes) > 1:
                problems.append(_only_one(name, parameter, codes))
            said[name] = codes[0] if codes else None
        else:
            said[name] = _codes(name, parameter, values, problems)
    facts: dict[str, int | bool] = {}
    for code, term in vocabulary().terms("fact").items():
        values = _values(parameters, term.extra["parameter"])
        fact = _fact(code, term, values[0], problems) if values else None
        if fact is not None:
            facts[code] = fact
    return Reading(Situation(**said, facts=facts), tuple(problems))


def _values(parameters: QueryDict | Mapping[str, Sequence[str]], name: str) -> list[str]:
    """The distinct, cleaned, non-empty values of a parameter, in order, within bounds."""
    raw = parameters.getlist(name) if isinstance(parameters, QueryDict) else parameters.get(name, ())
    longest = TEXT_READ + 1 if name == PARAMETERS["text"] else VALUE_READ
    cleaned = (" ".join(_UNSEEN.sub(" ", value[: 4 * longest]).split())[:longest] for value in raw[:VALUES_READ])
    return list(dict.fromkeys(value for value in cleaned if value))


def _codes(name: str, parameter: str, values: list[str], problems: list[Problem]) -> tuple[str, ...]:
    """The codes of a list, in vocabulary order; a problem for each value that is neither a code nor a label of it."""
    known = _spellings(LIST_OF[name])
    found: set[str] = set()
    for value in values:
        code = known.get(fold(value))
        if code:
            found.add(code)
        else:
            problems.append(_unknown(name, parameter, value))
    return tuple(code for code in vocabulary().codes(LIST_OF[name]) if code in found)


def _spellings(name: str) -> Mapping[str, str]:
    return _spelled(vocabulary(), name, get_language())


@lru_cache(maxsize=128)
def _spelled(words: Vocabulary, name: str, language: str | None) -> Mapping[str, str]:
    """Every way to write a code of a list, folded: the code itself, its French label, its label in the reader's language."""
    spellings: dict[str, str] = {}
    for code, term in words.terms(name).items():
        for text in (code, term.label, label(name, code)):
            spellings.setdefault(fold(text), code)
    return spellings


#: What each list of codes is called in a sentence.
def _said_as(name: str) -> str:
    return {
        "stage": _("l’étape"),
        "needs": _("le besoin"),
        "sectors": _("le secteur"),
        "legal_form": _("la forme juridique"),
        "audiences": _("le public"),
        "modes": _("la façon d’être accueilli"),
        "costs": _("le coût"),
        "kinds": _("la nature d’offre"),
    }[name]


def _unknown(name: str, parameter: str, value: str) -> Problem:
    listed = choices(LIST_OF[name])
    spellings = _spellings(LIST_OF[name])
    near = {spellings[text] for text in difflib.get_close_matches(fold(value)[:40], spellings, n=3, cutoff=0.7)}
    offered = [Choice(code, text) for code, text in listed if not near or code in near][:CHOICES_SHOWN]
    sentence = _("Nous n’avons pas compris %(what)s «\u202f%(value)s\u202f».") % {
        "what": _said_as(name),
        "value": shortened(value),
    }
    advice = _("Vouliez-vous dire\u202f: %(choices)s\u202f?") if near else _("Choisissez parmi\u202f: %(choices)s.")
    sentence += " " + advice % {"choices": ", ".join(choice.label for choice in offered)}
    return Problem(name, parameter, value, sentence, tuple(offered))


def _only_one(name: str, parameter: str, codes: tuple[str, ...]) -> Problem:
    offered = tuple(Choice(code, label(LIST_OF[name], code)) for code in codes)
    sentence = _("Une seule réponse est possible pour %(what)s\u202f: nous avons gardé «\u202f%(kept)s\u202f».") % {
        "what": _said_as(name),
        "kept": offered[0].label,
    }
    return Problem(name, parameter, codes[1], sentence, offered, wanted=False)


def _text(values: list[str], problems: list[Problem]) -> str:
    text = " ".join(values)
    if len(text) <= TEXT_READ:
        return text
    kept = text[:TEXT_READ].rsplit(" ", 1)[0]
    sentence = _("Votre recherche est trop longue\u202f: nous n’avons lu que les %(count)d premiers signes.") % {
        "count": TEXT_READ
    }
    problems.append(Problem("text", PARAMETERS["text"], kept, sentence, wanted=False))
    return kept


def _fact(code: str, term: Term, value: str, problems: list[Problem]) -> int | bool | None:
    parameter: str = term.extra["parameter"]
    if term.extra["kind"] == "yes-no":
        folded = fold(value)
        if folded in _YES or folded in _NO:
            return folded in _YES
        offered: tuple[Choice, ...] = (Choice("oui", _("Oui")), Choice("non", _("Non")))
        expected = _("répondez par oui ou par non")
    else:
        digits = re.sub(r"[\s\u00a0\u202f]", "", value)
        if re.fullmatch(r"[0-9]{1,13}", digits) and int(digits) <= LARGEST:
            return int(digits)
        offered = ()
        expected = _("écrivez un nombre entier, en chiffres (par exemple 3)")
    sentence = _("%(question)s Nous n’avons pas compris «\u202f%(value)s\u202f»\u202f: %(expected)s.") % {
        "question": _(term.extra["question"]),
        "value": shortened(value),
        "expected": expected,
    }
    problems.append(Problem(code, parameter, value, sentence, offered))
    return None


def _commune(parameters: QueryDict | Mapping[str, Sequence[str]], values: list[str], problems: list[Problem]) -> Commune | None:
    """The commune of an INSEE code, a postal code, a name, or a name with its postal code."""
    parameter, value = PARAMETERS["commune"], values[0]
    resolution = territories.resolve(value, codes_first=not _values(parameters, TYPED))
    others = tuple(Choice(found.commune.code, commune_label(found.commune, found.former_name)) for found in resolution.others)
    if resolution.reason == "empty":
        return None
    if resolution.commune is not None:
        # An address of the site carries INSEE codes: nothing to say of them. Elsewhere (command line) somebody may have meant the other.
        if others and not isinstance(parameters, QueryDict):
            sentence = _(
                "«\u202f%(value)s\u202f» est le code INSEE de %(commune)s. C’est aussi un code postal\u202f: vouliez-vous dire %(others)s\u202f?"
            ) % {
                "value": shortened(value),
                "commune": commune_label(resolution.commune),
                "others": ", ".join(choice.label for choice in others[:CHOICES_SHOWN]),
            }
            problems.append(Problem("commune", parameter, value, sentence, others[:CHOICES_SHOWN], wanted=False))
        if len(values) > 1:
            sentence = _("Une seule commune est possible\u202f: nous avons gardé %(commune)s.") % {
                "commune": commune_label(resolution.commune)
            }
            problems.append(Problem("commune", parameter, values[1], sentence, wanted=False))
        return resolution.commune
    sentence = {
        "homonyms": _("Plusieurs communes correspondent à «\u202f%(value)s\u202f»\u202f: choisissez la vôtre."),
        "partial": _(
            "Nous ne connaissons pas de commune qui s’appelle exactement «\u202f%(value)s\u202f». Est-ce l’une de celles-ci\u202f?"
        ),
        "typo": _("Nous ne connaissons pas de commune «\u202f%(value)s\u202f». Vouliez-vous dire l’une de celles-ci\u202f?"),
        "unknown": _(
            "Nous ne connaissons pas de commune «\u202f%(value)s\u202f». Vérifiez son nom, "
            "ou écrivez son code postal ou celui d’une commune voisine."
        ),
    }[resolution.reason] % {"value": shortened(value)}
    shown = others if resolution.reason == "homonyms" else others[:CHOICES_SHOWN]
    problems.append(Problem("commune", parameter, value, sentence, shown))
    return None


def shortened(value: str, length: int = 60) -> str:
    """What somebody typed, short enough to be repeated in a sentence."""
    return value if len(value) <= length else value[: length - 1] + "…"
