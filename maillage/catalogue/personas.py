"""What memberships make of a person, and what a person is to a structure. Always asked of the database: what ended counts no more."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from maillage.accounts.models import Person
from maillage.accounts.personas import of_role
from maillage.accounts.policy import Action, Field, Persona, Relation, allowed
from maillage.catalogue.models import Membership, Structure

PERSONA_OF: dict[str, Persona] = {
    Membership.Role.MANAGER: Persona.MANAGER,
    Membership.Role.ADVISER: Persona.ADVISER,
    Membership.Role.RELAY: Persona.RELAY,
}


def from_memberships(person: Person) -> frozenset[Persona]:
    """The personas of the person's active memberships, whatever the structure (a source of `accounts.personas`)."""
    roles = Membership.objects.filter(person=person, state=Membership.State.ACTIVE).order_by().values_list("role", flat=True)
    return frozenset(PERSONA_OF[role] for role in roles.distinct())


def in_structure(person: Person | AnonymousUser, structure: Structure) -> tuple[frozenset[Persona], Relation]:
    """The personas this person has IN this structure, and their relation to it. A manager elsewhere is no manager here.

    Never put the personas of all structures together with the relation to one: `may_in_structure` does it right.
    """
    if not isinstance(person, Person) or not person.is_active:
        return frozenset(), Relation.NONE
    rows = list(Membership.objects.filter(person=person).order_by("pk").values_list("structure_id", "role", "state"))
    here = {PERSONA_OF[role] for pk, role, state in rows if pk == structure.pk and state == Membership.State.ACTIVE}
    if here:
        return frozenset(here), Relation.SAME
    if any(pk == structure.pk and state == Membership.State.ENDED for pk, _role, state in rows):
        return frozenset(), Relation.REVOKED
    elsewhere = {PERSONA_OF[role] for _pk, role, state in rows if state == Membership.State.ACTIVE}
    return frozenset(elsewhere), Relation.OTHER if elsewhere else Relation.NONE


def may_in_structure(person: Person | AnonymousUser, structure: Structure, action: Action, field: Field | None = None) -> bool:
    """May this person do this to what belongs to this structure: by their role, or by what they are in it?"""
    here, relation = in_structure(person, structure)
    return allowed(of_role(person) | here, relation, action, field)
