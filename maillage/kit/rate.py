"""A limit on how often one network may do something in this process. Kept in memory: nothing about visitors is stored."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from threading import Lock
from typing import ClassVar
from weakref import WeakSet

#: Beyond this many networks the ones seen longest ago are forgotten: a flood cannot fill the memory.
NETWORKS_AT_MOST = 10_000


class RateLimit:
    """At most `allowed` acts in `seconds` for one key, in this process. Safe between threads."""

    _all: ClassVar[WeakSet[RateLimit]] = WeakSet()

    def __init__(self, allowed: int, seconds: float) -> None:
        self.allowed = allowed
        self.seconds = seconds
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()
        RateLimit._all.add(self)

    @classmethod
    def reset_all(cls) -> None:
        """Forget every key of every limit (tests start from nothing)."""
        for limit in list(cls._all):
            limit.reset()

    def wait(self, key: str, now: float | None = None) -> float:
        """Count one act of this key. 0 when it may go on, else the seconds to wait (the refused act is not counted)."""
        now = time.monotonic() if now is None else now
        with self._lock:
            acts = self._seen.setdefault(key, deque())
            self._seen.move_to_end(key)
            while acts and acts[0] + self.seconds - now <= 0:  # the same sum as below: rounding must not grant and forget
                acts.popleft()
            if len(acts) >= self.allowed:
                return acts[0] + self.seconds - now
            acts.append(now)
            while len(self._seen) > NETWORKS_AT_MOST:
                self._seen.popitem(last=False)
            return 0.0

    def reset(self) -> None:
        """Forget every key (tests start from nothing)."""
        with self._lock:
            self._seen.clear()
