"""The night of requests on the real rows: everybody is told in time, once, whatever the number of nights."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from maillage.accompaniment.actions import night
from maillage.accompaniment.enums import Ending, Move, State
from maillage.accompaniment.models import Request
from maillage.accompaniment.nightly import STEPS
from maillage.accompaniment.working_days import after_working_days
from maillage.accounts.models import Person
from maillage.journal.models import Entry, Message
from tests.accompaniment.samples import WORDS, Region, answer_url, follow_url, sent, told
from tests.conftest import StrictClient

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def animator(db: None) -> Person:
    return Person.objects.create_user("alice@example.org", "un mot de passe long", role="animation")


def nights(clock: Any, days: int, times: int = 2) -> Counter[str]:
    """So many nights, each run `times` times."""
    done: Counter[str] = Counter()
    for _ in range(days):
        clock.shift(timedelta(days=1))
        for _again in range(times):
            done.update(night.run())
    return done


def test_a_silent_structure_is_reminded_then_left_and_the_holder_is_told_each_time(
    region: Region, clock: Any, animator: Person
) -> None:
    made = sent(region)
    done = nights(clock, 31)
    assert done == {"remind-recipient": 1, "escalate": 1, "remind-animation": 1, "close": 1}
    made.refresh_from_db()
    assert (made.state, made.ending) == (State.CLOSED, Ending.SILENCE)
    mine = [each.subject for each in told(made.email)]
    assert [subject.split(" ")[0] for subject in mine] == ["Votre", "Nous", "Votre", "Votre", "Votre"]
    assert len(set(mine)) == len(mine)
    assert sum("Rappel" in each.subject for each in told("accueil@maison.example.org")) == 1
    assert len(told("alice@example.org")) == 2
    assert [line.move for line in made.story.order_by("pk")] == [Move.SEND, Move.REMIND, Move.ESCALATE, Move.CLOSE]
    assert "Nous en sommes désolés" in told(made.email)[-1].text


def test_running_the_same_night_again_writes_nothing(region: Region, clock: Any, animator: Person) -> None:
    sent(region)
    clock.shift(timedelta(days=8))
    night.run()
    before = Message.objects.count()
    for _ in range(3):
        assert not night.run()
    assert Message.objects.count() == before


def test_a_reminder_is_not_sent_to_a_structure_that_lost_the_agreement(region: Region, clock: Any, client: StrictClient) -> None:
    made = sent(region)
    client.post(follow_url(made), {"acte": "revoquer", "destinataire": region.adviser.uid})
    nights(clock, 8)
    assert not any("Rappel" in each.subject for each in told("accueil@maison.example.org"))


def test_an_accepted_request_is_asked_about_then_closed(region: Region, clock: Any, client: StrictClient) -> None:
    made = sent(region)
    client.post(answer_url(made), {"acte": "ouvrir"})
    client.post(answer_url(made), {"acte": "accepter", "a-qui": "Inès"})
    assert nights(clock, 35) == {"ask-useful": 1, "close": 1}
    asked = next(each for each in told(made.email) if "Était-ce utile" in each.subject)
    assert f"{follow_url(made)}utile/" in asked.text
    made.refresh_from_db()
    assert made.ending == Ending.DONE


def test_a_holder_who_does_not_decide_is_reminded_then_told_the_end(region: Region, clock: Any, client: StrictClient) -> None:
    made = sent(region)
    client.post(answer_url(made), {"acte": "ouvrir"})
    client.post(answer_url(made), {"acte": "rediriger", "r-vers": region.network.uid})
    assert nights(clock, 31) == {"remind-holder": 1, "close": 1}
    made.refresh_from_db()
    assert made.ending == Ending.NO_AGREEMENT


def test_a_second_recipient_has_delays_of_its_own(region: Region, clock: Any, client: StrictClient) -> None:
    made = sent(region)
    nights(clock, 8)
    client.post(answer_url(made), {"acte": "ouvrir"})
    client.post(answer_url(made), {"acte": "decliner", "d-motif": "complet"})
    client.post(follow_url(made), {"acte": "accepter", "structure": region.network.uid, "accord": region.network.uid})
    assert nights(clock, 7) == {"remind-recipient": 1}
    assert sum("Rappel" in each.subject for each in told("contact@reseau.example.org")) == 1


@pytest.mark.parametrize(
    "start", ["2026-10-23 23:30:00+02:00", "2026-12-23 23:59:59+01:00", "2027-03-26 00:10:00+01:00", "2028-02-28 12:00:00+01:00"]
)
def test_days_are_days_in_paris_over_changes_of_hour_and_of_year(
    region: Region, clock: Any, animator: Person, start: str
) -> None:
    clock.move_to(datetime.fromisoformat(start))
    day = timezone.localdate()
    made = sent(region)
    reminder = after_working_days(day, 5)
    clock.move_to(datetime(reminder.year, reminder.month, reminder.day, 0, 0, 1, tzinfo=PARIS) - timedelta(seconds=2))
    assert not night.run()
    clock.move_to(datetime(reminder.year, reminder.month, reminder.day, 0, 0, 1, tzinfo=PARIS))
    assert night.run() == {"remind-recipient": 1}
    made.refresh_from_db()
    assert timezone.localdate(made.reminded_at) == reminder


def test_one_request_that_fails_does_not_stop_the_others(
    region: Region, clock: Any, animator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = sent(region), sent(region, email="autre@porteur.example.org")
    clock.shift(timedelta(days=8))
    Request.objects.filter(pk=broken.pk).update(state=State.SENT)
    broken.handovers.all().delete()
    real = night.wait_of

    def fails(request: Request) -> Any:
        if request.pk == broken.pk:
            raise ValueError
        return real(request)

    monkeypatch.setattr(night, "wait_of", fails)
    with pytest.raises(RuntimeError, match="1 request"):
        night.run()
    fine.refresh_from_db()
    assert fine.reminded_at is not None


def test_the_step_of_the_night_says_what_it_did(region: Region, clock: Any, animator: Person) -> None:
    sent(region)
    clock.shift(timedelta(days=8))
    step, retention = STEPS
    assert step.run() == "Demandes de contact\u202f: 1 structure(s) relancée(s)."
    assert step.run() == "Demandes de contact\u202f: rien n’était dû."
    assert retention.run() == "Demandes anciennes\u202f: 0 préavis, 0 anonymisée(s)."


def test_the_agent_gets_the_news_of_somebody_without_an_address(region: Region, clock: Any) -> None:
    agent = Person.objects.create_user("guichet@example.org", "un mot de passe long")
    sent(region, email="", phone="+33612345678", agent=agent, at_counter=True)
    nights(clock, 8)
    found = told("guichet@example.org")
    assert len(found) == 2
    assert not any("Camille" in each.text or "/demande/" in each.text for each in found)


def test_the_journal_and_the_messages_to_structures_name_nobody(region: Region, clock: Any, animator: Person) -> None:
    sent(region)
    nights(clock, 31)
    lines = " ".join(f"{each.actor_name} {each.subject_name} {each.note} {each.changes}" for each in Entry.objects.all())
    mails = " ".join(each.subject + each.text for each in Message.objects.exclude(to="camille@porteur.example.org"))
    for canary in ("Camille", "camille@porteur.example.org", WORDS):
        assert canary not in lines
        assert canary not in mails
