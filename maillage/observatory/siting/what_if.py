"""« Si une permanence ouvrait à… »: a scenario carried by the address, computed in front of the reader. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pyroaring import BitMap

from maillage.catalogue.coverage import communes_served
from maillage.catalogue.index import Entry, Snapshot
from maillage.catalogue.models import Offer
from maillage.observatory.access.ground import ground
from maillage.observatory.access.indicators import Access, access
from maillage.observatory.access.places import RELAY
from maillage.observatory.access.travel_times import TravelTimes
from maillage.observatory.supply.reach import groups
from maillage.territories.queries import Commune
from maillage.territories.values import Place
from maillage.vocabulary.words import vocabulary

#: How many changes of each sort a scenario may hold.
CHANGES_AT_MOST = 12


@dataclass(frozen=True, slots=True)
class Scenario:
    """What would change: relays opened in communes, relays closed (entries), an offer extended to a territory or closed (None)."""

    opened: tuple[Commune, ...] = ()
    closed: tuple[Entry, ...] = ()
    offers: tuple[tuple[Offer, Place | None], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.opened or self.closed or self.offers)


@dataclass(frozen=True, slots=True, eq=False)
class RelayEffect:
    """Access to relays before and after. `gained` and `lost` are people who come within the threshold, or go beyond it."""

    before: Access
    after: Access
    threshold: int
    near_before: int
    near_after: int
    gained: int
    lost: int
    gained_communes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfferEffect:
    """An offer extended or closed: the people of the territory that it serves before and after.

    `first` are those who would have at least one offer of its kind where they had none, by stage; `last` those who would be left with none.
    """

    offer: Offer
    extended_to: Place | None
    before: int
    after: int
    first: Mapping[str, int]
    last: Mapping[str, int]


def on_relays(
    index: Snapshot, place: Place, scenario: Scenario, threshold: int, today: date, times: TravelTimes | None = None
) -> RelayEffect:
    """What opening and closing relays changes for the people of a territory: estimated km by road, or minutes of `times`.

    People of a commune without a known trip to any relay are near none.
    """
    before = access(index, place, today, times, kinds=(RELAY,))
    after = access(
        index,
        place,
        today,
        times,
        kinds=(RELAY,),
        closed=frozenset(entry.uid for entry in scenario.closed),
        added=[(commune.lon, commune.lat, commune.code) for commune in scenario.opened],
    )
    was, now = (found.reach(RELAY).distance <= threshold for found in (before, after))
    people = before.ground.people
    gained = [code for code, which in zip(before.ground.codes, ~was & now, strict=True) if which]
    near_before, near_after, won, lost = (int(people[which].sum()) for which in (was, now, ~was & now, was & ~now))
    return RelayEffect(before, after, threshold, near_before, near_after, won, lost, tuple(gained))


def on_offers(index: Snapshot, place: Place, scenario: Scenario, today: date) -> list[OfferEffect]:
    """What extending or closing offers changes for the people of a territory, one offer after the other."""
    return [_effect(index, place, offer, extended, today) for offer, extended in scenario.offers]


def _effect(index: Snapshot, place: Place, offer: Offer, extended: Place | None, today: date) -> OfferEffect:
    found = [(code, group.offers) for group in groups(index, place.territory) for code in group.codes]
    here = ground(*place.territory)
    population = {code: int(people) for code, people in zip(here.codes, here.people, strict=True)}
    mine = communes_served(offer.coverage, offer.excluded, offer.zonings).all
    then = communes_served([*offer.coverage, extended.key], offer.excluded, offer.zonings).all if extended else frozenset()
    position = index.position(offer.pk)
    alike = index.open_on(today) & index.stating("kind", offer.kind)
    stages = offer.stages or vocabulary().codes("stage")
    first, last = dict.fromkeys(stages, 0), dict.fromkeys(stages, 0)
    for stage in stages:
        others = alike & index.accepting("stage", (stage,))
        if position is not None:
            others -= BitMap([position])
        for code, offers in found:
            if (code in mine) == (code in then) or offers.intersect(others):
                continue
            (first if code in then else last)[stage] += population[code]
    served = [sum(people for code, people in population.items() if code in which) for which in (mine, then)]
    return OfferEffect(offer, extended, served[0], served[1], first, last)
