"""The protocol, without its transports: one JSON-RPC 2.0 message in, one out or none.

Every message is answered alone: nothing is remembered from one to the next. So both ways of speaking work: versions that begin with
`initialize`, and the one without a handshake (2026-07-28), where each request says its version in `_meta`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from maillage import __version__
from maillage.interop.mcp import tools

log = logging.getLogger(__name__)

Message = dict[str, Any]

#: Versions of the protocol: those that begin with a handshake, latest last, then those that do not.
WITH_HANDSHAKE = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
WITHOUT_HANDSHAKE = ("2026-07-28",)
#: Names that the protocol gives to its own metadata.
VERSION_KEY = "io.modelcontextprotocol/protocolVersion"
_SERVER_KEY = "io.modelcontextprotocol/serverInfo"
#: How long the list of tools may be kept: it changes with a release only.
_LIST_KEPT_MS = 3_600_000

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS, INTERNAL_ERROR = -32700, -32600, -32601, -32602, -32603
HEADER_MISMATCH, UNSUPPORTED_VERSION = -32020, -32022


class ProtocolError(Exception):
    """What the protocol calls an error: a code, a sentence, and sometimes data."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code, self.data = code, data

    def answer(self, identity: Any) -> Message:
        """The error as an answer to the request of this id (None: nobody knows which)."""
        error = {"code": self.code, "message": str(self), **({} if self.data is None else {"data": self.data})}
        return {"jsonrpc": "2.0", "id": identity, "error": error}


def answer(message: Any) -> Message | None:
    """The answer to one message; None for a notification, and for an answer to something that we never asked."""
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        return ProtocolError(INVALID_REQUEST, _("Un message est un seul objet JSON-RPC 2.0.")).answer(None)
    method, identity = message.get("method"), message.get("id")
    if "id" not in message or (method is None and ("result" in message or "error" in message)):
        return None
    if not isinstance(method, str) or not isinstance(identity, str | int) or isinstance(identity, bool):
        return ProtocolError(
            INVALID_REQUEST, _("«\u202fmethod\u202f» est un texte, «\u202fid\u202f» un texte ou un nombre entier.")
        ).answer(None)
    try:
        return {"jsonrpc": "2.0", "id": identity, "result": _result(method, message.get("params"))}
    except ProtocolError as error:
        return error.answer(identity)
    except Exception:
        log.exception("mcp: %s failed", method)
        return ProtocolError(INTERNAL_ERROR, _("Le serveur n’a pas pu répondre. Recommencez plus tard.")).answer(identity)


def _result(method: str, params: Any) -> dict[str, Any]:
    if params is None:
        params = {}
    if not isinstance(params, dict):
        raise ProtocolError(INVALID_PARAMS, _("«\u202fparams\u202f» est un objet."))
    version = said_version(params)
    if version is not None and version not in WITHOUT_HANDSHAKE:
        data = {"supported": [*WITHOUT_HANDSHAKE, *reversed(WITH_HANDSHAKE)], "requested": version}
        raise ProtocolError(UNSUPPORTED_VERSION, _("Cette version du protocole n’est pas connue."), data)
    if method == "initialize":
        return _initialized(params)
    if method == "server/discover":
        return _discovered()
    if method == "ping":
        return {} if version is None else {"resultType": "complete"}
    if method == "tools/list":
        return {"tools": tools.described(), "resultType": "complete", "ttlMs": _LIST_KEPT_MS, "cacheScope": "public"}
    if method == "tools/call":
        return _called(params)
    raise ProtocolError(
        METHOD_NOT_FOUND, _("Ce serveur ne connaît pas la méthode «\u202f%(name)s\u202f».") % {"name": method[:60]}
    )


def said_version(params: Mapping[str, Any]) -> str | None:
    """The version that a request without a handshake says; None for the others."""
    meta = params.get("_meta")
    version = meta.get(VERSION_KEY) if isinstance(meta, dict) else None
    return version if isinstance(version, str) else None


def _initialized(params: Mapping[str, Any]) -> dict[str, Any]:
    asked = params.get("protocolVersion")
    return {
        "protocolVersion": asked if asked in WITH_HANDSHAKE else WITH_HANDSHAKE[-1],
        "capabilities": {"tools": {}},
        "serverInfo": _server(),
        "instructions": _instructions(),
    }


def _discovered() -> dict[str, Any]:
    return {
        "supportedVersions": [*WITHOUT_HANDSHAKE, *reversed(WITH_HANDSHAKE)],
        "capabilities": {"tools": {}},
        "instructions": _instructions(),
        "resultType": "complete",
        "ttlMs": _LIST_KEPT_MS,
        "cacheScope": "public",
        "_meta": {_SERVER_KEY: _server()},
    }


def _server() -> dict[str, str]:
    return {"name": "maillage", "title": "Maillage", "version": __version__}


def _instructions() -> str:
    return _(
        "Le catalogue public des appuis aux projets de l’économie sociale et solidaire. Cherchez avec «\u202fsearch\u202f», lisez une fiche avec "
        "«\u202fsheet\u202f». Un verdict «\u202fa-verifier\u202f» n’est pas un oui\u202f: dites ce qui reste à vérifier, donnez l’adresse de la fiche et un "
        "téléphone, et conseillez d’appeler le réseau local."
    )


def _called(params: Mapping[str, Any]) -> dict[str, Any]:
    name, arguments = params.get("name"), params.get("arguments")
    tool = tools.TOOLS.get(name) if isinstance(name, str) else None
    if tool is None:
        known = ", ".join(tools.TOOLS)
        raise ProtocolError(INVALID_PARAMS, _("Cet outil n’existe pas. Il y a\u202f: %(known)s.") % {"known": known})
    if arguments is not None and not isinstance(arguments, dict):
        raise ProtocolError(INVALID_PARAMS, _("«\u202farguments\u202f» est un objet."))
    try:
        content, text = tools.call(tool, arguments or {})
    except tools.NotUnderstood as error:  # told as a result, so that the assistant corrects itself
        return {"content": [{"type": "text", "text": str(error)}], "isError": True, "resultType": "complete"}
    return {
        "content": [{"type": "text", "text": text}],
        "structuredContent": content,
        "isError": False,
        "resultType": "complete",
    }
