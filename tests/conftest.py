"""What every test gets: a strict client, no network, no write on GET, shuffled rows, templates that refuse unknown variables."""

from __future__ import annotations

import os
import re
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import hypothesis
import pytest
from django.db import connections
from django.db.models.query import QuerySet
from django.http import HttpResponse
from django.test import Client
from django.utils import translation

from maillage.kit.readonly import is_write

# A slow machine is not a defect: nothing is timed in tests.
hypothesis.settings.register_profile("maillage", deadline=None)
hypothesis.settings.load_profile("maillage")

GUARANTEED_HEADERS = {
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "X-Frame-Options",
    "Cross-Origin-Opener-Policy",
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The run on PostgreSQL keeps only the tests that touch the database."""
    if os.environ.get("MAILLAGE_TESTS") != "database":
        return
    fixtures = {"db", "transactional_db", "django_db_setup", "live_server"}
    kept = [item for item in items if item.get_closest_marker("django_db") or fixtures & set(getattr(item, "fixturenames", ()))]
    left = [item for item in items if item not in set(kept)]
    config.hook.pytest_deselected(items=left)
    items[:] = kept


@pytest.fixture(autouse=True, scope="session")
def _quick_settings() -> Iterator[None]:
    """Cheap password hashes and plain static names: tests look at what we wrote, not at what Django does well."""
    from django.test.utils import override_settings

    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
    ):
        yield


@pytest.fixture(autouse=True, scope="session")
def _fully_signed_in() -> Iterator[None]:
    """`force_login` signs in as a person does who also gave the second factor (tests/accounts look at the two steps)."""
    with pytest.MonkeyPatch.context() as patch:
        login = Client._login  # type: ignore[attr-defined]  # where force_login ends

        def _login(self: Client, user: Any, backend: str | None = None) -> None:
            login(self, user, backend)
            session = self.session
            session["second_factor"] = {"person": user.pk, "how": "test"}
            session["proved_at"] = {"at": time.time(), "how": "test"}
            session.save()

        patch.setattr(Client, "_login", _login)
        yield


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing leaves this machine: connecting anywhere but to loopback (or a local socket) fails the test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and str(address[0]) not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test tried to reach {address[0]}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _shuffled_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A queryset without order comes back in a random order, so that nobody relies on luck."""
    original = QuerySet._fetch_all

    def fetch(self: QuerySet[Any]) -> None:
        if self._result_cache is None and not self.query.is_sliced and not self.ordered and not self.query.combinator:
            query = self.query
            if not query.distinct and query.group_by is None and not query.select_for_update:
                self.query = query.clone()
                self.query.add_ordering("?")
        original(self)

    monkeypatch.setattr(QuerySet, "_fetch_all", fetch)


@pytest.fixture(autouse=True)
def _french() -> None:
    """A request in English leaves its thread in English: each test begins in French."""
    translation.activate("fr")


@pytest.fixture(autouse=True)
def _fresh_index() -> Iterator[None]:
    """A test's rollback takes the catalogue back in time: the index forgets what it read."""
    from maillage.catalogue.index import reset
    from maillage.crowdfunding.views.page import forget
    from maillage.kit.rate import RateLimit

    reset()
    yield
    reset()
    forget()
    RateLimit.reset_all()


def _refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    if is_write(sql):
        raise AssertionError(f"a GET wrote to the database: {sql[:120]}")
    return execute(sql, params, many, context)


INLINE = re.compile(
    r"""<[^>]+\s(?:on\w+|style)\s*=\s*["']|<script(?![^>]*(?:\bsrc=|type="application/(?:ld\+)?json"))[^>]*>|javascript:""", re.I
)


class StrictClient(Client):
    """Refuses what no page of ours may do: write on GET, inline code or style, leftover braces, missing security headers."""

    def request(self, **request: Any) -> HttpResponse:  # type: ignore[override]  # narrower than Django's
        """Make the request under the guards, then look at the answer."""
        if request.get("REQUEST_METHOD") in {"GET", "HEAD"}:
            with connections["default"].execute_wrapper(_refuse_writes):
                response = super().request(**request)
        else:
            response = super().request(**request)
        missing = GUARANTEED_HEADERS - set(response.headers)
        assert not missing, f"{request.get('PATH_INFO')}: missing headers {missing}"
        if response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming:
            page = response.content.decode()
            found = INLINE.search(page)
            assert not found, f"inline code or style: {found and found.group()}"
            typed = unquote_plus(request.get("QUERY_STRING", ""))  # what somebody typed may be shown again
            assert "{{" in typed or "{{" not in page, f"leftover template braces: …{page[max(0, page.find('{{') - 60) :][:120]}…"
            assert "{%" not in page, "leftover template tag"
        return response  # type: ignore[return-value]  # Django's test response


@pytest.fixture
def client() -> StrictClient:
    """The strict client, signed in as nobody."""
    return StrictClient()


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the project."""
    return Path(__file__).resolve().parent.parent
