"""Sign-in, sign-out, sign-in links and « Mon compte »."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from maillage.accounts import actions, throttle
from maillage.accounts.access import has_role
from maillage.accounts.forms import PasswordForm, SignInForm
from maillage.accounts.models import Person, Role
from maillage.kit.http import SeeOther, network_of

BACKEND = "django.contrib.auth.backends.ModelBackend"


def _after_sign_in(request: HttpRequest, person: Person) -> str:
    """Where to go once signed in: the page that asked for it if it is one of ours, else the office or « Mon compte »."""
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return resolve_url("office" if has_role(person, Role.REDACTION) else "account")


@never_cache
@sensitive_post_parameters("password")
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in by e-mail address and password."""
    form = SignInForm(request.POST or None)
    status = 200
    headers: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        email, network = form.cleaned_data["email"], network_of(request)
        verdict = throttle.attempt(email, network)
        if not verdict.allowed:
            minutes = verdict.wait // 60 + 1
            form.add_error(
                None,
                _("Trop d’essais de connexion. Attendez %(minutes)s min, ou demandez un lien de connexion.")
                % {"minutes": minutes},
            )
            status, headers = 429, {"Retry-After": str(verdict.wait)}
        elif person := form.check_password(request):
            throttle.succeeded(email, network)
            login(request, person)
            return SeeOther(_after_sign_in(request, person))
    wanted = request.POST.get("next", request.GET.get("next", ""))
    response = render(request, "accounts/sign_in.html", {"form": form, "next": wanted}, status=status)
    for name, value in headers.items():
        response.headers[name] = value
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Close this session."""
    logout(request)
    return SeeOther(resolve_url("home"))


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_link(request: HttpRequest, secret: str) -> HttpResponse:
    """A sign-in link: looking at it changes nothing (mail scanners do), its button signs in."""
    if request.method == "POST":
        person = actions.consume_link(secret)
        if person:
            login(request, person, backend=BACKEND)
            return SeeOther(_after_sign_in(request, person))
        return render(request, "accounts/sign_in_link.html", {"link": None}, status=410)
    link = actions.usable_link(secret)
    return render(request, "accounts/sign_in_link.html", {"link": link}, status=200 if link else 410)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """« Mon compte »: who I am here, my password."""
    person = request.user
    assert isinstance(person, Person)
    form = PasswordForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        person.set_password(form.cleaned_data["new"])
        person.save(update_fields=["password"])
        update_session_auth_hash(request, person)
        messages.success(request, _("Votre mot de passe est changé. Vos autres sessions sont fermées."))
        return SeeOther(resolve_url("account"))
    return render(request, "accounts/account.html", {"form": form, "office": has_role(person, Role.REDACTION)})


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of the person, this one too."""
    assert isinstance(request.user, Person)
    actions.end_sessions(request.user)
    logout(request)
    return SeeOther(resolve_url("sign-in"))
