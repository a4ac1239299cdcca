"""The second factor: required of professionals, set up smoothly, asked at each sign-in, never usable twice."""

from __future__ import annotations

import re

import pytest
from django.core.checks import run_checks
from django.test import Client, override_settings
from django.urls import reverse

from maillage.accounts import throttle
from maillage.accounts.actions import sign_in_link
from maillage.accounts.models import Person, Role, SecurityEvent
from maillage.accounts.second_factor import factors_of, recovery, totp
from maillage.catalogue.models import Membership, Structure
from tests.accounts.hands import SECRET, give_totp, last_message, sign_in_by_code, totp_code
from tests.conftest import StrictClient

pytestmark = pytest.mark.django_db

BOB = "bob@example.org"


@pytest.fixture
def bob() -> Person:
    return Person.objects.create_user(BOB, name="Bob", role=Role.REDACTION)


def set_up(client: Client) -> str:
    """Set up an application from the page; gives its key."""
    assert client.post(reverse("totp-setup"), {"next": "/gestion/offres/"}).url == reverse("totp-setup")
    page = client.get(reverse("totp-setup")).content.decode()
    found = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)
    assert found
    assert client.post(reverse("totp-setup"), {"code": totp_code(found[1])}).url == reverse("recovery-codes")
    return found[1]


def test_a_first_sign_in_is_led_to_the_second_factor_then_to_the_page_it_wanted(client: Client, bob: Person) -> None:
    sign_in_by_code(client, BOB)
    led = client.get("/gestion/offres/")
    assert (led.status_code, led.url) == (303, "/mon-compte/second-facteur/?next=%2Fgestion%2Foffres%2F")
    assert client.get(led.url).status_code == 200
    set_up(client)
    page = client.get(reverse("recovery-codes")).content.decode()
    assert 'href="/gestion/offres/"' in page
    assert page.count("<li><code>") == 10
    assert client.get("/gestion/offres/").status_code == 200
    assert "second facteur vient d’être ajouté" in last_message(BOB).text


def test_the_first_administrator_is_led_through_by_the_link_of_the_terminal(client: Client) -> None:
    ada = Person.objects.create_superuser("administration@localhost")
    path = "/" + sign_in_link(ada).split("/", 3)[3]
    assert client.post(path).url == reverse("office")
    assert client.get(reverse("office")).url.startswith(reverse("second-factor-setup"))
    set_up(client)
    assert client.get(reverse("office-people")).status_code == 200


@pytest.mark.parametrize(
    "path", ["/gestion/", "/gestion/comptes/", "/mon-compte/", "/mon-compte/adresse/", "/mon-compte/mot-de-passe/"]
)
def test_nothing_closed_opens_before_it(client: Client, bob: Person, path: str) -> None:
    sign_in_by_code(client, BOB)
    for answer in (client.get(path), client.post(path)):
        assert answer.url.startswith(reverse("second-factor-setup"))


def test_such_a_session_counts_for_nobody_on_public_pages(client: Client, bob: Person) -> None:
    sign_in_by_code(client, BOB)
    assert client.get(reverse("home")).wsgi_request.user.is_anonymous


def test_a_holder_needs_none(client: Client) -> None:
    Person.objects.create_user("charlie@example.org")
    sign_in_by_code(client, "charlie@example.org")
    assert client.get(reverse("account")).status_code == 200


@pytest.mark.parametrize("what", ["role", "officer", "membership"])
def test_whoever_becomes_a_professional_needs_it_at_the_next_request(client: Client, what: str) -> None:
    charlie = Person.objects.create_user("charlie@example.org")
    sign_in_by_code(client, "charlie@example.org")
    assert client.get(reverse("account")).status_code == 200
    if what == "membership":
        structure = Structure.objects.create(source="test", ref="a", name="A", commune="53130")
        Membership.objects.create(person=charlie, structure=structure, role="accueil", state="active")
    else:
        Person.objects.filter(pk=charlie.pk).update(role=Role.REDACTION if what == "role" else Role.LOCAL)
    assert client.get(reverse("account")).url.startswith(reverse("second-factor-setup"))


def test_it_is_asked_at_each_sign_in_afterwards(client: Client, bob: Person) -> None:
    give_totp(bob)
    assert sign_in_by_code(client, BOB).url == reverse("second-factor")
    assert client.get(reverse("office")).status_code == 302
    assert client.get(reverse("second-factor")).status_code == 200
    assert client.post(reverse("second-factor"), {"code": "000000"}).status_code == 200
    assert client.get(reverse("office")).status_code == 302
    assert client.post(reverse("second-factor"), {"code": totp_code()}).url == reverse("office")
    assert client.get(reverse("office")).status_code == 200


@pytest.mark.parametrize("how", ["password", "link"])
def test_a_password_or_a_link_does_not_go_round_it(client: Client, bob: Person, how: str) -> None:
    bob.set_password("une phrase dont je me souviens")
    bob.save()
    give_totp(bob)
    if how == "password":
        answer = client.post(reverse("sign-in-password"), {"email": BOB, "password": "une phrase dont je me souviens"})
    else:
        answer = client.post("/" + sign_in_link(bob).split("/", 3)[3])
    assert answer.url == reverse("second-factor")
    assert client.get(reverse("office")).status_code == 302


def test_a_code_of_the_application_serves_once(bob: Person) -> None:
    give_totp(bob)
    code = totp_code()
    first, second = StrictClient(), StrictClient()
    for client in (first, second):
        sign_in_by_code(client, BOB)
    assert first.post(reverse("second-factor"), {"code": code}).status_code == 303
    assert "ne sert qu’une fois" in second.post(reverse("second-factor"), {"code": code}).content.decode()


def test_the_clock_of_a_telephone_may_be_half_a_minute_away_not_more(bob: Person, time_machine) -> None:
    time_machine.move_to("2026-11-23 10:00:05+01:00", tick=False)
    give_totp(bob)
    assert not totp.check(bob, totp_code(steps=-2))
    assert not totp.check(bob, totp_code(steps=2))
    assert totp.check(bob, totp_code(steps=-1))
    assert totp.check(bob, totp_code(steps=1))


def test_the_key_is_not_readable_in_the_database(bob: Person) -> None:
    give_totp(bob)
    [row] = factors_of(bob)
    assert SECRET not in str(row.data)


def test_a_recovery_code_replaces_it_once(client: Client, bob: Person) -> None:
    give_totp(bob)
    code = recovery.unused(bob)[3]
    sign_in_by_code(client, BOB)
    assert client.post(reverse("second-factor"), {"code": f"{code[:5]} {code[5:]}"}).status_code == 303
    assert len(recovery.unused(bob)) == 9
    again = StrictClient()
    sign_in_by_code(again, BOB)
    assert again.post(reverse("second-factor"), {"code": code}).status_code == 200
    assert SecurityEvent.objects.filter(kind="recovery-used", person=bob).count() == 1


def test_new_recovery_codes_end_the_old_ones(bob: Person) -> None:
    give_totp(bob)
    old = recovery.unused(bob)
    client = StrictClient()
    client.force_login(bob)
    assert client.post(reverse("recovery-codes")).status_code == 303
    assert not recovery.use(bob, old[0])


def test_too_many_wrong_codes_wait(client: Client, bob: Person) -> None:
    give_totp(bob)
    sign_in_by_code(client, BOB)
    for _ in range(throttle.LIMITS["second-factor"].pair):
        assert client.post(reverse("second-factor"), {"code": "000000"}).status_code == 200
    answer = client.post(reverse("second-factor"), {"code": totp_code()})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_the_first_step_is_forgotten_after_ten_minutes(client: Client, bob: Person, time_machine) -> None:
    time_machine.move_to("2026-11-23 10:00:00+01:00", tick=False)
    give_totp(bob)
    sign_in_by_code(client, BOB)
    time_machine.shift(10 * 60 + 1)
    assert client.post(reverse("second-factor"), {"code": totp_code()}).url == reverse("sign-in")
    assert client.get(reverse("office")).status_code == 302


def test_a_session_with_one_step_cannot_add_another_second_factor(client: Client, bob: Person) -> None:
    """Bob set it up elsewhere; a session stolen after the first step proves the second before anything."""
    sign_in_by_code(client, BOB)
    give_totp(bob)
    assert client.get(reverse("office")).url.startswith(reverse("second-factor"))
    assert client.post(reverse("totp-setup")).url.startswith(reverse("confirm"))
    assert client.post(reverse("passkey-setup")).url.startswith(reverse("confirm"))
    assert client.get(reverse("recovery-codes")).url.startswith(reverse("confirm"))
    assert client.post(reverse("second-factor"), {"code": totp_code()}).status_code == 303
    assert client.get(reverse("office")).status_code == 200


def test_changing_what_protects_the_account_asks_again_after_ten_minutes(bob: Person, time_machine) -> None:
    time_machine.move_to("2026-11-23 10:00:00+01:00", tick=False)
    give_totp(bob)
    client = StrictClient()
    client.force_login(bob)
    assert client.get(reverse("address")).status_code == 200
    time_machine.shift(10 * 60 + 1)
    [row] = factors_of(bob)
    for name, arguments in (("address", {}), ("recovery-codes", {}), ("totp-setup", {}), ("remove-factor", {"pk": row.pk})):
        asked = client.get(reverse(name, kwargs=arguments))
        assert asked.url.startswith(reverse("confirm")), name
    assert client.post(reverse("confirm"), {"code": totp_code(), "next": reverse("address")}).url == reverse("address")
    assert client.get(reverse("address")).status_code == 200


def test_whoever_has_no_second_factor_confirms_by_a_code(time_machine) -> None:
    time_machine.move_to("2026-11-23 10:00:00+01:00", tick=False)
    charlie = Person.objects.create_user("charlie@example.org")
    client = StrictClient()
    client.force_login(charlie)
    time_machine.shift(11 * 60)
    assert client.get(reverse("totp-setup")).url.startswith(reverse("confirm"))
    client.post(reverse("confirm"), {"next": reverse("second-factor-setup")})
    from tests.accounts.hands import code_in

    answer = client.post(
        reverse("confirm"), {"code": code_in(last_message(charlie.email)), "next": reverse("second-factor-setup")}
    )
    assert answer.url == reverse("second-factor-setup")
    assert client.post(reverse("totp-setup")).url == reverse("totp-setup")


def test_the_last_factor_of_a_professional_stays(bob: Person) -> None:
    give_totp(bob)
    client = StrictClient()
    client.force_login(bob)
    [row] = factors_of(bob)
    assert client.post(reverse("remove-factor", args=(row.pk,))).status_code == 200
    assert len(factors_of(bob)) == 1


def test_a_holder_removes_theirs_and_nobody_elses(bob: Person) -> None:
    charlie = Person.objects.create_user("charlie@example.org")
    give_totp(charlie)
    give_totp(bob)
    client = StrictClient()
    client.force_login(charlie)
    [mine], [theirs] = factors_of(charlie), factors_of(bob)
    assert client.post(reverse("remove-factor", args=(theirs.pk,))).status_code == 404
    assert client.post(reverse("remove-factor", args=(mine.pk,))).status_code == 303
    assert factors_of(charlie) == []
    assert recovery.unused(charlie) == []
    assert factors_of(bob) == [theirs]


def test_adding_a_factor_closes_the_other_sessions(bob: Person) -> None:
    here, elsewhere = StrictClient(), StrictClient()
    for client in (here, elsewhere):
        sign_in_by_code(client, BOB)
    set_up(here)
    assert elsewhere.get(reverse("office")).url.startswith(reverse("sign-in"))
    assert here.get(reverse("office")).status_code == 200


def test_a_demonstration_may_do_without_but_production_does_not_start(client: Client, bob: Person) -> None:
    with override_settings(MAILLAGE_SECOND_FACTOR=False):
        sign_in_by_code(client, BOB)
        assert client.get(reverse("office")).status_code == 200
        with override_settings(MAILLAGE_PRODUCTION=True):
            assert "maillage.E010" in {problem.id for problem in run_checks()}
    with override_settings(MAILLAGE_PRODUCTION=True):
        assert "maillage.E010" not in {problem.id for problem in run_checks()}
