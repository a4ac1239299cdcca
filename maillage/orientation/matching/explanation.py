"""One offer against a situation, point by point: what matches, what is to check, what blocks, each in words.

It reads the offer's row with the same rules as `selection` reads the index; a property test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from maillage.catalogue.index.conditions import condition
from maillage.catalogue.index.reach import current_key
from maillage.catalogue.models import Offer
from maillage.orientation.answer import Match, Reason
from maillage.orientation.matching import wording
from maillage.orientation.matching.conditions import state
from maillage.orientation.matching.whereabouts import Whereabouts, whereabouts
from maillage.orientation.situation import Situation
from maillage.territories.queries import distance_km

#: An offer received on the spot is « near » within this distance (as the crow flies), and a deadline « soon » within these days.
NEAR_KM, SOON_DAYS = 20.0, 30

YES, NO, TO_CHECK = "oui", "non", "a-verifier"


class Point(NamedTuple):
    """One condition of an offer against the situation: its reason code, the field (or fact) it is about, the answer in three values."""

    code: str
    field: str
    state: str
    label: str


@dataclass(frozen=True, slots=True)
class Standpoint:
    """A situation with what follows from it, worked out once for all the offers of a page."""

    situation: Situation
    day: date
    facts: Mapping[str, int | bool]
    place: Whereabouts | None
    words: wording.Words
    said: tuple[tuple[str, str, str, tuple[str, ...]], ...]  # `_LISTS`, each with the codes said

    @classmethod
    def of(cls, situation: Situation, day: date) -> Standpoint:
        """The standpoint of a situation on a day (Paris)."""
        place = whereabouts(situation.commune) if situation.commune else None
        said = tuple((*names, situation.values(names[1])) for names in _LISTS)
        return cls(situation, day, situation.known_facts(), place, wording.words(), said)

    def distance(self, offer: Offer) -> float | None:
        """Km from the commune to where the offer is given; None when either is unknown."""
        if self.place is None or offer.lon is None or offer.lat is None:
            return None
        return distance_km(self.place.commune.lon, self.place.commune.lat, offer.lon, offer.lat)


#: Reason code, field of the situation, and field of the offer, for criteria that are lists on both sides.
_LISTS = (
    ("etape", "stage", "stages"),
    ("besoin", "needs", "needs"),
    ("secteur", "sectors", "sectors"),
    ("forme", "legal_form", "legal_forms"),
    ("public", "audiences", "audiences"),
    ("acces", "modes", "modes"),
    ("cout", "costs", "cost"),
)


def explain(offer: Offer, standpoint: Standpoint) -> Match:
    """The offer with its reasons, what is to check and what blocks. The verdict is "oui", "a-verifier" or, when something blocks, "non"."""
    points = checklist(offer, standpoint)
    by_state: dict[str, list[Reason]] = {YES: [], TO_CHECK: [], NO: []}
    for point in points:
        by_state[point.state].append(Reason(point.code, point.label))
    distance = standpoint.distance(offer)
    by_state[YES] += _advantages(offer, standpoint, distance)
    verdict = NO if by_state[NO] else TO_CHECK if by_state[TO_CHECK] else YES
    return Match(offer, verdict, tuple(by_state[YES]), tuple(by_state[TO_CHECK]), tuple(by_state[NO]), distance)


def checklist(offer: Offer, standpoint: Standpoint) -> tuple[Point, ...]:
    """Every condition that the offer sets, answered in three values: the checklist of the offer's page."""
    lists = list(_lists(offer, standpoint))
    after = 1 if lists and lists[0].field == "stage" else 0  # the stage is the first of `_LISTS`
    return (*lists[:after], *_territory(offer, standpoint), *lists[after:], *_conditions(offer, standpoint))


def _lists(offer: Offer, standpoint: Standpoint) -> Iterator[Point]:
    words = standpoint.words
    for code, field, attribute, said in standpoint.said:
        stated = getattr(offer, attribute)
        if not stated and field != "needs":  # restricts nothing, but every result must say for which stage it is shown
            if field == "stage" and said:
                yield Point(code, field, YES, words.every_stage())
            continue
        accepted = tuple(stated) if isinstance(stated, list) else (stated,) if stated else ()
        shared = tuple(value for value in said if value in accepted) if said else ()
        if shared:
            yield Point(code, field, YES, words.match(field, shared))
        elif field != "needs":
            yield Point(code, field, NO if said else TO_CHECK, words.limit(field, accepted))
        elif said:  # such an offer is neither a result nor a near miss, but its own page says why
            if accepted:
                yield Point(code, field, NO, words.limit(field, accepted))
            else:
                yield Point(code, field, TO_CHECK, words.needs_unstated())


def _territory(offer: Offer, standpoint: Standpoint) -> Iterator[Point]:
    place, words = standpoint.place, standpoint.words
    if place is None:
        certain = "france" in offer.coverage and not offer.excluded and not offer.zonings
        label = words.covers("france") if certain else words.covers_only(tuple(offer.coverage), tuple(offer.excluded))
        yield Point("territoire", "commune", YES if certain else TO_CHECK, label)
        if offer.zonings:
            yield Point("zonage", "commune", TO_CHECK, wording.zonings(tuple(offer.zonings)))
        return
    # keys may name a commune that has merged since
    stated, refused = {current_key(key) for key in offer.coverage}, {current_key(key) for key in offer.excluded}
    matched = next((key for key in place.keys if key in stated), None)
    excluded = next((key for key in place.keys if key in refused), None)
    if matched is None:
        yield Point("territoire", "commune", NO, words.covers_only(tuple(offer.coverage), ()))
    elif excluded is not None:
        yield Point("territoire", "commune", NO, wording.excludes(excluded))
    else:
        yield Point("territoire", "commune", YES, words.covers(matched))
        zoned = place.zoning_state(offer.zonings)
        if offer.zonings:
            answer = YES if zoned else TO_CHECK if zoned is None else NO
            yield Point("zonage", "zonings", answer, wording.zonings(tuple(offer.zonings)))


def _conditions(offer: Offer, standpoint: Standpoint) -> Iterator[Point]:
    for stated in dict.fromkeys(condition(entry) for entry in offer.conditions):
        answer = state(stated.field, stated.operator, stated.value, standpoint.facts)
        label = standpoint.words.condition(stated, met=answer is True)
        yield Point(f"condition:{stated.field}", stated.field, YES if answer else TO_CHECK if answer is None else NO, label)


def _advantages(offer: Offer, standpoint: Standpoint, distance: float | None) -> Iterator[Reason]:
    """What makes an offer worth showing beyond its conditions."""
    if offer.cost == "gratuit" and "gratuit" not in standpoint.situation.costs:
        yield Reason("gratuit", standpoint.words.cost("gratuit"))
    if distance is not None and distance <= NEAR_KM and is_on_the_spot(offer.modes):
        yield Reason("proche", standpoint.words.distance(distance))
    if offer.closes and 0 <= (offer.closes - standpoint.day).days <= SOON_DAYS:
        yield Reason("echeance", standpoint.words.closing(offer.closes, standpoint.day))
    if standpoint.situation.text:
        yield Reason("texte", wording.text(standpoint.situation.text))


def is_on_the_spot(modes: list[str]) -> bool:
    """Are people received on the spot? Yes unless the offer says that it is at a distance only."""
    return not modes or "presentiel" in modes
