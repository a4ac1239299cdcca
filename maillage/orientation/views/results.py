"""Screen 3: people first, then offers by kind, each with its reasons; what nearly fits; what to drop when nothing is found."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.kit.frame import framed, kept
from maillage.kit.typography import number, typographic
from maillage.orientation import record
from maillage.orientation.answer import Answer
from maillage.orientation.forms import read
from maillage.orientation.queries import orient
from maillage.orientation.situation import Situation
from maillage.orientation.views import filters
from maillage.orientation.views.cards import PEOPLE_FIRST, cards, people, urgent
from maillage.territories.queries import place
from maillage.territories.wording import forms
from maillage.vocabulary.labels import label
from maillage.vocabulary.middleware import PortalRequest
from maillage.vocabulary.portals import Portal

#: Offers of each kind on the page that shows them all, and offers on a page of one list.
PER_KIND, PER_PAGE = 3, 20

#: The part that htmx replaces, and the line that tells a screen reader what changed.
_BEFORE = '<p id="annonce" class="visually-hidden" role="status"></p>\n<div id="orientation">'


@login_not_required
@require_safe
def results(request: PortalRequest) -> HttpResponse:
    """The answer to the situation in the address. Public, 200 whatever the address holds; htmx gets the part that changes."""
    reading = read(request.GET)
    situation, page = reading.situation, page_number(request.GET.get("page", ""))
    per_kind = None if situation.kinds else PER_KIND
    answer = orient(situation, request.portal, limit=PER_PAGE, offset=(page - 1) * PER_PAGE, per_kind=per_kind)
    if page == 1:
        record.keep(answer, request.portal.code)
    query = situation.query()
    where, pages = heading(situation), pager(answer.total, page) if situation.kinds else None
    context: dict[str, Any] = {
        "heading": where,
        "answer": answer,
        "situation": situation,
        "portal": request.portal,
        "query": query,
        "carried": situation.pairs(),
        "problems": filters.problems(reading.problems, situation),
        "urgent": urgent(answer) if situation.is_distress else (),
        "sections": sections(answer, query),
        "pager": pages,
        "near": cards(answer.near_misses, query),
        "active": filters.active(situation),
        "filters": filters.form(answer),
        "asked": filters.asked(answer),
        "relaxed": filters.relaxed(answer),
    }
    contacts = people(answer)
    context["people"], context["others"] = contacts[:PEOPLE_FIRST], contacts[PEOPLE_FIRST:]
    body = render_to_string("orientation/answer.jinja", context, using="jinja")
    title = page_title(where, answer, problems=bool(reading.problems), page=pages.number if pages else 1)
    fragment = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]  # django-htmx
    if fragment:
        response = render(
            request,
            "orientation/results_fragment.html",
            {"title": title, "portal": request.portal, "body": mark_safe(body)},  # noqa: S308  # escaped by Jinja
        )
    else:
        response = framed(request, f"{_BEFORE}{body}</div>\n", title=title, section="find", head=head(request.portal, query))
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    if fragment:
        response.headers["Cache-Control"] = "no-store"
        if not reading.problems:
            response.headers["HX-Push-Url"] = filters.address(situation)  # without the fields left empty
    return response


def page_title(heading: str, answer: Answer, *, problems: bool, page: int) -> str:
    """What a tab and a screen reader say first: whether something is to correct, where, and how much was found."""
    total = answer.total
    found = (
        ngettext("%(shown)s résultat", "%(shown)s résultats", total) % {"shown": number(total)} if total else _("aucun résultat")
    )
    parts = [heading, found, *([_("page %(number)s") % {"number": page}] if page > 1 else [])]
    return (_("À préciser\u202f:") + " " if problems else "") + " – ".join(parts)


def head(portal: Portal, query: str) -> str:
    """The scripts of the page, and the feeds of this situation."""
    feeds = "".join(
        f'<link rel="alternate" type="application/atom+xml" title="{title}" href="{address}{"?" if query else ""}{escape(query)}">\n'
        for title, address in _feeds(get_language())
    )
    return f"{kept('orientation/results_head.html', portal, 'find')}{feeds}"


@cache
def _feeds(language: str | None) -> tuple[tuple[str, str], ...]:
    """(title, address) of each feed, in the language, which is the active one."""
    return (escape(_("Nouveautés")), reverse("feed-new")), (escape(_("Appels et dates limites")), reverse("feed-calls"))


def heading(situation: Situation) -> str:
    """The title of the page: « Création à Craon », « Vos appuis »."""
    stage = label("stage", situation.stage) if situation.stage else _("Vos appuis")
    where = place("commune", situation.commune.code) if situation.commune else None
    if where is None:
        return stage
    return typographic(_("%(stage)s %(at)s") % {"stage": stage, "at": forms(where).at, "name": where.name})


def page_number(text: str) -> int:
    """The number of a page, from an address that may hold anything: 1 when it is not a number."""
    return max(1, int(text)) if text.isdecimal() and text.isascii() and len(text) < 6 else 1


def sections(answer: Answer, query: str) -> list[dict[str, Any]]:
    """The offers shown, by kind: title, count, cards, and the address of the whole list when there are more.

    `query` is the situation as a query string. When the person asked for some kinds only, there is one list, cut in pages, in the order of the ranking.
    """
    situation = answer.situation
    if situation.kinds:
        shown = cards(answer.results, query)
        return [{"code": "", "title": "", "count": answer.total, "cards": shown, "more": ""}] if shown else []
    found = []
    for code, count in answer.by_kind.items():
        shown = cards((match for match in answer.results if match.offer.kind == code), query)
        if shown:
            more = filters.address(situation.with_value("kinds", code)) if count > len(shown) else ""
            found.append({"code": code, "title": label("kind", code), "count": count, "cards": shown, "more": more})
    return found


def pager(total: int, page: int) -> Page[int]:
    """Which page of the list this is."""
    return Paginator(range(total), PER_PAGE).get_page(page)
