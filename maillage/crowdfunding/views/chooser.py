"""« Est-ce pour moi, sous quelle forme ? »"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.crowdfunding.chooser import Answers, State, choose
from maillage.crowdfunding.models import LARGEST
from maillage.crowdfunding.reading import Reader
from maillage.crowdfunding.rules import rules
from maillage.crowdfunding.views.page import content, crowdfunding_page, said
from maillage.vocabulary.labels import choices
from maillage.vocabulary.middleware import PortalRequest
from maillage.vocabulary.words import vocabulary

#: Field of a condition → parameter of the address. The first two are those of the orientation, so that its links carry them.
PARAMETERS = {
    "stage": "etape",
    "legal_form": "forme",
    "amount": "montant",
    "horizon": "mois",
    "sells": "vend",
    "repays": "rembourse",
    "commercial": "commercial",
}


def read_answers(reader: Reader) -> Answers:
    """What the address says, by field of a condition."""
    given: dict[str, Any] = {
        "stage": reader.code(PARAMETERS["stage"], vocabulary().codes("stage")) or None,
        "legal_form": reader.code(PARAMETERS["legal_form"], vocabulary().codes("legal_form")) or None,
        "amount": reader.number(PARAMETERS["amount"], least=1, most=LARGEST, places=0, euros=True),
        "horizon": reader.number(PARAMETERS["horizon"], least=0, most=120, places=0),
        "sells": reader.yes_no(PARAMETERS["sells"]),
        "repays": reader.yes_no(PARAMETERS["repays"]),
        "commercial": reader.yes_no(PARAMETERS["commercial"]),
    }
    return {name: value if isinstance(value, (str, bool)) else int(value) for name, value in given.items() if value is not None}


@require_safe
@login_not_required
def chooser(request: PortalRequest) -> HttpResponse:
    """Each form of crowdfunding with its conditions, its regime, what to prepare and the platforms of the list."""
    reader, known = Reader(request.GET), rules()
    answers = read_answers(reader)
    verdicts = choose(known.forms.values(), answers)
    context = {
        "reader": reader,
        "answered": bool(answers),
        "groups": [
            (heading, [each for each in verdicts if each.state == state])
            for state, heading in (
                (State.YES, _("Possible d’après ce que vous avez dit") if answers else _("Ouvertes à tous les projets")),
                (State.TO_CHECK, _("Possible si vous remplissez ces conditions")),
                (State.NO, _("Pas pour ce projet, et pourquoi")),
            )
        ],
        "form_names": {code: said(form.name) for code, form in known.forms.items()},
        "regimes": known.regimes,
        "checks": known.checks,
        "platforms": list(known.platforms.values()),
        "stages": choices("stage"),
        "legal_forms": choices("legal_form"),
        "commercial": answers.get("commercial"),
        "royalties_url": reverse("royalties"),
        "campaigns_url": reverse("crowdfunding"),
        "relays_url": reverse("relays"),
    }
    page = content(
        request.portal,
        "chooser.jinja",
        context,
        title=_("Quelle forme de financement participatif\u202f?"),
        problems=bool(reader.problems),
    )
    return crowdfunding_page(request, page)
