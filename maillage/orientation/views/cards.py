"""What a card of the results page says, made ready so that the template only writes it (twenty cards, one loop, no include)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maillage.kit.typography import day, money, typographic
from maillage.orientation.answer import Answer, Contact, Match
from maillage.vocabulary.labels import label, labels

#: How one is received and what it costs are facts of the card, not points to check.
FACTS_NOT_CHECKS = frozenset({"acces", "cout"})
#: People shown with their whole card; the others follow, folded.
PEOPLE_FIRST, PEOPLE = 3, 9
#: Telephone numbers shown to a project in difficulties.
NUMBERS = 6


class Card(NamedTuple):
    """One offer, in words: where it leads, plain facts, why it is shown, what is still to check or what blocks, who verified it when."""

    name: str
    structure: str
    url: str
    summary: str
    phone: str
    facts: str
    amount: str
    until: str
    why: tuple[str, ...]
    check: str
    blocking: str
    verified: str


class Words:
    """What cards say again and again, in one language, each made once. Only used while that language is active (`words`)."""

    def __init__(self) -> None:
        self.facts = lru_cache(maxsize=4096)(_facts)
        self.up_to = lru_cache(maxsize=4096)(_up_to)
        self.until = lru_cache(maxsize=4096)(_until)
        self.verified = lru_cache(maxsize=4096)(_verified)


def words() -> Words:
    """The words of the language that is active now."""
    return _words(get_language() or "fr")


@cache
def _words(language: str) -> Words:
    return Words()


def _facts(instrument: str, stages: tuple[str, ...], every_stage: bool, cost: str, modes: tuple[str, ...]) -> str:
    """The plain facts of a card, on one line. What is empty is not said."""
    parts = [
        label("instrument", instrument),
        ", ".join(labels("stage", stages)),
        _("Toutes les étapes") if every_stage else "",
        label("cost", cost),
        ", ".join(labels("mode", modes)),
    ]
    return " · ".join(part for part in parts if part)


def _up_to(amount: Decimal) -> str:
    return _("jusqu’à %(amount)s") % {"amount": money(amount)}


def _until(closes: date) -> str:
    return _("jusqu’au %(date)s") % {"date": day(closes)}


def _verified(on: date | None) -> str:
    return _("Vérifiée le %(date)s") % {"date": day(on)} if on else _("À confirmer par la structure")


def card(match: Match, query: str, say: Words) -> Card:
    """The card of a match. `query` is the situation: the offer's own page reads it to show its checklist."""
    offer = match.offer
    said = {reason.code for reason in match.reasons}
    checked = {reason.code for reason in match.to_check}
    facts = say.facts(
        offer.instrument,
        () if "etape" in checked else tuple(offer.stages),  # what is to check names them already
        not offer.stages and "etape" not in said,
        "" if said & {"gratuit", "cout"} else offer.cost,
        () if "acces" in said else tuple(offer.modes),
    )
    url = offer.get_absolute_url()
    return Card(
        name=typographic(offer.name),
        structure=typographic(offer.structure.name),
        url=f"{url}?{query}" if query else url,
        summary=typographic(offer.summary),
        phone=offer.phone,
        facts=facts,
        amount=say.up_to(offer.amount_max) if offer.amount_max else "",
        until=say.until(offer.closes) if offer.closes else "",
        why=tuple(typographic(reason.label) for reason in match.reasons),
        check=typographic(" ; ".join(reason.label for reason in match.to_check if reason.code not in FACTS_NOT_CHECKS)),
        blocking=typographic(" ; ".join(reason.label for reason in match.blocking)),
        verified=say.verified(offer.verified_on),
    )


def cards(matches: Iterable[Match], query: str) -> list[Card]:
    """The cards of several matches of one situation, whose query string is `query`."""
    say = words()
    return [card(match, query, say) for match in matches]


def people(answer: Answer) -> list[Contact]:
    """Who to call or visit, before any offer: the local network, the two nearest places, then the others; each structure once.

    Lines without a place or a territory (national telephone numbers) are for projects in difficulties.
    """
    near = [
        contact for contact in answer.relays if contact.reason or contact.distance_km is not None or answer.situation.is_distress
    ]
    ordered = [*answer.networks[:1], *near[:2], *answer.networks[1:], *near[2:]]
    by_structure: dict[str, Contact] = {}
    for contact in ordered:
        by_structure.setdefault(contact.structure_name or contact.name, contact)
    return list(by_structure.values())[:PEOPLE]


def urgent(answer: Answer) -> list[dict[str, str]]:
    """For a project in difficulties: the telephone numbers to call at once, those made for difficulties first, each once."""
    lines = [
        *(
            (match.offer.name, match.offer.structure.name, match.offer.phone or match.offer.structure.phone)
            for match in _for_difficulties(answer.results)
        ),
        *((contact.name, contact.reason, contact.phone) for contact in (*answer.networks, *answer.relays)),
    ]
    by_number: dict[str, dict[str, str]] = {}
    for name, detail, phone in lines:
        if phone:
            by_number.setdefault(phone, {"name": name, "detail": detail, "phone": phone})
    return list(by_number.values())[:NUMBERS]


def _for_difficulties(matches: Iterable[Match]) -> list[Match]:
    return [match for match in matches if match.offer.stages == ["difficultes"]]
