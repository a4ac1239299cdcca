"""The policy written once is the library's, and steps aside for whoever changes something of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from csp.constants import HEADER, NONCE
from csp.decorators import csp_exempt, csp_update
from csp.exceptions import CSPNonceError
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from maillage.kit.policy import SteadyPolicyMiddleware

View = Callable[[HttpRequest], HttpResponse]


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("page")


def with_nonce(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.csp_nonce))  # type: ignore[attr-defined]  # django-csp's


def already_said(request: HttpRequest) -> HttpResponse:
    return HttpResponse("page", headers={HEADER: "default-src 'none'"})


@csp_update({"img-src": ["https://images.example"]})
def other_pictures(request: HttpRequest) -> HttpResponse:
    return HttpResponse("page")


@csp_exempt()
def exempt(request: HttpRequest) -> HttpResponse:
    return HttpResponse("page")


@pytest.mark.parametrize("view", [plain, already_said, other_pictures, exempt])
def test_the_header_is_the_one_of_the_library(view: View) -> None:
    request = RequestFactory().get("/")
    said = [dict(made(view)(request).headers) for made in (CSPMiddleware, SteadyPolicyMiddleware, SteadyPolicyMiddleware)]
    assert said[0] == said[1] == said[2]


def test_a_nonce_is_in_the_header_of_its_page_and_of_no_other() -> None:
    with override_settings(CONTENT_SECURITY_POLICY={"DIRECTIVES": {"script-src": ["'self'", NONCE]}}):
        usual = CSPMiddleware(plain)(RequestFactory().get("/"))[HEADER]
        assert SteadyPolicyMiddleware(plain)(RequestFactory().get("/"))[HEADER] == usual
        answer = SteadyPolicyMiddleware(with_nonce)(RequestFactory().get("/"))
        assert f"'nonce-{answer.content.decode()}'" in answer[HEADER]
        assert SteadyPolicyMiddleware(plain)(RequestFactory().get("/"))[HEADER] == usual


def test_a_nonce_asked_for_too_late_is_an_error() -> None:
    request = RequestFactory().get("/")
    SteadyPolicyMiddleware(plain)(request)
    with pytest.raises(CSPNonceError):
        str(request.csp_nonce)  # type: ignore[attr-defined]  # django-csp's


def test_another_setting_is_another_header() -> None:
    before = SteadyPolicyMiddleware(plain)(RequestFactory().get("/"))[HEADER]
    with override_settings(CONTENT_SECURITY_POLICY={"DIRECTIVES": {"default-src": ["'self'"]}}):
        assert SteadyPolicyMiddleware(plain)(RequestFactory().get("/"))[HEADER] != before
    assert SteadyPolicyMiddleware(plain)(RequestFactory().get("/"))[HEADER] == before
