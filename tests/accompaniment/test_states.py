"""The life of a request: the table is whole, each state is reached and left, and the page of documentation says the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.accompaniment.enums import Move, State
from maillage.accompaniment.states import ALIVE, ANIMATION, HOLDER, NIGHT, OVER, RECIPIENT, RULES, Impossible, after, possible

ACTORS = (RECIPIENT, HOLDER, ANIMATION, NIGHT)


def test_every_state_is_reached_from_the_first_ones() -> None:
    reached, queue = {State.SENT, State.QUEUE}, [State.SENT, State.QUEUE]
    while queue:
        state = queue.pop()
        for actor in ACTORS:
            for move in possible(state, actor):
                to = after(state, move, actor)
                if to not in reached:
                    reached.add(to)
                    queue.append(to)
    assert reached == set(State)


def test_the_holder_may_always_withdraw_and_nothing_leaves_the_end() -> None:
    for state in ALIVE:
        assert Move.WITHDRAW in possible(state, HOLDER)
    for state in OVER:
        assert not any(possible(state, actor) for actor in ACTORS)


@given(st.sampled_from(State), st.sampled_from(Move), st.sampled_from(ACTORS))
def test_what_the_table_does_not_say_is_refused(state: State, move: Move, actor: str) -> None:
    rule = RULES.get(move)
    if rule and state in rule.states and actor in rule.actors:
        assert after(state, move, actor) == rule.to
    else:
        with pytest.raises(Impossible):
            after(state, move, actor)


def test_the_documentation_holds_the_same_table() -> None:
    text = (Path(__file__).parents[2] / "docs" / "algorithms" / "requests.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| ([a-z, -]+) \| `([a-z-]+)` \| ([a-z, ]+) \| (yes|no) \|", text, re.MULTILINE)
    told = {
        move: ({part.strip() for part in states.split(",")}, to, {part.strip() for part in actors.split(",")}, fresh == "yes")
        for move, states, to, actors, fresh in rows
    }
    assert told == {
        str(move): ({str(state) for state in rule.states}, str(rule.to), set(rule.actors), rule.fresh)
        for move, rule in RULES.items()
    }
