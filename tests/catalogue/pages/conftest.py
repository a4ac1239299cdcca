"""The public pages of the catalogue, seen from a French reader unless a test says otherwise."""

from __future__ import annotations

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _in_french() -> None:
    """A request for an English page leaves its language to the thread: the next test must not inherit it."""
    translation.activate("fr")
