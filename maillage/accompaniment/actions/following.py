"""What the holder does from the private page: add a word, agree, refuse, withdraw, say that nothing came, say whether it was useful."""

from __future__ import annotations

from django.utils import timezone

from maillage.accompaniment.access import keeper_of
from maillage.accompaniment.actions.moving import FOLLOW_LIFE, hand_over, held, move, present, tell_story
from maillage.accompaniment.actions.sending import agree
from maillage.accompaniment.enums import Move, Useful
from maillage.accompaniment.models import Handover, Request
from maillage.accompaniment.recipients import Box, box_for, target
from maillage.accompaniment.states import ANIMATION, HOLDER, Impossible
from maillage.accompaniment.telling import tell_animation, tell_holder, tell_recipient
from maillage.accounts.models import Person
from maillage.catalogue.models import Structure
from maillage.journal import consents


def add_word(request: Request, word: str) -> None:
    """Add something for whoever has the request. The same word twice is kept once."""
    with held(request.pk) as now:
        if now.is_over:
            raise Impossible("over")
        if now.story.filter(move=Move.WORD, word=word).exists():
            return
        _contact(now)
        tell_story(now, Move.WORD, now.holder_name, word)
        handover = present(now)
        count = str(now.story.filter(move=Move.WORD).count())
        if handover and handover.email and may_be_told(now, handover):
            tell_recipient(handover, "word", once=count)


def withdraw(request: Request) -> None:
    """The holder wants no more of it: every agreement ends, whoever had it is told, and sees nothing more."""
    with held(request.pk) as now:
        move(now, Move.WITHDRAW, HOLDER)
        _contact(now)
        consents.revoke(now)
        tell_story(now, Move.WITHDRAW, now.holder_name)
        handover = present(now)
        if handover and handover.email and not handover.answered_at:
            tell_recipient(handover, "withdrawn")
        tell_holder(now, "withdrawn")


def revoke(request: Request, uid: str) -> int:
    """End the agreement given to one recipient; it sees nothing more at its next request. Gives how many categories it had."""
    with held(request.pk) as now:
        agreement = consents.consents_in_force(now).filter(recipient_uid=uid).first()
        count = consents.revoke(now, uid)
        if agreement and count:
            _contact(now)
            tell_story(now, Move.REVOKE, agreement.recipient_name)
        return count


def allow(request: Request, box: Box) -> None:
    """Let the animation of the network read the request."""
    with held(request.pk) as now:
        if now.is_over:
            raise Impossible("over")
        if not consents.consents_in_force(now).filter(recipient_uid=box.uid).exists():
            agree(now, box)
            _contact(now)
            tell_story(now, Move.ALLOW, box.name)


def agree_to(
    request: Request, structure: Structure, *, actor: str = HOLDER, recorded_by: Person | None = None, spoken: bool = False
) -> Handover:
    """The holder agrees that another structure receives the request, with its story: it leaves now. Raises states.Impossible.

    By the animation of the network, when the holder said so on the telephone (`recorded_by`, `spoken`).
    """
    with held(request.pk) as now:
        to = target(structure)
        moment = timezone.now()
        move(now, Move.AGREE if to.email else Move.QUEUE, actor, moment)
        now.proposed = None
        now.last_contact_at = moment
        now.save(update_fields=["proposed", "last_contact_at"])
        agree(now, box_for(structure, spoken=spoken), recorded_by=recorded_by)
        handover = hand_over(now, structure, structure.uid, structure.name, to.email, moment)
        who = keeper_of(now).name if recorded_by else now.holder_name
        tell_story(now, Move.AGREE, who, structure.name, person=recorded_by, at=moment)
        tell_story(now, Move.SEND if to.email else Move.QUEUE, structure.name, person=recorded_by, at=moment)
        if to.email:
            tell_recipient(handover, "new")
        else:
            tell_animation(now, "new")
        tell_holder(now, "sent_on", recipient=structure.name, relayed=not to.email)
        return handover


def agree_to_known(request: Request, structure: Structure, *, person: Person) -> Handover:
    """The animation passes the request to a structure for which the holder's agreement already holds. Raises states.Impossible."""
    return agree_to(request, structure, actor=ANIMATION, recorded_by=person)


def refuse(request: Request) -> None:
    """The holder does not want the structure that was proposed: the animation looks for somebody else."""
    with held(request.pk) as now:
        name = now.proposed.name if now.proposed else ""
        now.proposed = None
        move(now, Move.REFUSE, HOLDER)
        _contact(now)
        tell_story(now, Move.REFUSE, now.holder_name, name)
        tell_animation(now, "refused")


def no_news(request: Request) -> None:
    """« Toujours sans nouvelle »: the animation takes over."""
    with held(request.pk) as now:
        move(now, Move.NO_NEWS, HOLDER)
        _contact(now)
        tell_story(now, Move.NO_NEWS, now.holder_name)
        tell_animation(now, "no-news")
        tell_holder(now, "taken_over")


def say_useful(request: Request, useful: str, followed: str) -> None:
    """Was it useful, and what followed: told to the structure that answered and to the agent who wrote for the holder. Last one wins."""
    with held(request.pk) as now:
        if (now.useful, now.followed) == (Useful(useful), followed):
            return
        now.useful, now.followed = Useful(useful), followed
        now.save(update_fields=["useful", "followed"])
        _contact(now)
        tell_story(now, Move.USEFUL, now.holder_name, " – ".join(filter(None, (str(Useful(useful).label), followed))))
        count = str(now.story.filter(move=Move.USEFUL).count())
        answered = now.handovers.filter(answer__in=(Move.ACCEPT, Move.KNOW)).select_related("structure", "request").last()
        if answered and answered.email and may_be_told(now, answered):
            tell_recipient(answered, "useful", once=count, followed=bool(followed))
        if useful == Useful.NOBODY and now.state in {"acceptee", "connue"}:
            move(now, Move.NO_NEWS, HOLDER)
            tell_animation(now, "no-news")
            tell_holder(now, "taken_over")


def may_be_told(request: Request, handover: Handover) -> bool:
    """Does the agreement given to this recipient still hold?"""
    return consents.consents_in_force(request).filter(recipient_uid=handover.recipient_uid).exists()


def _contact(request: Request) -> None:
    request.last_contact_at = timezone.now()
    request.expires_at = request.last_contact_at + FOLLOW_LIFE
    request.noticed_at = None
    request.save(update_fields=["last_contact_at", "expires_at", "noticed_at"])
