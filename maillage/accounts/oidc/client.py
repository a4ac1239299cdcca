"""The two exchanges with the provider: where to send the person, and what the code that comes back is worth.

django-allauth finds the addresses and exchanges the code; its state and nonce are too short for ProConnect or absent, so they are ours, and the ID token
is verified by `claims`, signature included.
"""

from __future__ import annotations

import json
import secrets
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from requests import RequestException

from maillage.accounts.oidc import Provider, claims
from maillage.accounts.oidc.claims import Identity, Refused

#: In the session: the question sent to the provider. How long it may take to answer.
QUESTION, LIFE = "oidc", 600


def _get(address: str) -> dict[str, Any]:
    with get_adapter().get_requests_session() as session:
        session.max_redirects = 0  # a provider answers at the address it publishes
        answer = session.get(_safe(address))
        answer.raise_for_status()
        value = answer.json()
    if not isinstance(value, dict):
        raise Refused("not-json")
    return value


def _safe(address: Any) -> str:
    """An https address; http for a provider on this machine, outside production."""
    parts = urlsplit(str(address))
    here = parts.hostname in {"127.0.0.1", "localhost"} and not settings.MAILLAGE_PRODUCTION
    if not parts.hostname or (parts.scheme != "https" and not (here and parts.scheme == "http")):
        raise Refused("address")
    return str(address)


class _Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """allauth's client of a provider, whose description must be that of the issuer we were told."""

    def __init__(self, request: HttpRequest, provider: Provider) -> None:
        super().__init__(request, "oidc")
        self.ours = provider

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's description of itself."""
        if not hasattr(self, "_openid_config"):
            found = _get(self.ours.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if found.get("issuer") != self.ours.issuer:
                raise Refused("other-issuer")
            self._openid_config = found
        return self._openid_config

    def get_provider(self) -> Any:
        """The settings of allauth's provider, from ours."""
        app = SocialApp(provider="openid_connect", provider_id="oidc", name=self.ours.name, client_id=self.ours.client_id)
        app.secret, app.settings = self.ours.secret, {"server_url": self.ours.issuer, "token_auth_method": "client_secret_post"}
        return OpenIDConnectProvider(self.request, app=app)

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Where the provider sends the person back: on the site's own address, never on what a request says."""
        return callback_address(request)


def callback_address(request: HttpRequest) -> str:
    """The return address to declare to the provider."""
    base = settings.SITE_URL or f"{request.scheme}://{request.get_host()}"
    with translation.override(settings.LANGUAGE_CODE):  # one address is declared, whatever the language of the page
        return base.rstrip("/") + reverse("provider-return")


def ask(request: HttpRequest, provider: Provider, intent: str, wanted: str) -> str:
    """The address to send the person to. The question is kept in the session: one at a time. Raises Refused."""
    try:
        endpoint = _safe(_Adapter(request, provider).authorize_url)
    except (RequestException, ValueError, KeyError) as error:
        raise Refused("unreachable") from error
    question = {"state": secrets.token_urlsafe(32), "nonce": secrets.token_urlsafe(32), "at": time.time()}
    request.session[QUESTION] = {**question, "intent": intent, "wanted": wanted[:500]}
    values = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": callback_address(request),
        "scope": "openid",
        "state": question["state"],
        "nonce": question["nonce"],
    }
    if provider.asks_strong and provider.strong:
        values["claims"] = json.dumps({"id_token": {"acr": {"essential": True, "values": list(provider.strong)}}})
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(values)}"


def answer(request: HttpRequest, provider: Provider) -> tuple[Identity, dict[str, Any]]:
    """What came back: the identity proved, and the question it answers. A question is answered once. Raises Refused."""
    question = request.session.pop(QUESTION, None)
    if not isinstance(question, dict) or time.time() - question["at"] > LIFE:
        raise Refused("no-question")
    state = request.GET.get("state", "")
    if len(request.GET.getlist("state")) != 1 or not secrets.compare_digest(state.encode(), question["state"].encode()):
        raise Refused("state")
    if request.GET.get("iss", provider.issuer) != provider.issuer:  # RFC 9207: another provider answers
        raise Refused("iss")
    if "error" in request.GET or not request.GET.get("code"):
        raise Refused("cancelled" if request.GET.get("error") == "access_denied" else "error")
    adapter = _Adapter(request, provider)
    try:
        _safe(adapter.access_token_url)
        app = adapter.get_provider().app
        tokens = adapter.get_client(request, app).get_access_token(request.GET["code"])
        keys = _get(adapter.openid_config["jwks_uri"])
    except (OAuth2Error, RequestException, ValueError, KeyError, TypeError) as error:
        raise Refused("exchange") from error
    identity = claims.verify(
        tokens.get("id_token"),
        keys,
        issuer=provider.issuer,
        client_id=provider.client_id,
        nonce=question["nonce"],
        algorithm=provider.algorithm,
        now=time.time(),
    )
    return identity, question
