"""A few kills, on the database of this run; `python -m tests.faults.kill_messages` makes hundreds."""

from __future__ import annotations

import pytest

from tests.faults.running import report_of


@pytest.mark.django_db
def test_killed_workers_lose_no_message_and_tell_of_nothing_that_was_undone() -> None:
    report = report_of("kill_messages", "--messages", "250", "--kills", "6", "--patience", "0.4")
    assert (report["lost"], report["told_of_undone_acts"], report["acts"]) == (0, 0, 250)
    assert report["duplicates"] <= report["kills"]
    assert report["tries_that_failed"] > 20  # the server did refuse and hang
