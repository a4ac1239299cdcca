"""Signing in by password, the first of two steps for whoever keeps sheets: the same answer for everybody, slowed down for those who insist."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from maillage.accounts import throttle
from maillage.accounts.models import Attempts, Person, Role

pytestmark = pytest.mark.django_db

PASSWORD = "une phrase dont je me souviens"


@pytest.fixture
def alice() -> Person:
    return Person.objects.create_user("alice@example.org", PASSWORD, name="Alice", role=Role.ANIMATION)


def sign_in(client: Client, email: str = "alice@example.org", password: str = PASSWORD, **extra: str):
    return client.post(reverse("sign-in-password"), {"email": email, "password": password, **extra})


def test_the_right_password_opens_the_office(client: Client, alice: Person) -> None:
    response = sign_in(client)
    assert response.status_code == 303
    assert response.url == reverse("office")
    assert client.get(reverse("account")).url.startswith(reverse("second-factor-setup"))


def test_the_address_is_known_whatever_its_case(client: Client, alice: Person) -> None:
    assert sign_in(client, "Alice@Example.org").status_code == 303


@pytest.mark.parametrize("email", ["alice@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_account_get_the_same_page(client: Client, alice: Person, email: str) -> None:
    page = sign_in(client, email, "pas le bon mot de passe").content.decode()
    assert "ne convient pas" in page
    pages = {
        sign_in(Client(), address, "pas le bon mot de passe").content.decode().replace(address, "")
        for address in ("alice@example.org", "nobody@example.org")
    }
    without_tokens = {page.split("csrfmiddlewaretoken")[0] + page.split('name="next"')[1] for page in pages}
    assert len(without_tokens) == 1


def test_a_closed_account_answers_like_an_unknown_one(client: Client, alice: Person) -> None:
    Person.objects.filter(pk=alice.pk).update(is_active=False)
    assert "ne convient pas" in sign_in(client).content.decode()


def test_what_was_typed_comes_back_but_not_the_password(client: Client, alice: Person) -> None:
    page = sign_in(client, password="secret secret secret").content.decode()
    assert "alice@example.org" in page
    assert "secret secret secret" not in page


def test_too_many_tries_wait_even_with_the_right_password(client: Client, alice: Person) -> None:
    for _ in range(throttle.PAIR):
        assert sign_in(client, password="faux faux faux").status_code == 200
    response = sign_in(client)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "Trop d’essais" in response.content.decode()


def test_somebody_elsewhere_still_signs_in_while_one_network_waits(client: Client, alice: Person) -> None:
    for _ in range(throttle.PAIR + 1):
        sign_in(client, password="faux faux faux")
    assert (
        Client(REMOTE_ADDR="192.0.2.7")
        .post(reverse("sign-in-password"), {"email": "alice@example.org", "password": PASSWORD})
        .status_code
        == 303
    )


def test_an_account_guessed_from_many_networks_waits_too(alice: Person) -> None:
    for n in range(throttle.ACCOUNT):
        throttle.attempt("alice@example.org", f"192.0.2.{n}")
    assert not throttle.attempt("alice@example.org", "198.51.100.1").allowed


def test_a_network_that_tries_many_accounts_waits(alice: Person) -> None:
    for n in range(throttle.NETWORK):
        throttle.attempt(f"somebody{n}@example.org", "192.0.2.1")
    assert not throttle.attempt("alice@example.org", "192.0.2.1").allowed


def test_the_throttle_names_neither_people_nor_addresses(alice: Person) -> None:
    throttle.attempt("alice@example.org", "192.0.2.1")
    for row in Attempts.objects.order_by("pk"):
        assert "alice" not in row.key
        assert "192" not in row.key[:3] or len(row.key) == 64


def test_the_wait_ends(alice: Person, time_machine) -> None:
    time_machine.move_to("2026-11-23 10:00:00+01:00", tick=False)
    for _ in range(throttle.PAIR + 1):
        verdict = throttle.attempt("alice@example.org", "192.0.2.1")
    assert not verdict.allowed
    time_machine.shift(verdict.wait)
    assert throttle.attempt("alice@example.org", "192.0.2.1").allowed


def test_signing_in_changes_the_session_key(client: Client, alice: Person) -> None:
    session = client.session
    session["before"] = "kept from an anonymous visit"
    session.save()
    before = session.session_key
    sign_in(client)
    assert client.session.session_key != before


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "https:evil.example"])
def test_the_page_to_return_to_is_one_of_ours(client: Client, alice: Person, wanted: str) -> None:
    assert sign_in(client, next=wanted).url == reverse("office")


def test_signing_in_returns_to_the_page_that_asked_for_it(client: Client, alice: Person) -> None:
    asked = client.get(reverse("office-list", args=("offer",)))
    assert asked.status_code == 302
    assert asked.url == "/connexion/?next=/gestion/offres/"
    assert sign_in(client, next="/gestion/offres/").url == "/gestion/offres/"


def test_an_account_without_role_arrives_at_its_own_page(client: Client) -> None:
    Person.objects.create_user("charlie@example.org", PASSWORD)
    assert sign_in(client, "charlie@example.org").url == reverse("account")


def test_signing_out_is_a_post(client: Client, alice: Person) -> None:
    sign_in(client)
    assert client.get(reverse("sign-out")).status_code == 405
    assert client.post(reverse("sign-out")).status_code == 303
    assert client.get(reverse("office")).status_code == 302
