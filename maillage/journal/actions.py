"""Write to the journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from maillage.accounts.models import Person
from maillage.journal.models import Entry

#: Who acts when no person does: an import, a nightly command.
SYSTEM = "Maillage"


class Subject(Protocol):
    """Anything the journal can speak of: it has a kind, a stable uid and a name."""

    KIND: ClassVar[str]

    @property
    def uid(self) -> str:
        """Its stable public id."""

    @property
    def name(self) -> str:
        """How people call it."""


def entry_for(
    verb: str, subject: Subject, *, actor: Person | None = None, changes: Mapping[str, Any] | None = None, note: str = ""
) -> Entry:
    """Prepare one line of the journal without saving it (imports save them in bulk)."""
    return Entry(
        actor=actor,
        actor_name=str(actor) if actor else SYSTEM,
        verb=verb,
        subject_kind=subject.KIND,
        subject_uid=subject.uid,
        subject_name=subject.name[:300],
        changes=dict(changes or {}),
        note=note,
    )


def record(
    verb: str, subject: Subject, *, actor: Person | None = None, changes: Mapping[str, Any] | None = None, note: str = ""
) -> Entry:
    """Write one line, in the caller's transaction. `verb` is one of the words of docs/words.md (created, published…)."""
    entry = entry_for(verb, subject, actor=actor, changes=changes, note=note)
    entry.save(force_insert=True)
    return entry
