"""What every answer of the API has: an ETag, CORS, no cookie; and what every refusal is: a problem with a sentence."""

from __future__ import annotations

import json
from typing import Any

import pytest

from maillage.catalogue.index import reset
from maillage.interop.api.app import described
from maillage.interop.api.door import LIMIT
from maillage.interop.api.paging import cursor_of
from tests.catalogue import worlds
from tests.conftest import StrictClient

pytestmark = pytest.mark.django_db

ADDRESSES = [path for path in described()["paths"] if "{" not in path]


def problem(response: Any, status: int) -> dict[str, Any]:
    """The problem that a refusal tells."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    found: dict[str, Any] = json.loads(response.content)
    assert found["status"] == status
    assert found["detail"]
    return found


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_answer_is_open_to_every_site_and_sets_no_cookie(client: StrictClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not response.cookies


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_has_the_answer_already_is_told_so(client: StrictClient, address: str) -> None:
    worlds.offer()
    tag = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": f'"autre", {tag}'})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert client.get(address, headers={"If-None-Match": '"autre"'}).status_code == 200


def test_the_tag_changes_with_the_catalogue(client: StrictClient) -> None:
    before = client.get("/api/v1/offers").headers["ETag"]
    worlds.offer()
    reset()
    assert client.get("/api/v1/offers", headers={"If-None-Match": before}).status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_says_what_get_says(client: StrictClient, address: str) -> None:
    asked, told = client.get(address), client.head(address)
    assert (told.status_code, told.headers["ETag"], told.content) == (200, asked.headers["ETag"], b"")


@pytest.mark.parametrize("address", [*ADDRESSES, "/api/v1/rien"])
def test_a_script_of_another_site_may_ask_first(client: StrictClient, address: str) -> None:
    response = client.options(address)
    assert (response.status_code, response.content) == (204, b"")
    assert "If-None-Match" in response.headers["Access-Control-Allow-Headers"]
    assert "POST" not in response.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", ["/api/v1/offers", "/api/v1/rien"])
def test_nothing_can_be_written(client: StrictClient, method: str, address: str) -> None:
    response = getattr(client, method)(address)
    problem(response, 405)
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_an_unknown_address_says_where_they_all_are(client: StrictClient) -> None:
    assert "openapi.json" in problem(client.get("/api/v1/rien/du/tout"), 404)["detail"]


@pytest.mark.parametrize("query", ["texte=%00", "texte=%FF%FE", "%00=1"])
def test_what_is_not_text_is_refused(client: StrictClient, query: str) -> None:
    problem(client.get(f"/api/v1/offers?{query}"), 400)


def test_thousands_of_parameters_are_refused(client: StrictClient) -> None:
    problem(client.get("/api/v1/offers?" + "&".join(f"a{number}=1" for number in range(3000))), 400)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("offers?etappe=idee", "etappe"),
        ("offers?etape=zzz", "etape"),
        ("offers?commune=Saint-Denis", "commune"),
        ("offers?salaries=beaucoup", "salaries"),
        ("offers?limite=0", "limite"),
        ("offers?limite=201", "limite"),
        ("offers?limite=abc", "limite"),
        ("offers?curseur=abc", "curseur"),
        (f"offers?curseur={cursor_of('structure', '3')}", "curseur"),
        (f"offers?curseur={cursor_of('offer', '9' * 30)}", "curseur"),
        (f"offers?curseur={cursor_of('offer', '²')}", "curseur"),
        ("offers?modified_since=hier", "modified_since"),
        ("offers?modified_since=2026-02-31", "modified_since"),
        ("offers?modified_since=0001-01-01", "modified_since"),
        ("offers?territoire=planete:1", "territoire"),
        ("offers?territoire=departement:999", "territoire"),
        ("offers?ouvertes=peut-etre", "ouvertes"),
        ("offers?lang=de", "lang"),
        ("structures?siren=12", "siren"),
        ("relays?niveau=zzz", "niveau"),
        ("relays?reseau=zzz", "reseau"),
        ("territories?niveau=canton", "niveau"),
        ("statistics/coverage?territoire=zzz", "territoire"),
        ("vocabularies?etape=idee", "etape"),
    ],
)
def test_what_is_not_understood_is_refused_with_a_sentence(client: StrictClient, query: str, parameter: str) -> None:
    found = problem(client.get(f"/api/v1/{query}"), 422)
    assert found["errors"][0]["parameter"] == parameter
    assert found["errors"][0]["sentence"] in found["detail"]


def test_homonyms_are_proposed(client: StrictClient) -> None:
    found = problem(client.get("/api/v1/offers?commune=Saint-Denis"), 422)
    assert "97411" in {choice["value"] for choice in found["errors"][0]["choices"]}


def test_sentences_come_in_english_too(client: StrictClient) -> None:
    french, english = (problem(client.get(f"/api/v1/offers?limite=0&lang={lang}"), 422)["detail"] for lang in ("fr", "en"))
    assert french != english


def test_too_many_questions_wait(client: StrictClient) -> None:
    LIMIT.allowed = 3
    for _question in range(3):
        assert client.get("/api/v1/vocabularies/stage").status_code == 200
    refused = client.get("/api/v1/vocabularies/stage")
    problem(refused, 429)
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert client.get("/api/v1/vocabularies/stage", REMOTE_ADDR="10.0.0.9").status_code == 200
    assert client.get("/api/v1/communes").status_code == 200


def test_the_description_is_openapi_3_1_in_two_languages(client: StrictClient) -> None:
    french, english = (json.loads(client.get(f"/api/v1/openapi.json?lang={lang}").content) for lang in ("fr", "en"))
    assert french["openapi"].startswith("3.1")
    assert french["paths"].keys() == english["paths"].keys()
    operation, other = (each["paths"]["/api/v1/offers"]["get"] for each in (french, english))
    assert operation["summary"] != other["summary"]
    assert [one["name"] for one in operation["parameters"]] == [one["name"] for one in other["parameters"]]
    assert operation["parameters"][0]["description"] != other["parameters"][0]["description"]
