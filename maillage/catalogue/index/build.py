"""Makes snapshots: a whole one from the database, or the next one from the sheets that changed."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray
from pyroaring import BitMap

from maillage.catalogue.index.bitmaps import NOBODY, Bitmaps, Gatherer
from maillage.catalogue.index.columns import ColumnGatherer, Columns
from maillage.catalogue.index.contacts import RELAY, Entry, contact_entries
from maillage.catalogue.index.offers import KEEP_THE_DEAD, TABLES, OfferRow, offer_rows, searched_text, statements
from maillage.catalogue.index.snapshot import Snapshot
from maillage.catalogue.index.text import Text, WordGatherer, Words
from maillage.catalogue.models import Offer, Relay

#: Primary keys in one question to the database.
SLICE = 1_000


class Reading:
    """Offers being read into positions, from `first` on."""

    def __init__(self, rows: Iterable[OfferRow], first: int = 0) -> None:
        self.gatherers: dict[str, Gatherer[Any]] = {table: Gatherer() for table in TABLES}
        self.words = WordGatherer()
        columns = ColumnGatherer()
        for position, row in enumerate(rows, first):
            for table, keys in statements(row):
                self.gatherers[table].add(position, keys)
            self.words.add(position, searched_text(row))
            columns.add(row)
        self.columns: Columns = columns.columns()
        self.alive = BitMap(range(first, first + len(columns)))


@dataclass(frozen=True)
class Touched:
    """Primary keys of the sheets that changed since a snapshot."""

    offers: set[int] = field(default_factory=set)
    structures: set[int] = field(default_factory=set)
    relays: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.offers) + len(self.structures) + len(self.relays)


def build(revision: int) -> Snapshot:
    """Read the whole visible catalogue. `revision` was read before: what is committed meanwhile will be applied again."""
    with _without_collector():
        reading = Reading(offer_rows())
    return Snapshot(
        revision=revision,
        built=len(reading.columns),
        alive=reading.alive,
        tables={table: gatherer.table() for table, gatherer in reading.gatherers.items()},
        columns=reading.columns,
        words=Text(Words(Bitmaps(reading.words.folded()))),
        entries=contact_entries(),
    )


@contextmanager
def _without_collector() -> Iterator[None]:
    """Python's collector of cycles looks again and again at millions of values that hold none: a sixth of the time of a building."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def apply(snapshot: Snapshot, touched: Touched, revision: int) -> Snapshot:
    """The next snapshot: the touched sheets are read again, everything else is shared with the one before.

    A touched offer leaves its position and, if it is still visible, takes a new one at the end. The offers of a touched
    structure are touched too: its name is searched with theirs, and they are hidden with it.
    """
    snapshot = replace(snapshot, revision=revision)
    if touched.structures or touched.relays:
        snapshot = replace(snapshot, entries=_entries(snapshot, touched))
    if not touched.offers and not touched.structures:
        return snapshot
    gone = _positions(snapshot, touched)
    columns = snapshot.columns
    reading = Reading(_rows_again(touched), first=len(columns))
    return replace(
        snapshot,
        alive=(snapshot.alive - gone) | reading.alive,
        tables={
            name: table.changed(NOBODY if name in KEEP_THE_DEAD else gone, reading.gatherers[name].positions)
            for name, table in snapshot.tables.items()
        },
        columns=columns.followed_by(reading.columns),
        words=snapshot.words.changed(gone, reading.words.folded()),
    )


def _rows_again(touched: Touched) -> Iterator[OfferRow]:
    """The touched offers that are visible now, each once, read by slices (databases bound the length of a list)."""
    pks = set(touched.offers)
    for structures in _slices(touched.structures):
        pks.update(Offer.objects.filter(structure__in=structures).values_list("pk", flat=True))
    for offers in _slices(pks):
        yield from offer_rows(Q(pk__in=offers))


def _slices(pks: Collection[int]) -> Iterator[list[int]]:
    ordered = sorted(pks)
    return (ordered[start : start + SLICE] for start in range(0, len(ordered), SLICE))


def _positions(snapshot: Snapshot, touched: Touched) -> BitMap:
    """Where the touched offers are now."""
    columns = snapshot.columns
    hit = np.isin(columns.pk, _array(touched.offers)) | np.isin(columns.structure, _array(touched.structures))
    return snapshot.alive & BitMap(np.flatnonzero(hit).astype(np.uint32))


def _array(pks: Collection[int]) -> NDArray[np.int64]:
    return np.fromiter(pks, dtype=np.int64, count=len(pks))


def _entries(snapshot: Snapshot, touched: Touched) -> dict[int, tuple[Entry, ...]]:
    """The contacts, those of the structures concerned being read again."""
    known = [each for its in snapshot.entries.values() for each in its]
    concerned = {each.structure for each in known if each.sheet == RELAY and each.pk in touched.relays} | touched.structures
    for relays in _slices(touched.relays):
        concerned.update(Relay.objects.filter(pk__in=relays).values_list("structure_id", flat=True))
    entries = {pk: its for pk, its in snapshot.entries.items() if pk not in concerned}
    for structures in _slices(concerned):
        entries |= contact_entries(structures)
    return entries
