"""What changed: the supply month by month, what opened and what closed, the visitors."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.catalogue.forms.fields import territory_label
from maillage.kit.typography import number
from maillage.observatory import wording
from maillage.observatory.months import write_month
from maillage.observatory.report import text
from maillage.observatory.small_cells import SMALL
from maillage.observatory.snapshots import queries as snapshots
from maillage.observatory.snapshots.queries import Moved
from maillage.observatory.supply.asked import Problem, kind_label
from maillage.observatory.views import asked as reading
from maillage.observatory.visitors import queries as visitors
from maillage.territories import queries as territories
from maillage.territories.wording import forms
from maillage.vocabulary.labels import choices, label
from maillage.vocabulary.middleware import PortalRequest

#: Levels whose supply is kept by month.
KEPT = ("epci", "departement", "region", "france")


@require_safe
@login_not_required
def trend(request: PortalRequest) -> HttpResponse:
    """The last months of a territory, and what opened and closed in one of them."""
    portal, today = request.portal, timezone.localdate()
    problems: list[Problem] = []
    region = territories.place("region", portal.regions[0]) if portal.regions else None
    france = territories.place("france")
    default = region or france
    assert default is not None
    place = reading.place(request.GET, default, problems, KEPT)
    stage = reading.stage(request.GET, problems)
    months = snapshots.months()
    month = reading.month(request.GET, "mois", months[0], problems) if months else None
    if month and month not in months:
        problems.append(Problem(_("Ce mois n’a pas été gardé\u202f: le dernier est montré."), "mois"))
        month = months[0]
    stages = (stage,) if stage else tuple(code for code, _name in choices("stage"))
    found = {code: snapshots.history(place, code) for code in stages}
    moves = snapshots.moves(place, month) if month else None
    context: dict[str, Any] = {
        "section": "observatory",
        "trail": [(_("Observatoire"), reverse("observatory")), (_("Ce qui change"), "")],
        "problems": problems,
        "place": place,
        "chosen": territory_label(place.key, place),
        "said": forms(place),
        "stage": stage,
        "stages": choices("stage"),
        "month": write_month(month) if month else "",
        "months": [(write_month(each), wording.month(each)) for each in months],
        "columns": [_("Mois"), *(label("stage", code) for code in stages)],
        "rows": _rows(found, months),
        "under": sorted({each.under for history in found.values() for each in history if each.under}),
        "moves": moves,
        "moved": [
            (_("Ce qui a ouvert"), moves.opened, _split(moves.opened)),
            (_("Ce qui a fermé"), moves.closed, _split(moves.closed)),
        ]
        if moves
        else [],
        "since": wording.month(moves.since) if moves else "",
        "until": wording.month(moves.month) if moves else "",
        "visitor_columns": [_("Mois"), _("Visiteurs (estimation)")],
        "visitors": [
            [wording.month(at), wording.count(None if 0 < count < SMALL else count)]
            for at, count in list(visitors.months(portal.code, today).items())[-24:]
        ],
        "years": text.visitors(visitors.years(portal.code, today)),
        "visitors_method": text.visitors_method(),
    }
    return render(request, "observatory/trend.html", context)


def _rows(found: dict[str, list[snapshots.Month]], months: list[int]) -> list[list[str]]:
    by_month = {code: {each.month: each for each in history} for code, history in found.items()}
    known = [month for month in months if any(month in history for history in by_month.values())]
    return [
        [wording.month(month), *(number(history[month].offers) if month in history else "–" for history in by_month.values())]
        for month in known[:36]
    ]


def _split(moved: Moved) -> str:
    """« 3 conseil, 1 formation »."""
    return ", ".join(f"{number(count)} {kind_label(kind).lower()}" for kind, count in sorted(moved.by_kind.items()))
