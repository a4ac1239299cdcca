"""What the pages of accounts share."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from maillage.accounts.models import Person
from maillage.accounts.throttle import Verdict
from maillage.kit.form_problems import problems_of


def person_of(request: HttpRequest) -> Person:
    """The person signed in (LoginRequiredMiddleware has checked that there is one)."""
    assert isinstance(request.user, Person)
    return request.user


def page(request: HttpRequest, template: str, context: dict[str, Any], *, verdict: Verdict | None = None) -> HttpResponse:
    """A page of accounts; 429 with Retry-After when a verdict says to wait."""
    form = context.get("form")
    full = {"problems": problems_of(form) if isinstance(form, Form) else [], **context}
    response = render(request, f"accounts/{template}", full, status=200 if verdict is None or verdict.allowed else 429)
    if verdict and not verdict.allowed:
        response.headers["Retry-After"] = str(verdict.wait)
    return response


def wait_sentence(verdict: Verdict) -> str:
    """How long to wait, in words."""
    return _("Trop d’essais. Attendez %(minutes)s min, puis recommencez.") % {"minutes": verdict.wait // 60 + 1}
