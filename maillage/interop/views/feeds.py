"""The feeds and the calendar of a situation: the parameters of the results page; the address said inside is the canonical one."""

from __future__ import annotations

import hashlib

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.catalogue.models import Offer
from maillage.interop.feeds import ENTRIES, atom, closing_offers, newest_offers
from maillage.kit.absolute import absolute_url
from maillage.kit.typography import typographic
from maillage.orientation.calendars import deadlines_calendar
from maillage.orientation.forms import read
from maillage.orientation.situation import Situation
from maillage.orientation.views.results import heading
from maillage.vocabulary.middleware import PortalRequest

#: Seconds that a reader may keep a feed.
FRESH = 900


@require_safe
@login_not_required
def new_offers(request: PortalRequest) -> HttpResponse:
    """Atom: the offers of a situation that came last."""
    situation = read(request.GET).situation
    return _feed(request, "feed-new", _("Nouveautés"), situation, newest_offers(situation, timezone.localdate()))


@require_safe
@login_not_required
def calls(request: PortalRequest) -> HttpResponse:
    """Atom: the open offers of a situation that have a deadline."""
    situation = read(request.GET).situation
    return _feed(
        request, "feed-calls", _("Appels et dates limites"), situation, closing_offers(situation, timezone.localdate(), ENTRIES)
    )


@require_safe
@login_not_required
def deadlines(request: PortalRequest) -> HttpResponse:
    """iCalendar: the deadlines of the open offers of a situation."""
    situation = read(request.GET).situation
    offers = closing_offers(situation, timezone.localdate())
    name = f"{_('Dates limites')} – {heading(situation)}"
    body = deadlines_calendar([(offer, _url(request, offer)) for offer in offers], name)
    response = _fresh(request, body, "text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(False, "dates-limites.ics") or ""
    return response


def _feed(request: PortalRequest, name: str, what: str, situation: Situation, offers: list[Offer]) -> HttpResponse:
    query = situation.query()
    own, page = (
        absolute_url(request, reverse(address) + (f"?{query}" if query else ""), request.portal.hosts)
        for address in (name, "results")
    )
    title = typographic(f"{request.portal.name} – {what} – {heading(situation)}")
    body = atom(title, own, page, offers, lambda offer: _url(request, offer), get_language() or "fr")
    return _fresh(request, body, "application/atom+xml; charset=utf-8")


def _url(request: PortalRequest, offer: Offer) -> str:
    return absolute_url(request, offer.get_absolute_url(), request.portal.hosts)


def _fresh(request: PortalRequest, body: bytes, content_type: str) -> HttpResponse:
    """The body, or 304: readers ask again and again, mostly for nothing."""
    tag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    response: HttpResponse
    if tag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type=content_type)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = f"public, max-age={FRESH}"
    return response
