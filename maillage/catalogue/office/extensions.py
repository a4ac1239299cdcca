"""What apps above the catalogue add to its office: entries of the menu, what waits on the board, why a sheet waits, words of the journal.

They stand above, so the office may not import them: they lend what it shows when they start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Model
from django.utils.functional import Promise

from maillage.catalogue.access import AnySheet


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A link of the menu: `part` marks it when its pages are shown, `address` is the name of the page."""

    part: str
    address: str
    label: str | Promise


@dataclass(frozen=True, slots=True)
class Waits:
    """Something that waits on the board: how many, of what (after the number), and where. An alarm is shown first."""

    count: int
    label: str
    url: str
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A kind that is no sheet of the catalogue, as the journal tells it: its model (for the names of its fields), its words for the verbs."""

    model: type[Model]
    verbs: Mapping[str, Promise]


MENU: list[MenuEntry] = []
#: Kind of a subject of the journal → how it is told.
TOLD: dict[str, Told] = {}
#: Called for each board.
WAITING: list[Callable[[], list[Waits]]] = []
#: French sentences about a sheet, for its page in the office.
NOTES: list[Callable[[AnySheet], list[str]]] = []


def waiting() -> list[Waits]:
    """Everything that waits, what is at zero left aside."""
    return [one for asked in WAITING for one in asked() if one.count]


def notes(sheet: AnySheet) -> list[str]:
    """Everything that is said of this sheet."""
    return [sentence for asked in NOTES for sentence in asked(sheet)]
