"""Nobody waits in these tests, except where waiting is what is tested."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from maillage.interop.api.door import LIMIT


@pytest.fixture(autouse=True)
def _no_limit() -> Iterator[None]:
    allowed, LIMIT.allowed = LIMIT.allowed, 0
    LIMIT.reset()
    yield
    LIMIT.allowed = allowed
    LIMIT.reset()
