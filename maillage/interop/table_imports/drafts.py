"""What people do to a table before it is written: upload, shape, matching, check, confirm, discard. Each is one transaction."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from maillage.accounts.models import Person
from maillage.catalogue.actions.sheets import OFFICE
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.interop.sources.registry import registry
from maillage.interop.starter import SOURCE as STARTER
from maillage.interop.table_imports.guessing import guess
from maillage.interop.table_imports.matching import Matching
from maillage.interop.table_imports.models import TableContent, TableImport, TableSource
from maillage.interop.table_imports.reading import read
from maillage.interop.table_imports.shape import Column, rows_of, shape
from maillage.interop.table_imports.values import questions

State = TableImport.State
#: Days after which a table nobody touches goes: a draft whole, an imported one without its file and its lines to correct.
KEPT_DAYS = 30
#: In these states the columns may still be changed.
OPEN = (State.DRAFT, State.CHECKED, State.STOPPED)


class Conflict(Exception):
    """Somebody changed the table in between, or it is being worked on; the message is a French sentence."""


def source_is_taken(code: str) -> bool:
    """Do sheets of this source come from elsewhere (another import, the office, the starter catalogue)?"""
    if TableSource.objects.filter(code=code).exists():
        return False
    if code in (OFFICE, STARTER) or code in registry().sources:
        return True
    return any(model._default_manager.filter(source=code).exists() for model in (Structure, Offer, Relay))


def upload(data: bytes, *, name: str, kind: str, source: TableSource, person: Person) -> TableImport:
    """Keep a file as a draft, its columns matched as last month, or guessed. Raises Unreadable when it is no table."""
    table = TableImport(
        uid=secrets.token_hex(8), name=name[:200], kind=kind, source=source, author=person, author_name=str(person)[:150]
    )
    grid = _read(table, data)
    with transaction.atomic():
        if source._state.adding:
            known = TableSource.objects.filter(code=source.code).first()
            if known is None:
                source.save()
            else:
                table.source = known
        table.save()
        TableContent.objects.create(table=table, file=data, grid=grid)
    return table


def reshape(table: TableImport, *, sheet: str, header: int, seen: str) -> None:
    """Read the file again, from another sheet or another line of headings. Raises Unreadable, or Conflict."""
    content = table.content
    table.sheet = sheet
    grid = _read(table, bytes(content.file), header)
    with transaction.atomic():
        _hold(table, seen)
        table.save()
        TableContent.objects.filter(pk=content.pk).update(grid=grid)


def _read(table: TableImport, data: bytes, header: int = 0) -> bytes:
    """Fill a table with what its file holds; returns its packed rows."""
    reading = read(data, table.name, table.sheet)
    found = shape(reading, table.name, header)
    table.sheets, table.sheet = list(reading.sheets), reading.sheet
    table.header, table.rows = found.header, found.rows
    table.notes = list(found.notes)
    table.columns = [{"name": column.name, "samples": column.samples} for column in found.columns]
    matching = proposed(table, list(found.columns))
    table.matching, table.state = matching.as_json(), State.DRAFT
    table.questions = []
    return found.grid


def proposed(table: TableImport, columns: list[Column]) -> Matching:
    """The matching of last time for this source, completed by a guess for columns that it does not know."""
    guessed = guess(columns, table.kind)
    kept = table.source.matchings.get(table.kind)
    if not kept:
        return guessed
    names = [column.name for column in columns]
    before = Matching.from_json(kept)
    again = before.for_columns(names, table.kind)
    return Matching(
        columns=again.columns,
        separators={**guessed.separators, **again.separators},
        values=again.values,
        constants=again.constants,
        identity=again.identity,
        host=again.host if again.host.by == before.host.by else guessed.host,
    )


def match(table: TableImport, matching: Matching, *, seen: str) -> None:
    """Keep a matching, and list the words that nobody knows. Raises Conflict."""
    names = [column["name"] for column in table.columns]
    asked = questions(rows_of(bytes(table.content.grid)), names, matching, table.kind)
    with transaction.atomic():
        _hold(table, seen)
        table.matching, table.questions, table.state = matching.as_json(), [one.as_json() for one in asked], State.DRAFT
        table.save()


def check(table: TableImport) -> None:
    """Ask for the dry run, whose result is the preview. Raises Conflict when it is already worked on."""
    _start(table, State.CHECKING, OPEN)


def confirm(table: TableImport, person: Person) -> bool:
    """Ask for the writing, and remember the matching for the next table of the source. False when it was already asked for."""
    with transaction.atomic():
        try:
            _start(table, State.WRITING, (State.CHECKED,), confirmed_by=person)
        except Conflict:
            return False
        source = TableSource.objects.select_for_update().get(pk=table.source_id)
        source.matchings = {**source.matchings, table.kind: table.matching}
        source.save()
    return True


def resume(table: TableImport) -> None:
    """Go on with a writing that stopped after failures. Raises Conflict."""
    state = State.WRITING if table.confirmed_by_id else State.CHECKING
    done = TableImport.objects.filter(pk=table.pk, state=State.STOPPED).update(
        state=state, attempts=0, leased_by="", leased_until=None, touched_at=timezone.now()
    )
    if not done:
        raise Conflict("Ce tableau n’est pas arrêté : rechargez la page pour voir où il en est.")


def discard(table: TableImport) -> None:
    """Throw a table away. Sheets already written stay. Raises Conflict while it is worked on."""
    gone, _ = TableImport.objects.filter(pk=table.pk).exclude(state__in=TableImport.WORKING).delete()
    if not gone:
        raise Conflict("Ce tableau est en cours de traitement : attendez la fin pour l’écarter.")


def expire() -> int:
    """Forget what nobody touched for `KEPT_DAYS`: drafts, and the files of imported tables. Returns how many tables."""
    limit = timezone.now() - timedelta(days=KEPT_DAYS)
    old = TableImport.objects.filter(touched_at__lt=limit)
    drafts, _ = old.filter(state__in=OPEN, confirmed_by__isnull=True).delete()
    done = old.filter(state__in=(State.DONE, State.STOPPED), content__isnull=False)
    emptied = 0
    for pk in done.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            TableContent.objects.filter(pk=pk).delete()
            TableImport(pk=pk).problems.all().delete()
        emptied += 1
    return drafts + emptied


def version(table: TableImport) -> str:
    """A word for the state of a table as a page showed it: a later change is then seen."""
    return table.touched_at.isoformat()


def _hold(table: TableImport, seen: str) -> None:
    """Refuse when the row is no longer as the person saw it; otherwise put it forward."""
    row: Any = TableImport.objects.select_for_update().filter(pk=table.pk).first()
    if row is None or row.state not in OPEN:
        raise Conflict("Ce tableau a déjà été confirmé, ou écarté : rien n’a été changé.")
    if version(row) != seen:
        raise Conflict(
            "Quelqu’un a modifié ce tableau depuis que vous avez ouvert la page : relisez, puis enregistrez de nouveau."
        )
    table.touched_at = timezone.now()


def _start(table: TableImport, state: str, allowed: tuple[str, ...], **more: Any) -> None:
    done = TableImport.objects.filter(pk=table.pk, state__in=allowed).update(
        state=state,
        progress=0,
        counts={},
        first=[],
        attempts=0,
        leased_by="",
        leased_until=None,
        touched_at=timezone.now(),
        **more,
    )
    if not done:
        raise Conflict("Ce tableau est déjà en cours de traitement : rechargez la page pour voir où il en est.")
    table.refresh_from_db()
