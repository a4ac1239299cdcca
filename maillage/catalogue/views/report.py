"""« Signaler une erreur » on a sheet: an anonymous form, no cookie, POST → 303 → thank-you page."""

from __future__ import annotations

from math import ceil
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from maillage.accounts.shared_rate import SharedRate
from maillage.catalogue import addresses
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.catalogue.models.sheet import Sheet
from maillage.catalogue.report_form import ReportForm, ticket
from maillage.catalogue.reports import report_error
from maillage.kit.form_problems import problems_of
from maillage.kit.http import SeeOther, comes_from_here, network_of

#: Per network, for every process. A clerk who goes through the catalogue stays under it, a program does not.
RATE = SharedRate("report", allowed=10, seconds=600)


def _sheet(kind: str, handle: str) -> Sheet:
    if kind == Offer.KIND:
        return addresses.find(Offer.objects.select_related("structure"), handle).sheet
    if kind == Relay.KIND:
        return addresses.find(Relay.objects.select_related("structure"), handle).sheet
    return addresses.find(Structure.objects.all(), handle).sheet


def _page_of(sheet: Sheet) -> str:
    if isinstance(sheet, Relay):
        return f"{sheet.structure.get_absolute_url()}#{sheet.uid}"
    assert isinstance(sheet, Offer | Structure)
    return sheet.get_absolute_url()


@csrf_exempt  # no cookie, so no token: see kit.http.comes_from_here
@cache_control(private=True, no_cache=True)  # not no-store: Back must find again what was typed
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, kind: str, handle: str) -> HttpResponse:
    """The form, and what it sends. What was typed is kept when something is missing."""
    sheet = _sheet(kind, handle)
    status, wait = 200, 0
    if request.method == "POST":
        form = ReportForm(request.POST, uid=sheet.uid)
        if not comes_from_here(request):
            form.add_error(None, _("Ce message vient d’un autre site. Envoyez-le depuis cette page."))
            status = 403
        elif form.is_valid():
            wait = ceil(RATE.wait(network_of(request)))
            if not wait:
                report_error(
                    sheet,
                    portal=request.portal.code,  # type: ignore[attr-defined]  # set by portal_middleware
                    reason=form.cleaned_data["reason"],
                    message=form.cleaned_data["message"],
                    email=form.cleaned_data["email"],
                )
                return SeeOther(reverse("report_thanks", args=(kind, sheet.handle)))
            form.add_error(
                None,
                _(
                    "Beaucoup de messages sont partis d’ici en peu de temps. Attendez %(minutes)d min, puis envoyez encore une fois."
                )
                % {"minutes": ceil(wait / 60)},
            )
            status = 429
    else:
        form = ReportForm(uid=sheet.uid)
    context: dict[str, Any] = {
        "sheet": sheet,
        "page": _page_of(sheet),
        "form": form,
        "ticket": _ticket(form, sheet),
        "problems": problems_of(form),
    }
    response = render(request, "catalogue/report.html", context, status=status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _ticket(form: ReportForm, sheet: Sheet) -> str:
    """The ticket for the next sending: the one that came unless it is no longer good, so that correcting costs no wait."""
    if form.is_bound and not form.has_error("__all__", "ticket"):
        return str(form["ticket"].value() or "") or ticket(sheet.uid)
    return ticket(sheet.uid)


@login_not_required
@require_safe
def report_thanks(request: HttpRequest, kind: str, handle: str) -> HttpResponse:
    """What happens now, and the way back to the sheet."""
    sheet = _sheet(kind, handle)
    return render(request, "catalogue/report_thanks.html", {"sheet": sheet, "page": _page_of(sheet)})
