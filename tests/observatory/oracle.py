"""What the gap matrix should say, counted commune by commune from the rows of the database, without the index."""

from __future__ import annotations

from datetime import date

from maillage.catalogue.models import Offer
from maillage.observatory.supply.criteria import STALE_AFTER, Criteria
from maillage.observatory.supply.matrix import Cell
from maillage.territories import queries
from tests.orientation.oracle import covers


def counts(offer: Offer, criteria: Criteria, today: date) -> bool:
    """Is it visible, open today, kept by a structure that answers, and among what is asked?"""
    if offer.silence == 2:  # its structure did not answer: out of results
        return False
    if not (offer.is_visible and offer.structure.is_visible and offer.is_open_on(today)):
        return False
    if criteria.needs and offer.needs and not set(offer.needs) & set(criteria.needs):
        return False
    if criteria.local and "france" in offer.coverage and not any(key != "france" for key in offer.coverage):
        return False
    if criteria.free and offer.cost != "gratuit":
        return False
    dates = [day for day in (offer.verified_on, offer.updated) if day]
    return not (criteria.fresh and (not dates or max(dates) < today - STALE_AFTER))


def cell(offers: list[Offer], communes: list[queries.Commune], stage: str, kind: str, criteria: Criteria, today: date) -> Cell:
    """One cell: every offer tried on every commune."""
    wanted = [
        offer
        for offer in offers
        if counts(offer, criteria, today) and (not kind or offer.kind == kind) and (not offer.stages or stage in offer.stages)
    ]
    reach = {offer.pk: {commune.code for commune in communes if covers(offer, commune) != "no"} for offer in wanted}
    here = [offer for offer in wanted if reach[offer.pk]]
    served = set().union(*(reach[offer.pk] for offer in here)) if here else set()
    without = [commune for commune in communes if commune.code not in served]
    return Cell(
        offers=len(here),
        structures=len({offer.structure_id for offer in here}),
        local=sum(any(key != "france" for key in offer.coverage) for offer in here),
        free=sum(offer.cost == "gratuit" for offer in here),
        on_site=sum("presentiel" in offer.modes for offer in here),
        remote=sum("distance" in offer.modes for offer in here),
        specialised=sum(bool(offer.sectors or offer.audiences) for offer in here),
        uncovered=sum(commune.population for commune in without),
        communes_without=len(without),
    )


def reaches(offer: Offer, communes: list[queries.Commune]) -> bool:
    """Does a visible offer, open today or not, reach one of these communes? Then its structure is declared there."""
    visible = offer.is_visible and offer.structure.is_visible and offer.silence != 2
    return visible and any(covers(offer, commune) != "no" for commune in communes)
