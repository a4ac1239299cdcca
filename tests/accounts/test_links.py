"""Sign-in links: looking changes nothing, the button signs in once, within fifteen minutes."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from maillage.accounts.actions import consume_link, end_sessions, sign_in_link
from maillage.accounts.models import Person, Role, SignInLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob() -> Person:
    return Person.objects.create_user("bob@example.org", name="Bob", role=Role.REDACTION)


def path_of(link: str) -> str:
    return urlsplit(link).path


def test_looking_at_a_link_ten_times_leaves_it_usable(client: Client, bob: Person) -> None:
    link = path_of(sign_in_link(bob))
    for _ in range(10):
        assert Client(HTTP_USER_AGENT="mail scanner").get(link).status_code == 200
        assert Client().head(link).status_code == 200
    assert client.post(link).status_code == 303
    assert client.get(reverse("office")).url.startswith(reverse("second-factor-setup"))


def test_a_link_works_once(client: Client, bob: Person) -> None:
    link = path_of(sign_in_link(bob))
    assert client.post(link).status_code == 303
    second = Client()
    answer = second.post(link)
    assert answer.status_code == 410
    assert "ne marche plus" in answer.content.decode()
    assert second.get(reverse("office")).status_code == 302
    assert "ne marche plus" in second.get(link).content.decode()


def test_a_link_grows_old(client: Client, bob: Person, time_machine) -> None:
    time_machine.move_to("2026-11-23 10:00:00+01:00", tick=False)
    link = path_of(sign_in_link(bob))
    time_machine.shift(15 * 60 - 1)
    assert client.get(link).status_code == 200
    time_machine.shift(2)
    assert client.get(link).status_code == 410
    assert client.post(link).status_code == 410


def test_a_link_that_never_existed_says_the_same(client: Client) -> None:
    assert client.get(reverse("sign-in-link", args=("x" * 43,))).status_code == 410


def test_the_link_of_a_closed_account_is_dead(client: Client, bob: Person) -> None:
    link = path_of(sign_in_link(bob))
    Person.objects.filter(pk=bob.pk).update(is_active=False)
    assert client.post(link).status_code == 410


def test_the_secret_of_a_link_is_not_in_the_database(bob: Person) -> None:
    secret = path_of(sign_in_link(bob)).rstrip("/").rpartition("/")[2]
    assert not SignInLink.objects.filter(digest=secret).exists()
    assert SignInLink.objects.filter(person=bob).count() == 1


def test_signing_out_everywhere_kills_links_too(bob: Person) -> None:
    secret = path_of(sign_in_link(bob)).rstrip("/").rpartition("/")[2]
    end_sessions(bob)
    assert consume_link(secret) is None


def test_the_command_prints_a_link_that_works(client: Client, bob: Person) -> None:
    out = io.StringIO()
    call_command("sign-in-link", "BOB@example.org", stdout=out)
    assert client.post(path_of(out.getvalue().strip())).status_code == 303


def test_the_command_says_that_an_account_is_unknown() -> None:
    with pytest.raises(CommandError, match="create-account"):
        call_command("sign-in-link", "nobody@example.org")
