"""Two identical reports at the same instant: one is kept. SQLite has one writer at a time; PostgreSQL has to be asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from maillage.catalogue.models import ErrorReport
from maillage.catalogue.reports import report_error
from maillage.journal.models import Entry
from tests.catalogue.worlds import offer


@pytest.mark.django_db(transaction=True)
def test_the_same_words_sent_at_once_are_one_report() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite : un seul écrivain à la fois, et une base de test en mémoire")
    sheet = offer()

    def send(_number: int) -> None:
        try:
            report_error(sheet, portal="pays-de-la-loire", reason="contact", message="Le numéro a changé.")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(16)))
    assert ErrorReport.objects.count() == 1
    assert Entry.objects.filter(verb="reported").count() == 1
