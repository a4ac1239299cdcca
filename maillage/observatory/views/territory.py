"""A territory for those it elected: who helps there, what is missing, what is asked, what changed. Prints on two A4 sheets."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from maillage.catalogue.index import current_index
from maillage.kit.typography import number
from maillage.observatory import supplied, wording
from maillage.observatory.demand.areas import successor
from maillage.observatory.demand.publication import published, years
from maillage.observatory.snapshots import queries as snapshots
from maillage.observatory.supply.asked import kind_label
from maillage.observatory.supply.gaps import gaps
from maillage.observatory.supply.matrix import Row
from maillage.observatory.views.front import count_cell
from maillage.orientation import territory as orientation
from maillage.orientation.views.territory import above, level_label
from maillage.territories import queries as territories
from maillage.territories.values import Place
from maillage.territories.wording import forms
from maillage.vocabulary.labels import choices, label
from maillage.vocabulary.middleware import PortalRequest

LEVELS = ("commune", "epci", "departement", "region")
#: What the two sheets hold of each list.
GAPS_SHOWN, NEIGHBOURS_SHOWN, RELAYS_SHOWN = 6, 6, 8


@require_safe
@login_not_required
def territory(request: PortalRequest, level: str, code: str) -> HttpResponse:
    """The page of a territory; 404 for a code that never existed. A former commune or EPCI leads to its successor."""
    place = territories.place(level, code.upper()) if level in LEVELS else None
    if place is None and level == "epci" and len(code) == 9 and code.isdigit():
        place = territories.place("epci", successor(code))
    if place is None:
        raise Http404(_("Ce territoire n’existe pas."))
    if place.code != code:
        return HttpResponsePermanentRedirect(reverse("observatory-territory", args=(level, place.code)))
    today = timezone.localdate()
    matrix = supplied.matrix_of([place.territory], today)
    row = matrix.rows[0]
    kinds = ("", *matrix.kinds)
    missing = supplied.telling(gaps(supplied.matrix_of([place.territory], today, supplied.WATCHED)))
    relays = orientation.relays_of(current_index(), place, today)
    context: dict[str, Any] = {
        "section": "observatory",
        "trail": [(_("Observatoire"), reverse("observatory")), (place.name, "")],
        "place": place,
        "said": forms(place),
        "level_label": level_label(level),
        "above": [(up.name, _address(up)) for up in above(place)],
        "row": row,
        "offers": len(orientation.serving(current_index(), place, today)),
        "relays": len(relays),
        "columns": [_("Nature de l’offre"), *(name for _code, name in choices("stage"))],
        "rows": [
            [
                kind_label(kind),
                *(count_cell(row.cell(stage, kind).offers, row.cell(stage, kind).local) for stage in matrix.stages),
            ]
            for kind in kinds
        ],
        "gaps": missing[:GAPS_SHOWN],
        "gaps_more": max(0, len(missing) - GAPS_SHOWN),
        "demand": _demand(request, place, today),
        "changes": _changes(place),
        "around_columns": [
            _("Territoire"),
            _("Habitants"),
            _("Structures"),
            _("Offres"),
            _("Non nationales"),
            _("Étapes sans offre"),
        ],
        "around": [_beside(each) for each in _around(place, today)],
        "members": members(place),
        "today": today,
    }
    return render(request, "observatory/territory.html", context)


def members(place: Place) -> list[tuple[str, str]]:
    """What a région or a département is made of, as links; nothing for the others: their communes have their own page elsewhere."""
    if place.level not in ("region", "departement"):
        return []
    return [(each.name, _address(each)) for each in orientation.members_of(place)]


def _demand(request: PortalRequest, place: Place, today: date) -> list[str]:
    """What was asked from there, as published; nothing for a commune: its counts are too small."""
    shown = years(request.portal, today)
    found = published(request.portal, shown[0], today) if shown else None
    if place.level == "commune" or found is None or not found.knows(place.key):
        return []
    total = found.of(place.key)
    if total is None:
        return [_("Le nombre de recherches est masqué\u202f: il est trop petit, ou en rendrait un autre.")]
    when = wording.year_title(found.first, found.last)
    lines = [ngettext("%(n)s recherche %(when)s.", "%(n)s recherches %(when)s.", total) % {"n": number(total), "when": when}]
    stages = [(label("stage", code), found.of(place.key, code)) for code, _name in choices("stage")]
    told = [f"{name} {wording.count(count)}" for name, count in stages if count is None or count]
    return [*lines, _("Par étape\u202f: %(stages)s.") % {"stages": ", ".join(told)}] if told and total else lines


def _changes(place: Place) -> list[str]:
    """What opened and closed in the last month that was kept, in a sentence."""
    months = snapshots.months()
    moves = snapshots.moves(place, months[0]) if months else None
    if moves is None:
        return []
    opened = ngettext("%(n)s offre a ouvert", "%(n)s offres ont ouvert", moves.opened.count) % {"n": number(moves.opened.count)}
    closed = ngettext("%(n)s a fermé", "%(n)s ont fermé", moves.closed.count) % {"n": number(moves.closed.count)}
    return [
        _("De %(since)s à %(until)s\u202f: %(opened)s, %(closed)s.")
        % {"since": wording.month(moves.since), "until": wording.month(moves.month), "opened": opened, "closed": closed}
    ]


def _around(place: Place, today: date) -> tuple[Row, ...]:
    near = [each.territory for each in orientation.neighbours_of(place)[:NEIGHBOURS_SHOWN]]
    return supplied.matrix_of([place.territory, *near], today, kinds=()).rows


def _beside(row: Row) -> list[str | SafeString]:
    cells = [row.cell(code) for code, _name in choices("stage")]
    name = format_html('<a href="{}">{}</a>', _address(row.place), row.place.name)
    return [
        name,
        number(row.population),
        number(row.declared),
        number(max(cell.offers for cell in cells)),
        number(max(cell.local for cell in cells)),
        number(sum(not cell.offers for cell in cells)),
    ]


def _address(place: Place) -> str:
    return reverse("observatory-territory", args=(place.level, place.code))
