"""Ask for an alert, and the private page from which its receiver confirms, renews and stops it."""

from __future__ import annotations

from math import ceil

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from maillage.accounts.shared_rate import SharedRate
from maillage.kit.absolute import portal_root
from maillage.kit.form_problems import problems_of
from maillage.kit.http import SeeOther, comes_from_here, network_of
from maillage.orientation.alerts import actions
from maillage.orientation.alerts.forms import AlertForm, ticket
from maillage.orientation.alerts.links import alert_of
from maillage.orientation.forms import read
from maillage.orientation.models import Alert
from maillage.orientation.views.filters import address, words_of
from maillage.vocabulary.middleware import PortalRequest

#: Per network, and per address written to, for every process: nobody's mailbox is filled through us.
PER_NETWORK = SharedRate("alert-network", allowed=20, seconds=3600)
PER_ADDRESS = SharedRate("alert-address", allowed=5, seconds=3600)


@csrf_exempt  # no cookie, so no token: see kit.http.comes_from_here
@cache_control(private=True, no_cache=True)  # not no-store: Back must find again what was typed
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PortalRequest) -> HttpResponse:
    """The search of the address in words, an e-mail address, a frequency. Posting asks its reader to confirm."""
    situation = read(request.GET).situation
    status, wait = 200, 0
    form = AlertForm(request.POST) if request.method == "POST" else AlertForm()
    if request.method == "POST":
        if not comes_from_here(request):
            form.add_error(None, _("Ce message vient d’un autre site. Envoyez-le depuis cette page."))
            status = 403
        elif form.is_valid():
            email = form.cleaned_data["email"]
            wait = ceil(max(PER_NETWORK.wait(network_of(request)), PER_ADDRESS.wait(email.lower())))
            if not wait:
                site = portal_root(request, request.portal.hosts)
                actions.ask(email, situation, form.cleaned_data["frequency"], get_language() or "fr", site)
                return SeeOther(_thanks(situation.query()))
            form.add_error(
                None,
                _(
                    "Beaucoup d’alertes ont été demandées d’ici en peu de temps. Attendez %(minutes)d min, puis envoyez encore une fois."
                )
                % {"minutes": ceil(wait / 60)},
            )
            status = 429
    context = {
        "words": words_of(situation),
        "back": address(situation),
        "form": form,
        "ticket": (str(form["ticket"].value() or "") or ticket())
        if form.is_bound and not form.has_error("__all__", "ticket")
        else ticket(),
        "problems": problems_of(form),
    }
    response = render(request, "orientation/alerts/ask.html", context, status=status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _thanks(query: str) -> str:
    return reverse("alert-asked") + (f"?{query}" if query else "")


@login_not_required
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """What to do now: open the e-mail."""
    situation = read(request.GET).situation
    return render(request, "orientation/alerts/asked.html", {"back": address(situation), "days": actions.CONFIRM_DAYS})


@csrf_exempt  # a mail program posts from nowhere (RFC 8058); the signed link is the proof
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def alert(request: HttpRequest, token: str) -> HttpResponse:
    """One alert, for who holds its link. Looking changes nothing; a button confirms, renews or stops; a mail program stops."""
    known, found = alert_of(token)
    if not known:
        return render(request, "orientation/alerts/alert.html", {"alert": None, "stopped": False}, status=410)
    if request.method == "POST":
        if request.POST.get("List-Unsubscribe") == "One-Click":
            if found:
                actions.stop(found)
            return HttpResponse(_("C’est fait."), content_type="text/plain; charset=utf-8")
        act = {"confirm": actions.confirm, "renew": actions.renew, "stop": actions.stop}.get(request.POST.get("act", ""))
        if act and found:
            act(found)
        return SeeOther(request.path)
    if found is None:
        return render(request, "orientation/alerts/alert.html", {"alert": None, "stopped": True})
    ends_soon = found.expires_on is not None and found.expires_on - actions.NOTICE <= timezone.localdate()
    context = {"alert": found, "active": found.state == Alert.State.ACTIVE, "ends_soon": ends_soon, **actions.described(found)}
    return render(request, "orientation/alerts/alert.html", context)
