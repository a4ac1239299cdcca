"""The supply as the observatory's own pages and files need it: the matrix of a région's territories, its main holes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from maillage.catalogue.index import current_index
from maillage.observatory.supply import supports
from maillage.observatory.supply.gaps import Gap, gaps
from maillage.observatory.supply.matrix import Matrix, matrix
from maillage.territories import queries as territories
from maillage.territories.values import Place, Territory
from maillage.vocabulary.portals import Portal

#: What is looked for in the holes: people, money, training, and where to start.
WATCHED = ("conseil", "financement", "formation")
#: Stages at which a project may be incubated.
EARLY = frozenset({"idee", "faisabilite", "creation"})


def matrix_of(places: Iterable[Territory], today: date, kinds: Sequence[str] | None = None) -> Matrix:
    """The matrix of some territories, incubation included."""
    index = current_index()
    return matrix(index, places, kinds=kinds, today=today, supports=supports.offers_of(index))


def departements(portal: Portal) -> list[Territory]:
    """The départements of the régions of a portal."""
    return [place.territory for region in portal.regions for place in territories.departements_of_region(region)]


def intercommunalities(portal: Portal) -> list[Place]:
    """The EPCI of the régions of a portal, in order of code."""
    codes = {code for region in portal.regions for commune in territories.communes_of("region", region) if (code := commune.epci)}
    return [place for code in sorted(codes) if (place := territories.place("epci", code))]


def holes(portal: Portal, today: date) -> list[Gap]:
    """What is missing in the départements of a portal, the most populated first; partly missing left out."""
    return telling(gaps(matrix_of(departements(portal), today, WATCHED), partial=False))


def telling(found: Iterable[Gap]) -> list[Gap]:
    """The holes worth a sentence: nobody is incubated once the project is created and grown."""
    return [gap for gap in found if gap.kind != supports.INCUBATION or not EARLY.isdisjoint(gap.stages)]
