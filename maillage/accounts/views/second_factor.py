"""Prove the second factor: at sign-in, or again before something that protects the account is changed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from maillage.accounts import codes, entering, events, throttle
from maillage.accounts.forms import CodeForm
from maillage.accounts.middleware import first_factor_enough
from maillage.accounts.models import Person
from maillage.accounts.second_factor import Type, factors_of, passkeys, recovery, totp
from maillage.accounts.throttle import Verdict
from maillage.accounts.views.shared import page, person_of, wait_sentence
from maillage.accounts.views.sign_in import wrong_code
from maillage.kit.http import SeeOther, network_of

CONFIRM_HANDLE = "confirm_code"


@never_cache
@login_not_required
@first_factor_enough
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """The second step of a sign-in: six digits of the application, a passkey, or a recovery code."""
    held = entering.pending(request)
    person = held[0] if held else request.user
    if not isinstance(person, Person) or not (held or not entering.is_enough(request)):
        return SeeOther(resolve_url("sign-in"))
    wanted = entering.safe_next(request, request.POST.get("next", request.GET.get("next", "")))
    answer = _prove(request, person)
    if answer.proved:
        address = entering.complete(request, person, answer.proved)
        return SeeOther(address or entering.after_sign_in(request, person, wanted))
    return _page(request, person, answer, {"next": wanted, "at_sign_in": True})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@first_factor_enough
def confirm(request: HttpRequest) -> HttpResponse:
    """« Confirmez que c'est vous »: the second factor, or a code by e-mail for whoever has none."""
    person = person_of(request)
    wanted = entering.safe_next(request, request.POST.get("next", request.GET.get("next", ""))) or resolve_url("account")
    if factors_of(person):
        answer = _prove(request, person)
        if answer.proved:
            entering.complete(request, person, answer.proved)
            return SeeOther(wanted)
        return _page(request, person, answer, {"next": wanted, "at_sign_in": False})
    return _confirm_by_code(request, person, wanted)


def _confirm_by_code(request: HttpRequest, person: Person, wanted: str) -> HttpResponse:
    handle = request.session.get(CONFIRM_HANDLE, "")
    asked = codes.pending(handle, codes.Purpose.CONFIRM)
    form, verdict = CodeForm(request.POST if "code" in request.POST else None), None
    if request.method == "POST" and "code" not in request.POST:
        verdict = throttle.attempt(person.email, network_of(request), "ask-code")
        if verdict.allowed:
            request.session[CONFIRM_HANDLE] = codes.ask(person.email, codes.Purpose.CONFIRM, request, person=person)
            return SeeOther(f"{resolve_url('confirm')}?next={wanted}")
    elif request.method == "POST" and form.is_valid():
        verdict = throttle.attempt(person.email, network_of(request), "code")
        if verdict.allowed:
            answer = codes.check(handle, form.cleaned_data["code"], codes.Purpose.CONFIRM, request)
            if answer.code:
                entering.prove_again(request, "code")
                return SeeOther(wanted)
            form.add_error(
                "code", wrong_code(answer.left) if answer.left else _("Ce code ne marche plus : demandez-en un autre.")
            )
            asked = asked if answer.left else None
    if verdict and not verdict.allowed:
        form.add_error(None, wait_sentence(verdict)) if form.is_bound else None
    waits = wait_sentence(verdict) if verdict and not verdict.allowed else ""
    return page(request, "confirm.html", {"form": form, "asked": asked, "next": wanted, "waits": waits}, verdict=verdict)


class _Answer:
    """What became of what was posted: how it was proved, or a form with its error and perhaps a verdict."""

    def __init__(self) -> None:
        self.form = CodeForm()
        self.proved = ""
        self.verdict: Verdict | None = None
        self.question = ""


def _prove(request: HttpRequest, person: Person) -> _Answer:
    answer = _Answer()
    if request.method != "POST":
        return answer
    if "passkey" in request.POST:  # the button of the page: ask the browser for a key
        answer.question = passkeys.question_to_prove(person)
        return answer
    answer.form = CodeForm(request.POST if "code" in request.POST else {"code": "0"})
    network = network_of(request)
    answer.verdict = throttle.attempt(str(person.pk), network, "second-factor")
    if not answer.verdict.allowed:
        answer.form.is_valid()
        answer.form.add_error(None, wait_sentence(answer.verdict))
        return answer
    if "credential" in request.POST:
        answer.proved = _by_passkey(person, request.POST["credential"], answer.form)
    elif answer.form.is_valid():
        answer.proved = _by_digits(request, person, answer.form)
    if answer.proved:
        throttle.succeeded(str(person.pk), network, "second-factor")
    elif answer.form.errors:
        events.record(events.Kind.SECOND_FAILED, person=person, request=request)
    return answer


def _by_passkey(person: Person, credential: str, form: CodeForm) -> str:
    try:
        passkeys.prove(person, credential)
    except passkeys.Refused:
        form.is_valid()
        form.add_error(None, _("Cette clé n’a pas répondu comme il faut. Recommencez, ou utilisez un code."))
        return ""
    return "passkey"


def _by_digits(request: HttpRequest, person: Person, form: CodeForm) -> str:
    typed = form.cleaned_data["code"]
    if totp.check(person, typed):
        return "totp"
    if recovery.use(person, typed):
        events.record(events.Kind.RECOVERY_USED, person=person, request=request)
        return "recovery"
    form.add_error("code", _("Ce n’est pas le code du moment. Un code ne sert qu’une fois : attendez le suivant."))
    return ""


def _page(request: HttpRequest, person: Person, answer: _Answer, context: dict[str, Any]) -> HttpResponse:
    types = {factor.type for factor in factors_of(person)}
    full = {
        **context,
        "form": answer.form,
        "question": answer.question,
        "has_totp": Type.TOTP in types,
        "has_passkey": Type.WEBAUTHN in types,
    }
    return page(request, "second_factor.html", full, verdict=answer.verdict)
