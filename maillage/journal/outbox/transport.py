"""How one message leaves: built, then given to a mail server or written to a file. Says which failures are whose."""

from __future__ import annotations

import os
import smtplib
import ssl
from contextlib import suppress
from typing import Any, Protocol

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import sanitize_address
from django.db.models import QuerySet

from maillage.journal.messages import site_host
from maillage.journal.models import Message
from maillage.journal.outbox.address import Folder, SmtpServer, read_email_url


class Unreachable(Exception):
    """The mail server cannot be spoken to: no message can leave, none is to blame."""


class Refused(Exception):
    """This message will never be taken."""


class Postponed(Exception):
    """This message was not taken this time."""


class Transport(Protocol):
    """Takes messages, one after the other, until closed."""

    def send(self, message: Message) -> None:
        """Raises Unreachable, Refused or Postponed."""

    def close(self) -> None:
        """Let go of the connection."""


def sender() -> str:
    """Who writes: MAILLAGE_MAIL_FROM."""
    return settings.MAILLAGE_MAIL_FROM or f"Maillage <ne-pas-repondre@{site_host()}>"


def built(message: Message) -> EmailMultiAlternatives:
    """The message as it leaves: plain text, HTML when there is one, and the headers that mail programs look for."""
    headers = {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated", "Content-Language": message.language}
    if message.stop_url:
        headers["List-Unsubscribe"] = f"<{message.stop_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    mail = EmailMultiAlternatives(message.subject, message.text, sender(), [message.to], headers=headers)
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    return mail


def transport(timeout: float) -> Transport | None:
    """What EMAIL_URL says, not yet connected; None when messages are kept. `timeout`: seconds of patience for each answer."""
    target = read_email_url(settings.EMAIL_URL, settings.MAILLAGE_DATA)
    if target is None:
        return None
    return Files(target) if isinstance(target, Folder) else Smtp(target, timeout)


class Smtp:
    """One connection for a batch, opened at the first message, and again after a failure."""

    def __init__(self, server: SmtpServer, timeout: float) -> None:
        self.server, self.timeout = server, timeout
        self._open: smtplib.SMTP | None = None

    def send(self, message: Message) -> None:
        """Give it to the server. Whatever goes wrong after the connection is the message's, so that one bad message stops no other."""
        mail: Any = built(message).message()  # Django's: it can write the line ends that SMTP asks for
        content: bytes = mail.as_bytes(linesep="\r\n")
        envelope = sanitize_address(sender(), "utf-8").rpartition("<")[2].rstrip(">")
        to = sanitize_address(message.to, "utf-8")
        opened = self._open or self._connect()
        try:
            opened.sendmail(envelope, [to], content)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _verdict(code, said) from error
        except smtplib.SMTPSenderRefused as error:
            self.close()
            raise Unreachable(_sentence(error.smtp_code, error.smtp_error)) from error  # it refuses us, whoever we write to
        except smtplib.SMTPDataError as error:
            raise _verdict(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Postponed(f"{type(error).__name__}: {error}") from error

    def _connect(self) -> smtplib.SMTP:
        server = self.server
        try:
            context = ssl.create_default_context()
            opened = (
                smtplib.SMTP_SSL(server.host, server.port, timeout=self.timeout, context=context)
                if server.security == "tls"
                else smtplib.SMTP(server.host, server.port, timeout=self.timeout)
            )
            try:
                if server.security == "starttls":
                    opened.starttls(context=context)
                if server.user:
                    opened.login(server.user, server.password)
                opened.ehlo_or_helo_if_needed()
            except BaseException:
                opened.close()
                raise
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(f"{type(error).__name__}: {error}") from error
        self._open = opened
        return opened

    def close(self) -> None:
        """Say goodbye; a server that does not answer is left there."""
        opened, self._open = self._open, None
        if opened is not None:
            with suppress(smtplib.SMTPException, OSError):
                opened.close() if opened.sock is None else opened.quit()
            opened.close()


def _sentence(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return f"{code} {text}"


def _verdict(code: int, said: bytes | str) -> Refused | Postponed:
    return Refused(_sentence(code, said)) if 500 <= code <= 599 else Postponed(_sentence(code, said))


class Files:
    """Each message becomes a file that a mail program opens, named after its row; the folder is ours alone."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder.path

    def send(self, message: Message) -> None:
        """Write it. Raises Unreachable when the folder cannot be written."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self.folder / f"{message.pk}.eml", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(built(message).message().as_bytes())
        except OSError as error:
            raise Unreachable(str(error)) from error

    def close(self) -> None:
        """Nothing is held."""


def forget_files(messages: QuerySet[Message]) -> None:
    """Delete messages, and the files that `Files` made of them (the data folder's, and the present one's)."""
    keys = list(messages.values_list("pk", flat=True))
    messages.delete()
    target = read_email_url(settings.EMAIL_URL, settings.MAILLAGE_DATA)
    folders = {settings.MAILLAGE_DATA / "mail", *([target.path] if isinstance(target, Folder) else [])}
    for folder in folders:
        for key in keys:
            (folder / f"{key}.eml").unlink(missing_ok=True)
