from __future__ import annotations

import logging

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from maillage.kit.readonly import is_write, readonly_get_middleware


@pytest.mark.parametrize(
    ("sql", "writes"),
    [
        ("SELECT 1", False),
        ("  \n insert into x values (1)", True),
        ("UPDATE catalogue_offer SET name = 'x'", True),
        ("DELETE FROM accounts_session WHERE expire_date < 1", False),
        ("WITH a AS (SELECT 1) SELECT * FROM a", False),
    ],
)
def test_a_write_is_told_from_a_read(sql: str, writes: bool) -> None:
    assert is_write(sql) is writes


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "logged"), [("get", 1), ("head", 1), ("post", 0)])
def test_a_get_that_writes_is_logged_and_a_post_is_not(method: str, logged: int, caplog: pytest.LogCaptureFixture) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE catalogue_offer SET name = name WHERE id = 0")
        return HttpResponse()

    with caplog.at_level(logging.ERROR):
        readonly_get_middleware(view)(getattr(RequestFactory(), method)("/some/page/"))
    assert len([line for line in caplog.messages if "/some/page/" in line]) == logged
