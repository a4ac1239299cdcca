"""The identity provider: going there, coming back, and linking it to one's account."""

from __future__ import annotations

import time
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from maillage.accounts import entering, events, oidc, throttle
from maillage.accounts.middleware import first_factor_enough
from maillage.accounts.models import Person
from maillage.accounts.oidc import Provider, client
from maillage.accounts.oidc.claims import Refused
from maillage.accounts.views.factors import freshly_proved
from maillage.accounts.views.shared import page, person_of, wait_sentence
from maillage.kit.http import SeeOther, network_of

#: In the session: the identity that was proved, until the button of the page is pressed.
PROVED, PROVED_LIFE = "oidc_proved", 300


def _provider() -> Provider:
    found = oidc.provider()
    if found is None:
        raise Http404
    return found


def _sentence(provider: Provider, reason: str) -> str:
    if reason == "cancelled":
        return _("Vous avez interrompu la connexion avec %(name)s.") % {"name": provider.name}
    if reason in {"no-question", "state"}:
        return _("Cette réponse ne correspond pas à une demande en cours ici. Recommencez depuis la page de connexion.")
    if reason in {"unreachable", "exchange"}:
        return _("%(name)s ne répond pas comme prévu. Recommencez plus tard, ou demandez un code par courriel.") % {
            "name": provider.name
        }
    return _("La réponse de %(name)s n’a pas pu être vérifiée : elle est refusée. Demandez un code par courriel.") % {
        "name": provider.name
    }


def _refusal(request: HttpRequest, provider: Provider, sentence: str, status: int = 403) -> HttpResponse:
    response = page(request, "provider_refused.html", {"provider": provider, "sentence": sentence})
    response.status_code = status
    return response


@never_cache
@login_not_required
@first_factor_enough
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Go to the provider, to sign in or to link it to the account one is signed in to."""
    provider = _provider()
    verdict = throttle.attempt("provider", network_of(request), "provider")
    if not verdict.allowed:
        response = _refusal(request, provider, wait_sentence(verdict), 429)
        response.headers["Retry-After"] = str(verdict.wait)
        return response
    linking = "relier" in request.POST and isinstance(request.user, Person)
    if linking and not entering.is_fresh(request):
        return SeeOther(f"{resolve_url('confirm')}?{urlencode({'next': resolve_url('account')})}")
    wanted = entering.safe_next(request, request.POST.get("next", ""))
    try:
        return SeeOther(client.ask(request, provider, "link" if linking else "sign-in", wanted))
    except Refused as refusal:
        return _refusal(request, provider, _sentence(provider, str(refusal)), 502)


@never_cache
@login_not_required
@first_factor_enough
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    """The provider sends the person back here. The answer is verified at once (its code lives 30 seconds); a button then signs in or links."""
    provider = _provider()
    if request.method == "POST":
        return _finish(request, provider)
    try:
        identity, question = client.answer(request, provider)
    except Refused as refusal:
        events.tell_log(events.Kind.PROVIDER_REFUSED, device=events.device(request), detail=str(refusal))
        return _refusal(request, provider, _sentence(provider, str(refusal)))
    request.session[PROVED] = {
        "issuer": identity.issuer,
        "sub": identity.sub,
        "strong": identity.acr in provider.strong,
        "intent": question["intent"],
        "wanted": question["wanted"],
        "at": time.time(),
    }
    return page(request, "provider_return.html", {"provider": provider, "linking": question["intent"] == "link"})


def _finish(request: HttpRequest, provider: Provider) -> HttpResponse:
    proved = request.session.pop(PROVED, None)
    if not isinstance(proved, dict) or time.time() - proved["at"] > PROVED_LIFE or proved["issuer"] != provider.issuer:
        return _refusal(request, provider, _sentence(provider, "no-question"))
    if proved["intent"] == "link":
        return _link(request, provider, proved)
    person = oidc.person_linked(proved["issuer"], proved["sub"])
    if person is None:
        sentence = _(
            "Aucun compte n’est encore relié à cette identité. Connectez-vous une fois par code, puis reliez %(name)s dans «\u202fMon compte\u202f»."
        ) % {"name": provider.name}
        return _refusal(request, provider, sentence)
    return SeeOther(entering.begin(request, person, "provider", proved["wanted"], strong=proved["strong"]))


def _link(request: HttpRequest, provider: Provider, proved: dict[str, Any]) -> HttpResponse:
    person = request.user
    if not isinstance(person, Person) or not entering.is_fresh(request) or not entering.is_enough(request):
        return _refusal(
            request, provider, _("Confirmez d’abord que c’est vous, puis recommencez depuis «\u202fMon compte\u202f».")
        )
    already = SocialAccount.objects.filter(provider=proved["issuer"], uid=proved["sub"]).first()
    if already and already.user_id != person.pk:
        return _refusal(request, provider, _("Cette identité est déjà reliée à un autre compte."))
    if not already:
        try:
            with transaction.atomic():
                SocialAccount.objects.create(provider=proved["issuer"], uid=proved["sub"], user=person, extra_data={})
                events.record(events.Kind.PROVIDER_LINKED, person=person, request=request)
        except IntegrityError:  # twice at once: one of the two made the link
            return _refusal(request, provider, _("Cette identité vient d’être reliée. Rechargez «\u202fMon compte\u202f»."))
    messages.success(request, _("%(name)s est relié à votre compte.") % {"name": provider.name})
    return SeeOther(resolve_url("account"))


@require_POST
@freshly_proved
def unlink(request: HttpRequest) -> HttpResponse:
    """Forget the identities linked to this account."""
    person = person_of(request)
    with transaction.atomic():
        if SocialAccount.objects.filter(user=person).delete()[0]:
            events.record(events.Kind.PROVIDER_UNLINKED, person=person, request=request)
    messages.success(request, _("Votre compte n’est plus relié."))
    return SeeOther(resolve_url("account"))
