"""Every public table of the observatory as rows: for files, the API, and whoever wants them under Licence Ouverte 2.0.

Codes, not labels, so that a table can be joined to another; a count that is hidden is null, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from maillage.observatory import supplied
from maillage.observatory.demand.publication import Published, published, years
from maillage.observatory.models.demand import EVERY
from maillage.observatory.months import write_month
from maillage.observatory.small_cells import SMALL
from maillage.observatory.supply.gaps import gaps
from maillage.observatory.supply.matrix import ALL
from maillage.observatory.visitors import queries as visitors
from maillage.territories.values import Place, Territory
from maillage.vocabulary.portals import Portal
from maillage.vocabulary.words import vocabulary

#: name → what the table holds.
KINDS = ("recherches", "besoins", "mois", "visiteurs", "offre", "manques")
LICENCE = "Licence Ouverte 2.0"
LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name in file names, its title, the names of its columns (stable, without accents), its rows."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def table(name: str, portal: Portal, year: int | None, today: date) -> Table:
    """A table of KINDS. `year` matters to what is counted by year; without it, the last one shown. Without any year, no row."""
    title, columns = _HEADS[name]
    return Table(name, _(title), columns, tuple(_ROWS[name](portal, _year(portal, year, today), today)))


def attribution(portal: Portal, today: date) -> str:
    """Whom to name when these figures are used again."""
    return _("Source\u202f: %(portal)s, observatoire, %(day)s. %(licence)s.") % {
        "portal": portal.name,
        "day": today.isoformat(),
        "licence": LICENCE,
    }


def _year(portal: Portal, year: int | None, today: date) -> Published | None:
    shown = year or next(iter(years(portal, today)), None)
    return published(portal, shown, today) if shown else None


def _searches(_portal: Portal, found: Published | None, _today: date) -> Iterator[Row]:
    if found is None:
        return
    for node in found.nodes:
        level, _colon, code = node.key.partition(":")
        for stage in (EVERY, *vocabulary().codes("stage"), ""):
            count = found.cells[node.key, stage]
            yield found.year, level, code, "toutes" if stage == EVERY else stage or "non-dite", count, count is None


def _needs(_portal: Portal, found: Published | None, _today: date) -> Iterator[Row]:
    for need, row in found.needs.items() if found else ():
        name = "tous" if need == EVERY else need or "non-dit"
        yield found.year if found else 0, name, row.searches, row.empty, row.few, None in (row.searches, row.empty, row.few)


def _months(_portal: Portal, found: Published | None, _today: date) -> Iterator[Row]:
    for month, count in found.months.items() if found else ():
        yield write_month(month), count, count is None


def _visitors(portal: Portal, _found: Published | None, today: date) -> Iterator[Row]:
    for month, count in visitors.months(portal.code, today).items():
        small = 0 < count < SMALL
        yield write_month(month), None if small else count, small


def _supply(portal: Portal, _found: Published | None, today: date) -> Iterator[Row]:
    found = supplied.matrix_of(_territories(portal), today)
    for row in found.rows:
        for stage in found.stages:
            for kind in (ALL, *found.kinds):
                cell = row.cell(stage, kind)
                yield (
                    *row.place.territory, row.place.name, stage, kind or "toutes", cell.offers, cell.structures, cell.local, cell.free,
                    cell.on_site, cell.remote, cell.specialised, row.population, cell.uncovered,
                )  # fmt: skip


def _holes(portal: Portal, _found: Published | None, today: date) -> Iterator[Row]:
    for gap in gaps(supplied.matrix_of(_territories(portal)[1:], today, supplied.WATCHED)):
        last = gap.last_verified.isoformat() if gap.last_verified else None
        yield (
            *gap.place.territory, gap.place.name, gap.kind, " ".join(gap.stages), gap.partial, gap.population, gap.uncovered, gap.declared,
            last, gap.sentence,
        )  # fmt: skip


def _territories(portal: Portal) -> list[Territory]:
    regions = [Territory("region", code) for code in portal.regions]
    epci: list[Place] = supplied.intercommunalities(portal)
    return [*regions, *supplied.departements(portal), *(place.territory for place in epci)]


_ROWS = {
    "recherches": _searches,
    "besoins": _needs,
    "mois": _months,
    "visiteurs": _visitors,
    "offre": _supply,
    "manques": _holes,
}
_HEADS: dict[str, tuple[str, tuple[str, ...]]] = {
    "recherches": (
        gettext_noop("Recherches par territoire et étape"),
        ("annee", "niveau", "code", "etape", "recherches", "masque"),
    ),
    "besoins": (
        gettext_noop("Recherches par besoin"),
        ("annee", "besoin", "recherches", "sans_resultat", "une_ou_deux_offres", "masque"),
    ),
    "mois": (gettext_noop("Recherches par mois"), ("mois", "recherches", "masque")),
    "visiteurs": (gettext_noop("Visiteurs estimés par mois"), ("mois", "visiteurs", "masque")),
    "offre": (
        gettext_noop("Offre par territoire, étape et nature"),
        (
            *("niveau", "code", "nom", "etape", "nature", "offres", "structures", "non_nationales", "gratuites", "sur_place"),
            *("a_distance", "specialisees", "habitants", "habitants_sans_offre"),
        ),
    ),
    "manques": (
        gettext_noop("Manques"),
        (
            *(
                "niveau",
                "code",
                "nom",
                "nature",
                "etapes",
                "en_partie",
                "habitants",
                "habitants_sans_offre",
                "structures_declarees",
            ),
            *("derniere_verification", "phrase"),
        ),
    ),
}
