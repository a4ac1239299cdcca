"""What the animation of the network does: propose somebody, close, write down what a structure said on the telephone."""

from __future__ import annotations

from django.utils import timezone

from maillage.accompaniment.access import keeper_of
from maillage.accompaniment.actions.moving import held, move, tell_story
from maillage.accompaniment.enums import Ending, Move
from maillage.accompaniment.models import Request
from maillage.accompaniment.states import ANIMATION
from maillage.accompaniment.telling import said, tell_holder
from maillage.accounts.models import Person
from maillage.catalogue.models import Structure


def propose(request: Request, structure: Structure, *, person: Person, word: str = "") -> None:
    """Ask the holder whether this structure may receive the request. Raises states.Impossible."""
    with held(request.pk) as now:
        now.proposed = structure
        move(now, Move.PROPOSE, ANIMATION)
        who = keeper_of(now).name  # the holder and the structures read who animates, not which of its people
        tell_story(now, Move.PROPOSE, who, " – ".join(filter(None, (structure.name, word))), person=person)
        tell_holder(now, "redirected", recipient=who, other=structure.name, words=said(word), reason="", caller="")


def close(request: Request, *, person: Person, word: str) -> None:
    """Close with an explanation, told to the holder. Raises states.Impossible."""
    with held(request.pk) as now:
        now.ending = Ending.OFFICE
        move(now, Move.CLOSE, ANIMATION, timezone.now())
        tell_story(now, Move.CLOSE, keeper_of(now).name, word, person=person)
        tell_holder(now, "closed", ending=Ending.OFFICE.value, words=said(word))
