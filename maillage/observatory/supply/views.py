"""The gap matrix, the offers behind a cell, the communes behind a hole. Everything asked is in the address."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.catalogue.index import current_index
from maillage.catalogue.models import Offer
from maillage.kit import typography
from maillage.observatory.maps.choropleth import Shade, choropleth, credit
from maillage.observatory.supply import asked as reading
from maillage.observatory.supply.asked import Asked, kind_label, members, rows_of
from maillage.observatory.supply.cells import cell, details
from maillage.observatory.supply.gaps import Gap, declared_in_words, gaps, nothing_of, zonings_in_words
from maillage.observatory.supply.holes import Rule, hole, offers_behind
from maillage.observatory.supply.matrix import Matrix, matrix
from maillage.observatory.supply.supports import offers_of
from maillage.orientation.matching import wording
from maillage.orientation.views.territory import above, level_label
from maillage.territories.outlines import DRAWN
from maillage.territories.wording import forms
from maillage.vocabulary.labels import choices, label
from maillage.vocabulary.middleware import PortalRequest

ROWS_SHOWN, GAPS_SHOWN, OFFERS_SHOWN, COMMUNES_SHOWN, STOPPED_SHOWN = 200, 12, 30, 100, 5


@require_safe
@login_not_required
def supply(request: PortalRequest) -> HttpResponse:
    """Stage × territory: what is declared, what is missing in words, and where on the map."""
    asked = reading.read(request.GET, request.portal)
    index, today = current_index(), timezone.localdate()
    parts = members(asked.place, asked.level)
    pager = Paginator(parts, ROWS_SHOWN).get_page(request.GET.get("page"))
    supports = offers_of(index)
    whole = matrix(index, [asked.place.territory], today=today, criteria=asked.criteria, supports=supports)
    found = matrix(index, [part.territory for part in pager.object_list], today=today, criteria=asked.criteria, supports=supports)
    missing = gaps(found) if asked.place.level != "commune" else gaps(whole)
    context: dict[str, Any] = {
        **page(asked, _("Ce qui manque")),
        "whole": whole.rows[0],
        "columns": [_("Nature de l’offre"), *(text for _code, text in choices("stage"))],
        "rows": [
            [kind_label(kind), *(cell(asked, whole.rows[0], stage, kind) for stage in whole.stages)]
            for kind in ("", *whole.kinds)
        ],
        "parts_columns": [_("Territoire"), *(text for _code, text in choices("stage"))],
        "parts": _rows(asked, found) if asked.place.level != "commune" else [],
        "pager": pager,
        "pager_query": asked.query(),
        "gaps": missing[:GAPS_SHOWN],
        "more_gaps": missing[GAPS_SHOWN : 10 * GAPS_SHOWN],
        "gaps_total": len(missing),
        "kind_label": kind_label(asked.kind),
        "figure": _map(asked, found),
        "levels": [(level, level_label(level)) for level in rows_of(asked.place)],
    }
    return render(request, "observatory/supply.html", context)


@require_safe
@login_not_required
def behind(request: PortalRequest) -> HttpResponse:
    """The offers that a cell counts."""
    asked = reading.read(request.GET, request.portal)
    index, today = current_index(), timezone.localdate()
    offers = offers_behind(index, asked.place.territory, asked.stage, asked.kind, asked.criteria, today)
    positions = np.array(offers, dtype=np.int64)
    order = np.lexsort((index.columns.pk[positions], index.columns.scale[positions]))  # the closest first
    pager = Paginator([int(pk) for pk in index.columns.pk[positions][order]], OFFERS_SHOWN).get_page(request.GET.get("page"))
    figures = matrix(index, [asked.place.territory], today=today, criteria=asked.criteria, supports=offers_of(index)).rows[0]
    context: dict[str, Any] = {
        **page(asked, _("Les offres comptées")),
        "total": len(offers),
        "offers": _offers(list(pager.object_list)),
        "pager": pager,
        "pager_query": asked.query(),
        "figures": details(figures.cell(asked.stage, asked.kind)) if asked.stage else [],
        "kind_label": kind_label(asked.kind),
        "stage_label": label("stage", asked.stage) if asked.stage else _("toutes les étapes"),
    }
    return render(request, "observatory/offers.html", context)


@require_safe
@login_not_required
def empty(request: PortalRequest) -> HttpResponse:
    """The communes that nothing reaches, and the rule that empties each."""
    asked = reading.read(request.GET, request.portal)
    index, today = current_index(), timezone.localdate()
    found = hole(index, asked.place.territory, asked.stage, asked.kind, asked.criteria, today)
    row = matrix(index, [asked.place.territory], today=today, criteria=asked.criteria, supports=offers_of(index)).rows[0]
    lines = [(commune, part.rule) for part in found for commune in part.communes]
    lines.sort(key=lambda line: (-line[0].population, line[0].code))
    pager = Paginator(lines, COMMUNES_SHOWN).get_page(request.GET.get("page"))
    uncovered = sum(part.population for part in found)
    gap = Gap(
        asked.place, asked.kind, (asked.stage,) if asked.stage else (), not asked.stage, uncovered < row.population,
        row.population, uncovered, zonings_in_words(asked.place), row.declared, row.last_verified,
    )  # fmt: skip
    context: dict[str, Any] = {
        **page(asked, _("Un manque")),
        "gap": gap if lines else None,
        "nothing": nothing_of(asked.kind),
        "row": row,
        "uncovered": uncovered,
        "communes": len(lines),
        "rules": [(rule_words(part.rule), part, _offers(list(part.offers[:STOPPED_SHOWN])), len(part.offers)) for part in found],
        "columns": [_("Commune"), _("Habitants"), _("Ce qui la vide")],
        "rows": [
            [
                format_html('<a href="{}">{}</a>', reverse("territory", args=("commune", commune.code)), commune.name),
                typography.number(commune.population),
                rule_words(rule),
            ]
            for commune, rule in pager.object_list
        ],
        "pager": pager,
        "pager_query": asked.query(),
        "behind": f"{reverse('observatory-offers')}?{asked.query()}",
    }
    return render(request, "observatory/hole.html", context)


def page(asked: Asked, name: str) -> dict[str, Any]:
    """What every page of supply shows: the territory asked, the filters, what was not understood, the way back."""
    index = f"{reverse('observatory-supply')}?{asked.query(etape='', nature='')}"
    up = above(asked.place)
    return {
        "section": "observatory",
        "asked": asked,
        "place": asked.place,
        "said": forms(asked.place),
        "problems": asked.problems,
        "trail": [
            (_("Observatoire"), reverse("observatory")),
            (_("Ce qui manque"), index if name != _("Ce qui manque") else ""),
            *([(name, "")] if name != _("Ce qui manque") else []),
        ],
        "above": [
            (place.name, f"{reverse('observatory-supply')}?{asked.query(territoire=place.key, maille='')}") for place in up
        ],
        "needs": choices("need"),
        "kinds": [("", kind_label("")), *((code, kind_label(code)) for code in (*dict(choices("kind")), "incubation"))],
        "stages": choices("stage"),
        "query": asked.query(),
    }


def rule_words(rule: Rule) -> str:
    """A rule in words."""
    return {
        Rule.EXCLUDED: _("exclue du territoire d’une offre"),
        Rule.ZONING: _("hors du zonage qu’une offre exige"),
        Rule.CLOSED: _("une offre existe, fermée aujourd’hui"),
        Rule.STALE: _("une offre existait, retirée ou trop ancienne"),
        Rule.FAR: _("offres trop loin\u202f: ailleurs dans le département ou à côté"),
        Rule.NONE: _("rien n’est déclaré, ni ici ni autour"),
    }[rule]


def _rows(asked: Asked, found: Matrix) -> list[list[SafeString | str]]:
    rows: list[list[SafeString | str]] = []
    for row in found.rows:
        target = asked.query(territoire=row.place.key, maille="")
        people = _("%(n)s hab.") % {"n": typography.number(row.population)}
        if row.density is not None:
            people += _(", %(n)s au km²") % {"n": typography.number(row.density)}
        name = format_html(
            '<a href="?{}">{}</a> <span class="small soft">{}. {}</span>', target, row.place.name, people, declared_in_words(row)
        )
        rows.append(
            [
                name,
                *(cell(asked, row, stage, asked.kind) for stage in found.stages),
            ]
        )
    return rows


def _map(asked: Asked, found: Matrix) -> SafeString:
    """The table's column of the stage asked (or all stages that have nothing) on the map."""
    if asked.level not in DRAWN or asked.place.level == "commune":
        return SafeString("")
    if asked.stage:
        shades = [Shade(row.place.code, row.cell(asked.stage, asked.kind).offers, ()) for row in found.rows]
        title = _("%(kind)s à l’étape «\u202f%(stage)s\u202f»\u202f: nombre d’offres déclarées") % {
            "kind": kind_label(asked.kind),
            "stage": label("stage", asked.stage),
        }
        return choropleth(asked.level, shades, title=title, columns=(), note=credit(), table=False)
    shades = [
        Shade(row.place.code, sum(not row.cell(stage, asked.kind).offers for stage in found.stages), ()) for row in found.rows
    ]
    title = _("%(kind)s\u202f: nombre d’étapes où rien n’est déclaré, sur six") % {"kind": kind_label(asked.kind)}
    return choropleth(
        asked.level,
        shades,
        title=title,
        columns=(),
        note=credit(),
        zero=_("des offres à toutes les étapes"),
        zero_is_hole=False,
        table=False,
    )


def _offers(pks: list[int]) -> list[tuple[Offer, str]]:
    """The offers of these primary keys that visitors may see, in their order, each with what it covers in words."""
    found = Offer.objects.visible().select_related("structure").in_bulk(pks)
    return [(found[pk], wording.covers_only(found[pk].coverage, found[pk].excluded)) for pk in pks if pk in found]
