"""Who reads exact figures, small ones included: what the policy says of `FIGURES_EXACT`, on the territory entrusted to a person."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from maillage.accounts.models import Person
from maillage.accounts.personas import personas_of
from maillage.accounts.policy import Action, Relation, allowed
from maillage.territories import queries as territories
from maillage.territories.values import Place


def entrusted(person: Person | AnonymousUser) -> Place | None:
    """The territory entrusted to somebody (the officer of a local authority); None for the others."""
    if not isinstance(person, Person) or not person.territory_level:
        return None
    return territories.place(person.territory_level, person.territory_code)


def reads_somewhere(person: Person | AnonymousUser) -> bool:
    """May this person read exact figures of some territory?"""
    where = Relation.TERRITORY if entrusted(person) else Relation.NONE
    return allowed(personas_of(person), where, Action.FIGURES_EXACT)


def reads(person: Person | AnonymousUser, place: Place) -> bool:
    """May this person read the exact figures of this territory?"""
    own = entrusted(person)
    inside = own is not None and _communes(place) <= _communes(own)
    return allowed(personas_of(person), Relation.TERRITORY if inside else Relation.NONE, Action.FIGURES_EXACT)


def _communes(place: Place) -> set[str]:
    return {commune.code for commune in territories.communes_of(place.level, place.code)}
