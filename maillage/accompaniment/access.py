"""Who may do what to a request, by the policy (`accounts.policy`): what is here is how one finds it. A stranger gets 404, never a reason, and leaves a security event.

| who | finds it by | reads the holder and the words | acts |
|---|---|---|---|
| holder | the private link, or the account that sent it | always | states.HOLDER |
| structure that has or had it | the signed link, or an active membership (management, advice) | while the agreement holds | states.RECIPIENT |
| animation of the network | the office | while the agreement given to the organiser holds | states.ANIMATION |
| agent at the counter | the account that wrote it, while it belongs to the structure | no: the printed sheet went with the holder | none |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from maillage.accompaniment.candidates import Wanted
from maillage.accompaniment.models import Handover, Line, Request
from maillage.accompaniment.recipients import Organiser, organiser
from maillage.accompaniment.secrets import digest_of
from maillage.accounts.access import not_theirs
from maillage.accounts.models import Person
from maillage.accounts.personas import personas_of
from maillage.accounts.policy import Action, Relation, allowed
from maillage.catalogue.models import Membership, Structure
from maillage.catalogue.personas import may_in_structure
from maillage.catalogue.space.access import person_of
from maillage.journal import consents
from maillage.journal.models import Category
from maillage.territories import queries
from maillage.vocabulary.portals import portals


class LinkEnded(Exception):
    """Nothing under this link: it expired, or never existed (one answer for all)."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody may see of a request now: the holder and the words only while an agreement holds; the story up to `until`."""

    personal: bool
    until: datetime | None = None


def by_follow_link(secret: str) -> Request:
    """The request of a holder's link. Raises LinkEnded."""
    found = (
        Request.objects.filter(digest=digest_of(secret), expires_at__gt=timezone.now())
        .select_related("person", "agent", "proposed", "agent_structure")
        .first()
    )
    if found is None:
        raise LinkEnded
    return found


def by_answer_link(secret: str) -> Handover:
    """What a structure's link opens. Raises LinkEnded."""
    found = (
        Handover.objects.filter(digest=digest_of(secret), expires_at__gt=timezone.now())
        .select_related("request", "structure")
        .first()
    )
    if found is None:
        raise LinkEnded
    return found


def structure_for(request: HttpRequest, uid: str) -> Structure:
    """The structure, for somebody who answers for it now. Http404 otherwise."""
    found = Structure.objects.filter(uid=uid).first()
    if found is None or not may_in_structure(person_of(request), found, Action.REQUEST_ANSWER):
        raise not_theirs(request, Action.REQUEST_ANSWER)
    return found


def handover_for(request: HttpRequest, structure_uid: str, uid: str) -> Handover:
    """The last time this structure received this request, for somebody who answers for it now. Http404 otherwise."""
    structure = structure_for(request, structure_uid)
    found = Handover.objects.filter(structure=structure, request__uid=uid).select_related("request", "structure").order_by("-pk")
    first = found.first()
    if first is None:
        raise not_theirs(request, "handover")
    return first


def counter_of(person: Person) -> Structure | None:
    """For which structure somebody may write a request at a counter: an active membership, whatever the role."""
    found = (
        Membership.objects.filter(person=person, state=Membership.State.ACTIVE)
        .select_related("structure")
        .order_by("-role", "pk")
    )
    first = found.first()
    return first.structure if first else None


def may_write_at_counter(person: object) -> bool:
    """Members of structures and those who animate the network write for somebody at a counter."""
    return isinstance(person, Person) and allowed(personas_of(person), Relation.NONE, Action.REQUEST_WRITE_FOR)


def request_for_office(request: HttpRequest, uid: str) -> Request:
    """The request, for those who animate the network. Http404 for everybody else."""
    if not allowed(personas_of(person_of(request)), Relation.NONE, Action.REQUEST_FOLLOW_ALL):
        raise not_theirs(request, Action.REQUEST_FOLLOW_ALL)
    found = Request.objects.filter(uid=uid).select_related("proposed", "agent", "agent_structure").first()
    if found is None:
        raise not_theirs(request, Action.REQUEST_FOLLOW_ALL)
    return found


def keeper_of(request: Request) -> Organiser:
    """The organiser of a request: who was asked to be let in when it was sent."""
    portal = portals().get(request.portal) or next(iter(portals().values()))
    return organiser(portal, Wanted(commune=queries.commune(request.commune) if request.commune else None))


def sight_of_recipient(handover: Handover) -> Sight:
    """What a structure sees: nothing of the holder without agreement, nothing of what came after somebody else received the request."""
    request = handover.request
    personal = request.state != "retiree" and consents.has_consent(request, handover.recipient_uid, Category.CONTACT)
    following = Handover.objects.filter(request=request, pk__gt=handover.pk).order_by("pk").first()
    return Sight(personal, following.sent_at if following else None)


def sight_of_animation(request: Request) -> Sight:
    """What the animation sees."""
    return Sight(consents.has_consent(request, keeper_of(request).uid, Category.CONTACT))


def story_for(request: Request, sight: Sight) -> Sequence[Line]:
    """The lines of the story that may be read."""
    lines = Line.objects.filter(request=request).order_by("at", "pk")
    return list(lines.filter(at__lt=sight.until) if sight.until else lines)
