"""Signing in by a code: six digits, ten minutes, five tries, once, in the browser that asked; the same answer for everybody."""

from __future__ import annotations

import re
from threading import Thread

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from maillage.accounts import codes, throttle
from maillage.accounts.models import Code, Person, SecurityEvent
from maillage.journal.models import Message
from tests.accounts.hands import ask_code, code_in, last_message, link_in, sign_in_by_code, type_code
from tests.conftest import StrictClient

pytestmark = pytest.mark.django_db

EMAIL = "charlie@example.org"


@pytest.fixture
def charlie() -> Person:
    return Person.objects.create_user(EMAIL, name="Charlie")


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 1_000_000:06d}"


def without_tokens(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


def test_the_code_of_the_message_signs_in(client: Client, charlie: Person) -> None:
    assert ask_code(client, EMAIL).url == reverse("sign-in-code")
    assert type_code(client, code_in(last_message(EMAIL))).url == reverse("account")
    assert EMAIL in client.get(reverse("account")).content.decode()


def test_the_code_is_read_with_spaces_and_whatever_the_case_of_the_address(client: Client, charlie: Person) -> None:
    ask_code(client, "Charlie@Example.org")
    digits = code_in(last_message(EMAIL))
    assert type_code(client, f" {digits[:3]} {digits[3:]} ").status_code == 303


def test_the_message_is_urgent_and_complete_in_plain_text(client: Client, charlie: Person) -> None:
    ask_code(client, EMAIL)
    message = last_message(EMAIL)
    assert message.urgent
    assert "10 minutes" in message.text
    assert code_in(message) not in message.subject  # a locked screen shows subjects


def test_an_english_page_writes_in_english(client: Client, charlie: Person) -> None:
    client.post("/en/connexion/", {"email": EMAIL})
    assert last_message(EMAIL).language == "en"


@pytest.mark.parametrize("closed", [False, True])
def test_an_account_that_does_not_exist_gets_the_same_answer_and_the_same_work(charlie: Person, closed: bool) -> None:
    Person.objects.create_user("closed@example.org", is_active=False)
    other = "closed@example.org" if closed else "nobody@example.org"
    ask_code(StrictClient(), "before@example.org")  # the count of this network exists from now on
    pages, statuses, statements, messages = set(), set(), set(), set()
    for email in (EMAIL, other):
        client = StrictClient()
        with CaptureQueriesContext(connection) as queries:
            answer = ask_code(client, email)
        statuses.add((answer.status_code, answer.url))
        statements.add(tuple(query["sql"].split(" ")[0] for query in queries if "SAVEPOINT" not in query["sql"]))
        pages.add(without_tokens(client.get(answer.url).content.decode()).replace(email, "…"))
        messages.add(re.sub(r"\d{3} \d{3}|courriel/\S+", "…", last_message(email).text))
    assert len(pages) == len(statuses) == len(statements) == len(messages) == 1


def test_looking_at_the_link_of_the_message_consumes_nothing(client: Client, charlie: Person) -> None:
    ask_code(client, EMAIL)
    link = link_in(last_message(EMAIL))
    for _ in range(10):
        scanner = StrictClient(HTTP_USER_AGENT="mail scanner")
        assert scanner.get(link).status_code == 200
        assert scanner.head(link).status_code == 200
    assert StrictClient().post(link).url == reverse("account")


def test_the_link_and_the_code_are_one_and_serve_once(client: Client, charlie: Person) -> None:
    ask_code(client, EMAIL)
    message = last_message(EMAIL)
    assert type_code(client, code_in(message)).status_code == 303
    assert StrictClient().post(link_in(message)).status_code == 410
    again = StrictClient()
    ask_code(again, EMAIL)
    assert type_code(again, code_in(message)).status_code == 200


def test_a_code_typed_in_another_browser_opens_nothing(client: Client, charlie: Person) -> None:
    ask_code(client, EMAIL)
    digits = code_in(last_message(EMAIL))
    thief = StrictClient()
    assert "ne marche plus" in type_code(thief, digits).content.decode()
    assert thief.get(reverse("account")).status_code == 302
    assert type_code(client, digits).status_code == 303


def test_a_code_grows_old(client: Client, charlie: Person, time_machine) -> None:
    time_machine.move_to("2026-11-23 10:00:00+01:00", tick=False)
    ask_code(client, EMAIL)
    message = last_message(EMAIL)
    time_machine.shift(10 * 60 + 1)
    assert "ne marche plus" in type_code(client, code_in(message)).content.decode()
    assert StrictClient().get(link_in(message)).status_code == 410


def test_the_fifth_wrong_try_ends_the_code(client: Client, charlie: Person) -> None:
    ask_code(client, EMAIL)
    digits = code_in(last_message(EMAIL))
    for left in (4, 3, 2, 1):
        page = type_code(client, wrong(digits)).content.decode()
        assert ("Il reste un essai" if left == 1 else f"reste {left} essais") in page
    assert "ne marche plus" in type_code(client, wrong(digits)).content.decode()
    assert type_code(client, digits).status_code == 200
    assert client.get(reverse("account")).status_code == 302


def test_codes_of_one_address_cannot_be_guessed_by_asking_many(charlie: Person) -> None:
    refused = 0
    for _ in range(throttle.LIMITS["ask-code"].account + 1):
        answer = ask_code(StrictClient(REMOTE_ADDR=f"192.0.2.{_}"), EMAIL)
        refused += answer.status_code == 429
    assert refused == 1
    assert int(answer.headers["Retry-After"]) > 0
    assert "Trop d’essais" in answer.content.decode()


def test_the_limit_is_the_same_for_an_account_that_does_not_exist() -> None:
    statuses = [ask_code(StrictClient(), "nobody@example.org").status_code for _ in range(throttle.LIMITS["ask-code"].pair + 1)]
    assert statuses == [303] * throttle.LIMITS["ask-code"].pair + [429]


def test_neither_the_code_nor_the_secret_of_its_link_is_in_the_table(client: Client, charlie: Person) -> None:
    ask_code(client, EMAIL)
    message, row = last_message(EMAIL), Code.objects.get()
    assert code_in(message) not in row.digest
    assert link_in(message).rstrip("/").rpartition("/")[2] != row.link_digest


def test_old_codes_are_removed_when_another_is_asked_for(charlie: Person, time_machine) -> None:
    time_machine.move_to("2026-11-23 10:00:00+01:00", tick=False)
    ask_code(StrictClient(), EMAIL)
    time_machine.shift(11 * 60)
    ask_code(StrictClient(), EMAIL)
    assert Code.objects.count() == 1


def test_a_proved_address_without_account_is_offered_one(client: Client) -> None:
    answer = sign_in_by_code(client, "new@example.org")
    assert answer.url == reverse("sign-up")
    assert "new@example.org" in client.get(answer.url).content.decode()
    assert not Person.objects.exists()
    assert client.post(answer.url, {"name": "Nouvelle"}).url == reverse("account")
    person = Person.objects.get()
    assert (person.email, person.name, person.role) == ("new@example.org", "Nouvelle", "aucun")
    assert not person.has_usable_password()


def test_nobody_opens_an_account_for_an_address_that_was_not_proved(client: Client) -> None:
    assert client.post(reverse("sign-up"), {"name": "Nouvelle", "email": "new@example.org"}).url == reverse("sign-in")
    ask_code(client, "new@example.org")
    assert client.post(reverse("sign-up"), {"name": "Nouvelle"}).url == reverse("sign-in")
    assert not Person.objects.exists()


def test_a_closed_account_does_not_open(client: Client, charlie: Person) -> None:
    Person.objects.filter(pk=charlie.pk).update(is_active=False)
    answer = sign_in_by_code(client, EMAIL)
    assert answer.status_code == 410
    assert client.get(reverse("account")).status_code == 302


def test_the_session_gets_another_key_at_sign_in(client: Client, charlie: Person) -> None:
    ask_code(client, EMAIL)
    before = client.session.session_key
    type_code(client, code_in(last_message(EMAIL)))
    assert client.session.session_key != before


def test_the_page_that_asked_is_found_again_but_never_another_site(charlie: Person) -> None:
    for wanted, found in (
        ("/plan-du-site/", "/plan-du-site/"),
        ("https://evil.example/", "/mon-compte/"),
        ("//evil.example", "/mon-compte/"),
    ):
        client = StrictClient()
        ask_code(client, EMAIL, next=wanted)
        assert type_code(client, code_in(last_message(EMAIL))).url == found
        Message.objects.all().delete()


def test_what_happened_is_told_and_names_nothing_that_was_typed(client: Client, charlie: Person) -> None:
    ask_code(client, EMAIL)
    digits = code_in(last_message(EMAIL))
    type_code(client, wrong(digits))
    type_code(client, digits)
    events = list(SecurityEvent.objects.order_by("pk").values_list("kind", "person", "detail"))
    assert events == [
        ("code-asked", charlie.pk, "sign-in"),
        ("code-failed", charlie.pk, "sign-in"),
        ("signed-in", charlie.pk, "code"),
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="a single writer: nothing to race")
def test_tries_at_the_same_instant_are_all_counted() -> None:
    """Twenty threads type wrong codes at once: five are looked at."""
    Person.objects.create_user(EMAIL)
    client = StrictClient()
    ask_code(client, EMAIL)
    digits, handle = code_in(last_message(EMAIL)), client.session["code"]
    request = client.get(reverse("sign-in-code")).wsgi_request
    lefts: list[int] = []

    def guess() -> None:
        try:
            lefts.append(codes.check(handle, wrong(digits), codes.Purpose.SIGN_IN, request).left)
        finally:
            connections.close_all()

    threads = [Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Code.objects.get().tries == codes.TRIES
    assert SecurityEvent.objects.filter(kind="code-failed").count() == codes.TRIES
    assert codes.check(handle, digits, codes.Purpose.SIGN_IN, request).code is None
