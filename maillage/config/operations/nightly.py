"""The night: the steps that apps declare (`kit.nightly`), run when they are due, one process at a time, one failing without the others."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from maillage.journal.models import StepRun
from maillage.kit.discovery import declared
from maillage.kit.nightly import Step

log = logging.getLogger(__name__)
PARIS = ZoneInfo("Europe/Paris")
#: Seconds between two looks of the thread; a step that began so long ago without ending was killed.
EVERY_SECONDS, KILLED_AFTER = 60.0, timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Done:
    """What a step did, or why it failed."""

    step: Step
    failed: bool
    said: str


@cache
def steps() -> tuple[Step, ...]:
    """Every step, in the order in which they run. Raises ValueError when two have the same name."""
    found = declared("nightly", "STEPS", Step)
    names = [step.name for step in found]
    if len(names) != len(set(names)):
        raise ValueError(f"two nightly steps have the same name: {sorted(names)}")
    return tuple(sorted(found, key=lambda step: (step.order, step.name)))


def night_of(moment: datetime, hour: int) -> date:
    """The night that a moment belongs to: a night begins at `hour` in Paris, whatever the change of the clocks."""
    local = moment.astimezone(PARIS)
    return local.date() if local.hour >= hour else local.date() - timedelta(days=1)


def is_due(run: StepRun | None, step: Step, now: datetime, hour: int, *, patient: bool) -> bool:
    """Is a step due? One that never ran is due at once or, when `patient`, from the night after it was first seen."""
    if run is None or (run.begun_at is None and not patient):
        return not patient
    if run.ended_at is None and run.begun_at and now - run.begun_at < KILLED_AFTER:
        return False  # somebody is at it
    since = run.begun_at or run.known_at
    return (night_of(now, hour) - night_of(since, hour)).days >= (step.every if run.begun_at else 1)


def run_due(*, patient: bool = False, only: str = "", stop: Callable[[], bool] = lambda: False) -> list[Done]:
    """Run the steps that are due, or the step named `only`, due or not. Several processes may call it: each step runs in one of them."""
    hour = _hour()
    done = []
    for step in steps():
        if stop():
            break
        if only and step.name != only:
            continue
        run, _new = StepRun.objects.get_or_create(step=step.name)
        now = timezone.now()
        if not only and not is_due(run, step, now, hour, patient=patient):
            continue
        if _take(run, now):
            done.append(_run(step))
    return done


def _hour() -> int:
    return int(settings.MAILLAGE_NIGHT_HOUR) if settings.MAILLAGE_NIGHT_HOUR.isdecimal() else 3


def _take(run: StepRun, now: datetime) -> bool:
    """Two processes see the same row: one of them changes it."""
    same = Q(begun_at=run.begun_at) if run.begun_at else Q(begun_at__isnull=True)
    return bool(StepRun.objects.filter(same, pk=run.pk).update(begun_at=now, ended_at=None))


def _run(step: Step) -> Done:
    try:
        done = Done(step, False, step.run())
    except Exception as error:  # the night goes on; the doctor tells
        log.exception("nightly step %s failed", step.name)
        done = Done(step, True, f"{type(error).__name__} : {error}")
    StepRun.objects.filter(step=step.name).update(ended_at=timezone.now(), failed=done.failed, said=done.said[:500])
    return done


_thread: threading.Thread | None = None
_stop = threading.Event()


def start() -> None:
    """Start the thread of this process, once, unless MAILLAGE_NIGHT_HOUR says « non »."""
    global _thread
    if settings.MAILLAGE_NIGHT_HOUR != "non" and (_thread is None or not _thread.is_alive()):
        _stop.clear()
        _thread = threading.Thread(target=_until_stopped, name="night", daemon=True)
        _thread.start()


def stop() -> None:
    """End the thread after the step that runs, or leave it there if it is long: the next night takes it again."""
    global _thread
    if _thread is not None:
        _stop.set()
        _thread.join(timeout=5)
        _thread = None


def _until_stopped() -> None:
    while not _stop.is_set():
        try:
            run_due(patient=True, stop=_stop.is_set)
        except Exception as error:  # a database that is away comes back: the thread must be there then
            log.warning("the night could not be looked at, next turn in %d s: %s", EVERY_SECONDS, error)
        connection.close()  # a kept connection would be found dead one day
        _stop.wait(EVERY_SECONDS)
