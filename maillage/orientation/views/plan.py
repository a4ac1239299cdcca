"""Screen 8: the « parcours », a plan across the stages, as a page to print and as an accessible PDF."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from maillage.kit.absolute import absolute_url
from maillage.kit.pdf.compile import Busy
from maillage.orientation.forms import Reading, read
from maillage.orientation.pdf.plan import advice, situation_lines, when
from maillage.orientation.pdf.plan import plan_pdf as make_pdf
from maillage.orientation.plan import PARAMETER, Plan, make_plan, read_uids
from maillage.orientation.qr import qr_code
from maillage.vocabulary.middleware import PortalRequest

#: Seconds after which to ask again when too many sheets are being made.
RETRY = 5


@require_safe
@login_not_required
def plan(request: PortalRequest) -> HttpResponse:
    """The plan as a page. Everything is in the address: the situation, and the chosen offers if there are any."""
    reading, found = _asked(request, timezone.now())
    return _page(request, reading, found)


@require_safe
@login_not_required
def plan_pdf(request: PortalRequest) -> HttpResponse:
    """The same plan as a PDF. When too many are being made, the page itself, with 503: it says the same and prints too."""
    now = timezone.now()
    reading, found = _asked(request, now)
    try:
        content = make_pdf(found, request.portal, _address(request, found), timezone.localtime(now))
    except Busy:
        response = _page(request, reading, found, busy=True)
        response.status_code = 503
        response.headers["Retry-After"] = str(RETRY)
        return response
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(False, "parcours.pdf") or ""
    return response


def _asked(request: PortalRequest, now: datetime) -> tuple[Reading, Plan]:
    reading = read(request.GET)
    uids = read_uids(request.GET.getlist(PARAMETER))
    return reading, make_plan(reading.situation, uids, request.portal, now, timezone.localdate(now))


def _address(request: PortalRequest, found: Plan) -> str:
    query = found.own_query
    return absolute_url(request, reverse("plan") + (f"?{query}" if query else ""), request.portal.hosts)


def _page(request: PortalRequest, reading: Reading, found: Plan, *, busy: bool = False) -> HttpResponse:
    address = _address(request, found)
    situation = found.situation
    context = {
        "section": "find",
        "plan": found,
        "busy": busy,
        "said": situation_lines(situation),
        "query": situation.query(),
        "plan_query": found.own_query,
        "problems": [{"message": problem.sentence, "anchor": ""} for problem in reading.problems],
        "stages": [
            (stage, [(step, when(step), "?" + found.query(without=step.offer.uid)) for step in stage.steps])
            for stage in found.stages
        ],
        "contacts": found.contacts,
        "advice": advice(),
        "address": address,
        "qr": qr_code(address),
    }
    return render(request, "orientation/plan.html", context)
