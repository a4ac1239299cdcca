"""A real mail server for tests, in a thread: what it takes is read from `taken`; what it does is chosen by address."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP


class MailServer:
    """Listens on a free port of this machine. `answers`: address → what the server says to it instead of taking it."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.connections = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self._socket.getsockname()[1]}"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        answer = self.answers.get(address, "")
        if answer == "hang":
            await asyncio.sleep(60)
        if answer == "cut":
            server.transport.close()
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        return "250 OK"

    def _connection(self) -> SMTP:
        self.connections += 1
        return SMTP(self, loop=self._loop)

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        server = await self._loop.create_server(self._connection, sock=self._socket)
        ready.set()
        await self._over.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    def __enter__(self) -> MailServer:
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True)
        self._thread.start()
        ready.wait()
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    def to(self) -> list[str]:
        """The addresses of what was taken, in order."""
        return [str(message["To"]) for message in self.taken]


@contextmanager
def mail_server(settings: Any) -> Iterator[MailServer]:
    """A server, and the settings that lead to it; no quiet hours."""
    with MailServer() as server:
        settings.EMAIL_URL, settings.MAILLAGE_QUIET_HOURS = server.url, "non"
        yield server


def text_of(message: EmailMessage) -> str:
    """The plain text of a message."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())
