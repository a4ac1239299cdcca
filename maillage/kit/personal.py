"""What each app says of the personal data that it keeps: `PERSONAL`, `NOT_PERSONAL` and `REPLAYS` in a module `personal.py` of the app.

A test reads every model of the project and fails on a column that looks personal and that nobody declares (docs/guides/privacy.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from django.db.models import Q

#: What takes the place of a name that was erased.
GONE = "Compte effacé"


class Fate(Enum):
    """What an erasure does to the rows of somebody."""

    ERASE = "erase"  # the rows are deleted
    ANONYMISE = "anonymise"  # the rows stay, `blanks` take the place of what named the person
    KEEP = "keep"  # the rows stay as they are, for the reason given


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody, as rows may name them: the key of the account, its address, and the texts by which rows remember who acted."""

    person: Any
    key: int
    email: str
    names: tuple[str, ...]


def erased_with_its_owner(rows: Any) -> None:
    """An `erase` that does nothing: erasing the row these belong to takes them along, and must still find them."""


@dataclass(frozen=True, slots=True)
class Personal:
    """Rows of a model that are about somebody.

    `model`: « app.Model ». `title`: what the export calls them. `rows`: the condition (a Q) that finds those of a holder. `columns`: every
    column that names the holder there. `shows`: what the export gives (columns, or paths such as « structure__name »). `blanks`: column →
    what an anonymised row holds instead. `scrubs`: JSON columns in which the texts that name the holder are replaced too. `reason`: why rows
    are kept or only anonymised. `erase` replaces the plain deletion; `files` gives the files of rows, for the export.
    """

    model: str
    title: Any
    rows: Callable[[Holder], Any]
    columns: tuple[str, ...]
    shows: tuple[str, ...]
    fate: Fate = Fate.ERASE
    blanks: Mapping[str, Any] = field(default_factory=dict)
    scrubs: tuple[str, ...] = ()
    reason: Any = ""
    erase: Callable[[Any], None] | None = None
    files: Callable[[Any], Iterable[tuple[str, bytes]]] | None = None


def signed(model: str, column: str, title: Any, *shows: str, reason: Any) -> Personal:
    """Rows that remember by a text who acted (`column`): they stay, without the name."""
    return Personal(
        model=model,
        title=title,
        rows=lambda holder: Q(**{f"{column}__in": holder.names}),
        columns=(column,),
        shows=(*shows, column),
        fate=Fate.ANONYMISE,
        blanks={column: GONE},
        reason=reason,
    )


@dataclass(frozen=True, slots=True)
class NotPersonal:
    """Columns that look personal and are not, with the reason."""

    model: str
    columns: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Replay:
    """How a restored backup does again the erasures made since: what may have been erased, found again by its digest.

    `candidates` yields (identity, when it was created, what erases it): the ledger knows the digest of the identity.
    """

    kind: str
    candidates: Callable[[], Iterable[tuple[str, datetime, Callable[[], None]]]]
