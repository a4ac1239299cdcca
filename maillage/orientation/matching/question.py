"""The one question whose answer would settle the most results."""

from __future__ import annotations

from django.utils.translation import gettext as _

from maillage.orientation.answer import Question
from maillage.orientation.matching.selection import Selection
from maillage.vocabulary.words import vocabulary

#: What may be asked, first of equals first. How one is received and what it costs are choices, not facts: they are never asked.
ASKED = ("stage", "commune", "sectors", "legal_form", "audiences")


def best_question(selection: Selection) -> Question | None:
    """The field or fact that is to check in the most results, and in how many; None when nothing is to check."""
    counts = {field: len(selection.to_check.get(field, ())) for field in (*ASKED, *vocabulary().codes("fact"))}
    field = max(counts, key=lambda name: counts[name])  # the first of equals
    return Question(field, counts[field], question_label(field)) if counts[field] else None


def question_label(field: str) -> str:
    """The question put to the person about a field of the situation or a fact."""
    term = vocabulary().terms("fact").get(field)
    if term:
        return _(term.extra["question"])
    return {
        "stage": _("Où en est le projet\u202f?"),
        "commune": _("Dans quelle commune\u202f?"),
        "sectors": _("Dans quel secteur\u202f?"),
        "legal_form": _("Quelle est la forme juridique\u202f?"),
        "audiences": _("Qui porte le projet, ou pour qui\u202f?"),
    }[field]
