"""Reads on requests: lists, delays of answer, figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from statistics import median
from typing import NamedTuple

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.utils import timezone

from maillage.accompaniment.enums import Move, State
from maillage.accompaniment.models import Handover, Request
from maillage.accompaniment.states import ANSWERABLE
from maillage.accompaniment.working_days import working_days
from maillage.accounts.models import Person
from maillage.catalogue.models import Structure
from maillage.territories import queries as territories

#: A median of fewer answers says more of one of them than of the structure: it is not shown.
FEWEST = 5
#: How far back the delay of a structure looks.
DELAY_OVER = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Delay:
    """How long a structure takes to answer: median in working days, of how many answers."""

    days: float
    count: int

    @property
    def whole(self) -> int:
        """The days rounded up: what « jour » or « jours » agrees with."""
        return ceil(self.days)


def delay_of(structure: Structure, now: datetime | None = None) -> Delay | None:
    """The delay of answer of a structure over two years; None under five answers."""
    since = (now or timezone.now()) - DELAY_OVER
    rows = Handover.objects.filter(structure=structure, answered_at__isnull=False, sent_at__gte=since).order_by("pk")
    days = [_worked(sent, answered) for sent, answered in rows.values_list("sent_at", "answered_at") if answered]
    return Delay(median(days), len(days)) if len(days) >= FEWEST else None


def _worked(start: datetime, end: datetime) -> int:
    return working_days(timezone.localdate(start), timezone.localdate(end))


def of_structure(structure: Structure) -> QuerySet[Handover]:
    """What a structure received, the last first, once per request."""
    last = Handover.objects.filter(structure=structure).values("request").annotate(last=Max("pk")).values("last")
    return Handover.objects.filter(pk__in=last).select_related("request").order_by("-pk")


def waiting_in(structure: Structure) -> int:
    """How many requests wait for this structure's answer now: it has them, and has not answered."""
    latest = Handover.objects.filter(request=OuterRef("request")).order_by("-pk").values("pk")[:1]
    held = Handover.objects.filter(structure=structure, answered_at__isnull=True, request__state__in=ANSWERABLE)
    return held.filter(pk=Subquery(latest)).count()


def of_person(person: Person) -> QuerySet[Request]:
    """The requests that an account sent."""
    return Request.objects.filter(person=person).order_by("-created_at", "-pk")


def queue(states: Collection[str], communes: Collection[str] | None = None) -> QuerySet[Request]:
    """Requests in these states, those that wait longest first; of these communes (INSEE codes) only, if given."""
    found = Request.objects.filter(state__in=states).order_by("waiting_since", "pk")
    return found if communes is None else found.filter(commune__in=communes)


def counts_by_state() -> dict[str, int]:
    """How many requests are in each state."""
    return dict(Request.objects.values_list("state").annotate(count=Count("pk")).order_by("state"))


def lately(email: str, phone: str, person: Person | None, since: datetime) -> int:
    """How many requests came from this address, this telephone or this account since then: whichever is most."""
    found = Request.objects.filter(created_at__gte=since, at_counter=False)
    counts = [found.filter(email=email).count() if email else 0, found.filter(phone=phone).count() if phone else 0]
    return max(*counts, found.filter(person=person).count() if person else 0)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of requests. Blank codes: not said. `days`: median of working days before the first answer; None when there is none."""

    month: str  # "2026-11"
    stage: str
    need: str
    departement: str
    epci: str
    outcome: str  # accepted, known, declined, unanswered, withdrawn, waiting
    count: int
    days: float | None


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Requests of a span of days, each counted once: how many, by outcome, and the median of working days before the first answer."""

    total: int
    by_outcome: Mapping[str, int]
    median_days: float | None


class _Told(NamedTuple):
    """One request, as figures see it."""

    month: str
    stage: str
    needs: list[str]
    departement: str
    epci: str
    outcome: str
    days: int | None


def _told(start: date | None, end: date | None, departements: Collection[str] | None) -> Iterator[_Told]:
    found = Request.objects.order_by("pk")
    if start:
        found = found.filter(created_at__gte=timezone.make_aware(datetime.combine(start, time.min)))
    if end:
        found = found.filter(created_at__lt=timezone.make_aware(datetime.combine(end + timedelta(days=1), time.min)))
    answers: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    answered = Handover.objects.filter(request__in=found.values("pk"), answered_at__isnull=False).order_by("pk")
    for pk, answer, at in answered.values_list("request", "answer", "answered_at"):
        if at:
            answers[pk].append((answer, at))
    for pk, created, stage, needs, commune, state in found.values_list("pk", "created_at", "stage", "needs", "commune", "state"):
        place = territories.commune(commune) if commune else None
        if departements is not None and (place is None or place.departement not in departements):
            continue
        got = answers.get(pk, [])
        days = _worked(created, min(at for _, at in got)) if got else None
        where = (place.departement, place.epci or "") if place else ("", "")
        yield _Told(
            f"{timezone.localdate(created):%Y-%m}", stage, needs, *where, outcome(state, [answer for answer, _ in got]), days
        )


def figures(start: date | None = None, end: date | None = None, *, departements: Collection[str] | None = None) -> list[Figure]:
    """Requests made from `start` to `end` included (days in Paris), by month, stage, need, département, EPCI and outcome.

    A request that says two needs counts once under each: add up needs only to compare them (`outcomes` counts each request once). Counts
    are exact, small ones included: whoever publishes them hides them. `departements`: codes to keep.
    """
    cells: dict[tuple[str, str, str, str, str, str], list[int | None]] = defaultdict(list)
    for told in _told(start, end, departements):
        for need in told.needs or [""]:
            cells[(told.month, told.stage, need, told.departement, told.epci, told.outcome)].append(told.days)
    return [Figure(*key, len(days), _median(days)) for key, days in sorted(cells.items())]


def outcomes(start: date | None = None, end: date | None = None, *, departements: Collection[str] | None = None) -> Outcomes:
    """What became of the requests made from `start` to `end` included (days in Paris). Counts are exact: see `figures`."""
    told = list(_told(start, end, departements))
    return Outcomes(len(told), Counter(each.outcome for each in told), _median([each.days for each in told]))


def outcome(state: str, answers: Collection[str]) -> str:
    """How a request ended, or where it is: the best answer it got."""
    for answer, word in ((Move.ACCEPT, "accepted"), (Move.KNOW, "known")):
        if answer in answers:
            return word
    if state == State.WITHDRAWN:
        return "withdrawn"
    if Move.DECLINE in answers:
        return "declined"
    return "unanswered" if state in (State.CLOSED, State.QUEUE) else "waiting"


def _median(days: Collection[int | None]) -> float | None:
    known = [each for each in days if each is not None]
    return median(known) if known else None
