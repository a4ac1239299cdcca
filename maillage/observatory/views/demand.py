"""What is asked: by stage, territory, need and month, against what is declared, as anybody may see it; and in full for officers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.accompaniment.enums import OUTCOMES
from maillage.accounts.access import not_theirs
from maillage.accounts.personas import entrusted
from maillage.catalogue.forms.fields import territory_label
from maillage.kit.typography import number
from maillage.observatory import supplied, wording
from maillage.observatory.demand import queries, requests, rollup
from maillage.observatory.demand.publication import NeedRow, Published, published, years
from maillage.observatory.demand.queries import Counts, Scope
from maillage.observatory.maps.choropleth import Shade, choropleth, credit
from maillage.observatory.models.demand import EVERY
from maillage.observatory.months import before, month_of, write_month
from maillage.observatory.officers import reads, reads_somewhere
from maillage.observatory.report import text
from maillage.observatory.supply.asked import Problem
from maillage.observatory.supply.matrix import Row
from maillage.observatory.views import asked as reading
from maillage.territories import queries as territories
from maillage.territories.values import Place
from maillage.territories.wording import forms
from maillage.vocabulary.labels import choices, label
from maillage.vocabulary.middleware import PortalRequest
from maillage.vocabulary.words import vocabulary

#: Situations (stage and need) that officers are shown first: those where most searches found nothing.
SITUATIONS = 20


@require_safe
@login_not_required
def demand(request: PortalRequest) -> HttpResponse:
    """A year of searches, small counts hidden: territories × stages, needs, months, and demand against supply on one map."""
    portal, today = request.portal, timezone.localdate()
    problems: list[Problem] = []
    shown = years(portal, today)
    year, stage = reading.year(request.GET, shown, problems), reading.stage(request.GET, problems)
    found = published(portal, year, today) if year else None
    context: dict[str, Any] = {
        "section": "observatory",
        "trail": [(_("Observatoire"), reverse("observatory")), (_("Ce qui est demandé"), "")],
        "problems": problems,
        "years": shown,
        "year": year,
        "stage": stage,
        "stages": choices("stage"),
        "found": found,
        "said": text.searches(found),
        "when": wording.year_title(found.first, found.last) if found else "",
        "columns": [_("Territoire"), _("Toutes"), *(name for _code, name in choices("stage")), _("Étape non dite")],
        "rows": _territories(found) if found else [],
        "need_columns": [_("Besoin"), _("Recherches"), _("Sans résultat"), _("Une ou deux offres")],
        "needs": _needs(found) if found else [],
        "month_columns": [_("Mois"), _("Recherches")],
        "months": [[wording.month(month), wording.count(count)] for month, count in found.months.items()] if found else [],
        "figure": _against_supply(request, found, stage) if found else "",
        "files": ("recherches", "besoins", "mois"),
        "small_cells": text.small_cells_method(),
    }
    return render(request, "observatory/demand.html", context)


def _territories(found: Published) -> list[list[str | SafeString]]:
    """The tree down to the départements: its intercommunalities are in the table of the map and in the files."""
    stages = (EVERY, *vocabulary().codes("stage"), "")
    return [
        [_linked(node.key), *(wording.count(found.cells[node.key, stage]) for stage in stages)]
        for node in found.nodes
        if node.depth < 3
    ]


def _linked(key: str) -> str | SafeString:
    level, _colon, code = key.partition(":")
    name = wording.line(key)
    if level not in ("region", "departement"):
        return name
    return format_html('<a href="{}">{}</a>', reverse("observatory-territory", args=(level, code)), name)


def _needs(found: Published) -> list[list[str]]:
    named = {need: row for need, row in found.needs.items() if need != EVERY}
    order = {code: rank for rank, code in enumerate(vocabulary().codes("need"))}
    every = found.needs.get(EVERY)
    rows = [[_("Toutes les recherches"), *_row(every)]] if every else []
    return rows + [[wording.need(need), *_row(named[need])] for need in sorted(named, key=lambda need: order.get(need, 99))]


def _row(row: NeedRow) -> list[str]:
    return [wording.count(count) for count in (row.searches, row.empty, row.few)]


def _against_supply(request: PortalRequest, found: Published, stage: str) -> SafeString:
    """Searches for ten offers, intercommunality by intercommunality: dark where many ask and little is declared."""
    places = supplied.intercommunalities(request.portal)
    matrix = supplied.matrix_of([place.territory for place in places], timezone.localdate(), kinds=())
    shades = [_shade(found, row, stage) for row in sorted(matrix.rows, key=lambda row: row.place.name)]
    title = _("Recherches pour dix offres, par intercommunalité, %(when)s") % {
        "when": wording.year_title(found.first, found.last)
    }
    if stage:
        title += _(", à l’étape «\u202f%(stage)s\u202f»") % {"stage": label("stage", stage)}
    columns = [_("Intercommunalité"), _("Recherches"), _("Offres ouvertes"), _("Recherches pour dix offres")]
    note = _("Le point d’interrogation\u202f: nombre masqué. %(credit)s") % {"credit": credit()}
    return choropleth("epci", shades, title=title, columns=columns, note=note, zero=_("aucune recherche"))


def _shade(found: Published, row: Row, stage: str) -> Shade:
    searches = found.of(row.place.key, stage or EVERY)
    cells = [row.cell(stage)] if stage else [row.cell(code) for code in vocabulary().codes("stage")]
    offers = max(cell.offers for cell in cells)
    value = None if searches is None or not offers else round(10 * searches / offers, 1)
    address = reverse("observatory-territory", args=(row.place.level, row.place.code))
    ratio = wording.count(None) if searches is None else _("aucune offre") if value is None else number(value)
    return Shade(
        row.place.code,
        value,
        (format_html('<a href="{}">{}</a>', address, row.place.name), wording.count(searches), number(offers), ratio),
    )


@require_safe
def officers(request: PortalRequest) -> HttpResponse:
    """Every count, of any span of months and any territory: for those who keep the catalogue, and not to be passed on."""
    if not reads_somewhere(request.user):
        raise not_theirs(request, "figures.exact")
    portal, today = request.portal, timezone.localdate()
    problems: list[Problem] = []
    now = month_of(today)
    first = reading.month(request.GET, "de", before(now, 11), problems)
    last = reading.month(request.GET, "a", now, problems)
    if first > last:
        problems.append(Problem(_("Le premier mois vient après le dernier\u202f: ils ont été échangés."), "de"))
        first, last = last, first
    region = territories.place("region", portal.regions[0]) if portal.regions else None
    france = territories.place("france")
    default = entrusted(request.user) or region or france
    assert default is not None
    place = reading.place(request.GET, default, problems)
    if not reads(request.user, place):
        problems.append(Problem(_("Ce territoire ne vous est pas confié\u202f: voici le vôtre."), "territoire"))
        place = default
    scope = Scope(portal.code, first, last, place)
    stages, needs = queries.by_stage(scope), queries.by_need(scope)
    counted = rollup.counted_on()
    context: dict[str, Any] = {
        "section": "observatory",
        "trail": [(_("Observatoire"), reverse("observatory")), (_("Demande en détail"), "")],
        "problems": problems,
        "place": place,
        "chosen": territory_label(place.key, place),
        "said": forms(place),
        "first": write_month(first),
        "last": write_month(last),
        "counted": counted,
        "total": sum(counts.searches for counts in stages.values()),
        "columns": [_("Étape"), *_headings()],
        "rows": [[wording.stage(code), *_counts(stages.get(code, Counts()))] for code in (*vocabulary().codes("stage"), "")],
        "need_columns": [_("Besoin"), *_headings()],
        "needs": [[wording.need(code), *_counts(counts)] for code, counts in needs.items() if code != EVERY],
        "month_columns": [_("Mois"), *_headings()],
        "months": [[wording.month(month), *_counts(counts)] for month, counts in queries.by_month(scope).items()],
        "situation_columns": [_("Situation"), *_headings()],
        "situations": _situations(scope),
        "part_columns": [_("Intercommunalité"), _("Recherches")],
        "parts": _parts(scope, place),
        "requests": _requests(first, last, place.departements or None),
    }
    return render(request, "observatory/officers.html", context)


def _requests(first: int, last: int, departements: Collection[str] | None) -> list[str]:
    """What became of the requests of a span of months, in words and whole: for those who follow them."""
    found = requests.figures(first, last, departements)
    lines = [f"{OUTCOMES[outcome]}\u202f: {number(count)}" for outcome, count in sorted(found.by_outcome.items())]
    if found.median_days is not None:
        lines.append(wording.delay(found.median_days))
    return lines


def _headings() -> list[str]:
    return [_("Recherches"), _("Sans résultat"), _("Une ou deux offres"), _("Part sans résultat")]


def _counts(counts: Counts) -> list[str]:
    share = wording.percent(counts.empty_share) if counts.searches else "–"
    return [number(counts.searches), number(counts.empty), number(counts.few), share]


def _situations(scope: Scope) -> list[list[str]]:
    """The stages and needs that lead nowhere most often: needs only, never the words that somebody wrote."""
    found = queries.by_situation(scope)
    worst = sorted(
        ((key, counts) for key, counts in found.items() if counts.empty or counts.few),
        key=lambda item: (-item[1].empty, -item[1].few, item[0]),
    )
    return [
        [f"{label('stage', stage)} – {label('need', need)}", *_counts(counts)] for (stage, need), counts in worst[:SITUATIONS]
    ]


def _parts(scope: Scope, place: Place) -> list[list[str]]:
    if place.level not in ("region", "departement"):
        return []
    departements = (
        [place.code] if place.level == "departement" else [each.code for each in territories.departements_of_region(place.code)]
    )
    totals: dict[str, int] = {}
    for (code, _stage), counts in queries.by_part(scope, departements).items():
        totals[code] = totals.get(code, 0) + counts.searches
    return [
        [wording.line(f"part:{code}"), number(count)]
        for code, count in sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    ]
