"""The widget: who may show it, what it shows, and colours that can be read whatever is asked."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from maillage.interop.widget import DARK, LIGHT_PAPER, parent_origin, stylesheet
from maillage.kit.contrast import contrast_ratio
from tests.catalogue import worlds
from tests.conftest import StrictClient

PARTNER = "https://partenaire.example.org"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/widget/", "/en/widget/", "/", "/resultats/", "/api/", "/integrer/"])
def test_without_a_partner_no_page_may_be_shown_in_a_frame(client: StrictClient, address: str) -> None:
    response = client.get(address)
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_a_partner_may_show_the_widget_and_nothing_else(settings: Any) -> None:
    settings.MAILLAGE_WIDGET_PARENTS = [PARTNER]
    client = Client()
    widget = client.get("/widget/?etape=creation")
    assert f"frame-ancestors {PARTNER};" in widget.headers["Content-Security-Policy"] + ";"
    assert "X-Frame-Options" not in widget.headers
    assert "script-src 'self'" in widget.headers["Content-Security-Policy"]
    assert not widget.cookies
    for address in ("/", "/resultats/", "/integrer/", "/api/", "/connexion/"):
        other = client.get(address)
        assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"]
        assert other.headers["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_it_shows_the_offers_of_a_territory_the_closest_first(client: StrictClient) -> None:
    worlds.offer(name="Nationale", stages=["creation"])
    worlds.offer(name="Locale", stages=["creation"], coverage=["departement:53"])
    worlds.offer(name="Ailleurs", stages=["creation"], coverage=["departement:72"])
    worlds.offer(name="Plus tard", stages=["difficultes"], coverage=["departement:53"])
    worlds.structure(
        name="Réseau local", roles=[{"role": "reseau-local-ess", "territory": {"level": "departement", "code": "53"}}]
    )
    page = client.get("/widget/?territoire=departement:53&etape=creation").content.decode()
    assert re.findall(r"<h2><a [^>]*>([^<]*)</a>", page) == ["Locale", "Nationale"]
    assert "Réseau local" in page
    assert "(2 appuis)" in page
    assert len(re.findall(r"<h2>", client.get("/widget/?territoire=departement:53&nombre=1").content.decode())) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["", "commune=53130", "territoire=rien", "territoire=departement:999", "nombre=abc", "couleur=%22%3E", "theme=x"]
)
def test_every_link_opens_in_the_whole_window_whatever_is_asked(client: StrictClient, query: str) -> None:
    worlds.offer(closes=date(2099, 1, 1))
    page = client.get(f"/widget/?{query}").content.decode()
    links = re.findall(r"<a [^>]*>", page)
    assert len(links) >= 3
    assert all('target="_top"' in link for link in links)


@pytest.mark.django_db
@pytest.mark.parametrize("offers", [0, 1, 10])
def test_the_number_of_statements_does_not_depend_on_the_offers(
    client: StrictClient, offers: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(offers):
        worlds.offer(name=f"Offre {number}")
    client.get("/widget/?nombre=10")
    with django_assert_max_num_queries(2):
        client.get("/widget/?nombre=10&territoire=departement:53")


@pytest.mark.parametrize(
    ("text", "allowed", "expected"),
    [
        (PARTNER, [PARTNER], PARTNER),
        (PARTNER + "/", [PARTNER], PARTNER),
        ("https://autre.example.org", [PARTNER], ""),
        ("https://autre.example.org", ["*"], "https://autre.example.org"),
        ("http://127.0.0.1:8044", ["http://127.0.0.1:8044"], "http://127.0.0.1:8044"),
        (PARTNER + "/page", ["*"], ""),
        ("javascript:alert(1)", ["*"], ""),
        ("*", ["*"], ""),
        (PARTNER, [], ""),
    ],
)
def test_the_height_is_told_to_an_allowed_page_only(text: str, allowed: list[str], expected: str) -> None:
    assert parent_origin(text, allowed) == expected


@given(colour=st.tuples(*[st.integers(0, 255)] * 3), theme=st.sampled_from(["clair", "sombre"]))
def test_any_colour_can_be_read(colour: tuple[int, int, int], theme: str) -> None:
    accent = "#" + "".join(f"{channel:02x}" for channel in colour)
    tokens = dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{6})", stylesheet(accent, theme)))
    paper, on_button = (DARK["paper"], DARK["paper"]) if theme == "sombre" else (LIGHT_PAPER, "#ffffff")
    assert contrast_ratio(tokens["accent"], on_button) >= 4.5
    for text in ("accent", "accent-deep"):
        assert contrast_ratio(tokens[text], paper) >= 4.5
        assert contrast_ratio(tokens[text], tokens["accent-soft"]) >= 4.5


@pytest.mark.parametrize("surface", ["paper", "sand"])
@pytest.mark.parametrize("text", ["ink", "soft", "ok", "warn", "alarm"])
def test_the_dark_theme_can_be_read(text: str, surface: str) -> None:
    assert contrast_ratio(DARK[text], DARK[surface]) >= 4.5


def test_the_script_of_partners_is_small_and_open_to_their_pages(client: StrictClient, repository: Path) -> None:
    response = client.get("/widget.js")
    assert len(response.content) <= 4_000
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "cookie" not in response.content.decode().replace("Sets no cookie", "")
    assert (repository / "maillage/ui/static/widget.js").read_bytes() == response.content


@pytest.mark.django_db
def test_the_page_for_partners_says_what_to_copy_and_who_may(client: StrictClient, settings: Any) -> None:
    page = client.get("/integrer/").content.decode()
    assert "&lt;div data-maillage data-territoire=&quot;region:52&quot;" in page.replace('"', "&quot;")
    assert "http://testserver/widget.js" in page
    assert "Aucun site pour l’instant" in page
    settings.MAILLAGE_WIDGET_PARENTS = [PARTNER]
    assert PARTNER in client.get("/integrer/").content.decode()
    settings.MAILLAGE_WIDGET_PARENTS = ["*"]
    assert "Tous les sites." in client.get("/integrer/").content.decode()


@pytest.mark.parametrize("parent", ["https://partenaire.example.org/page", "partenaire.example.org", "'none'", "https://a b"])
def test_a_parent_that_is_no_origin_stops_the_start(settings: Any, parent: str) -> None:
    settings.MAILLAGE_WIDGET_PARENTS = [PARTNER, "*", parent]
    [error] = [problem for problem in run_checks() if problem.id == "maillage.E003"]
    assert parent in error.msg
