"""What somebody is here: from the role of the account, and from what the apps above know (memberships). Asked anew at each request."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser

from maillage.accounts.models import Person, Role
from maillage.accounts.policy import Action, Persona, Relation, allowed
from maillage.territories import queries as territories
from maillage.territories.values import Place

#: An app above accounts says which personas it knows of (the catalogue: active memberships).
Source = Callable[[Person], frozenset[Persona]]
_SOURCES: list[Source] = []

_OF_ROLE: dict[str, frozenset[Persona]] = {
    Role.NONE: frozenset(),
    Role.REDACTION: frozenset({Persona.WRITER}),
    Role.ANIMATION: frozenset({Persona.WRITER, Persona.ANIMATOR}),
    Role.ADMINISTRATION: frozenset({Persona.WRITER, Persona.ANIMATOR, Persona.ADMINISTRATOR}),
    Role.REGION: frozenset({Persona.REGION}),
    Role.LOCAL: frozenset({Persona.LOCAL}),
}


def add_source(source: Source) -> None:
    """Called once by an app, when it starts."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def of_role(person: Person | AnonymousUser) -> frozenset[Persona]:
    """What the account alone makes of this person, memberships left aside."""
    if not isinstance(person, Person) or not person.is_active:
        return frozenset({Persona.VISITOR})
    return frozenset({Persona.VISITOR, Persona.HOLDER}) | _OF_ROLE[person.role]


def personas_of(person: Person | AnonymousUser) -> frozenset[Persona]:
    """Everything this person is now. Nothing is remembered between two calls: what ended a moment ago counts no more."""
    if not isinstance(person, Person) or not person.is_active:
        return of_role(person)
    return of_role(person).union(*(source(person) for source in _SOURCES))


def animators() -> list[Person]:
    """Those who animate the network, to be told; those who administer when nobody does."""
    active = Person.objects.filter(is_active=True).order_by("pk")
    return list(active.filter(role=Role.ANIMATION)) or list(active.filter(role=Role.ADMINISTRATION))


def is_professional(person: Person | AnonymousUser) -> bool:
    """Does this person act for a structure, the network or an authority? Then a second factor is required."""
    return bool(personas_of(person) - {Persona.VISITOR, Persona.HOLDER})


def entrusted(person: Person | AnonymousUser) -> Place | None:
    """The territory entrusted to somebody (the officer of a local authority); None for the others."""
    if not isinstance(person, Person) or not person.territory_level:
        return None
    return territories.place(person.territory_level, person.territory_code)


def may_somewhere(person: Person | AnonymousUser, action: Action) -> bool:
    """May this person do this on some territory?"""
    where = Relation.TERRITORY if entrusted(person) else Relation.NONE
    return allowed(personas_of(person), where, action)


def may_on(person: Person | AnonymousUser, place: Place, action: Action) -> bool:
    """May this person do this on this territory: by what they are, or because it is inside the one entrusted to them?"""
    own = entrusted(person)
    inside = own is not None and _communes(place) <= _communes(own)
    return allowed(personas_of(person), Relation.TERRITORY if inside else Relation.NONE, action)


def _communes(place: Place) -> set[str]:
    return set(territories.commune_codes_of(place.level, place.code))
