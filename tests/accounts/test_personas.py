"""What a person is here comes from the database at each question: roles, and active memberships only."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from maillage.accounts.access import has_role
from maillage.accounts.models import Person, Role
from maillage.accounts.personas import is_professional, personas_of
from maillage.accounts.policy import Action, Persona, Relation
from maillage.catalogue.models import Membership, Structure
from maillage.catalogue.personas import in_structure, may_in_structure

pytestmark = pytest.mark.django_db

VISITOR, HOLDER = Persona.VISITOR, Persona.HOLDER


@pytest.fixture
def alice() -> Person:
    return Person.objects.create_user("alice@example.org")


def structure(ref: str) -> Structure:
    return Structure.objects.create(source="test", ref=ref, name=ref, commune="53130")


@pytest.mark.parametrize(
    ("role", "personas"),
    [
        (Role.NONE, set()),
        (Role.REDACTION, {Persona.WRITER}),
        (Role.ANIMATION, {Persona.WRITER, Persona.ANIMATOR}),
        (Role.ADMINISTRATION, {Persona.WRITER, Persona.ANIMATOR, Persona.ADMINISTRATOR}),
        (Role.REGION, {Persona.REGION}),
        (Role.LOCAL, {Persona.LOCAL}),
    ],
)
def test_the_role_of_the_account_gives_personas(alice: Person, role: Role, personas: set[Persona]) -> None:
    alice.role = role
    assert personas_of(alice) == {VISITOR, HOLDER} | personas
    assert is_professional(alice) == bool(personas)


def test_a_visitor_and_a_closed_account_are_only_visitors(alice: Person) -> None:
    alice.role, alice.is_active = Role.ADMINISTRATION, False
    assert personas_of(AnonymousUser()) == personas_of(alice) == {VISITOR}
    assert not is_professional(alice)


@pytest.mark.parametrize("officer", [Role.REGION, Role.LOCAL])
def test_an_officer_has_no_step_on_the_ladder_of_the_office(alice: Person, officer: Role) -> None:
    alice.role = officer
    assert not has_role(alice, Role.REDACTION)
    assert has_role(alice, officer)
    alice.role = Role.ADMINISTRATION
    assert not has_role(alice, officer)


@pytest.mark.parametrize(
    ("role", "persona"), [("gestion", Persona.MANAGER), ("conseil", Persona.ADVISER), ("accueil", Persona.RELAY)]
)
def test_an_active_membership_gives_a_persona_until_it_ends(alice: Person, role: str, persona: Persona) -> None:
    membership = Membership.objects.create(person=alice, structure=structure("a"), role=role, state="demandee")
    assert personas_of(alice) == {VISITOR, HOLDER}
    for state, given in (("active", {persona}), ("terminee", set()), ("refusee", set())):
        Membership.objects.filter(pk=membership.pk).update(state=state)
        assert personas_of(alice) == {VISITOR, HOLDER} | given


def test_a_manager_of_one_structure_is_no_manager_of_another(alice: Person) -> None:
    mine, theirs, elsewhere, old = (structure(ref) for ref in "abcd")
    Membership.objects.create(person=alice, structure=mine, role="gestion", state="active")
    Membership.objects.create(person=alice, structure=theirs, role="conseil", state="active")
    Membership.objects.create(person=alice, structure=old, role="gestion", state="terminee")
    assert in_structure(alice, mine) == ({Persona.MANAGER}, Relation.SAME)
    assert in_structure(alice, theirs) == ({Persona.ADVISER}, Relation.SAME)
    assert in_structure(alice, elsewhere) == ({Persona.MANAGER, Persona.ADVISER}, Relation.OTHER)
    assert in_structure(alice, old) == (set(), Relation.REVOKED)
    may = [may_in_structure(alice, one, Action.STRUCTURE_EDIT) for one in (mine, theirs, elsewhere, old)]
    assert may == [True, False, False, False]


def test_somebody_of_no_structure_has_no_relation(alice: Person) -> None:
    assert in_structure(alice, structure("a")) == (set(), Relation.NONE)
    assert in_structure(AnonymousUser(), structure("b")) == (set(), Relation.NONE)


def test_the_office_may_edit_every_structure(alice: Person) -> None:
    alice.role = Role.REDACTION
    assert may_in_structure(alice, structure("a"), Action.STRUCTURE_EDIT)
