"""A limit counted in the database: every process counts in the same place, and two at once never share the last one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, connections
from django.utils import timezone

from maillage.accounts.models import Attempts
from maillage.accounts.shared_rate import SharedRate

assert connection  # named in a condition below


@pytest.mark.django_db
def test_another_process_counts_in_the_same_place() -> None:
    here, elsewhere = SharedRate("essai", allowed=3, seconds=600), SharedRate("essai", allowed=3, seconds=600)
    assert [here.wait("192.0.2.1"), elsewhere.wait("192.0.2.1"), here.wait("192.0.2.1")] == [0, 0, 0]
    assert 0 < elsewhere.wait("192.0.2.1") <= 600
    assert elsewhere.wait("192.0.2.2") == 0, "another network"
    assert SharedRate("autre", allowed=3, seconds=600).wait("192.0.2.1") == 0, "another limit"


@pytest.mark.django_db
def test_the_wait_that_is_told_is_enough_and_nothing_names_the_network() -> None:
    limit = SharedRate("essai", allowed=1, seconds=600)
    limit.wait("192.0.2.1")
    wait = limit.wait("192.0.2.1")
    with time_machine.travel(timezone.now() + timedelta(seconds=wait - 2), tick=False):
        assert limit.wait("192.0.2.1") > 0
    with time_machine.travel(timezone.now() + timedelta(seconds=wait + 1), tick=False):
        assert limit.wait("192.0.2.1") == 0
    assert "192" not in Attempts.objects.get().key[:3]
    assert len(Attempts.objects.get().key) == 64


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="a single writer: nothing to race")
def test_many_at_once_pass_exactly_as_many_as_allowed() -> None:
    def one(_number: int) -> bool:
        try:
            return SharedRate("essai", allowed=5, seconds=600).wait("192.0.2.1") == 0
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(24))) == 5
