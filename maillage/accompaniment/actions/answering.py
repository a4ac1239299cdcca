"""A structure answers: by its signed link, in its space, or the animation of the network writes down what it said."""

from __future__ import annotations

from django.utils import timezone

from maillage.accompaniment.actions.moving import held, move, present, tell_story
from maillage.accompaniment.enums import Move, Reason
from maillage.accompaniment.models import Handover, Request
from maillage.accompaniment.states import RECIPIENT, Impossible
from maillage.accompaniment.telling import said, tell_holder
from maillage.accounts.models import Person
from maillage.catalogue.models import Structure


def opened(handover: Handover, person: Person | None = None) -> None:
    """Somebody of the structure asked to read the request. Idempotent: the first time counts."""
    with held(handover.request_id) as request:
        now = timezone.now()
        if Handover.objects.filter(pk=handover.pk, opened_at__isnull=True).update(opened_at=now):
            tell_story(request, Move.OPEN, handover.recipient_name, person=person, at=now)
        if present_is(request, handover) and request.state == "envoyee":
            move(request, Move.OPEN, RECIPIENT, now)


def accept(handover: Handover, *, word: str, caller: str, person: Person | None = None, actor: str = RECIPIENT) -> None:
    """The structure will contact the holder: who, with a word. Raises states.Impossible."""
    _answer(handover, Move.ACCEPT, person, actor, word=word, caller=caller)


def decline(handover: Handover, *, reason: str, word: str, person: Person | None = None, actor: str = RECIPIENT) -> None:
    """The structure will not: a coded reason. The holder is told, with somebody else to ask. Raises states.Impossible."""
    _answer(handover, Move.DECLINE, person, actor, word=word, reason=Reason(reason))


def know(handover: Handover, *, word: str, person: Person | None = None, actor: str = RECIPIENT) -> None:
    """The structure supports this project already. Raises states.Impossible."""
    _answer(handover, Move.KNOW, person, actor, word=word)


def redirect(handover: Handover, *, to: Structure, word: str, person: Person | None = None) -> None:
    """The structure thinks of another one: nothing leaves until the holder agrees. Raises states.Impossible."""
    _answer(handover, Move.REDIRECT, person, RECIPIENT, word=word, proposed=to)


def present_is(request: Request, handover: Handover) -> bool:
    """Does this recipient still have the request?"""
    now = present(request)
    return now is not None and now.pk == handover.pk


def _answer(
    handover: Handover,
    what: Move,
    person: Person | None,
    actor: str,
    *,
    word: str,
    reason: str = "",
    caller: str = "",
    proposed: Structure | None = None,
) -> None:
    with held(handover.request_id) as request:
        if not present_is(request, handover):
            raise Impossible("somebody else has it now")
        now = timezone.now()
        request.proposed = proposed
        move(request, what, actor, now)
        handover.refresh_from_db()
        handover.answer, handover.answered_at = what, now
        handover.word, handover.reason, handover.caller = word, reason, caller
        handover.save()
        tell_story(request, what, handover.recipient_name, _story(word, reason, caller, proposed), person=person, at=now)
        tell_holder(
            request,
            {Move.ACCEPT: "accepted", Move.DECLINE: "declined", Move.KNOW: "known", Move.REDIRECT: "redirected"}[what],
            recipient=handover.recipient_name,
            caller=caller,
            reason=str(Reason(reason).label) if reason else "",
            other=proposed.name if proposed else "",
            words=said(word),
        )


def _story(word: str, reason: str, caller: str, proposed: Structure | None) -> str:
    parts = (str(Reason(reason).label) if reason else "", caller, proposed.name if proposed else "", word)
    return " – ".join(part for part in parts if part)
