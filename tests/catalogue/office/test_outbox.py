"""« Messages » in the office: what waits and what failed, whom to masked, and a button to send again."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.models import Person, Role
from maillage.journal.models import Message
from tests.conftest import StrictClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> StrictClient:
    client = StrictClient()
    client.force_login(Person.objects.create_user("alice@example.org", role=Role.ANIMATION))
    return client


def message(state: str = "ready", **more: Any) -> Message:
    number = Message.objects.count()
    values = {"kind": "alert", "to": "marie.dupont@exemple.fr", "subject": "Secret", "text": "Votre code : 123456"}
    return Message.objects.create(**{**values, "state": state, "message_id": f"<{number}@x>", **more})


def test_nobody_reads_there_whom_we_write_to_nor_what(alice: StrictClient) -> None:
    message()
    page = alice.get(reverse("office-messages")).content.decode()
    assert "m•••@e•••.fr" in page
    for secret in ("dupont", "exemple", "Secret", "123456"):
        assert secret not in page


def test_it_says_when_nothing_leaves(alice: StrictClient, settings: Any) -> None:
    settings.EMAIL_URL = ""
    assert "Aucun message ne part" in alice.get(reverse("office-messages")).content.decode()
    settings.EMAIL_URL = "smtp://mail.example.org"
    assert "Aucun message ne part" not in alice.get(reverse("office-messages")).content.decode()


def test_what_failed_says_why_and_is_sent_again(alice: StrictClient) -> None:
    failed = message("failed", last_error="451 later")
    page = alice.get(reverse("office-messages")).content.decode()
    assert "451 later" in page
    assert "Renvoyer" in page
    again = reverse("office-message-again", args=(failed.pk,))
    assert alice.post(again).status_code == 303
    failed.refresh_from_db()
    assert failed.state == "ready"
    alice.post(again)
    assert "ne peut plus être renvoyé" in alice.get(reverse("office-messages")).content.decode()


def test_a_state_may_be_asked_for(alice: StrictClient) -> None:
    message("sent", sent_at=timezone.now())
    assert "Aucun message ici" in alice.get(reverse("office-messages")).content.decode()
    assert "Parti le" in alice.get(reverse("office-messages") + "?etat=sent").content.decode()
    assert alice.get(reverse("office-messages") + "?etat=quoi&page=zz").status_code == 200


def test_what_was_forgotten_has_no_button(alice: StrictClient) -> None:
    message("failed", to="", purged_at=timezone.now())
    page = alice.get(reverse("office-messages")).content.decode()
    assert "oubliée" in page
    assert "renvoyer/" not in page
