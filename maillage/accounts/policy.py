"""Who may do what, on whose things: one table, pure data. Each app says what a person is to an object; this table says what follows.

A person has personas (what they are here) and one relation to the object at hand. `allowed` answers yes when one of the personas has this
relation in the line of the action; what the table does not say is refused. The whole table is written a second time, by hand, in
tests/accounts/test_policy.py: changing a cell here without changing it there fails.

States are not here: whether a draft may be published is the business of `catalogue.access`, which asks this table first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Persona(StrEnum):
    """What somebody is here. Several at once: an adviser of a structure may also animate the network."""

    VISITOR = "visitor"  # everybody, signed in or not
    HOLDER = "holder"  # whoever has an account
    ADVISER = "adviser"  # of a structure: an active membership
    MANAGER = "manager"  # of a structure: keeps its sheets
    RELAY = "relay"  # welcomes people at a counter of a structure
    WRITER = "writer"  # prepares sheets in the office
    ANIMATOR = "animator"  # animates the network (CRESS): publishes, moderates, follows what nobody answers
    REGION = "region"  # officer of the Région
    LOCAL = "local"  # officer of a local authority, for a territory
    ADMINISTRATOR = "administrator"  # keeps the accounts


class Relation(StrEnum):
    """What a person is to an object."""

    OWN = "own"  # it is theirs: their request, their account, what they wrote for somebody at the counter
    SAME = "same"  # it belongs to, or was sent to, a structure where they have an active membership
    OTHER = "other"  # it is another structure's, and they belong to one
    REVOKED = "revoked"  # it was theirs to see, and is not any more: membership ended, consent taken back
    TERRITORY = "territory"  # it is in the territory entrusted to them
    NONE = "none"  # nothing links them


class Action(StrEnum):
    """What can be done. The word before the dot is the kind of object."""

    STRUCTURE_CLAIM = "structure.claim"  # ask to become its manager
    STRUCTURE_JOIN = "structure.join"
    STRUCTURE_LEAVE = "structure.leave"
    STRUCTURE_INVITE = "structure.invite"  # invite somebody, decide who asked to join, hand over
    STRUCTURE_MEMBERS = "structure.members"  # see who belongs to it
    STRUCTURE_EDIT = "structure.edit"  # its sheet, relays, offers, hours
    STRUCTURE_CONFIRM = "structure.confirm"  # « toujours exact »
    STRUCTURE_HISTORY = "structure.history"  # who changed which field
    STRUCTURE_MODERATE = "structure.moderate"  # decide claims and changes under review, find a manager, set its rhythm
    STRUCTURE_MERGE = "structure.merge"
    CONTACT_ASK = "contact.ask"  # see a contact hidden until asked; asking is logged
    CONTACT_READ = "contact.read"  # see it without asking
    BOARD_READ = "board.read"  # what is stale, broken, orphan, disputed

    REQUEST_WRITE = "request.write"  # ask to be put in touch
    REQUEST_WRITE_FOR = "request.write-for"  # for somebody at the counter, with their consent
    REQUEST_READ = "request.read"
    REQUEST_ANSWER = "request.answer"  # accept, decline, already known
    REQUEST_REDIRECT = "request.redirect"
    REQUEST_CLOSE = "request.close"
    REQUEST_CONSENT = "request.consent"  # give or take back consent
    REQUEST_ACCESS_LOG = "request.access-log"  # who looked at it
    REQUEST_EXPORT = "request.export"
    REQUEST_ERASE = "request.erase"
    REQUEST_FOLLOW_ALL = "request.follow-all"  # the queue of what nobody answers

    ALERT_KEEP = "alert.keep"  # change or stop a saved search
    MESSAGES_READ = "messages.read"  # the queue of messages: to whom, state, error; never their text
    FIGURES_EXACT = "figures.exact"  # figures under the threshold of public pages

    ACCOUNT_READ = "account.read"  # its sessions, factors and events
    ACCOUNT_CLOSE = "account.close"
    ACCOUNT_ROLE = "account.role"  # open accounts, give roles


class Field(StrEnum):
    """A part of an object that not everybody who sees it may see."""

    IDENTITY = "identity"  # the requester's name
    CONTACT = "contact"  # the requester's e-mail address and telephone
    STORY = "story"  # what they wrote about the project
    NOTES = "notes"  # what the structure notes for itself
    ROUTE = "route"  # to whom it went, when, what was answered
    PEOPLE = "people"  # names and addresses of members


Grants = Mapping[Persona, frozenset[Relation]]

_OWN, _SAME = frozenset({Relation.OWN}), frozenset({Relation.SAME})
_TERRITORY, _ANY = frozenset({Relation.TERRITORY}), frozenset(Relation)
_OUTSIDE = _ANY - _SAME  # somebody who already belongs to it neither claims nor joins it
_OFFICE: Grants = {Persona.WRITER: _ANY, Persona.ANIMATOR: _ANY, Persona.ADMINISTRATOR: _ANY}
_ANIMATION: Grants = {Persona.ANIMATOR: _ANY, Persona.ADMINISTRATOR: _ANY}
_MEMBERS: Grants = {Persona.ADVISER: _SAME, Persona.MANAGER: _SAME, Persona.RELAY: _SAME}
_RECIPIENTS: Grants = {Persona.ADVISER: _SAME, Persona.MANAGER: _SAME}
#: With or without an account, the holder of a private link owns what it opens.
_OWNER: Grants = {Persona.VISITOR: _OWN}

POLICY: Mapping[Action, Grants] = {
    Action.STRUCTURE_CLAIM: {Persona.HOLDER: _OUTSIDE},
    Action.STRUCTURE_JOIN: {Persona.HOLDER: _OUTSIDE},
    Action.STRUCTURE_LEAVE: _MEMBERS,
    Action.STRUCTURE_INVITE: {Persona.MANAGER: _SAME, **_ANIMATION},
    Action.STRUCTURE_MEMBERS: {**_MEMBERS, **_ANIMATION},
    Action.STRUCTURE_EDIT: {Persona.MANAGER: _SAME, **_OFFICE},
    Action.STRUCTURE_CONFIRM: {**_RECIPIENTS, **_ANIMATION},
    Action.STRUCTURE_HISTORY: {**_RECIPIENTS, **_OFFICE},
    Action.STRUCTURE_MODERATE: _ANIMATION,
    Action.STRUCTURE_MERGE: _ANIMATION,
    Action.CONTACT_ASK: {Persona.VISITOR: _ANY},
    Action.CONTACT_READ: {**_MEMBERS, **_OFFICE},
    Action.BOARD_READ: {**_OFFICE, Persona.REGION: _ANY, Persona.LOCAL: _TERRITORY},
    Action.REQUEST_WRITE: {Persona.VISITOR: _ANY},
    Action.REQUEST_WRITE_FOR: {Persona.RELAY: _ANY, Persona.ADVISER: _ANY, Persona.MANAGER: _ANY, Persona.ANIMATOR: _ANY},
    Action.REQUEST_READ: {**_OWNER, **_RECIPIENTS, **_ANIMATION},
    Action.REQUEST_ANSWER: _RECIPIENTS,
    Action.REQUEST_REDIRECT: {**_RECIPIENTS, Persona.ANIMATOR: _ANY},
    Action.REQUEST_CLOSE: {**_OWNER, Persona.ANIMATOR: _ANY},
    Action.REQUEST_CONSENT: _OWNER,
    Action.REQUEST_ACCESS_LOG: _OWNER,
    Action.REQUEST_EXPORT: _OWNER,
    Action.REQUEST_ERASE: {**_OWNER, Persona.ADMINISTRATOR: _ANY},  # by letter: somebody must be able to do it
    Action.REQUEST_FOLLOW_ALL: _ANIMATION,
    Action.ALERT_KEEP: _OWNER,
    Action.MESSAGES_READ: _ANIMATION,
    Action.FIGURES_EXACT: {**_ANIMATION, Persona.REGION: _ANY, Persona.LOCAL: _TERRITORY},
    Action.ACCOUNT_READ: {Persona.HOLDER: _OWN, Persona.ADMINISTRATOR: _ANY},
    Action.ACCOUNT_CLOSE: {Persona.HOLDER: _OWN, Persona.ADMINISTRATOR: _ANY},
    Action.ACCOUNT_ROLE: {Persona.ADMINISTRATOR: _ANY},
}

#: For these actions, what is seen depends on the field too; the action must be allowed first.
FIELDS: Mapping[Action, Mapping[Field, Grants]] = {
    Action.REQUEST_READ: {
        Field.IDENTITY: {**_OWNER, **_RECIPIENTS, Persona.ANIMATOR: _ANY},
        Field.CONTACT: {**_OWNER, **_RECIPIENTS, Persona.ANIMATOR: _ANY},
        Field.STORY: {**_OWNER, **_RECIPIENTS, Persona.ANIMATOR: _ANY},
        Field.NOTES: _RECIPIENTS,
        Field.ROUTE: {**_OWNER, **_RECIPIENTS, **_ANIMATION},
    },
    Action.STRUCTURE_HISTORY: {
        Field.PEOPLE: {Persona.MANAGER: _SAME, **_ANIMATION},
    },
}


def _granted(grants: Grants, personas: frozenset[Persona], relation: Relation) -> bool:
    return any(relation in grants.get(persona, ()) for persona in personas)


def allowed(personas: Iterable[Persona], relation: Relation, action: Action, field: Field | None = None) -> bool:
    """May somebody with these personas, who is this to the object, do this (and see this field)?

    Everybody is a visitor too. Raises KeyError for a field that the action does not distinguish: a typing mistake must not open anything.
    """
    everybody = frozenset(personas) | {Persona.VISITOR}
    if not _granted(POLICY[action], everybody, relation):
        return False
    return field is None or _granted(FIELDS[action][field], everybody, relation)
