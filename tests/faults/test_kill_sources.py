"""A few kills of a reading, on the database of this run; `python -m tests.faults.kill_sources` makes hundreds."""

from __future__ import annotations

import pytest

from tests.faults.running import report_of


@pytest.mark.django_db
def test_a_killed_reading_of_a_source_begun_again_ends_in_the_state_of_one_that_was_not() -> None:
    report = report_of("kill_sources", "--kills", "4", "--records", "200")
    assert report["kills"] == 4
    assert report["changes_that_wait"] > 10
