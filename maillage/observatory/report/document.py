"""The data of the yearly report: plain strings, made by the same functions as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maillage.kit.pdf.compile import pdf_from
from maillage.kit.typography import day, number
from maillage.observatory import supplied, tables, wording
from maillage.observatory.demand.publication import Published
from maillage.observatory.models.demand import EVERY
from maillage.observatory.report import text
from maillage.observatory.visitors import queries as visitors
from maillage.vocabulary.labels import choices
from maillage.vocabulary.portals import Portal
from maillage.vocabulary.words import vocabulary

GAPS_SHOWN = 20


def report_pdf(found: Published, portal: Portal, now: datetime) -> bytes:
    """The report of a year as PDF/UA-1. May raise `compile.Busy`."""
    return pdf_from("maillage.observatory.report", "report.typ", report_data(found, portal, now.date()), int(now.timestamp()))


def report_data(found: Published, portal: Portal, today: date) -> dict[str, Any]:
    """Everything that the template prints, as JSON values."""
    gaps = supplied.holes(portal, today)
    return {
        "lang": (get_language() or "fr")[:2],
        "title": _("Observatoire de l’accompagnement, %(year)s") % {"year": wording.span(found.first, found.last)},
        "author": portal.name,
        "description": _("Ce qui manque, ce qui est demandé, combien de personnes viennent"),
        "accent": portal.accent,
        "parts": [
            {
                "title": _("Ce qui est demandé"),
                "lines": text.searches(found),
                "tables": [_by_territory(found), _by_need(found), _by_month(found)],
            },
            {
                "title": _("Ce qui manque au %(day)s") % {"day": day(today)},
                "lines": [gap.sentence for gap in gaps[:GAPS_SHOWN]]
                or [_("Du conseil, de l’argent, des formations et de l’incubation sont déclarés partout.")],
                "tables": [_by_departement(portal, today)],
            },
            {
                "title": _("Qui vient"),
                "lines": [*text.visitors(visitors.years(portal.code, today)), text.visitors_method()],
                "tables": [],
            },
            {
                "title": _("Méthode"),
                "lines": [
                    text.small_cells_method(),
                    _(
                        "Un manque peut aussi venir d’une fiche qui n’est pas encore écrite\u202f: le catalogue ne montre que ce qui a été déclaré ou lu dans une source."
                    ),
                    _("Une recherche qui nomme deux besoins compte pour chacun. Les mots écrits ne sont pas gardés."),
                    tables.attribution(portal, today),
                ],
                "tables": [],
            },
        ],
        "footer": _("%(portal)s, rapport imprimé le %(day)s") % {"portal": portal.name, "day": day(today)},
    }


def _table(caption: str, columns: list[str], rows: list[list[str]]) -> dict[str, Any]:
    return {"caption": caption, "columns": columns, "rows": rows}


def _by_territory(found: Published) -> dict[str, Any]:
    stages = (EVERY, *vocabulary().codes("stage"))
    rows = [
        [wording.line(node.key), *(wording.count(found.cells[node.key, stage]) for stage in stages)]
        for node in found.nodes
        if node.depth < 3
    ]
    return _table(
        _("Recherches par territoire et étape"), [_("Territoire"), _("Toutes"), *(name for _code, name in choices("stage"))], rows
    )


def _by_need(found: Published) -> dict[str, Any]:
    order = {code: rank for rank, code in enumerate(vocabulary().codes("need"))}
    rows = [
        [wording.need(need), *(wording.count(count) for count in (row.searches, row.empty, row.few))]
        for need, row in sorted(found.needs.items(), key=lambda item: order.get(item[0], 99))
        if need != EVERY
    ]
    columns = [_("Besoin"), _("Recherches"), _("Sans résultat"), _("Une ou deux offres")]
    return _table(_("Recherches par besoin"), columns, rows)


def _by_month(found: Published) -> dict[str, Any]:
    rows = [[wording.month(month), wording.count(count)] for month, count in found.months.items()]
    return _table(_("Recherches par mois"), [_("Mois"), _("Recherches")], rows)


def _by_departement(portal: Portal, today: date) -> dict[str, Any]:
    matrix = supplied.matrix_of(supplied.departements(portal), today, kinds=())
    rows = [
        [row.place.name, *(number(row.cell(stage).offers) if row.cell(stage).offers else _("aucune") for stage in matrix.stages)]
        for row in matrix.rows
    ]
    return _table(
        _("Offres ouvertes par département et étape"), [_("Département"), *(name for _code, name in choices("stage"))], rows
    )
