"""What the home page says of the catalogue: how much it holds for the portal's territory, and which calls close soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from maillage.catalogue.index import Snapshot
from maillage.catalogue.models import Offer
from maillage.territories.queries import departements_of_region
from maillage.vocabulary.portals import Portal
from maillage.vocabulary.words import vocabulary

SOON = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Holdings:
    """Counts for a portal's territory: offers by kind code (only kinds that exist), and offers in all."""

    total: int
    kinds: tuple[tuple[str, int], ...]


def _here(snapshot: Snapshot, portal: Portal, today: date):  # type: ignore[no-untyped-def]  # pyroaring has no types
    departements = [place.code for region in portal.regions for place in departements_of_region(region)]
    return snapshot.touching(departements) & snapshot.open_on(today)


def holdings(snapshot: Snapshot, portal: Portal, today: date) -> Holdings:
    """How many open offers serve at least one commune of the portal's régions."""
    here = _here(snapshot, portal, today)
    counts = ((code, len(here & snapshot.stating("kind", code))) for code in vocabulary().codes("kind"))
    return Holdings(len(here), tuple((code, count) for code, count in counts if count))


def closing_soon(snapshot: Snapshot, portal: Portal, today: date, limit: int = 4) -> list[Offer]:
    """Open offers of the portal's régions whose deadline comes within three months, the nearest first."""
    closes, pk = snapshot.columns.closes, snapshot.columns.pk
    last = (today + SOON).toordinal()
    dated = sorted((int(closes[at]), int(pk[at])) for at in _here(snapshot, portal, today) if 0 < closes[at] <= last)
    offers = Offer.objects.select_related("structure").in_bulk([key for _, key in dated[:limit]])
    return [offers[key] for _, key in dated[:limit] if key in offers]
