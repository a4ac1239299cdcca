"""A holder sends a request; it is done once, however many times it is posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from maillage.accompaniment.actions.moving import FOLLOW_LIFE, hand_over, tell_story
from maillage.accompaniment.enums import Move, State
from maillage.accompaniment.models import Request
from maillage.accompaniment.recipients import Box, Organiser, Target
from maillage.accompaniment.secrets import FOLLOW, digest_of, secret_for
from maillage.accompaniment.telling import tell_animation, tell_holder, tell_recipient
from maillage.accounts.models import Person
from maillage.catalogue.models import Structure
from maillage.journal import consents
from maillage.journal.models import Category

#: What a recipient reads of a request.
SHARED = (Category.CONTACT, Category.PROJECT)


@dataclass(frozen=True, slots=True)
class Draft:
    """A request ready to leave: its id, its fields, where it goes and what was agreed."""

    uid: str
    fields: dict[str, Any]
    to: Target
    keeper: Organiser
    agreed: Sequence[Box]
    language: str
    portal: str
    person: Person | None = None
    agent: Person | None = None
    agent_structure: Structure | None = None
    at_counter: bool = False


def send(draft: Draft) -> tuple[Request, bool]:
    """Keep the request, give the agreements, tell everybody. Gives the request, and False when it was sent before."""
    try:
        with transaction.atomic():
            request = _write(draft)
    except IntegrityError:
        found = Request.objects.filter(uid=draft.uid).first()
        if found is None:
            raise
        return found, False
    return request, True


def _write(draft: Draft) -> Request:
    now = timezone.now()
    relayed = draft.to.structure is not None and not draft.to.email and draft.to.structure.uid != draft.keeper.uid
    about = draft.to.about
    request = Request.objects.create(
        uid=draft.uid,
        digest=digest_of(secret_for(FOLLOW, draft.uid)),
        expires_at=now + FOLLOW_LIFE,
        portal=draft.portal,
        language=draft.language,
        person=draft.person,
        agent=draft.agent,
        agent_structure=draft.agent_structure,
        at_counter=draft.at_counter,
        about_kind=about.KIND if about else "",
        about_uid=about.uid if about else "",
        about_name=about.name if about else "",
        waiting_since=now,
        created_at=now,
        last_contact_at=now,
        **draft.fields,
    )
    for box in draft.agreed:
        agree(request, box, recorded_by=draft.agent)
    structure = draft.to.structure or draft.keeper.structure
    own = draft.to.email if draft.to.structure else (draft.keeper.structure.email if draft.keeper.structure else "")
    uid, name = (structure.uid, structure.name) if structure else (draft.keeper.uid, draft.keeper.name)
    handover = hand_over(request, structure, uid, name, own, now)
    if relayed or not own:
        request.state = State.QUEUE
        request.save(update_fields=["state"])
        tell_story(request, Move.QUEUE, name, at=now)
        tell_animation(request, "new")
    else:
        tell_story(request, Move.SEND, name, at=now)
        tell_recipient(handover, "new")
    tell_holder(request, "receipt", recipient=name, relayed=relayed or not own, keeper=draft.keeper.name, phone=draft.to.phone)
    return request


def agree(request: Request, box: Box, *, recorded_by: Person | None = None) -> None:
    """Keep one agreement, for all that a recipient reads."""
    for category in SHARED:
        consents.give(
            request, box, category, wording=box.wording, language=request.language, person=request.person, recorded_by=recorded_by
        )
