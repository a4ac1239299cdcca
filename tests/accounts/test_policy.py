"""The policy, written a second time by hand: every cell of every line, and every cell changed is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from maillage.accounts import policy
from maillage.accounts.policy import FIELDS, POLICY, Action, Field, Persona, Relation, allowed

#: One letter per relation; « * » is all six. A persona that is not named may not, whatever the relation.
LETTERS = {
    "O": Relation.OWN,
    "S": Relation.SAME,
    "X": Relation.OTHER,
    "R": Relation.REVOKED,
    "T": Relation.TERRITORY,
    "N": Relation.NONE,
}
OUTSIDE = "OXRTN"

#: action → who: with which relations
EXPECTED: dict[str, dict[str, str]] = {
    "structure.claim": {"holder": OUTSIDE},
    "structure.join": {"holder": OUTSIDE},
    "structure.leave": {"adviser": "S", "manager": "S", "relay": "S"},
    "structure.invite": {"manager": "S", "animator": "*", "administrator": "*"},
    "structure.members": {"adviser": "S", "manager": "S", "relay": "S", "animator": "*", "administrator": "*"},
    "structure.edit": {"manager": "S", "writer": "*", "animator": "*", "administrator": "*"},
    "structure.confirm": {"adviser": "S", "manager": "S", "animator": "*", "administrator": "*"},
    "structure.history": {"adviser": "S", "manager": "S", "writer": "*", "animator": "*", "administrator": "*"},
    "structure.moderate": {"animator": "*", "administrator": "*"},
    "structure.merge": {"animator": "*", "administrator": "*"},
    "contact.ask": {"visitor": "*"},
    "contact.read": {"adviser": "S", "manager": "S", "relay": "S", "writer": "*", "animator": "*", "administrator": "*"},
    "board.read": {"writer": "*", "animator": "*", "administrator": "*", "region": "*", "local": "T"},
    "request.write": {"visitor": "*"},
    "request.write-for": {"relay": "*", "adviser": "*", "manager": "*", "animator": "*"},
    "request.read": {"visitor": "O", "adviser": "S", "manager": "S", "animator": "*", "administrator": "*"},
    "request.answer": {"adviser": "S", "manager": "S"},
    "request.redirect": {"adviser": "S", "manager": "S", "animator": "*"},
    "request.close": {"visitor": "O", "animator": "*"},
    "request.consent": {"visitor": "O"},
    "request.access-log": {"visitor": "O"},
    "request.export": {"visitor": "O"},
    "request.erase": {"visitor": "O", "administrator": "*"},
    "request.follow-all": {"animator": "*", "administrator": "*"},
    "alert.keep": {"visitor": "O"},
    "messages.read": {"animator": "*", "administrator": "*"},
    "figures.exact": {"animator": "*", "administrator": "*", "region": "*", "local": "T"},
    "account.read": {"holder": "O", "administrator": "*"},
    "account.close": {"holder": "O", "administrator": "*"},
    "account.role": {"administrator": "*"},
}

#: (action, field) → who: with which relations
EXPECTED_FIELDS: dict[tuple[str, str], dict[str, str]] = {
    ("request.read", "identity"): {"visitor": "O", "adviser": "S", "manager": "S", "animator": "*"},
    ("request.read", "contact"): {"visitor": "O", "adviser": "S", "manager": "S", "animator": "*"},
    ("request.read", "story"): {"visitor": "O", "adviser": "S", "manager": "S", "animator": "*"},
    ("request.read", "notes"): {"adviser": "S", "manager": "S"},
    ("request.read", "route"): {"visitor": "O", "adviser": "S", "manager": "S", "animator": "*", "administrator": "*"},
    ("structure.history", "people"): {"manager": "S", "animator": "*", "administrator": "*"},
}  # fmt: skip

Cell = tuple[Action, Field | None, Persona, Relation]
LINES: list[tuple[Action, Field | None]] = [
    *((action, None) for action in Action),
    *((action, field) for action, fields in FIELDS.items() for field in fields),
]
CELLS: list[Cell] = [(*line, persona, relation) for line, persona, relation in product(LINES, Persona, Relation)]


def expected(action: Action, field: Field | None, persona: Persona, relation: Relation) -> bool:
    line = EXPECTED[action] if field is None else EXPECTED_FIELDS[action, field]
    granted = line.get(persona, "") + line.get(Persona.VISITOR, "")  # everybody is a visitor too
    return "*" in granted or any(LETTERS[letter] == relation for letter in granted if letter != "*")


def differences() -> Iterator[Cell]:
    return (cell for cell in CELLS if allowed({cell[2]}, cell[3], cell[0], cell[1]) != expected(*cell))


def test_every_line_is_expected_and_nothing_else() -> None:
    assert set(EXPECTED) == {str(action) for action in POLICY} == {str(action) for action in Action}
    assert set(EXPECTED_FIELDS) == {(str(action), str(field)) for action, fields in FIELDS.items() for field in fields}


def test_every_cell_says_what_was_decided() -> None:
    assert len(CELLS) == (len(EXPECTED) + len(EXPECTED_FIELDS)) * len(Persona) * len(Relation)
    assert list(differences()) == []


def test_each_cell_changed_alone_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table is changed one cell at a time, in both senses; the comparison must see each of them."""
    survivors = []
    for action, field, persona, relation in CELLS:
        table = POLICY if field is None else FIELDS[action]
        key: object = action if field is None else field
        grants = table[key]  # type: ignore[index]  # the right kind of key for this table
        changed = {**grants, persona: grants.get(persona, frozenset()) ^ {relation}}
        with monkeypatch.context() as patch:
            if field is None:
                patch.setattr(policy, "POLICY", {**POLICY, action: changed})
            else:
                patch.setattr(policy, "FIELDS", {**FIELDS, action: {**FIELDS[action], field: changed}})
            line = [cell for cell in CELLS if cell[0] == action]
            if all(allowed({cell[2]}, cell[3], cell[0], cell[1]) == expected(*cell) for cell in line):
                survivors.append((action, field, persona, relation))
    # granting to somebody what every visitor already has changes nothing: that is the only change nobody can see
    assert all((expected(action, field, Persona.VISITOR, relation) and persona != Persona.VISITOR)
               or (field is not None and not expected(action, None, persona, relation))
               for action, field, persona, relation in survivors), survivors  # fmt: skip
    assert len(survivors) < len(CELLS) / 4


def test_a_field_is_seen_only_by_whoever_may_do_the_action() -> None:
    for action, field, persona, relation in CELLS:
        if field is not None and allowed({persona}, relation, action, field):
            assert allowed({persona}, relation, action)


def test_a_field_that_the_action_does_not_know_opens_nothing() -> None:
    with pytest.raises(KeyError):
        allowed({Persona.ADMINISTRATOR}, Relation.NONE, Action.REQUEST_READ, Field.PEOPLE)


def test_several_personas_may_what_one_of_them_may() -> None:
    assert allowed({Persona.WRITER, Persona.MANAGER}, Relation.SAME, Action.REQUEST_ANSWER)
    assert not allowed({Persona.WRITER, Persona.MANAGER}, Relation.OTHER, Action.REQUEST_ANSWER)
    assert not allowed((), Relation.NONE, Action.ACCOUNT_READ)
