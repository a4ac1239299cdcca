"""Messages leave, once, in their time; what fails waits, is given up or is refused, and says why."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from maillage.journal.messages import tell
from maillage.journal.models import Message
from maillage.journal.outbox import queue
from maillage.journal.outbox.sending import Pace, send_due
from tests.mail import MailServer, text_of

pytestmark = pytest.mark.django_db
State = Message.State
#: As patient with the server as a worker is: a loaded machine answers late.
QUICK = Pace(batch=50, lease=timedelta(minutes=5), timeout=10)
#: For a server that hangs: nothing else may be measured by it.
IMPATIENT = Pace(batch=50, lease=timedelta(minutes=5), timeout=1.5)


def write(*names: str, **more: Any) -> list[Message]:
    found = [tell(f"{name}@example.org", "essai/plain", {"who": name, "words": ""}, **{"kind": "news", **more}) for name in names]
    return [message for message in found if message]


def states() -> dict[str, str]:
    return {to.partition("@")[0]: state for to, state in Message.objects.order_by("pk").values_list("to", "state")}


def later(**delta: float) -> Any:
    return time_machine.travel(timezone.now() + timedelta(**delta), tick=True)


def test_a_message_leaves_with_what_mail_programs_look_for(server: MailServer, settings: Any) -> None:
    settings.SITE_URL = "https://essor.example.org"
    (message,) = write("ana")
    assert send_due(QUICK).sent == 1
    (taken,) = server.taken
    assert taken["Subject"] == "Bonjour ana"
    assert taken["Message-ID"] == message.message_id
    assert taken["Auto-Submitted"] == "auto-generated"
    assert taken["From"] == "Maillage <ne-pas-repondre@essor.example.org>"
    assert taken["List-Unsubscribe"].strip() == f"<{message.stop_url}>"
    assert taken["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "L’essai de ana" in text_of(taken)
    message.refresh_from_db()
    assert (message.state, message.lease) == (State.SENT, "")
    assert message.sent_at
    assert send_due(QUICK).sent == 0


def test_one_connection_takes_a_batch(server: MailServer) -> None:
    write(*"abcdefgh")
    assert send_due(QUICK).sent == 8
    assert server.connections == 1


def test_a_receiver_who_does_not_exist_is_not_tried_again_and_stops_no_other(server: MailServer) -> None:
    server.answers["b@example.org"] = "550 5.1.1 <b@example.org>: no such user"
    write(*"abc")
    done = send_due(QUICK)
    assert (done.sent, done.refused) == (2, 1)
    assert states() == {"a": "sent", "b": "refused", "c": "sent"}
    said = Message.objects.get(to="b@example.org").last_error
    assert "no such user" in said
    assert "b@example.org" not in said, "the office shows what the server said, not whom we write to"
    with later(days=3):
        assert send_due(QUICK).sent == 0


@pytest.mark.parametrize("answer", ["451 4.3.0 later", "hang", "cut"])
def test_what_fails_for_a_while_waits_longer_each_time_and_is_given_up(server: MailServer, answer: str) -> None:
    server.answers["b@example.org"] = answer
    write(*"abc")
    done = send_due(IMPATIENT if answer == "hang" else QUICK)
    assert (done.sent, done.postponed) == (2, 1)
    (late,) = Message.objects.filter(to="b@example.org")
    assert (late.state, late.tries) == (State.READY, 1)
    assert timedelta(seconds=50) < late.not_before - timezone.now() <= timedelta(minutes=1)
    Message.objects.filter(pk=late.pk).update(tries=queue.TRIES - 1)
    with later(minutes=2):
        send_due(IMPATIENT if answer == "hang" else QUICK)
    assert states()["b"] == "failed"
    server.answers.clear()
    assert queue.send_again(late)
    assert send_due(IMPATIENT if answer == "hang" else QUICK).sent == 1


def test_waits_double_up_to_a_limit() -> None:
    waits = [queue.wait_after(tries) for tries in range(1, queue.TRIES + 1)]
    assert waits[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=4)


def test_a_server_that_is_away_blames_no_message(settings: Any) -> None:
    settings.EMAIL_URL, settings.MAILLAGE_QUIET_HOURS = "smtp://127.0.0.1:9", "non"
    write(*"ab")
    done = send_due(QUICK)
    assert done.unreachable
    assert set(Message.objects.values_list("state", "tries", "lease")) == {("ready", 0, "")}


def test_a_server_that_refuses_our_address_blames_no_message(server: MailServer, settings: Any, monkeypatch: Any) -> None:
    async def refuse(*args: Any) -> str:
        return "530 5.7.0 authentication required"

    monkeypatch.setattr(server, "handle_MAIL", refuse, raising=False)
    write("a")
    assert "authentication" in send_due(QUICK).unreachable
    assert states() == {"a": "ready"}


def test_without_a_server_messages_are_kept(settings: Any) -> None:
    settings.EMAIL_URL, settings.MAILLAGE_QUIET_HOURS = "", "non"
    write("a")
    assert send_due(QUICK).sent == 0
    assert states() == {"a": "ready"}


def test_a_developer_reads_files_that_nobody_else_can(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_URL, settings.MAILLAGE_QUIET_HOURS, settings.MAILLAGE_DATA = "file:", "non", tmp_path
    (message,) = write("a")
    assert send_due(QUICK).sent == 1
    file = tmp_path / "mail" / f"{message.pk}.eml"
    assert b"a@example.org" in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


def test_two_workers_never_take_the_same_message() -> None:
    write(*"abcdef")
    first, second = queue.lease(4, timedelta(minutes=5)), queue.lease(4, timedelta(minutes=5))
    assert len(first) == 4
    assert len(second) == 2
    assert not {one.pk for one in first} & {one.pk for one in second}
    assert queue.lease(4, timedelta(minutes=5)) == []


def test_what_a_dead_worker_held_comes_back_and_the_dead_one_records_nothing(server: MailServer) -> None:
    write("a")
    (held,) = queue.lease(1, timedelta(minutes=5))
    assert send_due(QUICK).sent == 0, "somebody has it"
    with later(minutes=6):
        assert not queue.is_ours(held)
        assert send_due(QUICK).sent == 1
    queue.refused(held, "too late to say")
    assert states() == {"a": "sent"}


def test_a_lease_too_short_to_end_is_given_back(server: MailServer) -> None:
    write(*"ab")
    done = send_due(Pace(batch=2, lease=timedelta(seconds=1), timeout=10), stop=lambda: bool(server.taken) or _once())
    assert done.sent == 0
    assert set(states().values()) == {"ready"}


_calls: list[int] = []


def _once() -> bool:
    """False the first time, so that one batch is leased."""
    _calls.append(1)
    return len(_calls) > 1


def test_whoever_is_erased_or_stops_between_the_lease_and_the_sending_gets_nothing(server: MailServer) -> None:
    write(*"ab")
    seen = []

    def stop() -> bool:
        if not seen and Message.objects.filter(state=State.SENDING).exists():
            seen.append(1)
            Message.objects.filter(to="a@example.org").delete()
        return False

    assert send_due(QUICK, stop=stop).sent == 1
    assert server.to() == ["b@example.org"]


def test_a_code_that_is_no_longer_valid_does_not_leave(server: MailServer) -> None:
    write("a", not_after=timezone.now() + timedelta(minutes=10))
    with later(minutes=11):
        assert send_due(QUICK).sent == 0
    assert states() == {"a": "expired"}


def test_at_night_and_on_sundays_only_what_somebody_waits_for_leaves(server: MailServer, settings: Any) -> None:
    settings.MAILLAGE_QUIET_HOURS = "20-8"
    for moment, leave in (
        ("2026-11-23T22:00:00+01:00", ["code"]),  # Monday
        ("2026-11-24T07:59:00+01:00", ["code"]),
        ("2026-11-29T15:00:00+01:00", ["code"]),  # Sunday
        ("2026-11-30T08:00:00+01:00", ["code", "news"]),
    ):
        server.taken.clear()
        with time_machine.travel(moment, tick=True):
            write("code", urgent=True)
            write("news")
            send_due(QUICK)
            assert server.to() == [f"{name}@example.org" for name in leave], moment
            Message.objects.all().delete()


def test_urgent_messages_leave_first(server: MailServer) -> None:
    write(*"abc")
    write("code", urgent=True)
    send_due(QUICK)
    assert server.to()[0] == "code@example.org"


def test_a_message_that_cannot_be_built_stops_no_other(server: MailServer) -> None:
    write(*"abc")
    Message.objects.filter(to="b@example.org").update(subject="deux\nlignes")
    done = send_due(QUICK)
    assert (done.sent, done.refused) == (2, 1)
    assert "BadHeaderError" in Message.objects.get(to="b@example.org").last_error


def test_old_messages_keep_their_key_and_nothing_else() -> None:
    kept, old = write("new", key="k1")[0], write("old", key="k2")[0]
    now = timezone.now()
    Message.objects.filter(pk=kept.pk).update(state=State.SENT, sent_at=now - timedelta(days=queue.PURGE_DAYS - 1))
    Message.objects.filter(pk=old.pk).update(state=State.SENT, sent_at=now - timedelta(days=queue.PURGE_DAYS + 1))
    assert queue.purge() == 1
    assert queue.purge() == 0
    old.refresh_from_db()
    assert (old.key, old.to, old.subject, old.text, old.html, old.stop_url) == ("k2", "", "", "", "", "")
    assert write("old", key="k2") == []
    assert not queue.send_again(old)
