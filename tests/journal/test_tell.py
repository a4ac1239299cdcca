"""A message is written with what it tells, once, in words that do not change, to whoever wants it."""

from __future__ import annotations

import ast
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from maillage.accounts.models import Person
from maillage.journal import stops
from maillage.journal.kinds import kinds
from maillage.journal.messages import tell
from maillage.journal.models import Message, Stop
from tests.conftest import StrictClient

pytestmark = pytest.mark.django_db


def say(to: str | Person = "ana@example.org", **more: Any) -> Message | None:
    return tell(to, "essai/plain", {"who": more.pop("who", "Ana"), "words": more.pop("words", "")}, **{"kind": "news", **more})


def test_an_act_that_is_rolled_back_tells_nobody() -> None:
    class Undone(Exception):
        """What makes the act be rolled back."""

    with suppress(Undone), transaction.atomic():
        assert say() is not None
        raise Undone
    assert not Message.objects.exists()


def test_the_same_key_is_told_once_and_does_not_break_the_act() -> None:
    with transaction.atomic():
        assert say(key="a") is not None
        assert say(key="a") is None
        assert say(key="b") is not None
    assert Message.objects.count() == 2


def test_text_is_text_and_the_subject_one_line() -> None:
    message = say(who="L’été & <Cie>\nBcc: x@example.org", words="d'ici <b>")
    assert message
    assert message.subject == "Bonjour L’été & <Cie>"
    assert "d'ici <b>" in message.text
    assert "&" + "amp;" not in message.text


def test_the_foot_says_why_it_came_and_how_to_stop_it() -> None:
    message = say()
    assert message
    assert "Vous avez demandé ces nouvelles." in message.text
    assert message.stop_url in message.text
    assert "example.org" not in message.stop_url, "an address in a link ends in the logs of others"


def test_a_kind_that_may_not_be_stopped_has_no_link() -> None:
    message = say(kind="retention")
    assert message
    assert message.stop_url == ""


def test_a_message_in_english_leads_to_english_pages() -> None:
    message = say(language="en")
    assert message
    assert "/en/" in message.stop_url


def path(message: Message | None) -> str:
    assert message
    return re.sub(r"^https?://[^/]+", "", message.stop_url)


def test_looking_at_the_stop_page_stops_nothing_and_its_button_does(client: StrictClient) -> None:
    address = path(say())
    assert "Ne plus les recevoir" in client.get(address).content.decode()
    assert say(key="still") is not None
    assert client.post(address).status_code == 303
    assert "C’est fait" in client.get(address).content.decode()
    assert say() is None
    assert say("other@example.org") is not None
    assert say(kind="retention") is not None
    assert "ana" not in str(Stop.objects.values_list())


def test_a_mail_program_stops_with_one_post(client: StrictClient) -> None:
    address = path(say())
    answer = client.post(address, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert say() is None
    assert not Message.objects.exists(), "what waited is dropped"


def test_a_stop_holds_after_the_key_of_the_site_changes(settings: Any) -> None:
    message = say()
    assert message
    receiver = stops.read_link(path(message).rstrip("/").rpartition("/")[2])
    assert receiver
    stops.stop(receiver)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key" + "x" * 50, [settings.SECRET_KEY]
    assert say() is None


@pytest.mark.parametrize("token", ["rien", "a:b:c", "x" * 300])
def test_a_link_that_we_did_not_make_is_gone(client: StrictClient, token: str) -> None:
    answer = client.get(reverse("message-stop", args=(token,)))
    assert answer.status_code == 410
    assert "Ce lien ne marche pas" in answer.content.decode()


def test_somebody_with_an_account_chooses_and_changes_their_mind(client: StrictClient) -> None:
    ana = Person.objects.create_user("ana@example.org")
    client.force_login(ana)
    mine = reverse("my-messages")
    assert client.post(mine, {}).status_code == 303
    assert say(ana) is None
    assert say("ana@example.org") is not None, "an address is a person only when the caller says so"
    page = client.get(mine).content.decode()
    assert 'value="news" checked' not in page
    client.post(mine, {"kind": ["news", "retention", "inconnu"]})
    assert say(ana) is not None


def test_the_link_of_a_message_to_an_account_stops_that_account(client: StrictClient) -> None:
    ana = Person.objects.create_user("ana@example.org")
    client.post(path(say(ana)))
    assert say(ana) is None
    ana.email = "autre@example.org"
    ana.save()
    assert say(ana) is None, "a new address is no new wish"


def test_every_kind_that_the_code_tells_is_declared(repository: Path) -> None:
    told = {}
    for path in sorted((repository / "maillage").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "tell":
                for word in node.keywords:
                    if word.arg == "kind" and isinstance(word.value, ast.Constant):
                        told[str(word.value.value)] = path.name
    assert told
    missing = {kind: where for kind, where in told.items() if kind not in kinds()}
    assert not missing, f"declare them in the message_kinds.py of their app: {missing}"
