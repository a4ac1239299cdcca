"""Labels in the reader's language: the French label of a code, translated by the catalogue of the interface."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext

from maillage.vocabulary.words import Term, vocabulary


def label(name: str, code: str) -> str:
    """The label of a code of a list (`stage`, `need`, …) in the reader's language; the code itself if it is unknown."""
    return gettext(vocabulary().label(name, code)) if code else ""


def plain(name: str, code: str) -> str:
    """What a code means in plain words, in the reader's language; empty if the vocabulary says nothing more."""
    term = vocabulary().terms(name).get(code)
    return gettext(term.plain) if term and term.plain else ""


def labels(name: str, codes: Iterable[str]) -> list[str]:
    """The labels of several codes of one list, in the order of the vocabulary."""
    wanted = set(codes)
    known = [code for code in vocabulary().codes(name) if code in wanted]
    return [label(name, code) for code in known + sorted(wanted.difference(known))]


def choices(name: str) -> list[tuple[str, str]]:
    """(code, label) pairs of a list in display order, for forms."""
    return [(code, gettext(term.label)) for code, term in vocabulary().terms(name).items()]


def terms(name: str) -> list[Term]:
    """The terms of a list with label and plain words in the reader's language, in display order."""
    return [
        Term(term.code, gettext(term.label), gettext(term.plain) if term.plain else "", term.extra)
        for term in vocabulary().terms(name).values()
    ]
