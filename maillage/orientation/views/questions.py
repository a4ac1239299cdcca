"""Screen 2: stage → commune → needs → form → sector, one question per page, all of it in the address.

Each page is a GET form that leads to the next question and carries the earlier answers in hidden fields. Nothing is stored: Back,
reload and a copied link give the same page. When a value of the address is not understood, its question is asked again, with a choice.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from maillage.orientation.forms import Reading, read
from maillage.orientation.situation import LIST_OF, PARAMETERS, Situation
from maillage.territories.wording import commune_label
from maillage.vocabulary.labels import labels, terms


@dataclass(frozen=True, slots=True)
class Step:
    """One question: the end of its address, the field of the situation it fills, its words."""

    slug: str
    field: str
    question: str | Promise
    short: str | Promise
    help: str | Promise


STEPS = (
    Step(
        "etape",
        "stage",
        _("Où en est le projet\u202f?"),
        _("Étape"),
        _("Choisissez ce qui ressemble le plus à votre situation aujourd’hui."),
    ),
    Step(
        "commune",
        "commune",
        _("Où se trouve le projet\u202f?"),
        _("Commune"),
        _("Beaucoup d’appuis ne servent qu’un territoire. La commune suffit\u202f: nous ne demandons pas d’adresse."),
    ),
    Step(
        "besoins",
        "needs",
        _("De quoi avez-vous besoin\u202f?"),
        _("Besoins"),
        _("Cochez tout ce qui vous concerne. Si vous hésitez, passez\u202f: vous verrez tous les appuis."),
    ),
    Step(
        "forme",
        "legal_form",
        _("Quelle est la forme juridique\u202f?"),
        _("Forme juridique"),
        _("Certains appuis sont réservés à certaines formes. Un projet peut n’en avoir encore aucune."),
    ),
    Step("secteur", "sectors", _("Dans quel secteur\u202f?"), _("Secteur"), _("Cochez un ou plusieurs secteurs d’activité.")),
)
SLUGS = [step.slug for step in STEPS]


@login_not_required
@require_safe
def question(request: HttpRequest, step: str) -> HttpResponse:
    """One question. Public; 404 for a question that does not exist."""
    if step not in SLUGS:
        raise Http404
    reading = read(request.GET)
    at = _asked(SLUGS.index(step), reading)
    situation = reading.situation
    if situation.is_distress and at >= SLUGS.index("besoins"):
        return redirect(f"{reverse('results')}?{situation.query()}")  # no form wall: telephone numbers at once
    asked = STEPS[at]
    context = {
        "section": "find",
        "step": asked,
        "number": at + 1,
        "steps": STEPS,
        "problem": reading.problem(asked.field),
        "chosen": set(situation.values(asked.field)) if asked.field != "commune" else set(),
        "carried": [pair for pair in situation.pairs() if pair[0] != PARAMETERS[asked.field]],
        "said": said(situation),
        "next": address(at + 1),
        "skip": _link(address(at + 1), situation.without(asked.field)),
        "back": _link(address(at - 1), situation) if at else reverse("home"),
        "now": _link(reverse("results"), situation),
    }
    if asked.field == "commune":
        problem = reading.problem("commune")
        context["typed"] = problem.value if problem and problem.wanted else _typed(situation)
    elif asked.field == "stage":
        stages = terms("stage")
        context["phases"] = [[term for term in stages if term.extra.get("phase") == phase] for phase in ("ante", "post")]
        context["stage"] = situation.stage or ""
    else:
        context["terms"] = terms(LIST_OF[asked.field])
    return render(request, "orientation/question.html", context)


def _asked(at: int, reading: Reading) -> int:
    """The question to ask: the first one, up to the wanted one, whose answer was not understood; else the wanted one."""
    for earlier in range(at):
        problem = reading.problem(STEPS[earlier].field)
        if problem and problem.wanted:
            return earlier
    return at


def address(at: int) -> str:
    """The address of the question number `at` (from 0); of the results after the last one."""
    return reverse("questions", args=(STEPS[at].slug,)) if at < len(STEPS) else reverse("results")


def _link(path: str, situation: Situation) -> str:
    query = situation.query()
    return f"{path}?{query}" if query else path


def said(situation: Situation) -> list[dict[str, str | Promise]]:
    """What was answered so far, in words, each with the link to change it."""
    answers = []
    for at, step in enumerate(STEPS):
        if step.field == "commune":
            words = commune_label(situation.commune) if situation.commune else ""
        else:
            words = ", ".join(labels(LIST_OF[step.field], situation.values(step.field)))
        if words:
            answers.append({"name": step.short, "words": words, "url": _link(address(at), situation)})
    return answers


def _typed(situation: Situation) -> str:
    """The commune as a person would type it, so that the field reads back what was understood."""
    return f"{situation.commune.name} {situation.commune.postcode}".strip() if situation.commune else ""
