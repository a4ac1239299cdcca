"""The orientation answer as JSON (exchange-formats.md §5.0): the same object for the command line and the API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from maillage.orientation.answer import Answer, Contact, Match, Reason
from maillage.orientation.forms import Problem
from maillage.orientation.matching.whereabouts import whereabouts
from maillage.orientation.situation import Situation
from maillage.territories.queries import parse_key


def answer_as_json(answer: Answer, problems: Iterable[Problem] = ()) -> dict[str, Any]:
    """The whole answer, ready for `json.dumps`. `problems` are the parts of the address that were not understood."""
    return {
        "situation": situation_as_json(answer.situation),
        "total": answer.total,
        "by_kind": dict(answer.by_kind),
        "facets": {facet: dict(counts) for facet, counts in answer.facets.items()},
        "results": [_match(match) for match in answer.results],
        "near_misses": [_match(match) | {"blocking": _reasons(match.blocking)} for match in answer.near_misses],
        "near_total": answer.near_total,
        "contacts": [contact_as_json(contact) for contact in answer.contacts],
        "question": {"field": answer.question.field, "settles": answer.question.settles} if answer.question else None,
        "relaxations": [{"field": field, "code": code, "total": total} for field, code, total in answer.relaxations],
        "problems": [
            {
                "field": problem.field,
                "parameter": problem.parameter,
                "value": problem.value,
                "sentence": problem.sentence,
                "choices": [{"value": choice.value, "label": choice.label} for choice in problem.choices],
            }
            for problem in problems
        ],
    }


def situation_as_json(situation: Situation) -> dict[str, Any]:
    """The echo of what was said; `codes` are those of the territories of the commune, closest first, then its zonings."""
    return {
        "stage": situation.stage,
        "commune": situation.commune.code if situation.commune else None,
        "commune_name": situation.commune.name if situation.commune else None,
        "needs": list(situation.needs),
        "sectors": list(situation.sectors),
        "legal_form": situation.legal_form,
        "audiences": list(situation.audiences),
        "modes": list(situation.modes),
        "costs": list(situation.costs),
        "kinds": list(situation.kinds),
        "text": situation.text,
        "facts": dict(situation.facts),
        "codes": _codes(situation),
    }


def _codes(situation: Situation) -> list[str]:
    if situation.commune is None:
        return []
    place = whereabouts(situation.commune)
    return [parse_key(key).code or key for key in place.keys] + sorted(place.zonings)


def _match(match: Match) -> dict[str, Any]:
    offer = match.offer
    return {
        "id": offer.ref,
        "source": offer.source,
        "name": offer.name,
        "kind": offer.kind,
        "structure": offer.structure.name,
        "structure_id": offer.structure.ref,
        "verdict": match.verdict,
        "reasons": _reasons(match.reasons),
        "to_check": _reasons(match.to_check),
        "distance_km": _km(match.distance_km),
        "url": settings.SITE_URL + offer.get_absolute_url(),
    }


def contact_as_json(contact: Contact) -> dict[str, Any]:
    """Somebody to call or to visit."""
    return {
        "kind": contact.kind,
        "name": contact.name,
        "structure": contact.structure_name,
        "role": contact.role,
        "level": contact.level,
        "reason": contact.reason,
        "distance_km": _km(contact.distance_km),
        "phone": contact.phone,
        "email": contact.email,
        "website": contact.website,
        "address": contact.address,
        "opening_hours": contact.opening_hours,
        "open_now": contact.open_now,
        "next_opening": contact.next_opening.isoformat() if contact.next_opening else None,
        "url": settings.SITE_URL + contact.url if contact.url.startswith("/") else contact.url,
    }


def _reasons(reasons: Iterable[Reason]) -> list[dict[str, str]]:
    return [{"code": reason.code, "label": reason.label} for reason in reasons]


def _km(distance: float | None) -> float | None:
    return None if distance is None else round(distance, 1)
