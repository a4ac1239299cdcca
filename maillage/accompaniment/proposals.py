"""Who else may receive a request that somebody declined, redirected or left without answer."""

from __future__ import annotations

from django.utils import timezone

from maillage.accompaniment.candidates import Wanted, find
from maillage.accompaniment.models import Handover, Request
from maillage.catalogue.index import current_index
from maillage.catalogue.models import Structure
from maillage.territories import queries as territories
from maillage.vocabulary.portals import portals


def wanted_by(demand: Request) -> Wanted:
    """What decides who is competent for a request that was sent."""
    commune = territories.commune(demand.commune) if demand.commune else None
    return Wanted(demand.stage, commune, tuple(demand.needs), tuple(demand.sectors), demand.legal_form)


def proposals(demand: Request, limit: int) -> list[Structure]:
    """The structures that routing finds besides those that had it, best first."""
    had = [pk for pk in Handover.objects.filter(request=demand).order_by("pk").values_list("structure", flat=True) if pk]
    portal = portals().get(demand.portal) or next(iter(portals().values()))
    found = find(current_index(), wanted_by(demand), portal, timezone.localdate(), without=had)
    kept = [each.structure for each in found if each.structure and each.structure not in had][:limit]
    known = Structure.objects.in_bulk(kept)
    return [known[pk] for pk in kept if pk in known]
