"""Keeps the snapshot of this process at the revision of the database: looked at once per request, put forward when it moved."""

from __future__ import annotations

import logging
import threading

from django.db import connection

from maillage.catalogue import revision
from maillage.catalogue.index.build import Touched, apply, build
from maillage.catalogue.index.snapshot import Snapshot
from maillage.catalogue.models import Change

log = logging.getLogger(__name__)

#: Beyond this many touched sheets, and a half of the offers, everything is read again: it costs hardly more, and tidies.
TOUCHED_AT_MOST = 2_000
#: When so many positions are dead or were added (and a tenth of all), the index is built again aside.
WORN_FROM = 5_000
#: The name of the thread that does it.
COMPACTION = "index-compaction"


class _Holder:
    """The snapshot of this process, and the lock of whoever makes the next one."""

    def __init__(self) -> None:
        self.snapshot: Snapshot | None = None
        self.lock = threading.Lock()
        self.compacting = False


_holder = _Holder()


def current_index() -> Snapshot:
    """The index at the revision of the database: one read by primary key, and the changes applied if there are any.

    Whoever asks first after a change makes the next snapshot; the other threads that need it wait for it. The first call of a
    process, and the first one after a big import, read the whole catalogue (docs/algorithms/index.md gives the times).
    Never call it between a write and its commit: other threads would be given what may be rolled back.
    """
    snapshot = _holder.snapshot
    if snapshot is not None and snapshot.revision == revision.current():
        return snapshot
    with _holder.lock:
        number, snapshot = revision.current(), _holder.snapshot
        if snapshot is None or snapshot.revision != number:
            _holder.snapshot = snapshot = _next(snapshot, number)
    _compact_aside(snapshot)
    return snapshot


def reset() -> None:
    """Forget the snapshot: the next call reads the whole catalogue (after a restore, and between tests)."""
    with _holder.lock:
        _holder.snapshot = None


def _next(snapshot: Snapshot | None, number: int) -> Snapshot:
    """The snapshot of this revision: the one we have with the changes listed since, or a new one when they are too many."""
    touched = _touched_between(snapshot.revision, number) if snapshot else None
    if snapshot is None or touched is None or len(touched) > max(TOUCHED_AT_MOST, len(snapshot.alive) // 2):
        log.info("index: building revision %d", number)
        return build(number)
    return apply(snapshot, touched, number)


def _touched_between(known: int, wanted: int) -> Touched | None:
    """The sheets touched after revision `known`, up to `wanted`; None when they are not all listed, or time went back."""
    changes = Change.objects.filter(revision__gt=known, revision__lte=wanted).values_list("revision", "kind", "subject")
    touched, listed = Touched(), set()
    groups = {"offer": touched.offers, "structure": touched.structures, "relay": touched.relays}
    for number, kind, subject in changes:
        if kind not in groups:
            return None
        listed.add(number)
        groups[kind].add(subject)
    return touched if len(listed) == wanted - known else None


def _compact_aside(snapshot: Snapshot) -> None:
    """Build again in a thread when the snapshot is worn. Meanwhile the snapshot, which is right, serves everybody."""
    if snapshot.wear < WORN_FROM or snapshot.wear * 10 < len(snapshot.columns):
        return
    with _holder.lock:
        if _holder.compacting:
            return
        _holder.compacting = True
    threading.Thread(target=_compact, name=COMPACTION, daemon=True).start()


def _compact() -> None:
    try:
        compacted = build(revision.current())
        with _holder.lock:
            # what was committed while we were reading is applied before the new one takes the place
            number = revision.current()
            _holder.snapshot = compacted if compacted.revision == number else _next(compacted, number)
    finally:
        _holder.compacting = False
        connection.close()
