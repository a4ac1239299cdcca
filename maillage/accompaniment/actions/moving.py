"""What every act shares: the request held, its state moved by the table, a line of its story, a line of the journal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from maillage.accompaniment.enums import Move, State
from maillage.accompaniment.models import Handover, Line, Request
from maillage.accompaniment.secrets import ANSWER, digest_of, secret_for
from maillage.accompaniment.states import RULES, after
from maillage.accounts.models import Person
from maillage.catalogue.models import Structure
from maillage.journal.actions import entry_for

#: How long a structure may answer by its link, how long the holder may follow.
ANSWER_LIFE, FOLLOW_LIFE = timedelta(days=90), timedelta(days=730)


@contextmanager
def held(pk: int) -> Iterator[Request]:
    """The request as it is now, held until the end of the transaction: two acts at once wait for each other."""
    with transaction.atomic():
        yield Request.objects.select_for_update().get(pk=pk)


def move(request: Request, what: Move, actor: str, now: datetime | None = None) -> None:
    """Move the state by the table and save it. Raises states.Impossible."""
    to = after(State(request.state), what, actor)
    now = now or timezone.now()
    request.state = to
    if RULES[what].fresh:
        request.waiting_since, request.wait = now, request.wait + 1
        request.reminded_at = request.escalated_at = None
    request.save()


def tell_story(
    request: Request, what: Move, who: str = "", word: str = "", *, person: Person | None = None, at: datetime | None = None
) -> None:
    """One line of the story, read by the holder and by those who hold the request; the journal has the act without its words."""
    Line.objects.create(request=request, move=what, who=who[:300], word=word, at=at or timezone.now())
    entry = entry_for(f"request-{what}", request, actor=person)
    if person is None and who:
        entry.actor_name = "Un porteur" if who == request.holder_name else who[:150]
    entry.save(force_insert=True)


def hand_over(request: Request, structure: Structure | None, uid: str, name: str, email: str, now: datetime) -> Handover:
    """Put the request in the hands of a recipient."""
    handover = Handover.objects.create(
        request=request,
        structure=structure,
        recipient_uid=uid,
        recipient_name=name[:300],
        email=email,
        digest=f"?{request.uid}:{request.wait}",
        sent_at=now,
        expires_at=now + ANSWER_LIFE,
    )
    handover.digest = digest_of(secret_for(ANSWER, f"{request.uid}:{handover.pk}"))
    handover.save(update_fields=["digest"])
    return handover


def present(request: Request) -> Handover | None:
    """Whoever has the request now."""
    return Handover.objects.filter(request=request).select_related("structure", "request").order_by("-pk").first()
