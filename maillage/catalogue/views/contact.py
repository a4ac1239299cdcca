"""A contact that a sheet shows only to those who ask: a button (POST), then a page of a few minutes. Asking is written in the journal."""

from __future__ import annotations

from math import ceil

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from maillage.accounts.models import Person
from maillage.accounts.shared_rate import SharedRate
from maillage.catalogue import addresses
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.catalogue.reports import VISITOR
from maillage.journal.actions import entry_for
from maillage.kit.http import SeeOther, comes_from_here, network_of

#: Per network, for every process: a clerk who helps people all day stays under it, a program that gathers addresses does not.
RATE = SharedRate("contact-ask", allowed=20, seconds=600)
_SALT, _LIFE = "maillage.catalogue.contact", 900


def _sheet(kind: str, handle: str) -> Structure | Offer | Relay:
    queryset = {Offer.KIND: Offer.objects.select_related("structure"), Relay.KIND: Relay.objects.select_related("structure")}
    found = addresses.find(queryset.get(kind, Structure.objects.all()), handle)
    if found.gone:
        raise Http404
    return found.sheet  # type: ignore[return-value]


def _page_of(sheet: Structure | Offer | Relay) -> str:
    return f"{sheet.structure.get_absolute_url()}#{sheet.uid}" if isinstance(sheet, Relay) else sheet.get_absolute_url()


@csrf_exempt  # no cookie, so no token: see kit.http.comes_from_here
@login_not_required
@require_POST
def contact_ask(request: HttpRequest, kind: str, handle: str) -> HttpResponse:
    """Note that somebody asked, and lead to the contact. Nothing says who, unless they are signed in."""
    sheet = _sheet(kind, handle)
    if not sheet.hidden_contact:
        return SeeOther(_page_of(sheet))
    if not comes_from_here(request):
        return render(
            request, "catalogue/contact.html", {"sheet": sheet, "page": _page_of(sheet), "state": "elsewhere"}, status=403
        )
    wait = ceil(RATE.wait(network_of(request)))
    if wait:
        context = {"sheet": sheet, "page": _page_of(sheet), "state": "wait", "minutes": ceil(wait / 60)}
        response = render(request, "catalogue/contact.html", context, status=429)
        response.headers["Retry-After"] = str(wait)
        return response
    person = request.user if isinstance(request.user, Person) else None
    entry = entry_for("contact-asked", sheet, actor=person)
    if person is None:
        entry.actor_name = VISITOR
    entry.save(force_insert=True)
    return SeeOther(reverse("contact-shown", args=(kind, sheet.handle, signing.dumps(sheet.uid, salt=_SALT))))


@cache_control(private=True, no_store=True)
@login_not_required
@require_safe
def contact_shown(request: HttpRequest, kind: str, handle: str, token: str) -> HttpResponse:
    """The contact, for a quarter of an hour; then the button again."""
    sheet = _sheet(kind, handle)
    try:
        shown = signing.loads(token, salt=_SALT, max_age=_LIFE) == sheet.uid
    except signing.BadSignature:
        shown = False
    context = {"sheet": sheet, "page": _page_of(sheet), "state": "shown" if shown and sheet.hidden_contact else "late"}
    response = render(request, "catalogue/contact.html", context, status=200 if context["state"] == "shown" else 410)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
