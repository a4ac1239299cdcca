"""Errors told to programs: `application/problem+json` (RFC 9457), with a sentence for the person who reads the log."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

#: Addresses under this one are for programs: their errors are problems, not pages.
FOR_PROGRAMS = "/api/"
CONTENT_TYPE = "application/problem+json"


def is_for_programs(request: HttpRequest) -> bool:
    """Does a program ask, rather than a person with a browser?"""
    return request.path_info.startswith(FOR_PROGRAMS)


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    """The answer that says what is wrong: `detail` is a sentence in the reader's language, `more` are members of the problem's own.

    Any site may read it: public data, no cookie.
    """
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    response = HttpResponse(json.dumps(content, ensure_ascii=False).encode(), status=status, content_type=CONTENT_TYPE)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "no-store"
    return response
