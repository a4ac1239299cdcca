"""The night: each step once, in one process, whatever fails, whatever the clocks do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from maillage.config.operations import nightly
from maillage.config.operations.nightly import is_due, night_of, run_due
from maillage.journal.models import StepRun
from maillage.kit.nightly import Step

EVENING, NIGHT = "2026-11-23T22:00:00+01:00", "2026-11-24T03:30:00+01:00"


@pytest.fixture
def given_steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three steps, the second one fails; gives the list of those that ran."""
    ran: list[str] = []

    def step(name: str, *, every: int = 1, order: int = 50, fails: bool = False) -> Step:
        def work() -> str:
            ran.append(name)
            if fails:
                raise ValueError("Plus de place.")
            return "Fait."

        return Step(name, name.capitalize(), work, every=every, order=order)

    steps = (step("first", order=1), step("second", order=2, fails=True), step("weekly", every=7, order=3))
    monkeypatch.setattr(nightly, "steps", lambda: steps)
    return ran


@pytest.mark.django_db
def test_a_step_that_fails_stops_no_other_and_is_told(given_steps: list[str]) -> None:
    with time_machine.travel(NIGHT):
        done = run_due()
    assert given_steps == ["first", "second", "weekly"]
    assert [one.failed for one in done] == [False, True, False]
    failed = StepRun.objects.get(step="second")
    assert failed.failed
    assert "Plus de place." in failed.said


@pytest.mark.django_db
def test_a_new_installation_waits_for_its_first_night(given_steps: list[str]) -> None:
    with time_machine.travel(EVENING):
        assert run_due(patient=True) == []
    with time_machine.travel(NIGHT):
        assert len(run_due(patient=True)) == 3
        assert run_due(patient=True) == []
    with time_machine.travel("2026-11-24T18:00:00+01:00"):
        assert run_due(patient=True) == []
    with time_machine.travel("2026-11-25T03:01:00+01:00"):
        assert [one.step.name for one in run_due(patient=True)] == ["first", "second"]


@pytest.mark.django_db
def test_a_site_that_slept_through_the_night_works_when_it_wakes(given_steps: list[str]) -> None:
    with time_machine.travel(NIGHT):
        run_due()
    given_steps.clear()
    with time_machine.travel("2026-11-27T11:00:00+01:00"):
        run_due(patient=True)
    assert given_steps == ["first", "second"]


@pytest.mark.django_db
def test_two_processes_share_the_night(given_steps: list[str]) -> None:
    with time_machine.travel(NIGHT):
        row = StepRun.objects.create(step="first")
        seen = StepRun.objects.get(pk=row.pk)  # what the other process read
        run_due(only="first")
        assert not nightly._take(seen, datetime.now(UTC))
    assert given_steps == ["first"]


@pytest.mark.django_db
def test_a_step_whose_process_was_killed_runs_again_later(given_steps: list[str]) -> None:
    with time_machine.travel(NIGHT):
        StepRun.objects.create(step="first", begun_at=datetime.now(UTC) - timedelta(days=1, hours=1))
        StepRun.objects.create(step="weekly", begun_at=datetime.now(UTC) - timedelta(hours=1))
        run_due()
    assert given_steps == ["first", "second"]


@pytest.mark.django_db
def test_the_command_says_what_was_done_and_fails_when_a_step_did(given_steps: list[str], capsys: Any) -> None:
    with pytest.raises(SystemExit):
        call_command("nuit")
    said = capsys.readouterr().out
    assert "✓ First" in said
    assert "✗ Second" in said
    call_command("nuit", "--etape", "first")
    call_command("nuit", "--liste")
    assert "ÉCHEC" in capsys.readouterr().out
    with pytest.raises(CommandError, match="n’est pas une étape"):
        call_command("nuit", "--etape", "quoi")


def test_the_real_steps_have_names_of_their_own_and_say_what_they_are() -> None:
    steps = nightly.steps()
    assert {"alerts", "retention", "messages", "sessions", "diagnoses"} <= {step.name for step in steps}
    assert all(step.title and step.name.isascii() and step.every >= 1 for step in steps)


@pytest.mark.django_db
def test_the_real_night_runs_on_an_empty_base() -> None:
    assert [one.said for one in run_due() if one.failed] == []


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


@given(start=MOMENTS, gaps=st.lists(st.integers(1, 3000), min_size=1, max_size=40), hour=st.integers(0, 23))
def test_a_step_runs_at_most_once_a_night_and_each_night_that_is_looked_at(start: datetime, gaps: list[int], hour: int) -> None:
    step = Step("x", "X", _nothing)
    run = StepRun(step="x", known_at=start)
    nights = []
    seen = {night_of(start, hour)}
    moment = start
    for gap in gaps:
        moment += timedelta(minutes=gap)
        if is_due(run, step, moment, hour, patient=True):
            run.begun_at = run.ended_at = moment
            nights.append(night_of(moment, hour))
        seen.add(night_of(moment, hour))
    assert len(nights) == len(set(nights))
    assert set(nights) == seen - {night_of(start, hour)}


def _nothing() -> str:
    return ""


_: Callable[[], str] = _nothing
