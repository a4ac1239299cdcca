"""Answers for machines: is the process alive, may robots come, the stylesheet."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from maillage.catalogue import revision
from maillage.catalogue.index import current_index
from maillage.pages.stylesheet import stylesheet

YEAR = 31_536_000


@login_not_required
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; says nothing about the rest."""
    return _word("ok")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and the index is read, else 503: send visitors elsewhere for a moment."""
    try:
        revision.current()
        current_index()
    except DatabaseError:
        return _word("base de données injoignable", status=503)
    return _word("ok")


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """No icon here: pages carry theirs. Answered for what asks without being told, such as a PDF opened in a tab."""
    return HttpResponse(status=204, headers={"Cache-Control": f"public, max-age={YEAR}"})


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Robots may read the sheets; not the thousand combinations of a search, nor the office."""
    return HttpResponse(
        "User-agent: *\nDisallow: /resultats/\nDisallow: /questions/\nDisallow: /gestion/\n"
        "Disallow: /en/resultats/\nDisallow: /en/questions/\nDisallow: /en/gestion/\n",
        content_type="text/plain; charset=utf-8",
    )


@login_not_required
@require_safe
def style(request: HttpRequest, digest: str) -> HttpResponse:
    """The stylesheet. Its address holds its digest: what is asked with today's digest never changes."""
    sheet = stylesheet()
    compressed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(sheet.compressed if compressed else sheet.plain, content_type="text/css; charset=utf-8")
    if compressed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    current = digest == sheet.digest
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if current else "no-cache"
    return response


def _word(text: str, status: int = 200) -> HttpResponse:
    response = HttpResponse(text + "\n", status=status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
