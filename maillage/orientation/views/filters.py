"""The filters of the results page, as values for the template: groups with exact counts, active filters, the open question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from maillage.kit.typography import typographic
from maillage.orientation.answer import Answer
from maillage.orientation.forms import SINGLE, Choice, Problem
from maillage.orientation.situation import LIST_OF, PARAMETERS, Situation
from maillage.territories.wording import commune_label
from maillage.vocabulary.labels import choices, label
from maillage.vocabulary.words import vocabulary


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a filter; `count` is the number of results if this choice alone were made."""

    code: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One filter: the name of its parameter, its title, its options, how many are chosen."""

    parameter: str
    title: str
    options: tuple[Option, ...]
    chosen: int


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of the project that may be stated: its parameter, its question, its kind, and what was said (text)."""

    parameter: str
    question: str
    kind: str
    value: str


#: What each field of the situation is called on the page.
_TITLES = {
    "stage": gettext_noop("Étape"),
    "commune": gettext_noop("Commune"),
    "needs": gettext_noop("Besoins"),
    "sectors": gettext_noop("Secteur"),
    "legal_form": gettext_noop("Forme juridique"),
    "audiences": gettext_noop("Public"),
    "modes": gettext_noop("Accueil"),
    "costs": gettext_noop("Coût"),
    "kinds": gettext_noop("Nature de l’appui"),
    "text": gettext_noop("Mots"),
}


def group(field: str, answer: Answer) -> Group:
    """The filter of a field. A choice that would give no result is left out, unless it is made."""
    counts: Mapping[str, int] = answer.facets.get(LIST_OF[field], {})
    said = set(answer.situation.values(field))
    options = tuple(
        Option(code, text, counts.get(code, 0), code in said)
        for code, text in choices(LIST_OF[field])
        if counts.get(code) or code in said
    )
    return Group(PARAMETERS[field], _(_TITLES[field]), options, len(said))


def form(answer: Answer) -> dict[str, Any]:
    """Everything the filter form shows."""
    return {
        "stage": group("stage", answer),
        "legal_form": group("legal_form", answer),
        "lists": [group(field, answer) for field in ("kinds", "needs", "sectors", "audiences", "modes", "costs")],
        "facts": facts(answer.situation),
    }


def facts(situation: Situation) -> list[Fact]:
    """Every fact that may be stated, with what was said."""
    said = dict(pair for pair in situation.pairs() if pair[0] not in PARAMETERS.values())
    return [
        Fact(term.extra["parameter"], _(term.extra["question"]), term.extra["kind"], said.get(term.extra["parameter"], ""))
        for term in vocabulary().terms("fact").values()
    ]


def address(situation: Situation, **extra: str) -> str:
    """The address of the results of a situation."""
    query = situation.query(**extra)
    return f"{_results(get_language())}?{query}" if query else _results(get_language())


@lru_cache(maxsize=16)
def _results(language: str | None) -> str:
    return reverse("results")


def active(situation: Situation) -> list[dict[str, str]]:
    """What was said, in words, each with the address of the same page without it."""
    return [{"words": words, "url": address(situation.without(field, code))} for field, code, words in _said(situation)]


def words_of(situation: Situation) -> list[str]:
    """What was said, in words."""
    return [words for _field, _code, words in _said(situation)]


def _said(situation: Situation) -> Iterator[tuple[str, str | None, str]]:
    if situation.stage:
        yield "stage", None, label("stage", situation.stage)
    if situation.commune:
        yield "commune", None, commune_label(situation.commune)
    for field in ("kinds", "needs", "sectors", "legal_form", "audiences", "modes", "costs"):
        for code in situation.values(field):
            yield field, code, label(LIST_OF[field], code)
    if situation.text:
        yield "text", None, typographic(f"« {situation.text} »")
    for code, value in situation.facts.items():
        words = _("oui") if value is True else _("non") if value is False else str(value)
        yield code, None, typographic(f"{label('fact', code)} : {words}")


def relaxed(answer: Answer) -> list[dict[str, Any]]:
    """With no result: which filter to drop, and how many results that gives."""
    words = {(field, code): text for field, code, text in _said(answer.situation)}
    words.update({(field, None): text for (field, _code), text in list(words.items())})
    return [
        {
            "words": words.get((field, code or None), _(_TITLES[field]) if field in PARAMETERS else label("fact", field)),
            "url": address(answer.situation.without(field, code or None)),
            "count": count,
        }
        for field, code, count in answer.relaxations
    ]


def asked(answer: Answer) -> dict[str, Any] | None:
    """The one question that settles the most results, as a small form that keeps the rest of the address."""
    question = answer.question
    if question is None:
        return None
    term = vocabulary().terms("fact").get(question.field)
    control = "commune" if question.field == "commune" else term.extra["kind"] if term else "select"
    return {
        "label": question.label,
        "settles": question.settles,
        "control": control,
        "parameter": term.extra["parameter"] if term else PARAMETERS[question.field],
        "choices": choices(LIST_OF[question.field]) if control == "select" else [],
    }


def problems(found: tuple[Problem, ...], situation: Situation) -> list[dict[str, Any]]:
    """What the address says that nobody understands: the sentence, and a link per choice to the page with that choice."""
    return [
        {
            "sentence": problem.sentence,
            "wanted": problem.wanted,
            "links": [_chosen(problem, choice, situation) for choice in problem.choices],
        }
        for problem in found
    ]


def _chosen(problem: Problem, choice: Choice, situation: Situation) -> dict[str, str]:
    kept = [pair for pair in situation.pairs() if problem.field not in SINGLE or pair[0] != problem.parameter]
    return {"label": choice.label, "url": f"{reverse('results')}?{urlencode([*kept, (problem.parameter, choice.value)])}"}
