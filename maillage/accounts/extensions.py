"""What apps above accounts add to « Mon compte »: links to what is the person's elsewhere. They lend it when they start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from maillage.accounts.models import Person


@dataclass(frozen=True, slots=True)
class Place:
    """A link shown on « Mon compte »."""

    url: str
    label: str | Promise


#: Called with the person for each showing of « Mon compte ».
PLACES: list[Callable[[Person], list[Place]]] = []


def places(person: Person) -> list[Place]:
    """Every link for this person."""
    return [place for asked in PLACES for place in asked(person)]
