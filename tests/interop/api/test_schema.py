"""schemathesis asks the API whatever its description allows, and what it forbids: no failure, no answer that the description does not tell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from maillage.config.wsgi import application
from maillage.interop.api.app import described
from maillage.interop.api.fields import MEANINGS
from maillage.interop.formats import FORMATS
from maillage.orientation import record
from tests.whole.cast import make_world

pytestmark = pytest.mark.django_db

#: Questions per address, of those made at random (schemathesis adds those it makes from the limits of each parameter).
IN_CI, IN_EPREUVES = 12, 2_000

schema = schemathesis.openapi.from_dict(json.loads(json.dumps(described())), config=SchemathesisConfig())
schema.app = application
HEADERS = {"Host": "testserver", "Accept-Encoding": "identity"}
#: No schema can say which cursors we gave, which territories exist, how words are understood: valid by the description, refused with a sentence.
NOT_SAID = [positive_data_acceptance]
QUIET = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}


@pytest.fixture(autouse=True)
def _world(db: None) -> Iterator[None]:
    """A small catalogue; and, as Django's own test client does, requests that leave the connection of the test open."""
    make_world()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    record._waiting.clear()


@schema.parametrize()
@settings(max_examples=IN_CI, **QUIET)
def test_no_question_makes_the_api_fail(case: Any) -> None:
    case.call_and_validate(headers=HEADERS, excluded_checks=NOT_SAID)


@pytest.mark.epreuve
@schema.parametrize()
@settings(max_examples=IN_EPREUVES, **QUIET)
def test_no_question_of_thousands_makes_the_api_fail(case: Any) -> None:
    case.call_and_validate(headers=HEADERS, excluded_checks=NOT_SAID)


def test_every_field_of_our_format_is_described() -> None:
    keys = {one.key for form in FORMATS for one in form.fields}
    assert keys <= set(MEANINGS)
