"""The public page of a structure: who they are, what they offer, where, and the roles and labels that others granted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.catalogue import addresses
from maillage.catalogue.hours import in_words
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.kit.typography import typographic
from maillage.territories import queries as territories
from maillage.territories.values import Place
from maillage.vocabulary.words import vocabulary


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role or a label on the page: its code, where it holds, since and until when, and who granted it."""

    code: str
    place: Place | None
    since: date | None
    until: date | None
    authority: str
    ended: bool
    #: only an authority grants this role, and the sheet does not say which one did
    unproven: bool


@require_safe
@login_not_required
def structure(request: HttpRequest, handle: str) -> HttpResponse:
    """The sheet of a structure with its visible offers and relays; 410 with what to do instead when it is no longer public."""
    found = addresses.find(Structure.objects.all(), handle)
    sheet = found.sheet
    moved = addresses.canonical(request, handle, found)
    if moved:
        return moved
    if found.gone:
        return render(request, "catalogue/gone.html", {"sheet": sheet, "others": ()}, status=410)
    context = structure_context(sheet, list(sheet.offers.visible()), list(sheet.relays.visible()))
    return render(request, "catalogue/structure.html", context)


def structure_context(sheet: Structure, offers: list[Offer], relays: list[Relay]) -> dict[str, Any]:
    """What the page of a structure shows, whatever its state: the office shows the same page before it is published."""
    today = timezone.localdate()
    return {
        "sheet": sheet,
        "section": "relays",
        "trail": [(_("Réseaux et relais"), reverse("relays")), (typographic(sheet.name), "")],
        "offers": _by_kind(offers),
        "offers_count": len(offers),
        "relays": [(relay, in_words(relay.opening_hours, today), place_of(relay.commune)) for relay in relays],
        "roles": role_lines(sheet.roles, today),
        "hours": in_words(sheet.opening_hours, today),
        "place": place_of(sheet.commune),
    }


def place_of(commune: str) -> Place | None:
    """The place of an INSEE code kept on a sheet; None when the sheet names none (or one that nobody knows)."""
    return territories.place("commune", commune) if commune else None


def role_lines(roles: list[dict[str, Any]], today: date) -> list[RoleLine]:
    """Roles as they are to be shown: those that hold today first. A label that has ended is never shown as a label."""
    terms = vocabulary().terms("role")
    lines = []
    for role in roles:
        code = str(role.get("role", ""))
        territory = role.get("territory") or {}
        until = _day(role.get("until"))
        authority = str(role.get("authority") or "")
        granted = bool(code in terms and terms[code].extra.get("granted"))
        lines.append(
            RoleLine(
                code,
                territories.place(str(territory.get("level", "")), str(territory.get("code", ""))) if territory else None,
                _day(role.get("since")),
                until,
                authority,
                ended=until is not None and until < today,
                unproven=granted and not authority,
            )
        )
    order = vocabulary().codes("role")
    return sorted(lines, key=lambda line: (line.ended, order.index(line.code) if line.code in order else len(order)))


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _by_kind(offers: list[Offer]) -> list[tuple[str, list[Offer]]]:
    """(kind, offers) in the order of the vocabulary, offers in the order of their names."""
    order = {code: number for number, code in enumerate(vocabulary().codes("kind"))}
    ranked = sorted(offers, key=lambda offer: (order.get(offer.kind, len(order)), offer.kind, offer.name, offer.pk))
    return [(kind, list(group)) for kind, group in groupby(ranked, key=lambda offer: offer.kind)]
