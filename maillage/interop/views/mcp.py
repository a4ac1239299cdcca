"""POST /mcp: the same server over HTTP, without a session nor a stream (Streamable HTTP, answers in JSON)."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from maillage.interop.api.answers import opened
from maillage.interop.api.door import too_often
from maillage.interop.mcp.protocol import (
    HEADER_MISMATCH,
    PARSE_ERROR,
    UNSUPPORTED_VERSION,
    WITH_HANDSHAKE,
    WITHOUT_HANDSHAKE,
    Message,
    ProtocolError,
    answer,
    said_version,
)
from maillage.kit.http import network_of
from maillage.kit.problem import problem
from maillage.kit.rate import RateLimit

#: The longest message (bytes): a question is short.
LONGEST = 100_000
LIMIT = RateLimit(settings.MAILLAGE_API_PER_MINUTE, 60)
_METHODS = "POST, OPTIONS"
_ACCEPTED = "Accept, Content-Type, Mcp-Protocol-Version, Mcp-Method, Mcp-Name"


@csrf_exempt  # no cookie goes with it, and it changes nothing
@login_not_required
def mcp(request: HttpRequest) -> HttpResponse:
    """One message of the protocol. GET is refused: this server opens no stream."""
    if request.method == "OPTIONS":
        response = opened(HttpResponse(status=204))
        response.headers["Access-Control-Allow-Methods"] = _METHODS
        response.headers["Access-Control-Allow-Headers"] = _ACCEPTED
        return response
    if request.method != "POST":
        response = problem(405, _("Les assistants envoient leurs messages par POST à cette adresse."))
        response.headers["Allow"] = _METHODS
        return response
    seconds = LIMIT.wait(network_of(request)) if LIMIT.allowed else 0
    if seconds:
        return too_often(seconds)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LONGEST:
        return problem(413, _("Ce message est trop long."))
    try:
        message = json.loads(request.body)
    except (ValueError, RecursionError):
        return _json(ProtocolError(PARSE_ERROR, _("Ce message n’est pas du JSON.")).answer(None), 400)
    wrong = _header_problem(request, message)
    if wrong is not None:
        return _json(wrong.answer(message.get("id") if isinstance(message, dict) else None), 400)
    told = answer(message)
    return opened(HttpResponse(status=202)) if told is None else _json(told, _status(told))


def _header_problem(request: HttpRequest, message: Any) -> ProtocolError | None:
    """A version that nobody knows, or headers that do not say what the message says."""
    version = request.headers.get("Mcp-Protocol-Version")
    known = [*WITHOUT_HANDSHAKE, *reversed(WITH_HANDSHAKE)]
    if version is not None and version not in known:
        data = {"supported": known, "requested": version}
        return ProtocolError(UNSUPPORTED_VERSION, _("Cette version du protocole n’est pas connue."), data)
    params = message.get("params") if isinstance(message, dict) else None
    said = said_version(params) if isinstance(params, dict) else None
    if said is not None and (version != said or request.headers.get("Mcp-Method") != message.get("method")):
        return ProtocolError(
            HEADER_MISMATCH, _("Les en-têtes Mcp-Protocol-Version et Mcp-Method doivent dire ce que dit le message.")
        )
    return None


def _status(told: Message) -> int:
    """Errors about the message itself are errors of HTTP too; those of a method are answers."""
    code = told.get("error", {}).get("code")
    return 400 if code in (UNSUPPORTED_VERSION, HEADER_MISMATCH, -32600) else 404 if code == -32601 else 200


def _json(content: Message, status: int = 200) -> HttpResponse:
    response = opened(
        HttpResponse(json.dumps(content, ensure_ascii=False).encode(), status=status, content_type="application/json")
    )
    response.headers["Cache-Control"] = "no-store"
    return response
