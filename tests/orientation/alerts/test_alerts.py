"""An alert: asked for, confirmed by whoever reads the address, told when there is something new, stopped with one click."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maillage.catalogue import revision
from maillage.catalogue.enums import Status
from maillage.catalogue.index import current_index
from maillage.catalogue.models import Offer
from maillage.journal.models import Message
from maillage.orientation.alerts import actions
from maillage.orientation.alerts.forms import ticket
from maillage.orientation.alerts.run import run
from maillage.orientation.models import Alert, Told
from maillage.orientation.situation import Situation
from maillage.territories.queries import commune
from tests.catalogue.worlds import offer, structure
from tests.conftest import StrictClient

pytestmark = pytest.mark.django_db
QUERY = "etape=creation&commune=53130&besoin=juridique"


def asked_a_while_ago() -> str:
    with time_machine.travel(timezone.now() - timedelta(seconds=10)):
        return ticket()


def ask(client: StrictClient, query: str = QUERY, **more: Any) -> Any:
    data = {"email": "ana@example.org", "frequency": "weekly", "ticket": asked_a_while_ago(), **more}
    return client.post(f"/alertes/?{query}", data)


def link_in(message: Message) -> str:
    found = re.search(r"https?://[^/]+(/(?:en/)?alertes/\S+)", message.text)
    assert found
    return found[1]


def begun(client: StrictClient, **more: Any) -> str:
    ask(client, **more)
    path = link_in(Message.objects.latest("pk"))
    assert client.post(path, {"act": "confirm"}).status_code == 303
    return path


def laval(**more: Any) -> Offer:
    row = {"coverage": ["departement:53"], "stages": ["creation"], "needs": ["juridique"], "status": Status.PUBLISHED}
    made = offer(**{"structure": structure(), **row, **more})
    with transaction.atomic():
        revision.moved(offers=[made.pk], structures=[made.structure_id])
    return made


def night(days: int = 1) -> Any:
    return time_machine.travel(timezone.now() + timedelta(days=days), tick=True)


def test_the_page_repeats_the_search_in_words_and_sets_no_cookie(client: StrictClient) -> None:
    answer = client.get(f"/alertes/?{QUERY}")
    page = answer.content.decode()
    for word in ("Création", "Laval"):
        assert word in page
    assert not answer.cookies


def test_the_results_page_leads_there(client: StrictClient) -> None:
    laval()
    assert f"/alertes/?{QUERY}".replace("&", "&" + "amp;") in client.get(f"/resultats/?{QUERY}").content.decode()
    assert "/alertes/?texte=xyzzyx" in client.get("/resultats/?texte=xyzzyx").content.decode()


def test_nothing_begins_until_the_reader_of_the_address_presses_the_button(client: StrictClient) -> None:
    assert ask(client).status_code == 303
    (message,) = Message.objects.all()
    assert (message.kind, message.to, message.urgent) == ("alert-confirm", "ana@example.org", True)
    path = link_in(message)
    assert "Commencer l’alerte" in client.get(path).content.decode()
    assert Alert.objects.get().state == Alert.State.PENDING, "a mail scanner looked"
    client.post(path, {"act": "confirm"})
    alert = Alert.objects.get()
    assert (alert.state, alert.query, alert.frequency) == (Alert.State.ACTIVE, QUERY, "weekly")
    page = client.get(path).content.decode()
    assert "Votre alerte" in page
    assert "une fois par semaine" in page


def test_what_is_there_at_the_beginning_is_not_news_and_what_comes_is(client: StrictClient) -> None:
    laval(name="Déjà là")
    begun(client, frequency="daily")
    with night():
        assert run().told == 0
        laval(name="Venue d'ailleurs & neuve", summary="Un appui.", closes=timezone.localdate() + timedelta(days=9))
        laval(name="Brouillon", status=Status.DRAFT)
        laval(name="Ailleurs", coverage=["departement:80"])
    with night(2):
        assert run().told == 1
        assert run().told == 0
    message = Message.objects.get(kind="alert")
    assert "Venue d’ailleurs & neuve" in message.text
    assert not any(name in message.text for name in ("Déjà là", "Brouillon", "Ailleurs & "))
    for words in ("Création", "Laval", f"/resultats/?{QUERY}", "1 nouveauté"):
        assert words in message.text + message.subject
    assert "Venue d’ailleurs &" + "amp; neuve" in message.html
    with night(3):
        assert run().told == 0


def test_a_week_is_a_week(client: StrictClient) -> None:
    begun(client)
    laval()
    for days, told in ((1, 0), (6, 0), (7, 1), (8, 0)):
        with night(days):
            assert run().told == told, days


def test_a_mail_program_stops_with_one_post_and_nothing_is_left(client: StrictClient) -> None:
    begun(client, frequency="daily")
    laval()
    with night():
        run()
    message = Message.objects.get(kind="alert")
    path = link_in(message) if "alertes" in message.text else ""
    assert message.stop_url.endswith(path)
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not Alert.objects.exists()
    assert not Told.objects.exists()
    assert not Message.objects.filter(kind="alert").exists(), "what had not left is dropped"
    assert "arrêtée" in client.get(path).content.decode()
    assert client.post(path, {"act": "confirm"}).status_code == 303
    assert not Alert.objects.exists()


def test_the_answer_is_the_same_whether_the_alert_exists_or_not(client: StrictClient) -> None:
    first = ask(client)
    begun(client)
    again = ask(client, frequency="daily")
    assert (again.status_code, again.url) == (first.status_code, first.url)
    assert Alert.objects.get().frequency == "weekly", "nobody else changes an alert"
    assert "que vous recevez déjà" in Message.objects.latest("pk").text


def test_an_alert_in_english_is_english_throughout(client: StrictClient) -> None:
    data = {"email": "ana@example.org", "frequency": "daily", "ticket": asked_a_while_ago()}
    client.post(f"/en/alertes/?{QUERY}", data)
    assert link_in(Message.objects.get()).startswith("/en/")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": ""}, "Écrivez votre adresse"),
        ({"email": "ana@"}, "pas complète"),
        ({"frequency": "hourly"}, "rythmes proposés"),
        ({"website": "http://spam.example"}, "Laissez vide"),
        ({"ticket": ""}, "trop longtemps"),
        ({"ticket": "x"}, "trop longtemps"),
    ],
)
def test_what_does_not_fit_is_explained_and_kept(client: StrictClient, wrong: dict[str, str], sentence: str) -> None:
    answer = ask(client, **wrong)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in page
    assert wrong.get("email", "ana@example.org") in page
    assert not Message.objects.exists()


def test_a_program_is_told_to_wait(client: StrictClient) -> None:
    answers = [ask(client) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0


@pytest.mark.parametrize("token", ["rien", "1:2:3", "demandee2"])
def test_a_link_that_we_did_not_make_is_gone(client: StrictClient, token: str) -> None:
    assert client.get(reverse("alert", args=(token,))).status_code == 410
    assert client.post(reverse("alert", args=(token,)), {"act": "stop"}).status_code == 410


def test_a_year_later_it_ends_unless_its_reader_goes_on(client: StrictClient) -> None:
    path = begun(client)
    with night(340):
        run()
        run()
        assert Message.objects.filter(kind="alert-renewal").count() == 1
        assert "Continuer un an de plus" in client.get(path).content.decode()
        client.post(path, {"act": "renew"})
    with night(366):
        run()
        assert Alert.objects.exists()
    with night(340 + 366):
        run()
        assert not Alert.objects.exists()


def test_an_alert_that_nobody_confirms_is_forgotten(client: StrictClient) -> None:
    ask(client)
    with night(actions.CONFIRM_DAYS + 1):
        run()
    assert not Alert.objects.exists()


def test_nobody_fills_a_mailbox(client: StrictClient) -> None:
    for need in range(actions.ALERTS_PER_ADDRESS + 5):
        actions.ask("ana@example.org", Situation(text=f"mot{need}"), "weekly", "fr")
    assert Alert.objects.count() == actions.ALERTS_PER_ADDRESS


def test_a_run_reads_as_much_for_thirty_alerts_as_for_three() -> None:
    laval()

    def statements(count: int) -> int:
        Alert.objects.all().delete()
        for number in range(count):
            actions.ask(f"ana{number}@example.org", Situation(commune=commune("53130")), "daily", "fr")
        for alert in Alert.objects.order_by("pk"):
            actions.confirm(alert)
        with (
            night(),
            CaptureQueriesContext(
                connection,
            ) as seen,
        ):
            run()
        return len(seen)

    statements(1)  # the index is read
    assert statements(3) == statements(30)


def test_the_same_night_run_by_two_processes_tells_once(client: StrictClient) -> None:
    begun(client, frequency="daily")
    laval()
    with night():
        from maillage.orientation.alerts import run as module

        (alert,) = Alert.objects.all()
        versions = module.Versions.read().of
        today = timezone.localdate()
        assert module._tell_group([alert], versions, current_index(), today) == 1
        assert module._tell_group([alert], versions, current_index(), today) == 0, "read before the other wrote"
    assert Message.objects.filter(kind="alert").count() == 1


def test_a_day_is_a_day_of_paris() -> None:
    with time_machine.travel(datetime.fromisoformat("2026-11-23T23:30:00+00:00")):
        assert actions.next_day("daily", timezone.localdate()).isoformat() == "2026-11-25"


def test_every_link_leads_to_the_portal_where_the_alert_was_asked_for(client: StrictClient, settings: Any) -> None:
    settings.SITE_URL, settings.SITE_IS_HTTPS = "https://essor.example.org", True
    tremplin = {"headers": {"host": "tremplin.localhost"}}
    client.post(
        f"{reverse('alerts')}?{QUERY}",
        {"email": "ana@example.org", "frequency": "daily", "ticket": asked_a_while_ago()},
        **tremplin,  # type: ignore[arg-type]  # headers of the client
    )
    client.post(link_in(Message.objects.get()), {"act": "confirm"})
    laval(name="Nouveau conseil")
    with night(2):
        assert run().told == 1
    for message in Message.objects.order_by("pk"):
        found = set(re.findall(r"https?://[^/\s]+", message.text + message.stop_url))
        assert found == {"https://tremplin.localhost"}, message.text
    assert Message.objects.count() == 2


def test_a_host_that_no_portal_has_any_more_gives_way_to_the_site_s(client: StrictClient, settings: Any) -> None:
    settings.SITE_URL = "https://essor.example.org"
    begun(client, frequency="daily")
    Alert.objects.update(site="https://disparu.example.org")
    Message.objects.all().delete()
    laval(name="Nouveau conseil")
    with night(2):
        assert run().told == 1
    assert set(re.findall(r"https?://[^/\s]+", Message.objects.get().text)) == {"https://essor.example.org"}


def test_what_a_request_says_of_its_host_is_never_written(client: StrictClient, settings: Any) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://essor.example.org", ["*"]
    for host in ("piege.example.com", "tremplin.localhost:4444"):
        Message.objects.all().delete()
        data = {"email": f"a{len(host)}@example.org", "frequency": "daily", "ticket": asked_a_while_ago()}
        assert client.post(f"{reverse('alerts')}?{QUERY}", data, headers={"host": host}).status_code == 303
        assert "piege" not in Message.objects.get().text
        assert "4444" not in Message.objects.get().text
