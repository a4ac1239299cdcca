"""Which offers count: what the address of an observatory page may restrict, as sets of the index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from pyroaring import BitMap

from maillage.catalogue.index import Snapshot
from maillage.catalogue.index.bitmaps import bitmap
from maillage.territories.queries import LEVELS

#: `Columns.scale` of an offer that covers the whole of France.
NATIONAL = LEVELS.index("france")
#: A sheet that nobody verified nor updated for so long is stale: counted by default, left out when asked.
STALE_AFTER = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Criteria:
    """What restricts the offers counted. Nothing said: every offer open today.

    `needs` keeps the offers that name one of the needs, or none at all, as the results page does. `local` leaves out the offers of the
    whole of France, `free` keeps those that say they cost nothing, `fresh` leaves out stale sheets.
    """

    needs: tuple[str, ...] = ()
    local: bool = False
    free: bool = False
    fresh: bool = False

    def __bool__(self) -> bool:
        return bool(self.needs or self.local or self.free or self.fresh)


EVERYTHING = Criteria()


def counted(snapshot: Snapshot, criteria: Criteria) -> BitMap:
    """The offers that count, whatever their calendar and the age of their sheet."""
    found = snapshot.alive
    if criteria.needs:
        found = found & snapshot.accepting("need", criteria.needs)
    if criteria.free:
        found = found & snapshot.stating("cost", "gratuit")
    if criteria.local:
        found = found & local(snapshot)
    return found


def live(snapshot: Snapshot, criteria: Criteria, today: date) -> BitMap:
    """The offers that count today: open, and fresh when that is asked."""
    found = counted(snapshot, criteria) & snapshot.open_on(today)
    return found - stale(snapshot, today) if criteria.fresh else found


def local(snapshot: Snapshot) -> BitMap:
    """Offers that do not cover the whole of France."""
    return snapshot.alive & bitmap(np.flatnonzero(snapshot.columns.scale < NATIONAL))


def stale(snapshot: Snapshot, today: date) -> BitMap:
    """Offers whose sheet was neither verified nor updated for a long time. A sheet without any date is one of them."""
    last = np.maximum(snapshot.columns.verified, snapshot.columns.updated)
    return snapshot.alive & bitmap(np.flatnonzero(last < (today - STALE_AFTER).toordinal()))
