"""Screen 3: people first, then offers by kind, each with its reasons; what nearly fits; what to drop when nothing is found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from maillage.orientation import record
from maillage.orientation.answer import Answer, Contact, Match
from maillage.orientation.forms import read
from maillage.orientation.queries import orient
from maillage.orientation.views import filters
from maillage.vocabulary.labels import label
from maillage.vocabulary.middleware import PortalRequest

#: Offers of each kind on the page that shows them all, and offers on a page of one list.
PER_KIND, PER_PAGE = 5, 20
#: People shown before the offers; the page of relays shows them all.
PEOPLE = 6
#: How one is received and what it costs are facts of the card, not points to check.
NOT_CHECKED = frozenset({"acces", "cout"})


@login_not_required
@require_safe
def results(request: PortalRequest) -> HttpResponse:
    """The answer to the situation in the address. Public, 200 whatever the address holds; htmx gets the part that changes."""
    reading = read(request.GET)
    situation = reading.situation
    page = max(1, int(number)) if (number := request.GET.get("page", "")[:4]).isdecimal() else 1
    narrowed = bool(situation.kinds)
    answer = (
        orient(situation, request.portal, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
        if narrowed
        else orient(situation, request.portal, per_kind=PER_KIND)
    )
    if page == 1:
        record.keep(answer, request.portal.code)
    context = {
        "section": "find",
        "answer": answer,
        "situation": situation,
        "query": situation.query(),
        "problems": filters.problems(reading.problems, situation),
        "people": people(answer),
        "urgent": urgent(answer) if situation.is_distress else (),
        "sections": [] if narrowed else sections(answer),
        "pager": pager(answer.total, page) if narrowed else None,
        "active": filters.active(situation),
        "stage_filter": filters.group("stage", answer),
        "form_filter": filters.group("legal_form", answer),
        "groups": [filters.group(field, answer) for field in ("kinds", "needs", "sectors", "audiences", "modes", "costs")],
        "facts": filters.facts(situation),
        "asked": filters.asked(answer),
        "relaxed": filters.relaxed(answer),
        "not_checked": NOT_CHECKED,
    }
    fragment = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]  # django-htmx
    response = render(request, "orientation/results_fragment.html" if fragment else "orientation/results.html", context)
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    if fragment:
        response.headers["Cache-Control"] = "no-store"
    return response


def people(answer: Answer) -> list[Contact]:
    """Who to call or visit, before any offer: the networks, then the nearest relays."""
    return [*answer.networks, *answer.relays][:PEOPLE]


def urgent(answer: Answer) -> list[dict[str, str]]:
    """For a project in difficulties: the telephone numbers to call at once, those made for difficulties first, each once."""
    lines = [
        *(
            (match.offer.name, match.offer.structure.name, match.offer.phone or match.offer.structure.phone)
            for match in _in_need(answer.results)
        ),
        *((contact.name, contact.reason, contact.phone) for contact in (*answer.networks, *answer.relays)),
    ]
    by_number: dict[str, dict[str, str]] = {}
    for name, detail, phone in lines:
        if phone:
            by_number.setdefault(phone, {"name": name, "detail": detail, "phone": phone})
    return list(by_number.values())[:PEOPLE]


def _in_need(matches: Iterable[Match]) -> list[Match]:
    return [match for match in matches if match.offer.stages == ["difficultes"]]


def sections(answer: Answer) -> list[dict[str, Any]]:
    """The best offers of each kind under its title, and the address of the whole list when there are more."""
    found = []
    for code, count in answer.by_kind.items():
        matches = [match for match in answer.results if match.offer.kind == code]
        if matches:
            more = filters.address(answer.situation.with_value("kinds", code)) if count > len(matches) else ""
            found.append({"code": code, "title": label("kind", code), "count": count, "matches": matches, "more": more})
    return found


def pager(total: int, page: int) -> Page[int]:
    """Which page of the list this is."""
    return Paginator(range(total), PER_PAGE).get_page(page)
