"""What an orientation should answer, read from the database offer by offer, straight from exchange-formats.md §5.0.

Nothing here uses the index or `maillage.orientation.matching`: only rows, the vocabulary and the reference data of territories.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from maillage.catalogue.models import Offer
from maillage.orientation.situation import Situation
from maillage.territories import queries
from maillage.vocabulary.words import vocabulary
from tests.catalogue.index.oracle import found_by_text

#: facet of the answer → field of the situation, field of the offer
FIELDS = {
    "stage": ("stage", "stages"),
    "kind": ("kinds", "kind"),
    "need": ("needs", "needs"),
    "sector": ("sectors", "sectors"),
    "legal_form": ("legal_form", "legal_forms"),
    "audience": ("audiences", "audiences"),
    "mode": ("modes", "modes"),
    "cost": ("costs", "cost"),
}
BLOCKING = ("stage", "sector", "legal_form", "audience", "mode", "cost")
ASKED = ("stage", "commune", "sectors", "legal_form", "audiences")


@dataclass
class Reading:
    """The verdict of one offer: "result", "near" or "hidden", and what is to check (fields and facts)."""

    verdict: str
    to_check: set[str] = field(default_factory=set)


def stated(offer: Offer, attribute: str) -> set[str]:
    value = getattr(offer, attribute)
    return set(value) if isinstance(value, list) else {value} - {""}


def facts_of(situation: Situation) -> dict[str, int | bool]:
    known: dict[str, int | bool] = {}
    if situation.legal_form == "sans-structure":
        known = {"salaries": 0, "immatricule": False, "mois-creation": 0}
    return {**known, **situation.facts}


def condition_state(condition: dict, facts: dict[str, int | bool]) -> str:
    if condition["field"] not in facts:
        return "unknown"
    known, value = facts[condition["field"]], condition["value"]
    values = value if isinstance(value, list) else [value]
    if any(isinstance(known, bool) != isinstance(other, bool) for other in values):
        return "unknown"  # a yes-no answer against a number, or the reverse: nobody can tell
    answer = {
        "=": lambda: known == value,
        "!=": lambda: known != value,
        ">=": lambda: known >= value,
        "<=": lambda: known <= value,
        "in": lambda: known in value,
    }[condition["operator"]]()
    return "yes" if answer else "no"


def covers(offer: Offer, commune: queries.Commune) -> str:
    """ "yes", "unknown" (a required zoning is not known there) or "no"."""
    keys = {territory.key for territory in queries.territories_of(commune)}
    if not keys & set(offer.coverage) or keys & set(offer.excluded):
        return "no"
    if not offer.zonings:
        return "yes"
    answers = [queries.in_zoning(commune, zoning) for zoning in offer.zonings]
    return "yes" if True in answers else "unknown" if None in answers else "no"


def reaches_next_door(offer: Offer, commune: queries.Commune) -> bool:
    around = [commune.departement, *(place.code for place in queries.neighbours(commune.departement))]
    return any(
        covers_by_keys(offer, other) for departement in around for other in queries.communes_of("departement", departement)
    )


def covers_by_keys(offer: Offer, commune: queries.Commune) -> bool:
    keys = {territory.key for territory in queries.territories_of(commune)}
    return bool(keys & set(offer.coverage)) and not keys & set(offer.excluded)


def read_offer(offer: Offer, situation: Situation, day: date, by_text: set[int] | None) -> Reading:
    hidden = Reading("hidden")
    if offer.silence == 2:  # its structure did not answer: out of results
        return hidden
    if not (offer.is_visible and offer.structure.is_visible and offer.is_open_on(day)):
        return hidden
    if by_text is not None and offer.pk not in by_text:
        return hidden
    if situation.kinds and offer.kind not in situation.kinds:
        return hidden
    to_check: set[str] = set()
    blocks = 0
    if situation.needs:
        if not offer.needs:
            to_check.add("needs")
        elif not set(situation.needs) & set(offer.needs):
            return hidden
    for facet in BLOCKING:
        name, attribute = FIELDS[facet]
        limits, said = stated(offer, attribute), set(situation.values(name))
        if limits and not said:
            to_check.add(name)
        elif limits and not limits & said:
            blocks += 1
    facts = facts_of(situation)
    for condition in {str(condition): condition for condition in offer.conditions}.values():
        state = condition_state(condition, facts)
        blocks += state == "no"
        to_check |= {condition["field"]} if state == "unknown" else set()
    if situation.commune is None:
        if "france" not in offer.coverage or offer.excluded or offer.zonings:
            to_check.add("commune")
    else:
        state = covers(offer, situation.commune)
        if state == "no":
            blocks += 1
            if not reaches_next_door(offer, situation.commune):
                return hidden
        elif state == "unknown":
            to_check.add("zonings")
    return Reading("hidden" if blocks > 1 else "near" if blocks else "result", to_check)


def read_database(situation: Situation, day: date) -> dict[int, Reading]:
    by_text = found_by_text(situation.text) if situation.text else None
    offers = Offer.objects.select_related("structure").order_by("pk")
    return {offer.pk: read_offer(offer, situation, day, by_text) for offer in offers}


def having(readings: dict[int, Reading], verdict: str) -> set[int]:
    return {pk for pk, reading in readings.items() if reading.verdict == verdict}


def total(situation: Situation, day: date) -> int:
    return len(having(read_database(situation, day), "result"))


def with_exactly(situation: Situation, facet: str, code: str) -> Situation:
    name = FIELDS[facet][0]
    return replace(situation, **{name: code if name in ("stage", "legal_form") else (code,)})


def question(readings: dict[int, Reading]) -> tuple[str, int] | None:
    counts = Counter(point for reading in readings.values() if reading.verdict == "result" for point in reading.to_check)
    order = (*ASKED, *vocabulary().codes("fact"))
    best = max(order, key=lambda name: counts[name])
    return (best, counts[best]) if counts[best] else None


def facets(situation: Situation, day: date, codes: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, str, int]]:
    for facet, some in codes.items():
        for code in some:
            yield facet, code, total(with_exactly(situation, facet, code), day)
