"""A siting question from its asking to its answer: asked by a person, solved in a process apart, cancelled at will, started again after a kill."""

from __future__ import annotations

import json
import logging
import os
import queue
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from maillage.accounts.models import Person
from maillage.catalogue.index import current_index
from maillage.journal import actions as journal
from maillage.observatory.access.distances import nearest_km
from maillage.observatory.access.ground import ground
from maillage.observatory.access.places import RELAY, places
from maillage.observatory.models import SitingRun
from maillage.observatory.siting.problem import COVERING, SECONDS
from maillage.territories import queries as territories
from maillage.territories.queries import Commune, parse_key
from maillage.territories.values import Place

log = logging.getLogger(__name__)

State = SitingRun.State
#: How long a process may be silent before another starts the question again, seconds between two looks, failures before it stops.
LEASE, LOOK_EVERY, MOST_ATTEMPTS = timedelta(seconds=30), 0.5, 3


@transaction.atomic
def ask(
    person: Person,
    place: Place,
    method: str,
    count: int,
    threshold: int,
    candidates: Sequence[Commune] = (),
    *,
    keep_existing: bool = True,
) -> SitingRun:
    """Ask where to put the next places. What is asked was checked by the form."""
    run = SitingRun.objects.create(
        uid=secrets.token_hex(8),
        author=person,
        author_name=str(person)[:150],
        territory=place.key,
        method=method,
        count=count,
        threshold=threshold,
        candidates=[commune.code for commune in candidates],
        keep_existing=keep_existing,
    )
    journal.record("siting-asked", run, actor=person, note=place.name)
    return run


@transaction.atomic
def cancel(person: Person, run: SitingRun) -> bool:
    """Stop a question. The process that works on it sees it within a second. False when it was finished already."""
    stopped = SitingRun.objects.filter(pk=run.pk, state__in=SitingRun.UNFINISHED).update(
        state=State.CANCELLED, finished_at=timezone.now(), leased_by="", leased_until=None
    )
    if stopped:
        journal.record("siting-cancelled", run, actor=person)
    return bool(stopped)


def waiting() -> list[int]:
    """The questions that wait for a process, oldest first; those whose process died are among them."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=timezone.now())
    return list(
        SitingRun.objects.filter(free, state__in=SitingRun.UNFINISHED).order_by("created_at", "pk").values_list("pk", flat=True)
    )


def work(pk: int, *, stop: Callable[[], bool] = lambda: False) -> bool:
    """Answer a question, until it is done, cancelled, or `stop` says so. False when another process does it."""
    token = secrets.token_hex(8)
    run = _lease(pk, token)
    if run is None:
        return False
    try:
        answer = _solved(run, token, stop)
    except Exception:
        log.exception("siting %s failed", run.uid)
        failed = run.attempts >= MOST_ATTEMPTS
        _held(run, token).update(
            state=State.FAILED if failed else State.WAITING,
            leased_by="",
            leased_until=None,
            finished_at=timezone.now() if failed else None,
        )
        return True
    if answer is None:  # stopped with this process: another one starts again; or cancelled, and nothing is held any more
        _held(run, token).update(state=State.WAITING, leased_by="", leased_until=None, attempts=run.attempts - 1)
        return True
    _held(run, token).update(
        state=State.DONE, result=result_of(run, answer), leased_by="", leased_until=None, finished_at=timezone.now()
    )
    return True


def _lease(pk: int, token: str) -> SitingRun | None:
    now = timezone.now()
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    taken = SitingRun.objects.filter(free, pk=pk, state__in=SitingRun.UNFINISHED).update(
        leased_by=token, leased_until=now + LEASE, state=State.RUNNING
    )
    if not taken:
        return None
    run = SitingRun.objects.get(pk=pk)
    run.attempts += 1
    SitingRun.objects.filter(pk=pk, leased_by=token).update(attempts=run.attempts)
    return run


def _held(run: SitingRun, token: str) -> Any:
    return SitingRun.objects.filter(pk=run.pk, leased_by=token, state=State.RUNNING)


def asked_of(run: SitingRun, seconds: float = SECONDS) -> dict[str, Any]:
    """The question as the solver reads it: communes as points, how far each is from a relay of today, where places may be."""
    here = ground(*parse_key(run.territory))
    relays = places(current_index(), RELAY, timezone.localdate())
    already = nearest_km(here, relays.lon, relays.lat) if run.keep_existing else np.full(len(here), np.inf)
    candidates = _candidates(run)
    return {
        "method": run.method,
        "count": run.count,
        "threshold": run.threshold,
        "seconds": seconds,
        "lon": here.lon.tolist(),
        "lat": here.lat.tolist(),
        "people": here.people.tolist(),
        "already": [None if np.isinf(km) else float(km) for km in already],
        "from_lon": [commune.lon for commune in candidates],
        "from_lat": [commune.lat for commune in candidates],
    }


def _candidates(run: SitingRun) -> list[Commune]:
    if run.candidates:
        found = (territories.commune(code) for code in run.candidates)  # merged since: its successor
        return list(dict.fromkeys(commune for commune in found if commune))
    return list(territories.communes_of(*parse_key(run.territory)))


def _solved(run: SitingRun, token: str, stop: Callable[[], bool]) -> dict[str, Any] | None:
    """Run the solver in a process apart and watch over it. None when it was stopped."""
    text = json.dumps(asked_of(run))
    command = [sys.executable, "-m", "maillage.observatory.siting.child"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(  # noqa: S603 - our own module, nothing that anybody typed is on the line
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as child:
        assert child.stdin is not None
        lines: queue.Queue[str | None] = queue.Queue()
        reader = threading.Thread(target=_read, args=(child, lines), name="siting-reader", daemon=True)
        reader.start()
        try:
            child.stdin.write(text)
            child.stdin.close()
            while True:
                try:
                    line = lines.get(timeout=LOOK_EVERY)
                except queue.Empty:
                    line = ""
                if line is None:
                    raise RuntimeError("the solver ended without an answer")
                told = json.loads(line) if line else {}
                if "answer" in told:
                    answer: dict[str, Any] = told["answer"]
                    return answer
                progress = {"progress": told} if told else {}
                if stop() or not _held(run, token).update(leased_until=timezone.now() + LEASE, **progress):
                    return None
        finally:
            child.kill()
            reader.join(timeout=5)


def _read(child: subprocess.Popen[str], lines: queue.Queue[str | None]) -> None:
    assert child.stdout is not None
    for line in child.stdout:
        lines.put(line)
    lines.put(None)


def result_of(run: SitingRun, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer as it is kept: communes chosen in the order in which they help most, what each adds, what is proved."""
    here = ground(*parse_key(run.territory))
    relays = places(current_index(), RELAY, timezone.localdate())
    distance = nearest_km(here, relays.lon, relays.lat) if run.keep_existing else np.full(len(here), np.inf)
    near = distance <= run.threshold
    before = float(here.people[near].sum())
    candidates, rows, covered = _candidates(run), [], before
    for rank in answer["chosen"]:
        commune = candidates[rank]
        distance = np.minimum(distance, nearest_km(here, np.array([commune.lon]), np.array([commune.lat])))
        now = float(here.people[distance <= run.threshold].sum())
        rows.append(
            {"code": commune.code, "name": commune.name, "lon": commune.lon, "lat": commune.lat, "gained": round(now - covered)}
        )
        covered = now
    return {
        "chosen": rows,
        "people": round(float(here.people.sum())),
        "covered_before": round(before),
        "near_before": [code for code, which in zip(here.codes, near, strict=True) if which],
        "covered_after": round(covered),
        "mean_km": float((distance * here.people).sum() / here.people.sum()),
        "value": answer["value"],
        "bound": answer["bound"],
        "gap": answer["gap"],
        "how": answer["how"],
        "unit": "habitants" if run.method == COVERING else "habitants-km",
        "counted_on": timezone.localdate().isoformat(),
    }
