"""GET /api/v1/orientation and /api/v1/communes: JSON for machines and for the page's own field."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import transaction

from maillage.catalogue import revision
from maillage.catalogue.index import reset
from maillage.orientation import record
from maillage.territories import queries as territories
from tests.catalogue import worlds
from tests.conftest import StrictClient

pytestmark = pytest.mark.django_db


def get(client: StrictClient, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    found: dict[str, Any] = json.loads(response.content)
    return found


def test_the_answer_has_the_shape_of_the_format(client: StrictClient) -> None:
    sheet = worlds.offer(name="Conseil", needs=["juridique"], stages=["creation"], coverage=["departement:53"], cost="gratuit")
    worlds.offer(name="Presque", needs=["juridique"], coverage=["departement:72"])
    worlds.structure(name="Réseau", roles=[{"role": "reseau-local-ess", "territory": {"level": "departement", "code": "53"}}])
    found = get(client, "/api/v1/orientation?etape=creation&commune=53062&besoin=juridique")
    commune = territories.commune("53062")
    assert commune is not None
    assert found["situation"]["codes"][:5] == ["53062", commune.epci, "53", "52", "france"]
    assert set(found["situation"]["codes"][5:]) == territories.zonings_of(commune)
    assert (found["total"], found["near_total"]) == (1, 1)
    [result] = found["results"]
    assert result["reasons"][0] == {"code": "etape", "label": "Pour l’étape Création"}
    del result["reasons"]
    assert result == {
        "id": sheet.ref,
        "source": "essai",
        "name": "Conseil",
        "kind": "conseil",
        "structure": sheet.structure.name,
        "structure_id": sheet.structure.ref,
        "verdict": "a-verifier",
        "to_check": [{"code": "cout", "label": "Coût\u202f: Gratuit"}],
        "distance_km": None,
        "url": sheet.get_absolute_url(),
    }
    assert found["near_misses"][0]["blocking"] == [{"code": "territoire", "label": "Couvre seulement la Sarthe"}]
    assert set(found["facets"]) == {"stage", "kind", "need", "sector", "legal_form", "audience", "mode", "cost"}
    assert found["facets"]["kind"]["conseil"] == 1
    assert {"name", "role", "level", "distance_km", "phone", "email", "opening_hours", "open_now", "next_opening"} <= set(
        found["contacts"][0]
    )
    assert found["question"] is None
    assert found["problems"] == []


def test_the_command_line_and_the_api_say_the_same(client: StrictClient, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(5):
        worlds.offer(name=f"Offre {number}", legal_forms=["association"])
    found = get(client, "/api/v1/orientation?etape=creation&commune=53062&limite=2&debut=1")
    call_command("orienter", "--etape", "creation", "--commune", "53062", "--limite", "2", "--debut", "1", "--format", "json")
    assert json.loads(capsys.readouterr().out) == found
    assert (found["total"], len(found["results"])) == (5, 2)
    assert found["question"] == {"field": "legal_form", "settles": 5}


def test_what_is_not_understood_is_said_and_the_rest_answered(client: StrictClient) -> None:
    worlds.offer()
    found = get(client, "/api/v1/orientation?etape=zzz&commune=Saint-Denis&limite=-1&debut=abc")
    assert found["total"] == 1
    assert [problem["field"] for problem in found["problems"]] == ["stage", "commune"]
    assert found["problems"][1]["choices"][0]["value"] == "97411"


def test_a_page_too_far_is_empty_and_the_total_stays(client: StrictClient) -> None:
    worlds.offer()
    found = get(client, "/api/v1/orientation?debut=1000")
    assert (found["total"], found["results"]) == (1, [])


@pytest.mark.parametrize("offers", [1, 30])
def test_the_number_of_statements_does_not_depend_on_the_catalogue(
    client: StrictClient, offers: int, django_assert_num_queries: Any
) -> None:
    for number in range(offers):
        worlds.offer(name=f"Offre {number}", kind="conseil" if number % 2 else "formation")
    get(client, "/api/v1/orientation")
    with django_assert_num_queries(2):  # the revision, then the offers shown
        first = get(client, "/api/v1/orientation?limite=30")
    with django_assert_num_queries(1):  # the same question: the revision says that nothing has changed
        assert get(client, "/api/v1/orientation?limite=30") == first


def test_a_kept_answer_is_forgotten_when_the_catalogue_changes(client: StrictClient) -> None:
    worlds.offer(name="Une")
    assert get(client, "/api/v1/orientation?limite=5")["total"] == 1
    with transaction.atomic():
        revision.moved(offers=[worlds.offer(name="Deux").pk])
    assert get(client, "/api/v1/orientation?limite=5")["total"] == 2


def test_a_kept_answer_keeps_its_language_its_portal_and_its_words(client: StrictClient) -> None:
    worlds.offer(stages=["creation"])
    french, english = (get(client, f"/api/v1/orientation?etape=creation&lang={lang}") for lang in ("fr", "en"))
    assert french["results"][0]["reasons"] != english["results"][0]["reasons"]
    assert get(client, "/api/v1/orientation?etape=creation&lang=fr") == french
    assert get(client, "/api/v1/orientation?etape=idee")["total"] == 0


def test_who_is_open_is_told_again_each_minute(client: StrictClient, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = worlds.structure(name="Réseau", opening_hours="Mo-Su 09:00-12:00", phone="+33243000000", commune="53062")
    owner.roles = [{"role": "reseau-local-ess", "territory": {"level": "departement", "code": "53"}}]
    owner.save()
    worlds.offer(owner)
    moment = datetime(2026, 11, 24, 11, 59, tzinfo=ZoneInfo("Europe/Paris"))
    for later, is_open in ((0, True), (30, True), (60, False)):
        monkeypatch.setattr("django.utils.timezone.now", lambda later=later: moment + timedelta(seconds=later))
        [contact] = get(client, "/api/v1/orientation?commune=53062")["contacts"]
        assert contact["open_now"] is is_open


def test_an_orientation_by_the_api_is_recorded_and_one_by_the_command_line_is_not(client: StrictClient) -> None:
    record._waiting.clear()
    get(client, "/api/v1/orientation?etape=idee")
    assert record.waiting() == 1
    call_command("orienter", "--etape", "idee")
    assert record.waiting() == 1
    record._waiting.clear()


def test_communes_as_one_types(client: StrictClient) -> None:
    found = get(client, "/api/v1/communes?q=laval")["communes"]
    assert found[0] == {
        "code": "53130",
        "name": "Laval",
        "postcodes": ["53000"],
        "departement": "53",
        "label": "Laval (Mayenne, 53000)",
    }
    assert len(found) > 1
    assert get(client, "/api/v1/communes")["communes"] == []
    assert get(client, "/api/v1/communes?q=" + "x" * 5000)["communes"] == []


@pytest.mark.parametrize("address", ["/api/v1/orientation", "/api/v1/communes"])
def test_only_reading_is_possible(client: StrictClient, address: str) -> None:
    assert client.post(address).status_code in (403, 405)
    assert client.get(f"{address}?q=%00").status_code == 400


@pytest.fixture(autouse=True)
def _fresh() -> None:
    reset()
