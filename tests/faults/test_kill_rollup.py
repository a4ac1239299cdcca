"""A few kills of a roll-up, on the database of this run; `python -m tests.faults.kill_rollup` makes hundreds."""

from __future__ import annotations

import pytest

from tests.faults.running import report_of


@pytest.mark.django_db
def test_a_killed_roll_up_run_again_counts_nothing_twice_and_forgets_nothing() -> None:
    report = report_of("kill_rollup", "--kills", "5", "--records", "6000")
    assert report["kills"] == 5
    assert report["searches"] == 6600
