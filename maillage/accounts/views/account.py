"""« Mon compte »: who I am here, my sessions, what happened to my account, my password, my address."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from maillage.accounts import actions, codes, events, extensions, oidc, throttle
from maillage.accounts.access import has_role
from maillage.accounts.forms import AddressForm, CodeForm, PasswordForm
from maillage.accounts.models import Person, Role, SecurityEvent
from maillage.accounts.second_factor import factors_of
from maillage.accounts.session_store import handle_of
from maillage.accounts.views.factors import freshly_proved
from maillage.accounts.views.shared import page, person_of, wait_sentence
from maillage.accounts.views.sign_in import wrong_code
from maillage.kit.http import SeeOther, network_of

ADDRESS_HANDLE = "address_code"
EVENTS_SHOWN = 10


@never_cache
@require_http_methods(["GET", "HEAD"])
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here, what protects my account, where I am signed in, what happened lately."""
    person = person_of(request)
    context = {
        "office": has_role(person, Role.REDACTION),
        "places": extensions.places(person),
        "factors": factors_of(person),
        "sessions": actions.open_sessions(person),
        "here": handle_of(request.session.session_key or ""),
        "events": SecurityEvent.objects.filter(person=person).order_by("-at", "-pk")[:EVENTS_SHOWN],
        "provider": oidc.provider(),
        "links": oidc.links_of(person),
    }
    return page(request, "account.html", context)


@require_POST
def end_session(request: HttpRequest, handle: str) -> HttpResponse:
    """Close one of my sessions."""
    if not actions.end_session(person_of(request), handle):
        raise Http404
    messages.success(request, _("Cette session est fermée."))
    return SeeOther(resolve_url("account"))


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@freshly_proved
def password(request: HttpRequest) -> HttpResponse:
    """Choose a password, or another one. The other sessions are closed."""
    person = person_of(request)
    form = PasswordForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            person.set_password(form.cleaned_data["new"])
            person.save(update_fields=["password"])
            update_session_auth_hash(request, person)
            events.record(events.Kind.PASSWORD_CHANGED, person=person, request=request)
            get_adapter().send_mail("accounts/mail/changed", person.email, {"what": "password", "portal": request.portal})  # type: ignore[attr-defined]  # set by the portal middleware
        actions.end_other_sessions(person, request.session.session_key)
        messages.success(request, _("Votre mot de passe est changé. Vos autres sessions sont fermées."))
        return SeeOther(resolve_url("account"))
    return page(request, "password.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@freshly_proved
def address(request: HttpRequest) -> HttpResponse:
    """Change address, first step: a code is sent to the new one."""
    person = person_of(request)
    form, verdict = AddressForm(request.POST or None), None
    form.fields["email"].label = _("Nouvelle adresse électronique")
    if request.method == "POST" and form.is_valid():
        verdict = throttle.attempt(form.cleaned_data["email"], network_of(request), "ask-code")
        if verdict.allowed:
            request.session[ADDRESS_HANDLE] = codes.ask(form.cleaned_data["email"], codes.Purpose.ADDRESS, request, person=person)
            return SeeOther(resolve_url("address-code"))
        form.add_error(None, wait_sentence(verdict))
    return page(request, "address.html", {"form": form}, verdict=verdict)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@freshly_proved
def address_code(request: HttpRequest) -> HttpResponse:
    """Change address, second step: the code proves the new one; the old one is told."""
    person = person_of(request)
    handle = request.session.get(ADDRESS_HANDLE, "")
    asked = codes.pending(handle, codes.Purpose.ADDRESS)
    form, verdict = CodeForm(request.POST or None), None
    if request.method == "POST" and asked and form.is_valid():
        verdict = throttle.attempt(person.email, network_of(request), "code")
        if not verdict.allowed:
            form.add_error(None, wait_sentence(verdict))
            return page(request, "address_code.html", {"form": form, "asked": asked}, verdict=verdict)
        answer = codes.check(handle, form.cleaned_data["code"], codes.Purpose.ADDRESS, request)
        if answer.code and answer.code.person_id == person.pk:
            before = person.email
            if not actions.change_address(person, answer.code.email):
                form.add_error(None, _("Cette adresse ne peut pas être utilisée : un autre compte la porte peut-être."))
                return page(request, "address_code.html", {"form": form, "asked": None})
            events.record(events.Kind.ADDRESS_CHANGED, person=person, request=request)
            get_adapter().send_mail("accounts/mail/changed", before, {"what": "address", "portal": request.portal})  # type: ignore[attr-defined]
            actions.end_other_sessions(person, request.session.session_key)
            messages.success(request, _("Votre adresse est changée. Vos autres sessions sont fermées."))
            return SeeOther(resolve_url("account"))
        form.add_error("code", wrong_code(answer.left)) if answer.left else None
        asked = asked if answer.left else None
    return page(request, "address_code.html", {"form": form, "asked": asked})


@never_cache
@require_http_methods(["GET", "HEAD"])
def own_events(request: HttpRequest) -> HttpResponse:
    """Everything that concerned the safety of my account, for a year."""
    person: Person = person_of(request)
    lines = SecurityEvent.objects.filter(person=person).order_by("-at", "-pk")[:500]
    return page(request, "events.html", {"events": lines})
