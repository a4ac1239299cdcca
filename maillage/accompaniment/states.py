"""The life of a request for contact: which move, from which states, to which one, by whom. Pure: one table, no database.

docs/algorithms/requests.md tells the same table in words; `tests/accompaniment/test_states.py` compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from maillage.accompaniment.enums import Move, State

RECIPIENT, HOLDER, ANIMATION, NIGHT = "recipient", "holder", "animation", "night"

#: Nothing moves any more.
OVER = frozenset({State.CLOSED, State.WITHDRAWN})
ALIVE = frozenset(State) - OVER
#: Somebody has the request and has not answered.
WITH_RECIPIENT = frozenset({State.SENT, State.READ})
#: A structure that was slow may still answer after the animation took over.
ANSWERABLE = WITH_RECIPIENT | {State.QUEUE}
#: The holder decides whether another structure receives it.
WITH_HOLDER = frozenset({State.ASKING, State.DECLINED})
ANSWERED = frozenset({State.ACCEPTED, State.KNOWN})


class Impossible(Exception):
    """The move is not possible from the present state."""


@dataclass(frozen=True, slots=True)
class Rule:
    """From which states, to which one, by whom; `fresh`: the delays of the request start again."""

    states: frozenset[State]
    to: State
    actors: frozenset[str]
    fresh: bool = True


def _rule(states: frozenset[State], to: State, *actors: str, fresh: bool = True) -> Rule:
    return Rule(states, to, frozenset(actors), fresh)


RULES: Mapping[Move, Rule] = {
    Move.OPEN: _rule(frozenset({State.SENT}), State.READ, RECIPIENT, fresh=False),
    Move.ACCEPT: _rule(ANSWERABLE, State.ACCEPTED, RECIPIENT, ANIMATION),
    Move.DECLINE: _rule(ANSWERABLE, State.DECLINED, RECIPIENT, ANIMATION),
    Move.KNOW: _rule(ANSWERABLE, State.KNOWN, RECIPIENT, ANIMATION),
    Move.REDIRECT: _rule(ANSWERABLE, State.ASKING, RECIPIENT),
    Move.PROPOSE: _rule(frozenset({State.QUEUE, State.DECLINED, State.ASKING}), State.ASKING, ANIMATION),
    Move.AGREE: _rule(WITH_HOLDER | {State.QUEUE}, State.SENT, HOLDER, ANIMATION),
    Move.QUEUE: _rule(WITH_HOLDER | {State.QUEUE}, State.QUEUE, HOLDER, ANIMATION),
    Move.REFUSE: _rule(WITH_HOLDER, State.QUEUE, HOLDER),
    Move.ESCALATE: _rule(WITH_RECIPIENT, State.QUEUE, NIGHT, fresh=False),
    Move.NO_NEWS: _rule(WITH_RECIPIENT | ANSWERED, State.QUEUE, HOLDER),
    Move.WITHDRAW: _rule(ALIVE, State.WITHDRAWN, HOLDER),
    Move.CLOSE: _rule(ALIVE, State.CLOSED, NIGHT, ANIMATION),
}


def after(state: State, move: Move, actor: str) -> State:
    """The state after a move. Raises Impossible when the table does not allow it."""
    rule = RULES.get(move)
    if rule is None or state not in rule.states or actor not in rule.actors:
        raise Impossible(f"{move} from {state} by {actor}")
    return rule.to


def possible(state: State, actor: str) -> frozenset[Move]:
    """The moves this actor may make now."""
    return frozenset(move for move, rule in RULES.items() if state in rule.states and actor in rule.actors)
