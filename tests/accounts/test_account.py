"""« Mon compte », the accounts command and the first administrator."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from maillage.accounts.actions import change_role, first_administrator
from maillage.accounts.models import Person, Role

pytestmark = pytest.mark.django_db

PASSWORD = "une phrase dont je me souviens"
NEW = "une autre phrase assez longue"


@pytest.fixture
def alice() -> Person:
    return Person.objects.create_user("alice@example.org", PASSWORD, role=Role.ANIMATION)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_new_password_closes_the_other_sessions_and_keeps_this_one(alice: Person) -> None:
    here, elsewhere = signed_in(alice), signed_in(alice)
    answer = here.post(reverse("password"), {"current": PASSWORD, "new": NEW, "again": NEW})
    assert answer.status_code == 303
    assert here.get(reverse("account")).status_code == 200
    assert elsewhere.get(reverse("account")).status_code == 302


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"current": "faux", "new": NEW, "again": NEW}, "pas votre mot de passe actuel"),
        ({"current": PASSWORD, "new": NEW, "again": NEW + "x"}, "ne sont pas les mêmes"),
        ({"current": PASSWORD, "new": "court", "again": "court"}, "12 caractères"),
        ({"current": PASSWORD, "new": "alice@example.org", "again": "alice@example.org"}, "adresse"),
    ],
)
def test_a_password_that_does_not_fit_is_explained(alice: Person, typed: dict[str, str], sentence: str) -> None:
    answer = signed_in(alice).post(reverse("password"), typed)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_somebody_without_password_chooses_one_without_a_current_one() -> None:
    bob = Person.objects.create_user("bob@example.org")
    client = signed_in(bob)
    assert "Mot de passe actuel" not in client.get(reverse("password")).content.decode()
    assert client.post(reverse("password"), {"new": NEW, "again": NEW}).status_code == 303
    bob.refresh_from_db()
    assert bob.check_password(NEW)


def test_signing_out_everywhere_ends_every_session(alice: Person) -> None:
    here, elsewhere = signed_in(alice), signed_in(alice)
    assert here.post(reverse("sign-out-everywhere")).status_code == 303
    assert here.get(reverse("account")).status_code == 302
    assert elsewhere.get(reverse("account")).status_code == 302


def test_losing_a_role_ends_the_sessions_at_once(alice: Person) -> None:
    Person.objects.create_superuser("dora@example.org")
    client = signed_in(alice)
    change_role(alice, Role.NONE, is_active=True)
    assert client.get(reverse("office")).status_code == 302


def test_the_last_administrator_stays() -> None:
    dora = Person.objects.create_superuser("dora@example.org")
    for role, is_active in ((Role.REDACTION, True), (Role.ADMINISTRATION, False)):
        with pytest.raises(ValueError, match="au moins une personne"):
            change_role(dora, role, is_active=is_active)
    dora.refresh_from_db()
    assert dora.role == Role.ADMINISTRATION
    assert dora.is_active


def test_the_first_administrator_is_made_once() -> None:
    first, again = first_administrator(), first_administrator()
    assert first.created
    assert not again.created
    assert first.person == again.person
    assert first.person.role == Role.ADMINISTRATION
    assert not first.person.has_usable_password()


def test_an_administrator_already_there_is_the_first_one() -> None:
    dora = Person.objects.create_superuser("dora@example.org", PASSWORD)
    found = first_administrator()
    assert found.person == dora
    assert not found.created
    dora.refresh_from_db()
    assert dora.check_password(PASSWORD)


def test_the_command_opens_an_account_then_changes_its_role() -> None:
    out = io.StringIO()
    call_command("create-account", "Eve@example.org", "--role", "redaction", stdout=out)
    assert "Compte ouvert" in out.getvalue()
    call_command("create-account", "eve@example.org", "--role", "administration", stdout=out)
    assert Person.objects.get(email="eve@example.org").role == Role.ADMINISTRATION
    assert Person.objects.count() == 1


@pytest.mark.parametrize("wrong", ["pas une adresse", "", "a@b"])
def test_the_command_refuses_what_is_not_an_address(wrong: str) -> None:
    with pytest.raises(CommandError, match="adresse"):
        call_command("create-account", wrong, "--role", "redaction")


def test_two_accounts_never_share_an_address() -> None:
    Person.objects.create_user("Alice@Example.org")
    assert Person.objects.get_by_natural_key("ALICE@example.org").email == "alice@example.org"


def test_the_command_gives_an_officer_a_territory() -> None:
    for wrong in ("", "departement:999", "53"):
        with pytest.raises(CommandError, match="territoire"):
            call_command("create-account", "ines@example.org", "--role", "collectivite", "--territoire", wrong)
    call_command(
        "create-account", "ines@example.org", "--role", "collectivite", "--territoire", "departement:53", stdout=io.StringIO()
    )
    assert Person.objects.get().territory_code == "53"
