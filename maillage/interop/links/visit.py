"""Does an address answer? HEAD, then GET when HEAD is not enough; robots.txt obeyed; one request a second to the same host."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from maillage.kit.fetch import USER_AGENT, FetchError, Limits, Refused, safe_fetch

#: Seconds between two requests to the same host.
PAUSE = 1.0
#: An answer that says nothing of the page: who asks is refused, or asked to wait. Nobody can tell from here whether people see it.
_CANNOT_TELL = frozenset({401, 403, 407, 429, 451, 999})
_LIMITS = Limits(bytes=0, seconds=10, redirects=3)
_ROBOTS = Limits(bytes=500_000, seconds=10, redirects=3)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a visit found: it answers (True), it does not (False), nobody can tell (None); and why, in French."""

    answered: bool | None
    said: str


@dataclass
class Visitor:
    """Visits addresses politely. `clock` and `sleep` are those of the machine, unless a test counts with its own."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _last: dict[str, float] = field(default_factory=dict)
    _robots: dict[str, RobotFileParser | None] = field(default_factory=dict)

    def visit(self, url: str) -> Seen:
        """Look whether an address answers."""
        try:
            parts = urlsplit(url)
            host = parts.netloc.lower()
        except ValueError:
            return Seen(False, "Cette adresse est illisible.")
        if parts.scheme not in ("http", "https") or not host:
            return Seen(False, "Ce n’est pas une adresse du web.")
        try:
            if not self._welcome(url, f"{parts.scheme}://{host}"):
                return Seen(None, "Le site demande aux robots de ne pas lire cette page : elle n’est pas vérifiée.")
            status = self._ask("HEAD", url, host)
            if status >= 400:
                status = self._ask("GET", url, host)  # many servers answer HEAD badly
        except Refused as refusal:
            return Seen(None, str(refusal))
        except FetchError:
            try:
                status = self._ask("GET", url, host)
            except Refused as refusal:
                return Seen(None, str(refusal))
            except FetchError as error:
                return Seen(False, str(error))
        if status in _CANNOT_TELL:
            return Seen(None, f"Le site refuse les visites automatiques (réponse {status}).")
        if status >= 400:
            return Seen(False, f"La page répond {status}.")
        return Seen(True, "La page répond.")

    def _ask(self, method: str, url: str, host: str) -> int:
        self._wait(host)
        return safe_fetch(url, method=method, limits=_LIMITS).status

    def _wait(self, host: str) -> None:
        """Let a second pass since the last request to this host."""
        now = self.clock()
        ready = self._last.get(host, now - PAUSE) + PAUSE
        if ready > now:
            self.sleep(ready - now)
        self._last[host] = max(now, ready)

    def _welcome(self, url: str, site: str) -> bool:
        """Does robots.txt let us look? A site without one, or whose file cannot be had, does."""
        if site not in self._robots:
            self._robots[site] = self._read_robots(site)
        rules = self._robots[site]
        return rules is None or rules.can_fetch(USER_AGENT, url)

    def _read_robots(self, site: str) -> RobotFileParser | None:
        try:
            self._wait(urlsplit(site).netloc)
            answer = safe_fetch(f"{site}/robots.txt", limits=_ROBOTS)
        except (FetchError, Refused):
            return None
        if answer.status != 200:
            return None
        rules = RobotFileParser()
        rules.parse(answer.body.decode("utf-8", "replace").splitlines())
        return rules
