"""The offers that help with a work track: how many name its need here, and the address of the orientation that shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from maillage.catalogue.index import Snapshot
from maillage.diagnosis.grid import Criterion
from maillage.diagnosis.whereabouts import Where
from maillage.territories import queries as territories
from maillage.territories.queries import ZONINGS, departements_of_region
from maillage.vocabulary.portals import Portal


@dataclass(frozen=True, slots=True)
class Track:
    """Something to work on. `count`: open offers that name this need and serve the place (or the portal's régions), for the stage if it is known."""

    criterion: Criterion
    count: int
    url: str


def tracks(criteria: Iterable[Criterion], where: Where, snapshot: Snapshot, portal: Portal, today: date) -> list[Track]:
    """The work tracks with what the catalogue holds for each. Reads the index only: no query."""
    here = snapshot.open_on(today)
    if where.commune:
        holding = territories.zonings_of(where.commune)
        unknown = [zoning for zoning in ZONINGS if not territories.zoning_known(where.commune, zoning)]
        keys = [territory.key for territory in territories.territories_of(where.commune)]
        here &= snapshot.covering(keys, holding, unknown).covered
    else:
        here &= snapshot.touching([place.code for region in portal.regions for place in departements_of_region(region)])
    if where.stage:
        here &= snapshot.accepting("stage", [where.stage])
    address = reverse("results")
    return [
        Track(
            criterion,
            len(here & snapshot.stating("need", criterion.need)),
            f"{address}?{urlencode([*where.pairs(), ('besoin', criterion.need)])}",
        )
        for criterion in criteria
    ]
