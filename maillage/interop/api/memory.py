"""Answers of the orientation kept for who asks the same again: partner sites and widgets repeat a few questions many times.

An answer depends on the address, the language, the portal, the day, and the reading of the catalogue (`Snapshot`): when that changes,
everything is forgotten, so no answer is ever stale. Only who is open right now also depends on the minute, so contacts are made again
each minute. Bounded, per process.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from maillage.catalogue.index import Snapshot
from maillage.orientation.answer import Answer

#: Answers kept: about 40 kB each.
KEPT_AT_MOST = 256
#: A longer address than that is nobody's usual question.
LONGEST_ADDRESS = 500

Key = tuple[str, str, str, str]  # query string, language, portal, day


@dataclass(slots=True)
class Kept:
    """An answer without its contacts, as JSON: `plain` is what `record` reads of it. `body` is the whole answer of a minute."""

    plain: Answer
    static: bytes
    minute: int = -1
    body: bytes = b""

    def at(self, minute: int, contacts: Callable[[], bytes]) -> bytes:
        """The whole answer at a minute; `contacts` makes the JSON of who to call, when it is not that of this minute."""
        if self.minute != minute:
            self.body = self.static[:-1] + b',"contacts":' + contacts() + b"}"
            self.minute = minute
        return self.body


@dataclass
class Memory:
    """The answers given last, all from the same reading of the catalogue."""

    _snapshot: Snapshot | None = None
    _kept: OrderedDict[Key, Kept] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, snapshot: Snapshot, key: Key) -> Kept | None:
        """The answer to the same question on this reading of the catalogue, if it is still there."""
        with self._lock:
            if self._snapshot is not snapshot:
                self._kept.clear()
                self._snapshot = snapshot
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, snapshot: Snapshot, key: Key, kept: Kept) -> None:
        """Remember an answer; the one asked for longest ago is forgotten when there are too many."""
        with self._lock:
            if self._snapshot is snapshot and len(key[0]) <= LONGEST_ADDRESS:  # another thread may have seen a newer one
                self._kept[key] = kept
            while len(self._kept) > KEPT_AT_MOST:
                self._kept.popitem(last=False)

    def __len__(self) -> int:
        return len(self._kept)
