"""GET does not write: a guard on the SQL of GET and HEAD requests, in production too."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)

_WRITE = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|ALTER|CREATE|DROP)\b", re.IGNORECASE)
#: Expired sessions are cleared when they are met, whatever the method: Django's own housekeeping. And the line that says who looked at
#: somebody's data is added by the look itself (`journal.actions.looked`).
_ALLOWED = ("accounts_session", 'INSERT INTO "journal_access"')


def is_write(sql: str) -> bool:
    """Does this statement change something that a GET may not change?"""
    return bool(_WRITE.match(sql)) and not any(name in sql for name in _ALLOWED)


def readonly_get_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Logs an error for each write that a GET or HEAD makes (ASVS 3.5.3). Tests raise instead: there it is a defect."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return get_response(request)

        def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
            if is_write(sql):
                log.error("a %s wrote to the database: %s: %s", request.method, request.path, sql[:120])
            return execute(sql, params, many, context)

        with connection.execute_wrapper(watch):
            return get_response(request)

    return middleware
