"""Sessions: listed in plain words, closed one by one or all at once; and whatever ends a right ends it at the next request."""

from __future__ import annotations

import json
import logging

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import IntegrityError, transaction
from django.urls import reverse

from maillage.accounts import actions, events
from maillage.accounts.devices import device_of
from maillage.accounts.models import Person, Role, SecurityEvent, Session
from tests.accounts.hands import give_totp, last_message, sign_in_by_code, totp_code
from tests.conftest import StrictClient

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"
ANDROID = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"


@pytest.fixture
def charlie() -> Person:
    return Person.objects.create_user("charlie@example.org", name="Charlie")


def signed_in(person: Person, device: str = FIREFOX) -> StrictClient:
    client = StrictClient(HTTP_USER_AGENT=device)
    sign_in_by_code(client, person.email)
    return client


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (FIREFOX, "Firefox, Linux"),
        (IPHONE, "Safari, iPhone"),
        (EDGE, "Edge, Windows"),
        (ANDROID, "Chrome, Android"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_device_is_said_in_plain_words(said: str, words: str) -> None:
    assert device_of(said) == words


def test_my_account_lists_my_sessions_and_marks_this_one(charlie: Person) -> None:
    here = signed_in(charlie)
    signed_in(charlie, IPHONE)
    page = here.get(reverse("account")).content.decode()
    assert "Firefox, Linux" in page
    assert "Safari, iPhone" in page
    assert page.count("cet appareil") == 1
    assert page.count("/fermer/") == 1


def test_a_session_closed_from_another_is_closed_at_its_next_request(charlie: Person) -> None:
    here, telephone = signed_in(charlie), signed_in(charlie, IPHONE)
    other = Session.objects.get(person=charlie, device="Safari, iPhone")
    assert here.post(reverse("end-session", args=(other.handle,))).status_code == 303
    assert telephone.get(reverse("account")).status_code == 302
    assert here.get(reverse("account")).status_code == 200


def test_nobody_closes_somebody_elses_session(charlie: Person) -> None:
    bob = Person.objects.create_user("bob@example.org")
    theirs = signed_in(bob)
    session = Session.objects.get(person=bob)
    assert signed_in(charlie).post(reverse("end-session", args=(session.handle,))).status_code == 404
    assert theirs.get(reverse("account")).status_code == 200


def test_the_key_of_a_session_is_on_no_page_and_no_network_address_is_kept(charlie: Person) -> None:
    client = StrictClient(HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="192.0.2.77")
    sign_in_by_code(client, charlie.email)
    key = client.session.session_key
    assert key not in client.get(reverse("account")).content.decode()
    for table in (Session, SecurityEvent):
        assert "192.0.2.77" not in str(list(table.objects.order_by("pk").values()))
    assert "192.0.2.77" not in str(client.session.items())


def test_signing_out_everywhere_removes_the_rows(charlie: Person) -> None:
    client, _other = signed_in(charlie), signed_in(charlie)
    assert client.post(reverse("sign-out-everywhere")).status_code == 303
    assert not Session.objects.filter(person=charlie).exists()


def test_a_session_closed_while_its_request_runs_does_not_come_back(charlie: Person) -> None:
    client = signed_in(charlie)
    session = client.session
    session["anything"] = 1  # read by a request that is running
    Session.objects.filter(person=charlie).delete()
    with pytest.raises(UpdateError), transaction.atomic():
        session.save()
    assert not Session.objects.filter(person=charlie).exists()


def test_a_role_taken_away_closes_the_office_at_once_even_without_ending_the_session(charlie: Person) -> None:
    Person.objects.filter(pk=charlie.pk).update(role=Role.ANIMATION)
    charlie.refresh_from_db()
    client = StrictClient()
    client.force_login(charlie)
    assert client.get(reverse("office")).status_code == 200
    Person.objects.filter(pk=charlie.pk).update(role=Role.NONE)
    assert client.get(reverse("office")).status_code == 404
    assert client.get(reverse("account")).status_code == 200


def test_a_closed_account_closes_its_sessions_at_once(charlie: Person) -> None:
    client = signed_in(charlie)
    Person.objects.filter(pk=charlie.pk).update(is_active=False)
    assert client.get(reverse("account")).status_code == 302


def test_the_administrator_sees_the_events_and_gives_back_a_lost_second_factor(charlie: Person) -> None:
    ada = Person.objects.create_superuser("ada@example.org")
    Person.objects.filter(pk=charlie.pk).update(role=Role.REDACTION)
    charlie.refresh_from_db()
    give_totp(charlie)
    theirs = StrictClient()
    sign_in_by_code(theirs, charlie.email)
    theirs.post(reverse("second-factor"), {"code": totp_code()})
    assert theirs.get(reverse("office")).status_code == 200
    client = StrictClient()
    client.force_login(ada)
    assert "code par courriel, application de codes" in client.get(reverse("office-security-events")).content.decode()
    assert client.post(reverse("office-person", args=(charlie.pk,)), {"facteur": "1"}).status_code == 303
    assert theirs.get(reverse("office")).status_code == 302
    assert "retiré" in last_message(charlie.email).text
    again = StrictClient()
    sign_in_by_code(again, charlie.email)
    assert again.get(reverse("office")).url.startswith(reverse("second-factor-setup"))
    assert "retiré" in client.get(reverse("office-person", args=(charlie.pk,))).content.decode()


def test_an_officer_of_a_local_authority_gets_a_territory_that_exists() -> None:
    ada = Person.objects.create_superuser("ada@example.org")
    client = StrictClient()
    client.force_login(ada)
    typed = {"email": "ines@example.org", "name": "", "role": Role.LOCAL}
    for wrong in ("", "departement:999", "Mayenne"):
        assert client.post(reverse("office-new-person"), {**typed, "territory": wrong}).status_code == 200
    assert client.post(reverse("office-new-person"), {**typed, "territory": "departement:53"}).status_code == 303
    ines = Person.objects.get(email="ines@example.org")
    assert (ines.territory_level, ines.territory_code) == ("departement", "53")


def test_a_line_of_the_security_journal_is_never_changed(charlie: Person) -> None:
    line = events.record(events.Kind.SIGNED_IN, person=charlie)
    line.kind = events.Kind.SIGNED_OUT
    with pytest.raises(TypeError):
        line.save()
    with pytest.raises(TypeError):
        line.delete()
    charlie.delete()
    line.refresh_from_db()
    assert line.person is None


def test_lines_are_forgotten_after_a_year(charlie: Person, time_machine) -> None:
    time_machine.move_to("2025-01-01 10:00:00+01:00", tick=False)
    events.record(events.Kind.SIGNED_IN, person=charlie)
    time_machine.move_to("2026-01-02 10:00:00+01:00", tick=False)
    kept = events.record(events.Kind.SIGNED_IN, person=charlie)
    assert events.forget_old() == 1
    assert SecurityEvent.objects.get() == kept


def test_each_event_is_one_line_of_json_on_the_log(charlie: Person, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "maillage.security"):
        events.record(events.Kind.REFUSED, person=charlie, detail='role:x\r\n{"event": "forged"}')
    [line] = [record.getMessage() for record in caplog.records]
    assert "\n" not in line
    assert json.loads(line)["event"] == "refused"


def test_a_refused_look_is_told_to_the_log_and_a_refused_act_is_kept(charlie: Person, caplog: pytest.LogCaptureFixture) -> None:
    client = StrictClient()
    client.force_login(charlie)
    with caplog.at_level(logging.INFO, "maillage.security"):
        client.get(reverse("office-people"))
    assert any('"refused"' in record.getMessage() for record in caplog.records)
    assert not SecurityEvent.objects.filter(kind="refused").exists()
    client.post(reverse("office-new-person"))
    assert SecurityEvent.objects.get(kind="refused").person == charlie


def test_whoever_is_refused_again_and_again_fills_the_log_and_not_the_table(
    charlie: Person, caplog: pytest.LogCaptureFixture, time_machine
) -> None:
    time_machine.move_to("2026-11-24 10:00:00+01:00", tick=False)
    client = StrictClient()
    client.force_login(charlie)
    lines = SecurityEvent.objects.filter(kind="refused")
    with caplog.at_level(logging.INFO, "maillage.security"):
        for _act in range(40):
            assert client.post(reverse("office-new-person")).status_code == 404
    assert sum('"refused"' in record.getMessage() for record in caplog.records) == 40
    assert lines.count() == 30
    time_machine.move_to("2026-11-24 10:16:00+01:00", tick=False)
    client.post(reverse("office-new-person"))
    assert lines.count() == 31


def test_a_new_address_is_proved_first_and_the_old_one_is_told(charlie: Person) -> None:
    from tests.accounts.hands import code_in

    client, elsewhere = signed_in(charlie), signed_in(charlie)
    assert client.post(reverse("address"), {"email": "new@example.org"}).url == reverse("address-code")
    charlie.refresh_from_db()
    assert charlie.email == "charlie@example.org"
    assert client.post(reverse("address-code"), {"code": code_in(last_message("new@example.org"))}).status_code == 303
    charlie.refresh_from_db()
    assert charlie.email == "new@example.org"
    assert "ne sert plus à vous connecter" in last_message("charlie@example.org").text
    assert elsewhere.get(reverse("account")).status_code == 302
    assert client.get(reverse("account")).status_code == 200


def test_the_address_of_another_account_cannot_be_taken(charlie: Person) -> None:
    from tests.accounts.hands import code_in

    Person.objects.create_user("bob@example.org")
    client = signed_in(charlie)
    client.post(reverse("address"), {"email": "BOB@example.org"})
    answer = client.post(reverse("address-code"), {"code": code_in(last_message("bob@example.org"))})
    assert "ne peut pas être utilisée" in answer.content.decode()
    charlie.refresh_from_db()
    assert charlie.email == "charlie@example.org"


def test_two_accounts_opened_at_once_for_one_address_are_one() -> None:
    assert actions.open_holder_account("x@example.org", "A") == actions.open_holder_account("X@example.org", "B")
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(email="X@example.org")
