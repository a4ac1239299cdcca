"""Moves the catalogue's revision in the transaction of a write, so that every process refreshes its index."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import F

from maillage.catalogue.models import Change, Revision

#: Beyond this many sheets in one write, building the index again costs less than applying the changes one by one.
LISTED_AT_MOST = 500


def current() -> int:
    """The revision of the committed catalogue: one read by primary key."""
    return Revision.objects.values_list("number", flat=True).filter(pk=Revision.ROW).first() or 0


def moved(
    *, offers: Iterable[int] = (), structures: Iterable[int] = (), relays: Iterable[int] = (), everything: bool = False
) -> int:
    """Say which sheets this write touches (primary keys). Must be called inside the write's transaction, after the rows.

    A structure counts as touched for its offers too: its name is searched with theirs. Returns the new revision;
    touching nothing moves nothing.
    """
    assert connection.in_atomic_block, "the revision moves in the transaction of what it announces"
    touched = [("offer", pk) for pk in offers] + [("structure", pk) for pk in structures] + [("relay", pk) for pk in relays]
    if not touched and not everything:
        return current()
    if not Revision.objects.filter(pk=Revision.ROW).update(number=F("number") + 1):
        with transaction.atomic():
            Revision.objects.create(pk=Revision.ROW, number=1)
    number = Revision.objects.values_list("number", flat=True).get(pk=Revision.ROW)
    if everything or len(touched) > LISTED_AT_MOST:
        touched = [(Change.ALL, 0)]
    Change.objects.bulk_create(Change(revision=number, kind=kind, subject=pk) for kind, pk in touched)
    return number
