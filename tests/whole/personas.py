"""The columns of the permission table: each persona of the policy, in each relation to the structure of the world.

The four people of `cast.py` keep their names (charlie, bob, alice, ada). Those added here are called by their column: `world.people["manager same"]`.
"""

from __future__ import annotations

from dataclasses import dataclass

from maillage.accounts.models import Person, Role
from maillage.catalogue.models import Membership, Structure

MEMBERS = {"adviser": Membership.Role.ADVISER, "manager": Membership.Role.MANAGER, "relay": Membership.Role.RELAY}
RELATIONS = ("same", "other", "revoked")

#: column → the step of the old table that says what it gets when a line says nothing of it: visitor, whoever has an account, writer…
STEP: dict[str, int] = {
    "visitor": 0,
    "holder": 1,  # charlie: an account, nothing else
    "holder own": 1,  # olive: to whom belongs what the world holds of a holder (requests, alerts…)
    **{f"{persona} {relation}": 1 for persona in MEMBERS for relation in RELATIONS},
    "region": 1,
    "local territory": 1,
    "local other": 1,
    "writer": 2,
    "animator": 3,
    "administrator": 4,
}
COLUMNS = tuple(STEP)
#: Who stands in a column, when it is not somebody named after it.
NAMES = {"holder": "charlie", "writer": "bob", "animator": "alice", "administrator": "ada"}

Statuses = tuple[int, ...]  # visitor, whoever has an account, writer, animator, administrator


@dataclass(frozen=True)
class Cells:
    """A line in which some columns differ from the five steps: see `also`."""

    steps: Statuses
    others: dict[str, int]


def also(steps: Statuses | Cells, *columns: str, status: int = 200) -> Cells:
    """These columns get this status, the rest what the steps say: `also(OFFICE, "manager same")`. A persona alone names its three relations."""
    unknown = [column for column in columns if column not in STEP and column not in MEMBERS]
    assert not unknown, unknown
    before = steps if isinstance(steps, Cells) else Cells(steps, {})
    named = {column: status for column in COLUMNS if column in columns or column.split(" ")[0] in columns}
    return Cells(before.steps, {**before.others, **named})


def expected_of(line: Statuses | Cells, column: str) -> int:
    """What a line says of a column."""
    if isinstance(line, Cells):
        return line.others.get(column, line.steps[STEP[column]])
    return line[STEP[column]]


def add_people(people: dict[str, Person], structure: Structure) -> None:
    """Write the people of the columns that `cast.py` does not name, and another structure for « other »."""
    elsewhere = Structure.objects.create(source="test", ref="ailleurs", name="Structure d’à côté", commune="53062")
    for persona, role in MEMBERS.items():
        for relation in RELATIONS:
            name = f"{persona} {relation}"
            people[name] = Person.objects.create_user(f"{persona}-{relation}@example.org")
            Membership.objects.create(
                person=people[name],
                structure=elsewhere if relation == "other" else structure,
                role=role,
                state=Membership.State.ENDED if relation == "revoked" else Membership.State.ACTIVE,
            )
    people["holder own"] = Person.objects.create_user("olive@example.org")
    people["region"] = Person.objects.create_user("region@example.org", role=Role.REGION)
    for column, code in (("local territory", "53"), ("local other", "59")):
        people[column] = Person.objects.create_user(
            f"{column.replace(' ', '-')}@example.org", role=Role.LOCAL, territory_level="departement", territory_code=code
        )


def person_in(column: str, people: dict[str, Person]) -> Person | None:
    """Who stands in this column; nobody for the visitor."""
    return None if column == "visitor" else people[NAMES.get(column, column)]
