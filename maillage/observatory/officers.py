"""Who reads exact figures, small ones included: what the policy says of `FIGURES_EXACT`, on the territory entrusted to a person."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.accounts import extensions
from maillage.accounts.models import Person
from maillage.accounts.personas import may_on, may_somewhere
from maillage.accounts.policy import Action
from maillage.territories.values import Place


def reads_somewhere(person: Person | AnonymousUser) -> bool:
    """May this person read exact figures of some territory?"""
    return may_somewhere(person, Action.FIGURES_EXACT)


def reads(person: Person | AnonymousUser, place: Place) -> bool:
    """May this person read the exact figures of this territory?"""
    return may_on(person, place, Action.FIGURES_EXACT)


def places_of(person: Person) -> list[extensions.Place]:
    """The link of « Mon compte » to these figures, for those who read some."""
    return [extensions.Place(reverse("observatory-officers"), _("Demande en détail"))] if reads_somewhere(person) else []
