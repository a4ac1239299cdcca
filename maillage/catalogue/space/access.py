"""Getters of the space: the object, or 404 for whoever has nothing to do there, noted as a security event. Asked of the database each time."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from maillage.accounts.access import not_theirs
from maillage.accounts.models import Person
from maillage.accounts.policy import Action
from maillage.catalogue.access import MODELS, AnySheet
from maillage.catalogue.models import Invitation, Membership, Offer, Relay, Structure
from maillage.catalogue.personas import may_in_structure


def person_of(request: HttpRequest) -> Person:
    """The person signed in (the middleware has sent the others to the sign-in page)."""
    if not isinstance(request.user, Person):
        raise Http404
    return request.user


def structure_of(request: HttpRequest, uid: str, action: Action = Action.STRUCTURE_MEMBERS) -> Structure:
    """The structure, for those who may do this in it."""
    structure = Structure.objects.filter(uid=uid, merged_into="").first()
    if structure is None or not may_in_structure(person_of(request), structure, action):
        raise not_theirs(request, action)
    return structure


def sheet_of(request: HttpRequest, structure: Structure, kind: str, uid: str) -> AnySheet:
    """A sheet of this structure."""
    if kind == Structure.KIND:
        if uid != structure.uid:
            raise not_theirs(request, f"sheet:{kind}")
        return structure
    found: Any = MODELS[kind]._default_manager.filter(uid=uid, merged_into="", structure=structure)
    sheet: Offer | Relay | None = found.select_related("structure").first()
    if sheet is None:
        raise not_theirs(request, f"sheet:{kind}")
    return sheet


def membership_of(structure: Structure, pk: int) -> Membership:
    """A membership of this structure that is asked or active."""
    alive = (Membership.State.ASKED, Membership.State.ACTIVE)
    found = Membership.objects.filter(structure=structure, pk=pk, state__in=alive).select_related("person", "structure").first()
    if found is None:
        raise Http404  # decided meanwhile, often: nothing to note
    return found


def invitation_of(structure: Structure, pk: int) -> Invitation:
    """An invitation of this structure."""
    found = Invitation.objects.filter(structure=structure, pk=pk).select_related("structure").first()
    if found is None:
        raise Http404
    return found
