"""Signing in: by a code sent by e-mail, by a link that somebody gave, by password. Signing out."""

from __future__ import annotations

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from maillage.accounts import actions, codes, entering, events, oidc, throttle
from maillage.accounts.forms import AddressForm, CodeForm, NameForm, SignInForm
from maillage.accounts.middleware import first_factor_enough
from maillage.accounts.models import Code, Person
from maillage.accounts.views.shared import page, wait_sentence
from maillage.kit.http import SeeOther, network_of

#: In the session: the handle of the code that was asked for; the address that was proved and has no account yet.
HANDLE, PROVED_ADDRESS = "code", "proved_address"


def _wanted(request: HttpRequest) -> str:
    return entering.safe_next(request, request.POST.get("next", request.GET.get("next", "")))


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a code. The answer is the same whether an account exists or not."""
    form, verdict = AddressForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        verdict = throttle.attempt(email, network_of(request), "ask-code")
        if verdict.allowed:
            request.session[HANDLE] = codes.ask(email, codes.Purpose.SIGN_IN, request, wanted=_wanted(request))
            request.session[PROVED_ADDRESS] = ""
            return SeeOther(resolve_url("sign-in-code"))
        form.add_error(None, wait_sentence(verdict))
    context = {"form": form, "next": _wanted(request), "provider": oidc.provider()}
    return page(request, "sign_in.html", context, verdict=verdict)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Type the code. Five tries, then another must be asked for."""
    handle = request.session.get(HANDLE, "")
    asked = codes.pending(handle, codes.Purpose.SIGN_IN)
    form, verdict = CodeForm(request.POST or None), None
    if request.method == "POST" and asked and form.is_valid():
        verdict = throttle.attempt(asked.email, network_of(request), "code")
        if not verdict.allowed:
            form.add_error(None, wait_sentence(verdict))
            return page(request, "code.html", {"form": form, "asked": asked}, verdict=verdict)
        answer = codes.check(handle, form.cleaned_data["code"], codes.Purpose.SIGN_IN, request)
        if answer.code:
            return _enter(request, answer.code)
        if answer.left:
            form.add_error("code", wrong_code(answer.left))
        else:
            asked = None
    return page(request, "code.html", {"form": form, "asked": asked, "left": codes.TRIES})


def wrong_code(left: int) -> str:
    """What is said of a wrong code."""
    if left == 1:
        return _("Ce n’est pas le code. Il reste un essai, puis il faudra en demander un autre.")
    return _("Ce n’est pas le code. Il reste %(left)s essais.") % {"left": left}


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_email(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the message: looking at it changes nothing (mail scanners do), its button signs in."""
    if request.method == "POST":
        code = codes.consume_link(token)
        if code:
            return _enter(request, code)
    code = codes.from_link(token) if request.method != "POST" else None
    return render(request, "accounts/email_link.html", {"code": code}, status=200 if code else 410)


def _enter(request: HttpRequest, code: Code) -> HttpResponse:
    """The address is proved: its person signs in, or is offered an account."""
    request.session.pop(HANDLE, None)
    person = Person.objects.filter(email=code.email).first()
    if person is None:
        request.session.cycle_key()
        request.session[PROVED_ADDRESS] = code.email
        request.session["wanted"] = code.wanted
        return SeeOther(resolve_url("sign-up"))
    if not person.is_active:
        return render(request, "accounts/closed.html", {}, status=410)
    return SeeOther(entering.begin(request, person, "code", code.wanted))


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Open an account for the address that was just proved: a holder's. Other roles are given by somebody."""
    email = request.session.get(PROVED_ADDRESS, "")
    if not email:
        return SeeOther(resolve_url("sign-in"))
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = actions.open_holder_account(email, form.cleaned_data["name"])
        del request.session[PROVED_ADDRESS]
        return SeeOther(entering.begin(request, person, "code", request.session.pop("wanted", "")))
    return page(request, "sign_up.html", {"form": form, "email": email})


@never_cache
@sensitive_post_parameters("password")
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_password(request: HttpRequest) -> HttpResponse:
    """Sign in by e-mail address and password, for whoever chose one."""
    form, verdict = SignInForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        email, network = form.cleaned_data["email"], network_of(request)
        verdict = throttle.attempt(email, network)
        if not verdict.allowed:
            form.add_error(None, wait_sentence(verdict))
        elif person := form.check_password(request):
            throttle.succeeded(email, network)
            return SeeOther(entering.begin(request, person, "password", _wanted(request)))
        else:
            known = Person.objects.filter(email=email.strip().lower()).first()
            events.record(events.Kind.PASSWORD_FAILED, person=known, request=request)
    return page(request, "sign_in_password.html", {"form": form, "next": _wanted(request)}, verdict=verdict)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_link(request: HttpRequest, secret: str) -> HttpResponse:
    """A link that somebody gave: looking at it changes nothing (mail scanners do), its button signs in."""
    if request.method == "POST":
        person = actions.consume_link(secret)
        if person:
            return SeeOther(entering.begin(request, person, "link", _wanted(request)))
        return render(request, "accounts/sign_in_link.html", {"link": None}, status=410)
    link = actions.usable_link(secret)
    return render(request, "accounts/sign_in_link.html", {"link": link}, status=200 if link else 410)


@first_factor_enough
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Close this session."""
    if isinstance(request.user, Person):
        events.record(events.Kind.SIGNED_OUT, person=request.user, request=request)
    logout(request)
    return SeeOther(resolve_url("home"))


@first_factor_enough
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of the person, this one too."""
    assert isinstance(request.user, Person)
    actions.end_sessions(request.user)
    logout(request)
    return SeeOther(resolve_url("sign-in"))
