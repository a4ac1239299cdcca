"""The board of upkeep for the officers of the Région and of local authorities: read only, on the territory entrusted to them."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from maillage.accounts import extensions
from maillage.accounts.access import not_theirs
from maillage.accounts.models import Person, Role
from maillage.accounts.personas import entrusted, may_on, may_somewhere
from maillage.accounts.policy import Action
from maillage.catalogue.models.sheet import address_of
from maillage.catalogue.models.structure import Structure
from maillage.catalogue.office.page import person_of
from maillage.catalogue.office.views.upkeep import Asked, board_context, read, table_of
from maillage.territories.wording import forms


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The board, as officers read it: structures lead to their public page."""
    asked = _asked(_reader(request), request.GET)
    context = board_context(
        asked,
        request.GET.get("page", ""),
        board=reverse("upkeep"),
        table=reverse("upkeep-csv"),
        sheet=lambda line: address_of(Structure.KIND, line.uid),
    )
    trail = [(_("Mon compte"), reverse("account")), (_("Tenue des fiches"), "")]
    return render(request, "catalogue/upkeep.html", {**context, "trail": trail, "said": asked.place and forms(asked.place)})


@require_safe
def board_csv(request: HttpRequest) -> HttpResponse:
    """The same, as a table for a spreadsheet."""
    return table_of(_asked(_reader(request), request.GET))


def places_of(person: Person) -> list[extensions.Place]:
    """The link of « Mon compte » to this board, for officers (the office has its own)."""
    if person.role not in (Role.REGION, Role.LOCAL) or not may_somewhere(person, Action.BOARD_READ):
        return []
    return [extensions.Place(reverse("upkeep"), gettext_lazy("Tenue des fiches"))]


def _reader(request: HttpRequest) -> Person:
    """The person, if the policy lets them read the board of some territory. Http404 otherwise."""
    person = person_of(request)
    if not may_somewhere(person, Action.BOARD_READ):
        raise not_theirs(request, Action.BOARD_READ)
    return person


def _asked(person: Person, query: QueryDict) -> Asked:
    """What the address asks, kept inside what this person may read: the officer of a territory never reads beyond it."""
    asked, own = read(query), entrusted(person)
    if own is None:
        return asked
    if asked.place is None:
        return replace(asked, place=own)
    if not may_on(person, asked.place, Action.BOARD_READ):
        return replace(asked, place=own, text="", problem=_("Ce territoire ne vous est pas confié\u202f: voici le vôtre."))
    return asked
