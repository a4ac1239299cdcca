"""Labels in the reader's language: the French label of a code, translated by the catalogue of the interface.

A results page asks for some three hundred labels: each list is translated once per language, not at each use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from django.utils.translation import get_language, gettext

from maillage.vocabulary.words import Term, Vocabulary, vocabulary

Terms = Mapping[str, Term]


@lru_cache(maxsize=32)
def _translated(words: Vocabulary, language: str | None) -> Mapping[str, Terms]:
    """Every list of the vocabulary in `language`, which is the active one."""
    return {
        name: {
            term.code: Term(term.code, gettext(term.label), gettext(term.plain) if term.plain else "", term.extra)
            for term in listed.values()
        }
        for name, listed in words.lists.items()
    }


def _terms(name: str) -> Terms:
    return _translated(vocabulary(), get_language())[name]


def label(name: str, code: str) -> str:
    """The label of a code of a list (`stage`, `need`, …) in the reader's language; the code itself if it is unknown."""
    term = _terms(name).get(code)
    return term.label if term else code


def plain(name: str, code: str) -> str:
    """What a code means in plain words, in the reader's language; empty if the vocabulary says nothing more."""
    term = _terms(name).get(code)
    return term.plain if term else ""


def labels(name: str, codes: Iterable[str]) -> list[str]:
    """The labels of several codes of one list, in the order of the vocabulary; unknown codes last."""
    wanted, known = set(codes), _terms(name)
    if len(wanted) > 1:
        return [term.label for code, term in known.items() if code in wanted] + sorted(wanted.difference(known))
    return [label(name, code) for code in wanted]


def choices(name: str) -> list[tuple[str, str]]:
    """(code, label) pairs of a list in display order, for forms."""
    return [(code, term.label) for code, term in _terms(name).items()]


def terms(name: str) -> list[Term]:
    """The terms of a list with label and plain words in the reader's language, in display order."""
    return list(_terms(name).values())
