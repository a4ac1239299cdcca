"""What apps above the catalogue add to the space of a structure: links to what else it keeps here. They lend it when they start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from maillage.accounts.models import Person
from maillage.catalogue.models import Structure


@dataclass(frozen=True, slots=True)
class Part:
    """A link of the space. `waits`: a sentence about what waits there (the link then stands in a notice); empty when nothing does."""

    url: str
    label: str
    waits: str = ""


#: Called for each showing of a space, with who looks and the structure.
PARTS: list[Callable[[Person, Structure], list[Part]]] = []


def parts(person: Person, structure: Structure) -> list[Part]:
    """Every link for this person in this structure."""
    return [part for asked in PARTS for part in asked(person, structure)]
