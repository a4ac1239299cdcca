"""Stopping messages: by the link of a message, and in « Mes messages »."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from maillage.accounts.models import Person
from maillage.journal import stops
from maillage.journal.kinds import kinds
from maillage.kit.http import SeeOther


@csrf_exempt  # a mail program posts from nowhere (RFC 8058); the signed link is the proof, and all it can do is stop a message
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop one kind of message. Looking changes nothing (mail scanners look); the button, or the mail program's own, stops."""
    receiver = stops.read_link(token)
    if receiver is None:
        return render(request, "journal/stop.html", {"kind": None}, status=410)
    if request.method == "POST":
        stops.stop(receiver)
        if request.POST.get("List-Unsubscribe") == "One-Click":
            return HttpResponse(_("C’est fait."), content_type="text/plain; charset=utf-8")
        return SeeOther(request.path)
    return render(
        request, "journal/stop.html", {"kind": kinds()[receiver.kind], "stopped": stops.has_stopped(receiver), "token": token}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def my_messages(request: HttpRequest) -> HttpResponse:
    """« Mes messages »: which kinds come to me."""
    person = request.user
    assert isinstance(person, Person)
    if request.method == "POST":
        stops.choose(person, set(request.POST.getlist("kind")))
        messages.success(request, _("Vos choix sont enregistrés."))
        return SeeOther(reverse("my-messages"))
    stopped = stops.stopped_kinds(person)
    every = kinds().values()
    context = {
        "choices": [(kind, kind.code not in stopped) for kind in every if kind.stoppable],
        "always": [kind for kind in every if not kind.stoppable],
        "trail": [(_("Mon compte"), reverse("account")), (_("Mes messages"), "")],
    }
    return render(request, "journal/my_messages.html", context)
