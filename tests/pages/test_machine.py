"""What machines ask: life, readiness, robots, the stylesheet."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.test import Client

from maillage.kit.contrast import mix
from maillage.pages.stylesheet import minified, stylesheet
from tests.conftest import StrictClient


@pytest.mark.parametrize("path", ["/livez", "/healthz"])
def test_a_living_process_says_so_without_the_database(client: StrictClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_it_is_ready_once_the_database_answers_and_the_index_is_read(client: StrictClient) -> None:
    assert client.get("/readyz").status_code == 200


def test_robots_stay_out_of_searches_and_of_the_office(client: StrictClient) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert {"Disallow: /resultats/", "Disallow: /gestion/", "Disallow: /en/resultats/"} <= set(lines)


def test_the_stylesheet_of_today_never_changes_and_comes_compressed(client: StrictClient) -> None:
    address = f"/style-{stylesheet().digest}.css"
    answer = client.get(address, HTTP_ACCEPT_ENCODING="gzip")
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]
    assert gzip.decompress(answer.content) == client.get(address).content


def test_an_old_address_of_the_stylesheet_gives_the_current_one_for_a_moment(client: StrictClient) -> None:
    answer = client.get("/style-0123456789ab.css")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_stylesheet_and_the_scripts_hold_in_their_budget(repository: Path) -> None:
    static = repository / "maillage" / "ui" / "static"
    assert len(stylesheet().compressed) <= 12_000
    on_results = [static / "vendor" / "htmx-2.0.11.min.js", static / "results.js"]
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in on_results) <= 18_000
    assert len(gzip.compress((static / "communes.js").read_bytes(), 9)) <= 2_000


def test_minifying_takes_comments_and_blanks_only() -> None:
    assert minified("/* a */ a b { color : red; }\n\n@media (min-width: 3rem) { a { margin: 0 } }") == (
        "a b{color : red}@media (min-width: 3rem){a{margin: 0}}"
    )


def test_mixing_colours() -> None:
    assert mix("#ffffff", "#000000", 0.5) == "#808080"
    assert mix("#102030", "#ffffff", 1) == "#102030"


@pytest.mark.django_db
def test_pages_for_anonymous_visitors_are_compressed_and_those_with_a_secret_are_not() -> None:
    client = Client(HTTP_ACCEPT_ENCODING="gzip")
    assert client.get("/").headers.get("Content-Encoding") == "gzip"
    assert "Content-Encoding" not in client.get("/connexion/").headers  # its form holds a token
    client.cookies["session"] = "someone"
    assert "Content-Encoding" not in client.get("/").headers
