"""The board: what waits."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from maillage.catalogue import queries
from maillage.catalogue.enums import Status
from maillage.catalogue.office import extensions, sentences
from maillage.catalogue.office.kinds import KINDS
from maillage.catalogue.office.page import office_page, team_only


@require_safe
@team_only
def board(request: HttpRequest) -> HttpResponse:
    """What waits: reviews, suspensions, sheets never verified, reports, calls that close soon."""
    today = queries.today()
    waiting = queries.waiting(today)
    counts = [
        {
            "words": words,
            "published": waiting.published[kind],
            "drafts": waiting.drafts[kind],
            "review": waiting.review[kind],
            "suspended": waiting.suspended[kind],
            "unverified": waiting.unverified[kind],
        }
        for kind, words in KINDS.items()
    ]
    context = {
        "counts": counts,
        "waiting": waiting,
        "also_waiting": extensions.waiting(),
        "in_review": queries.in_review(),
        "closing": queries.closing_soon(today),
        "today": today,
        "lines": [sentences.line(entry) for entry in queries.recent_entries()],
        "Status": {"draft": Status.DRAFT, "review": Status.REVIEW, "suspended": Status.SUSPENDED, "published": Status.PUBLISHED},
    }
    return office_page(request, "board.html", context, part="board")
