"""Whatever happens to offers between runs, an alert tells each version that was visible at a run exactly once, and nothing else."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.catalogue import revision
from maillage.catalogue.enums import Status
from maillage.catalogue.models import Offer
from maillage.journal.actions import record
from maillage.journal.models import Message
from maillage.orientation.alerts import actions
from maillage.orientation.alerts.run import run
from maillage.orientation.models import Alert, Told
from maillage.orientation.situation import Situation
from maillage.territories.queries import commune
from tests.catalogue.worlds import offer, structure

pytestmark = pytest.mark.django_db
START = date(2026, 11, 23)

#: What may happen to one of three offers, and a night.
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(("publish", "draft", "withdraw", "restore", "edit", "reopen", "elsewhere", "here")), st.integers(0, 2)
        ),
        st.tuples(st.just("date"), st.integers(0, 2), st.integers(1, 60)),
        st.tuples(st.just("night")),
        st.tuples(st.just("twice")),
    ),
    max_size=25,
)


class Model:
    """The rows read plainly: what is visible at Laval, in which version; what an alert has told."""

    def __init__(self) -> None:
        self.day = START
        self.reopened = [0, 0, 0]

    def visible(self) -> set[tuple[int, str]]:
        found = set()
        for number, row in enumerate(Offer.objects.order_by("pk")):
            here = "departement:53" in row.coverage
            open_now = row.closes is None or row.closes >= self.day
            if row.status == Status.PUBLISHED and row.withdrawn_on is None and here and open_now:
                found.add((row.pk, f"{row.closes}/{self.reopened[number]}"))
        return found


def happen(step: tuple[object, ...], model: Model) -> None:
    what, number = step[0], int(str(step[1]))
    row = Offer.objects.order_by("pk")[number]
    with transaction.atomic():
        match what:
            case "publish":
                row.status = Status.PUBLISHED
            case "draft":
                row.status = Status.DRAFT
            case "withdraw":
                row.withdrawn_on = model.day
            case "restore":
                row.withdrawn_on = None
            case "edit":
                row.summary = f"Autrement {row.summary}"[:100]
            case "date":
                row.closes = model.day + timedelta(days=int(str(step[2])))
            case "elsewhere":
                row.coverage = ["departement:80"]
            case "here":
                row.coverage = ["departement:53"]
            case "reopen":
                row.status = Status.DRAFT
                record("reopened", row)
                model.reopened[number] += 1
        row.save()
        revision.moved(offers=[row.pk])


class Undone(Exception):
    """Ends an example: nothing of it stays."""


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_each_version_seen_at_a_run_is_told_once_and_nothing_else(steps: list[tuple[object, ...]]) -> None:
    from maillage.catalogue.index import reset

    reset()
    try:
        with transaction.atomic():
            example(steps)
            raise Undone
    except Undone:
        reset()


def example(steps: list[tuple[object, ...]]) -> None:
    host = structure()
    for number in range(3):
        offer(
            structure=host,
            name=f"Offre {number}",
            status=Status.PUBLISHED if number == 0 else Status.DRAFT,
            coverage=["departement:53"],
        )
    model = Model()
    with time_machine.travel(datetime(2026, 11, 23, 12), tick=False) as clock:
        actions.ask("ana@example.org", Situation(commune=commune("53130")), Alert.Frequency.DAILY, "fr")
        alert = Alert.objects.get()
        actions.confirm(alert)
        known = model.visible()
        expected: set[tuple[int, str]] = set()
        for step in steps:
            if step[0] in ("night", "twice"):
                if step[0] == "night":
                    model.day += timedelta(days=1)
                    clock.move_to(datetime(model.day.year, model.day.month, model.day.day, 12))
                before = Message.objects.filter(kind="alert").count()
                new = model.visible() - known - expected if step[0] == "night" else set()
                run()
                assert Message.objects.filter(kind="alert").count() == before + bool(new), "nothing new, no e-mail"
                expected |= new
            else:
                happen(step, model)
        told = [
            (offer, f"{version.split('/')[1] or None}/{version.split('/')[2]}")
            for offer, version in Told.objects.order_by("pk").values_list("offer_id", "version")
        ]
        assert len(told) == len(set(told))
        assert set(told) == expected
