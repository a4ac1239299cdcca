"""Passkeys: added and used by the pages; an answer to another question, for another site, by another key or by a copy is refused."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.urls import reverse

from maillage.accounts.models import Person, Role
from maillage.accounts.second_factor import factors_of
from tests.accounts.authenticator import Passkey
from tests.accounts.hands import sign_in_by_code
from tests.conftest import StrictClient

pytestmark = pytest.mark.django_db


def here() -> StrictClient:
    return StrictClient(SERVER_NAME="localhost")


def question_of(answer: Any) -> dict[str, Any]:
    found = re.search(r'data-question="([^"]+)"', answer.content.decode())
    assert found, answer.content.decode()
    question: dict[str, Any] = json.loads(html.unescape(found[1]))
    return question


@pytest.fixture
def bob() -> Person:
    return Person.objects.create_user("bob@example.org", name="Bob", role=Role.REDACTION)


def add(person: Person, key: Passkey) -> StrictClient:
    """Add this key from the page, after a first sign-in."""
    client = here()
    sign_in_by_code(client, person.email)
    question = question_of(client.post(reverse("passkey-setup")))
    answer = client.post(reverse("passkey-setup"), {"name": "Téléphone", "credential": key.register(question)})
    assert answer.url == reverse("recovery-codes"), answer.content.decode()
    return client


def asked(person: Person) -> tuple[StrictClient, dict[str, Any]]:
    """Somebody who gave the first factor, and the question asked of their key."""
    client = here()
    assert sign_in_by_code(client, person.email).url == reverse("second-factor")
    return client, question_of(client.post(reverse("second-factor"), {"passkey": "1"}))


def test_a_passkey_is_added_then_opens_the_office(bob: Person) -> None:
    key = Passkey()
    assert add(bob, key).get(reverse("office")).status_code == 200
    client, question = asked(bob)
    assert client.post(reverse("second-factor"), {"credential": key.prove(question)}).url == reverse("office")
    assert client.get(reverse("office")).status_code == 200


FORGED: dict[str, Callable[[Passkey, dict[str, Any]], str]] = {
    "another question": lambda key, question: key.prove(question, challenge=b"x" * 32),
    "another site": lambda key, question: key.prove(question, site="evil.example"),
    "another origin": lambda key, question: Passkey("https://evil.example", key.key, key.identifier, key.counter).prove(question),
    "another key": lambda key, question: key.prove(question, key=ec.generate_private_key(ec.SECP256R1())),
    "a key that nobody added": lambda key, question: Passkey().prove(question),
    "nobody touched it": lambda key, question: key.prove(question, flags=0),
    "a copy, whose count goes back": lambda key, question: Passkey(key.origin, key.key, key.identifier, -1).prove(question),
    "not JSON": lambda key, question: "{",
    "a list": lambda key, question: "[]",
    "empty": lambda key, question: "{}",
    "without signature": lambda key, question: key.prove(question).replace('"signature"', '"other"'),
    "a number for an identifier": lambda key, question: json.dumps({**json.loads(key.prove(question)), "rawId": 7, "id": 7}),
}


@pytest.mark.parametrize("name", sorted(FORGED))
def test_a_forged_proof_opens_nothing(name: str, bob: Person) -> None:
    key = Passkey()
    add(bob, key)
    client, question = asked(bob)
    key.counter = 5
    assert client.post(reverse("second-factor"), {"credential": key.prove(question)}).status_code == 303  # the count is 6 now
    client, question = asked(bob)
    answer = client.post(reverse("second-factor"), {"credential": FORGED[name](key, question)})
    assert answer.status_code == 200
    assert "n’a pas répondu comme il faut" in answer.content.decode()
    assert client.get(reverse("office")).status_code == 302


def test_an_answer_serves_once(bob: Person) -> None:
    key = Passkey()
    add(bob, key)
    client, question = asked(bob)
    proof = key.prove(question)
    assert client.post(reverse("second-factor"), {"credential": proof}).status_code == 303
    again, _other = asked(bob)
    assert again.post(reverse("second-factor"), {"credential": proof}).status_code == 200


def test_the_key_of_somebody_else_opens_nothing(bob: Person) -> None:
    alice = Person.objects.create_user("alice@example.org", role=Role.ANIMATION)
    mine, theirs = Passkey(), Passkey()
    add(bob, mine)
    add(alice, theirs)
    client, question = asked(alice)
    assert client.post(reverse("second-factor"), {"credential": mine.prove(question)}).status_code == 200
    assert client.get(reverse("office")).status_code == 302


@pytest.mark.parametrize("forged", ["question", "site", "text", "list"])
def test_a_forged_key_is_not_remembered(bob: Person, forged: str) -> None:
    client = here()
    sign_in_by_code(client, bob.email)
    question = question_of(client.post(reverse("passkey-setup")))
    credential = {
        "question": lambda: Passkey().register(question, challenge=b"x" * 32),
        "site": lambda: Passkey().register(question, site="evil.example"),
        "text": lambda: "{",
        "list": lambda: "[1]",
    }[forged]()
    answer = client.post(reverse("passkey-setup"), {"name": "Téléphone", "credential": credential})
    assert answer.status_code == 200
    assert "n’a pas répondu comme il faut" in answer.content.decode()
    assert factors_of(bob) == []


def test_an_address_without_a_name_says_why_there_is_no_passkey(bob: Person) -> None:
    client = StrictClient(SERVER_NAME="127.0.0.1")
    client.force_login(bob)
    assert "demande un nom de site" in client.get(reverse("passkey-setup")).content.decode()
