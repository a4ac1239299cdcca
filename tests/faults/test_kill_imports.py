"""A few kills, on the database of this run; `python -m tests.faults.kill_imports` makes hundreds."""

from __future__ import annotations

import pytest

from tests.faults.running import report_of


@pytest.mark.django_db
def test_a_killed_import_run_again_ends_in_the_state_of_one_that_was_not() -> None:
    report = report_of("kill_imports", "--kills", "5", "--offers", "300")
    assert report["kills"] == 5
    assert report["commits_of_a_whole_import"] > 5
