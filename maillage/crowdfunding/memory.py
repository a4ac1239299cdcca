"""Pages kept for who asks the same again: the list, a campaign and the figures are the same for everybody.

A page depends on the address, the language, the portal, the day in Paris, and on what is written: the campaigns (how many, and when the
last one was saved) and the catalogue (its revision). One small statement reads the three; when one moved, everything is forgotten, so
nothing is ever stale. Bounded, per process.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language

from maillage.catalogue.models import Revision
from maillage.crowdfunding.models import Campaign
from maillage.crowdfunding.states import day_in_paris
from maillage.vocabulary.middleware import PortalRequest

#: Pages kept, without their frame: about 20 kB each.
KEPT_AT_MOST = 256
#: A longer address than that is nobody's usual question.
LONGEST_ADDRESS = 500

Kept = TypeVar("Kept")
State = tuple[object, ...]
Key = tuple[str, str | None, str, str]

_CAMPAIGNS, _REVISION = Campaign._meta.db_table, Revision._meta.db_table
_READ = (  # the names of our own tables
    f"SELECT (SELECT COUNT(*) FROM {_CAMPAIGNS}), (SELECT MAX(modified_at) FROM {_CAMPAIGNS}), "  # noqa: S608
    f"(SELECT number FROM {_REVISION} WHERE id = %s)"
)


class Memory(Generic[Kept]):
    """What was made last, all in the same state of the database."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._state: State = ()

    def get(self, request: PortalRequest, make: Callable[[], Kept]) -> Kept:
        """What the address of the request gives: from memory, or made by `make`."""
        address = request.get_full_path()
        if len(address) > LONGEST_ADDRESS:
            return make()
        state = _read()
        key = (address, get_language(), request.portal.code, day_in_paris(timezone.now()).isoformat())
        with self._lock:
            if self._state != state:
                self._kept.clear()
                self._state = state
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        made = make()
        with self._lock:
            if self._state == state:  # another thread may have seen a newer one
                self._kept[key] = made
            while len(self._kept) > KEPT_AT_MOST:
                self._kept.popitem(last=False)
        return made

    def forget(self) -> None:
        """Keep nothing (between tests: their rows are taken back, which nobody announces)."""
        with self._lock:
            self._kept.clear()


def _read() -> State:
    with connection.cursor() as cursor:
        cursor.execute(_READ, (Revision.ROW,))
        return tuple(cursor.fetchone())
