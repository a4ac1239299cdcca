"""Where messages go out: EMAIL_URL. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

Security = Literal["none", "starttls", "tls"]
_PORTS: dict[Security, int] = {"none": 25, "starttls": 587, "tls": 465}
_SCHEMES: dict[str, Security] = {"smtp": "none", "smtp+tls": "starttls", "smtps": "tls"}


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A mail server and how to speak to it."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = ""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"  # never the password


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder where each message becomes a file, for developers."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)


def read_email_url(url: str, data: Path) -> SmtpServer | Folder | None:
    """What EMAIL_URL says: a server, a folder (« file: » is `mail/` of the data folder), or None when it is empty: messages are kept.

    Raises ValueError with a French sentence.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"EMAIL_URL n’est pas une adresse ({error}).") from error
    if parts.scheme == "file":
        return Folder(Path(unquote(parts.path)) if parts.path else data / "mail")
    security = _SCHEMES.get(parts.scheme)
    if security is None or not parts.hostname:
        raise ValueError(
            "EMAIL_URL doit commencer par smtp://, smtp+tls:// (STARTTLS) ou smtps:// (TLS), puis l’adresse du serveur ; "
            "ou être « file: » pour écrire des fichiers."
        )
    return SmtpServer(
        parts.hostname, port or _PORTS[security], security, unquote(parts.username or ""), unquote(parts.password or "")
    )
