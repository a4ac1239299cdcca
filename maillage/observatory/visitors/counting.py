"""Count the visitors of a day without knowing any of them. In memory while a page is made; written from a thread.

For each page shown to a browser: the network and the name of the browser are hashed with the secret of the day, the hash moves at most one
register of the day's sketch, and is forgotten with what it was made from. Nothing is put on the visitor's device. No failure here may
reach a page. Only server processes count (`start`, called as the search record's): commands and tests count nothing on their own.
"""

from __future__ import annotations

import atexit
import logging
import threading
from datetime import date, datetime, timedelta
from hashlib import blake2b

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest

from maillage.kit.http import network_of
from maillage.observatory.models import VisitorDay
from maillage.observatory.visitors.bots import ROBOT_PATHS, is_bot
from maillage.observatory.visitors.salt import forget_before, salt_of
from maillage.observatory.visitors.sketch import Sketch
from maillage.orientation.queries import PARIS

log = logging.getLogger(__name__)

#: Seconds between two turns of the writer; how long before midnight the next day's secret is made ready.
EVERY_SECONDS, READY = 30.0, timedelta(minutes=10)
#: Robots remembered in a day by one process.
ROBOTS_AT_MOST = 10_000


class Counter:
    """What one process saw and has not written yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._salts: dict[date, bytes] = {}
        self._sketches: dict[tuple[date, str], Sketch] = {}
        self._pages: dict[tuple[date, str], int] = {}
        self._robots: set[tuple[date, int]] = set()

    def prepare(self, now: datetime) -> None:
        """Have the secrets that will be needed until the next turn, and forget those of days that are over."""
        local = now.astimezone(PARIS)
        today, soon = local.date(), (local + READY).date()
        for day in {today, soon} - self._salts.keys():
            self._salts[day] = salt_of(day, settings.MAILLAGE_DATA)
        for day in self._salts.keys() - {today, soon}:
            del self._salts[day]
        self._robots = {robot for robot in self._robots if robot[0] >= today}
        forget_before(today, settings.MAILLAGE_DATA)

    def see(self, network: str, agent: str, portal: str, now: datetime, *, robot: bool = False) -> bool:
        """Count a page shown to somebody; True if it was. A day without secret is not counted: nothing is hashed without one."""
        if is_bot(agent):
            return False
        day = now.astimezone(PARIS).date()
        salt = self._salts.get(day)
        if salt is None:
            return False
        hashed = int.from_bytes(blake2b(f"{network}\n{agent}".encode(errors="replace"), digest_size=8, key=salt).digest())
        if robot:
            if len(self._robots) < ROBOTS_AT_MOST:
                self._robots.add((day, hashed))
            return False
        if self._robots and (day, hashed) in self._robots:
            return False
        with self._lock:
            key = (day, portal)
            sketch = self._sketches.get(key)
            if sketch is None:
                sketch = self._sketches[key] = Sketch()
            sketch.add(hashed)
            self._pages[key] = self._pages.get(key, 0) + 1
        return True

    def flush(self, now: datetime) -> int:
        """Merge what was seen into the rows of the days; returns how many rows moved. What cannot be written waits."""
        with self._lock:
            seen = {key: (bytes(self._sketches[key].registers), pages) for key, pages in self._pages.items()}
            self._pages.clear()
        written = 0
        for key, (registers, pages) in seen.items():
            try:
                _merge(*key, registers, pages)
            except Exception as error:  # the pages have been sent: whatever happens here, only the log hears of it
                log.warning("the visitors of %s could not be written, they wait for the next turn: %s", key[0], error)
                with self._lock:
                    self._pages[key] = self._pages.get(key, 0) + pages
            else:
                written += 1
        today = now.astimezone(PARIS).date()
        with self._lock:
            for key in [key for key in self._sketches if key[0] < today and key not in self._pages]:
                del self._sketches[key]
        return written


def _merge(day: date, portal: str, registers: bytes, pages: int) -> None:
    with transaction.atomic():
        VisitorDay.objects.get_or_create(day=day, portal=portal)
        row = VisitorDay.objects.select_for_update().get(day=day, portal=portal)
        sketch = Sketch(bytes(row.registers) if row.registers else None)
        sketch.merge(registers)
        # a row whose sketch is forgotten keeps its estimate: somebody came back after midnight to write a few late pages
        row.visitors = max(row.visitors, sketch.estimate())
        row.pages += pages
        row.registers = bytes(sketch.registers)
        row.save()


def forget(today: date) -> int:
    """Throw away the sketches of the days that are over: their estimates stay. Returns how many there were."""
    return VisitorDay.objects.filter(day__lt=today, registers__isnull=False).update(registers=None)


_counter: Counter | None = None
_writer: threading.Thread | None = None
_stop = threading.Event()


def count(request: HttpRequest, portal: str, *, robot: bool = False) -> None:
    """Count the page of a request, if this process counts."""
    if _counter is None:
        return
    try:
        _counter.see(network_of(request), request.META.get("HTTP_USER_AGENT", ""), portal, datetime.now(PARIS), robot=robot)
    except Exception:
        log.exception("a visitor could not be counted")


def is_robot_path(path: str) -> bool:
    """Is this an address that only programs ask for?"""
    return path.startswith(ROBOT_PATHS)


def start() -> None:
    """Start counting in this process, once; what waits at its end is written too."""
    global _counter, _writer
    if _writer is not None and _writer.is_alive():
        return
    _stop.clear()
    _counter = Counter()
    _turn(_counter)
    _writer = threading.Thread(target=_write_until_stopped, args=(_counter,), name="visitors", daemon=True)
    _writer.start()
    atexit.register(stop)


def stop() -> None:
    """Write what waits, and stop counting."""
    global _counter, _writer
    if _writer is not None:
        _stop.set()
        _writer.join(timeout=EVERY_SECONDS)
        _counter = _writer = None
        atexit.unregister(stop)


def _turn(counter: Counter) -> None:
    now = datetime.now(PARIS)
    try:
        counter.prepare(now)
    except OSError as error:
        log.warning("visitors are not counted, the secret of the day cannot be kept: %s", error)
    if counter.flush(now):
        connection.close()  # a thread's connection is nobody else's to close: a kept one would be found dead one day


def _write_until_stopped(counter: Counter) -> None:
    while not _stop.wait(EVERY_SECONDS):
        _turn(counter)
    _turn(counter)
    connection.close()
