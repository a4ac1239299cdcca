"""The cells of the matrix as a page shows them: a count that leads to its offers, a hole that leads to its communes."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from maillage.kit import typography
from maillage.observatory.supply.asked import Asked
from maillage.observatory.supply.gaps import rounded
from maillage.observatory.supply.matrix import Cell, Row


def cell(asked: Asked, row: Row, stage: str, kind: str) -> SafeString:
    """A cell: how many offers of how many structures, and how many people have none."""
    found = row.cell(stage, kind)
    target = asked.query(territoire=row.place.key, maille="", etape=stage, nature=kind)
    hole = f"{reverse('observatory-hole')}?{target}"
    if not found.offers:
        return format_html('<a class="badge badge-alarm" href="{}">{}</a>', hole, _("aucune"))
    count = format_html('<a href="{}?{}">{}</a>', reverse("observatory-offers"), target, typography.number(found.offers))
    count = format_html('{} <span class="soft">({})</span>', count, typography.number(found.structures))
    if not found.uncovered:
        return count
    without = _("%(people)s hab. sans") % {"people": rounded(found.uncovered)}
    return format_html('{} <a class="badge badge-warn" href="{}">{}</a>', count, hole, without)


def details(found: Cell) -> list[tuple[str, str]]:
    """What is behind a cell, in words: (what, how many)."""
    number = typography.number
    return [
        (_("Offres"), number(found.offers)),
        (_("Structures"), number(found.structures)),
        (_("Sans les offres nationales"), number(found.local)),
        (_("Gratuites"), number(found.free)),
        (_("Sur place"), number(found.on_site)),
        (_("À distance"), number(found.remote)),
        (_("Spécialisées (secteur ou public)"), number(found.specialised)),
        (_("Généralistes"), number(found.generalist)),
        (_("Habitants sans aucune"), number(found.uncovered)),
        (_("Communes sans aucune"), number(found.communes_without)),
    ]
