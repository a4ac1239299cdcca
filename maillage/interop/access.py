"""Who may decide what sources ask: the animation. The writing team looks; nobody else knows that these pages exist."""

from __future__ import annotations

from maillage.accounts.access import has_role
from maillage.accounts.models import Person, Role
from maillage.catalogue.access import NotAllowed


def may_decide(person: Person) -> bool:
    """May this person accept a change, merge sheets, release or dismiss a quarantine?"""
    return has_role(person, Role.ANIMATION)


def require_decider(person: Person) -> None:
    """Raise NotAllowed, with the reason, unless the person may decide."""
    if not may_decide(person):
        raise NotAllowed("Cette décision revient à l’animation du réseau.")
