"""Write to the journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from django.db.models import QuerySet

from maillage.accounts.models import Person
from maillage.journal.models import Access, Category, Entry

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


def looked(
    actor: Person | None, subject: Subject, category: Category | str, *, organisation: str = "", person: Person | None = None
) -> Access:
    """Write that somebody looked at one category of the data of a file: its holder reads this line (`accesses_to`).

    `organisation`: the name of the structure for which the actor looked (an answer by a signed link has no actor). `person`: the holder's
    account, if any. It is the one row that a GET may write (`kit.readonly`): no page shows personal data without its line.
    """
    return Access.objects.create(
        actor=actor,
        organisation=(organisation or (str(actor) if actor else SYSTEM))[:300],
        subject_kind=subject.KIND,
        subject_uid=subject.uid,
        person=person,
        category=Category(category),
    )


def accesses_to(subject: Subject) -> QuerySet[Access]:
    """Who looked at this file, the last first."""
    return Access.objects.filter(subject_kind=subject.KIND, subject_uid=subject.uid)
