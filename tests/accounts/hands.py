"""What a person does to sign in: read the message that was written for them, type its code, read an application of codes."""

from __future__ import annotations

import re
import time

from allauth.mfa.totp.internal import auth
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from maillage.accounts.models import Person
from maillage.accounts.second_factor import recovery, totp
from maillage.journal.models import Message


def last_message(to: str) -> Message:
    """The latest message written for this address."""
    message = Message.objects.filter(to=to).order_by("-pk").first()
    assert message is not None, f"nothing was written to {to}"
    return message


def code_in(message: Message) -> str:
    """The six digits of a message."""
    found = re.search(r"\b(\d{3}) (\d{3})\b", message.text)
    assert found, message.text
    return found[1] + found[2]


def link_in(message: Message) -> str:
    """The path of the sign-in link of a message."""
    found = re.search(r"https?://[^/\s]+(/\S*connexion/courriel/\S+)", message.text)
    assert found, message.text
    return found[1]


def ask_code(client: Client, email: str, **extra: str) -> HttpResponse:
    return client.post(reverse("sign-in"), {"email": email, **extra})  # type: ignore[return-value]  # Django's test response


def type_code(client: Client, digits: str) -> HttpResponse:
    return client.post(reverse("sign-in-code"), {"code": digits})  # type: ignore[return-value]


def sign_in_by_code(client: Client, email: str) -> HttpResponse:
    """Ask for a code, read it, type it; gives the last answer."""
    ask_code(client, email)
    return type_code(client, code_in(last_message(email.lower())))


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def give_totp(person: Person) -> None:
    """An application of codes, with SECRET as its key, and recovery codes."""
    totp.set_up(person, SECRET)
    recovery.make(person)


def totp_code(secret: str = SECRET, steps: int = 0) -> str:
    """What the application shows now (or `steps` times thirty seconds from now)."""
    return str(auth.format_hotp_value(auth.hotp_value(secret.replace(" ", ""), int(time.time()) // 30 + steps)))
