from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.urls import reverse

from maillage.diagnosis.load import LoadedGrids, load_grids
from maillage.diagnosis.views.open import KEEPING
from tests.conftest import StrictClient

#: What a browser says when one of our own pages posts.
HERE = {"Origin": "http://testserver"}


@pytest.fixture
def grids(db: None) -> LoadedGrids:
    """The shipped grids, in the tables."""
    KEEPING.reset()
    return load_grids()


@pytest.fixture
def post(client: StrictClient) -> Callable[..., HttpResponse]:
    """`post(address, **fields)`: as one of our pages posts."""
    return lambda address, **fields: client.post(address, fields, headers=HERE)


@pytest.fixture
def kept(grids: LoadedGrids, post: Callable[..., HttpResponse]) -> str:
    """A diagnosis kept under a private link: the secret of the link."""
    answer = post(reverse("diagnosis-keep", args=("complete", 1)), r="1onoop", etape="creation", commune="53084", days="180")
    assert answer.status_code == 303
    return str(answer["Location"]).rstrip("/").rpartition("/")[2]
