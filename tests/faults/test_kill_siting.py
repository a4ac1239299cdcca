"""A few kills of a siting worker, on the database of this run; `python -m tests.faults.kill_siting` makes hundreds."""

from __future__ import annotations

import pytest

from tests.faults.running import report_of


@pytest.mark.django_db
def test_a_question_whose_worker_is_killed_is_answered_by_another_as_if_nothing_had_happened() -> None:
    assert report_of("kill_siting", "--kills", "4")["kills"] == 4
