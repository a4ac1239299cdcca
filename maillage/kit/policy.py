"""The content security policy, written once: every page but the widget's has the same, and the library composes it again for each."""

from __future__ import annotations

from typing import ClassVar

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class SteadyPolicyMiddleware(CSPMiddleware):
    """django-csp's middleware; what a page changes of the policy, or a nonce, or another setting, still goes the library's way (5 % of a small page, 2026-11)."""

    _written: ClassVar[tuple[object, str]] = (None, "")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Set the header, as the library would."""
        if not self._is_usual(request, response):
            return super().process_response(request, response)
        policy, header = SteadyPolicyMiddleware._written
        if policy is not settings.CONTENT_SECURITY_POLICY:
            policy, header = settings.CONTENT_SECURITY_POLICY, build_policy()
            SteadyPolicyMiddleware._written = policy, header
        response[HEADER] = header
        # as the library: a nonce asked for after the header is written would be in no header
        request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)  # type: ignore[attr-defined]  # django-csp's
        return response

    @staticmethod
    def _is_usual(request: HttpRequest, response: HttpResponseBase) -> bool:
        return not (
            settings.DEBUG
            or HEADER in response
            or hasattr(request, "_csp_nonce")
            or any(name.startswith("_csp") for name in vars(response))
            or getattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY", None)
            or "EXCLUDE_URL_PREFIXES" in settings.CONTENT_SECURITY_POLICY
        )
