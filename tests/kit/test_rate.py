"""How often one network may do something, in one process."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from maillage.kit import rate
from maillage.kit.rate import RateLimit


def test_so_many_acts_then_a_wait_then_again() -> None:
    limit = RateLimit(allowed=2, seconds=10)
    assert [limit.wait("a", now) for now in (0.0, 1.0)] == [0.0, 0.0]
    assert limit.wait("a", 4.0) == 6.0
    assert limit.wait("b", 4.0) == 0.0
    assert limit.wait("a", 10.0) == 0.0


def test_a_flood_of_networks_does_not_fill_the_memory() -> None:
    limit = RateLimit(allowed=1, seconds=10)
    for number in range(rate.NETWORKS_AT_MOST + 50):
        limit.wait(str(number), 0.0)
    assert len(limit._seen) == rate.NETWORKS_AT_MOST


@given(gaps=st.lists(st.floats(0, 5), max_size=60), allowed=st.integers(1, 5))
def test_no_window_holds_more_than_is_allowed(gaps: list[float], allowed: int) -> None:
    limit, now, granted = RateLimit(allowed=allowed, seconds=10), 0.0, []
    for gap in gaps:
        now += gap
        if limit.wait("a", now) == 0:
            granted.append(now)
    for start in granted:
        assert sum(start <= each < start + 10 - 1e-6 for each in granted) <= allowed
