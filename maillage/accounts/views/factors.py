"""Set up the second factor: an application, passkeys, recovery codes. Each change asks who is there, unless it was just proved."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from maillage.accounts import actions, entering, events
from maillage.accounts.forms import CodeForm, KeyForm
from maillage.accounts.middleware import first_factor_enough
from maillage.accounts.models import Person
from maillage.accounts.personas import is_professional
from maillage.accounts.second_factor import Type, factors_of, passkeys, recovery, totp
from maillage.accounts.views.shared import page, person_of
from maillage.kit.http import SeeOther

TOTP_SECRET, NEXT = "totp_secret", "after_set_up"
View = Callable[..., HttpResponse]


def freshly_proved(view: View) -> View:
    """Decorates a view that changes what protects the account: leads to « Confirmez que c'est vous » unless it was just done."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not entering.is_fresh(request):
            return SeeOther(f"{resolve_url('confirm')}?{urlencode({'next': request.get_full_path()})}")
        return view(request, *args, **kwargs)

    return guarded


def _lacks_second(request: HttpRequest, person: Person) -> bool:
    """A session opened with a first factor only, of somebody who has a second: it proves it before touching anything."""
    return bool(factors_of(person)) and not entering.used_second(request)


def _required(person: Person) -> bool:
    return settings.MAILLAGE_SECOND_FACTOR and is_professional(person)


@never_cache
@first_factor_enough
@require_http_methods(["GET", "HEAD"])
def second_factor_setup(request: HttpRequest) -> HttpResponse:
    """The factors one has, and how to add one."""
    person = person_of(request)
    factors = factors_of(person)
    context = {
        "factors": factors,
        "has_totp": any(factor.type == Type.TOTP for factor in factors),
        "left": len(recovery.unused(person)) if factors else 0,
        "required": _required(person),
        "may_remove": not _required(person) or len(factors) > 1,
        "demonstration": not settings.MAILLAGE_PRODUCTION and _required(person) and not factors,
        "next": entering.safe_next(request, request.GET.get("next", "")),
        "passkeys": _passkeys_possible(request),
    }
    return page(request, "factors.html", context)


def _passkeys_possible(request: HttpRequest) -> bool:
    """A passkey is tied to a name: never to an IP address, and only over https or on this machine."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    named = not host.replace(".", "").isdecimal() and not host.startswith("[")
    return named and (request.is_secure() or host == "localhost" or host.endswith(".localhost"))


@never_cache
@first_factor_enough
@sensitive_post_parameters()
@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
@freshly_proved
def totp_setup(request: HttpRequest) -> HttpResponse:
    """Read the key with an application, then type its first code. « Commencer » makes the key; a look makes nothing."""
    person = person_of(request)
    secret = request.session.get(TOTP_SECRET, "")
    if request.method == "POST" and "code" not in request.POST:
        request.session[TOTP_SECRET] = totp.new_secret()
        request.session[NEXT] = entering.safe_next(request, request.POST.get("next", ""))
        return SeeOther(resolve_url("totp-setup"))
    if not secret:
        return SeeOther(resolve_url("second-factor-setup"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if totp.is_right(secret, form.cleaned_data["code"]):
            with transaction.atomic():
                totp.set_up(person, secret)
                totp.check(person, form.cleaned_data["code"])  # this code has served
                _added(request, person, "totp")
            del request.session[TOTP_SECRET]
            return SeeOther(resolve_url("recovery-codes"))
        form.add_error(
            "code", _("Ce n’est pas le code que montre l’application. Vérifiez l’heure du téléphone, puis recommencez.")
        )
    address = totp.address(person, secret)
    context = {
        "form": form,
        "secret": " ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
        "address": address,
        "drawing": mark_safe(totp.drawing(address)),  # noqa: S308  # an SVG that we draw, of an address that we make
    }
    return page(request, "totp.html", context)


@never_cache
@first_factor_enough
@require_http_methods(["GET", "HEAD", "POST"])
@freshly_proved
def passkey_setup(request: HttpRequest) -> HttpResponse:
    """Remember a passkey. Needs JavaScript; the page says what to do without."""
    person = person_of(request)
    form, question = KeyForm(), ""
    if request.method == "POST" and "credential" not in request.POST:
        if next_page := entering.safe_next(request, request.POST.get("next", "")):
            request.session[NEXT] = next_page
        question = passkeys.question_to_register(person)
    elif request.method == "POST":
        form = KeyForm(request.POST)
        if form.is_valid():
            try:
                with transaction.atomic():
                    passkeys.register(person, form.cleaned_data["credential"], form.cleaned_data["name"])
                    _added(request, person, "passkey")
                return SeeOther(resolve_url("recovery-codes"))
            except passkeys.Refused:
                form.add_error(None, _("Cette clé n’a pas répondu comme il faut. Recommencez."))
    return page(request, "passkey.html", {"form": form, "question": question, "possible": _passkeys_possible(request)})


def _added(request: HttpRequest, person: Person, how: str) -> None:
    """A factor was added: this session has proved it, the others are closed, recovery codes exist, the person is told."""
    if not recovery.unused(person):
        recovery.make(person)
    entering.rise(request, person, how)
    actions.end_other_sessions(person, request.session.session_key)
    events.record(events.Kind.FACTOR_ADDED, person=person, request=request, detail=how)
    get_adapter().send_mail("accounts/mail/changed", person.email, {"what": "factor-added", "portal": request.portal})  # type: ignore[attr-defined]  # set by the portal middleware


@never_cache
@first_factor_enough
@require_http_methods(["GET", "HEAD", "POST"])
@freshly_proved
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The recovery codes that are left; a button makes new ones."""
    person = person_of(request)
    if not factors_of(person) or _lacks_second(request, person):
        return SeeOther(resolve_url("second-factor-setup"))
    if request.method == "POST":
        with transaction.atomic():
            recovery.make(person)
            events.record(events.Kind.RECOVERY_MADE, person=person, request=request)
        return SeeOther(resolve_url("recovery-codes"))
    onward = request.session.get(NEXT, "") or entering.after_sign_in(request, person, "")
    return page(request, "recovery_codes.html", {"codes": recovery.unused(person), "onward": onward})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@freshly_proved
def remove_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a factor; never the last one of somebody who must have one."""
    person = person_of(request)
    factors = {factor.pk: factor for factor in factors_of(person)}
    if pk not in factors:
        raise Http404
    last_needed = _required(person) and len(factors) == 1
    if request.method == "POST" and not last_needed:
        with transaction.atomic():
            kind = factors[pk].type
            Authenticator.objects.filter(pk=pk, user=person).delete()
            if len(factors) == 1:
                Authenticator.objects.filter(user=person).delete()  # recovery codes of nothing
            actions.end_other_sessions(person, request.session.session_key)
            events.record(events.Kind.FACTOR_REMOVED, person=person, request=request, detail=kind)
            get_adapter().send_mail("accounts/mail/changed", person.email, {"what": "factor-removed", "portal": request.portal})  # type: ignore[attr-defined]
        return SeeOther(resolve_url("second-factor-setup"))
    return page(request, "remove_factor.html", {"factor": factors[pk], "last_needed": last_needed})
