"""What a card of the results page says, made ready so that the template only writes it (twenty cards, one loop, no include)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
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


@dataclass(frozen=True, slots=True)
class Card:
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


def card(match: Match, query: str) -> Card:
    """The card of a match. `query` is the situation: the offer's own page reads it to show its checklist."""
    offer = match.offer
    said = {reason.code for reason in match.reasons}
    checked = {reason.code for reason in match.to_check}
    facts = [label("instrument", offer.instrument)] if offer.instrument else []
    if offer.stages and "etape" not in checked:  # what is to check names them already
        facts.append(", ".join(labels("stage", offer.stages)))
    elif not offer.stages and "etape" not in said:
        facts.append(_("Toutes les étapes"))
    if offer.cost and not said & {"gratuit", "cout"}:
        facts.append(label("cost", offer.cost))
    if offer.modes and "acces" not in said:
        facts.append(", ".join(labels("mode", offer.modes)))
    url = reverse("offer", args=(offer.handle,))
    return Card(
        name=typographic(offer.name),
        structure=typographic(offer.structure.name),
        url=f"{url}?{query}" if query else url,
        summary=typographic(offer.summary),
        phone=offer.phone,
        facts=" · ".join(facts),
        amount=_("jusqu’à %(amount)s") % {"amount": money(offer.amount_max)} if offer.amount_max else "",
        until=_("jusqu’au %(date)s") % {"date": day(offer.closes)} if offer.closes else "",
        why=tuple(typographic(reason.label) for reason in match.reasons),
        check=typographic(" ; ".join(reason.label for reason in match.to_check if reason.code not in FACTS_NOT_CHECKS)),
        blocking=typographic(" ; ".join(reason.label for reason in match.blocking)),
        verified=_("Vérifiée le %(date)s") % {"date": day(offer.verified_on)}
        if offer.verified_on
        else _("À confirmer par la structure"),
    )


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
