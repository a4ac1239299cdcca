"""`maillage mcp`: the public catalogue for an assistant on this machine, over the standard input and output."""

from __future__ import annotations

import json
import sys
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from maillage.interop.mcp.protocol import PARSE_ERROR, ProtocolError, answer

#: The longest message read (bytes): a question is short.
LONGEST = 1_000_000


class Command(BaseCommand):
    help = "Répond aux assistants (Model Context Protocol) sur l’entrée et la sortie standard : chercher, lire une fiche, qui est près, ce qui manque."

    def handle(self, *args: Any, **options: Any) -> None:
        serve(sys.stdin.buffer, sys.stdout.buffer)


def serve(source: BinaryIO, destination: BinaryIO) -> None:
    """Answer each line until the end of the input. One JSON object a line, in UTF-8; nothing else is ever written there."""
    while line := source.readline(LONGEST + 1):
        if line.strip():
            close_old_connections()
            told = _answer(line)
            if told is not None:
                destination.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")
                destination.flush()


def _answer(line: bytes) -> dict[str, Any] | None:
    if len(line) > LONGEST:
        return ProtocolError(PARSE_ERROR, "Ce message est trop long.").answer(None)
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return ProtocolError(PARSE_ERROR, "Ce message n’est pas du JSON.").answer(None)
    return answer(message)
