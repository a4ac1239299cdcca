"""What the site says about itself: legal notice, accessibility, sources, site map for people and for machines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from maillage.catalogue.models import Offer
from maillage.pages import accessibility
from maillage.pages.accessibility import Statement, StatementError, statement
from maillage.pages.views import sitemap
from maillage.vocabulary import portals as portal_data
from maillage.vocabulary.portals import Legal, portals
from tests.catalogue.worlds import offer, structure
from tests.conftest import StrictClient
from tests.orientation.pages.reading import get, rows, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_french() -> Iterator[None]:
    with translation.override("fr"):
        yield


# --- legal notice


def test_what_is_not_filled_in_is_said_to_be_missing(client: StrictClient) -> None:
    text = words(get(client, "/mentions-legales/"))
    assert "Ces mentions sont incomplètes." in text
    assert "Il manque : Éditeur, Siège, Téléphone" in text
    assert "à remplir" in text


def test_a_complete_notice_gives_every_line_and_no_warning(client: StrictClient, monkeypatch: pytest.MonkeyPatch) -> None:
    full = Legal("Une chambre", "1 rue d’Essai", "0243000000", "contact@example.org", "Alice", "Un hébergeur, 2 rue d’Essai")
    complete = {code: replace(portal, legal=full) for code, portal in portals().items()}
    monkeypatch.setattr(portal_data, "portals", lambda: complete)
    html = get(client, "/mentions-legales/")
    assert "incomplètes" not in words(html)
    assert 'href="tel:+33243000000"' in html
    assert 'href="mailto:contact@example.org"' in html
    assert "Un hébergeur" in words(html)


def test_each_portal_has_its_own_notice(client: StrictClient) -> None:
    essor = client.get("/mentions-legales/", headers={"host": "essor.localhost"}).content.decode()
    tremplin = client.get("/mentions-legales/", headers={"host": "tremplin.localhost"}).content.decode()
    assert "CRESS Pays de la Loire" in essor
    assert "CRESS Pays de la Loire" not in tremplin


# --- accessibility


def test_the_statement_says_its_state_its_gaps_its_dates_and_the_way_to_complain(client: StrictClient) -> None:
    text = words(get(client, "/accessibilite/"))
    found = statement()
    assert f"est {found.state_label} avec le référentiel" in text
    assert "Défenseur des droits" in text
    assert all(gap.replace("\u202f", " ") in text for gap in found.gaps)
    assert "Déclaration faite le 23 novembre 2026" in text


def test_every_page_leads_to_the_statement_and_tells_the_same_state(client: StrictClient) -> None:
    for address in ("/", "/accessibilite/", "/mentions-legales/"):
        html = get(client, address)
        assert re.search(rf'href="/accessibilite/">Accessibilité\s*: {statement().state_label}<', html), address


def test_an_old_statement_is_said_to_be_out_of_date(client: StrictClient) -> None:
    with time_machine.travel(statement().valid_until, tick=False):
        assert "devait être refaite" not in words(get(client, "/accessibilite/"))
    with time_machine.travel(date(2040, 1, 1), tick=False):
        assert "Cette déclaration devait être refaite avant le 23 novembre 2029" in words(get(client, "/accessibilite/"))


@pytest.mark.parametrize(
    "claim",
    [
        {"state": "partielle"},
        {"state": "totale", "rate": 100},
        {"rate": 80},
        {"state": "partielle", "audit": "self", "rate": 40},
        {"state": "totale", "audit": "external", "rate": 99},
        {"state": "parfaite"},
        {"valid_until": date(2033, 1, 1)},
        {"valid_until": date(2026, 1, 1)},
    ],
)
def test_the_statement_may_not_claim_more_than_it_shows(claim: dict[str, Any]) -> None:
    with pytest.raises(StatementError):
        replace(statement(), **claim)


def test_an_audited_statement_is_possible() -> None:
    audited = replace(statement(), state="partielle", audit="self", rate=72.0)
    assert isinstance(audited, Statement)
    assert audited.state_label == "partiellement conforme"


def test_the_data_of_the_statement_is_read_whole() -> None:
    data = tomllib.loads((Path(accessibility.__file__).parent / "accessibility.toml").read_text(encoding="utf-8"))
    assert {
        name: list(value) if isinstance(value, tuple) else value for name in data if (value := getattr(statement(), name))
    } == data


# --- where the sheets come from


def test_each_origin_counts_its_visible_sheets_and_those_confirmed(client: StrictClient) -> None:
    one = structure(source="aaa", licence="CC BY", verified_on=date(2026, 11, 1))
    offer(one, source="aaa", licence="Licence Ouverte 2.0", updated=date(2026, 10, 1))
    offer(one, source="zzz")
    offer(one, source="zzz", status="draft")
    found = {row[0]: row[1:] for row in rows(get(client, "/d-ou-viennent-ces-fiches/"))}
    assert found["aaa"] == ["1", "0", "1", "1 sur 2", "1er octobre 2026", "CC BY, Licence Ouverte 2.0"]
    assert found["zzz"] == ["0", "0", "1", "0 sur 1", "non datée", "non indiquée"]


def test_an_empty_catalogue_says_so(client: StrictClient) -> None:
    assert "Le catalogue est vide pour l’instant." in words(get(client, "/d-ou-viennent-ces-fiches/"))


def test_counting_costs_the_same_number_of_questions_whatever_the_catalogue(client: StrictClient) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/d-ou-viennent-ces-fiches/")
        return len(captured)

    few = questions()
    for number in range(30):
        offer(source=f"s{number}")
    assert questions() == few == 7


# --- site maps


def test_the_site_map_leads_to_every_kind_of_page(client: StrictClient) -> None:
    html = get(client, "/plan-du-site/")
    for address in (
        "/",
        "/resultats/?etape=idee",
        "/reseaux-et-relais/",
        "/territoires/region/52/",
        "/parcours/",
        "/mentions-legales/",
    ):
        assert f'href="{address}"' in html, address
    main = html[html.index("<main") : html.index("</main>")]
    for address in set(re.findall('href="([^"#]+)"', main)):
        assert client.get(address).status_code == 200, address


def addresses(content: bytes) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(content).iter(f"{{{sitemap.NAMESPACE}}}loc")]


def test_machines_find_every_visible_sheet_and_no_other(client: StrictClient) -> None:
    shown, hidden = offer(name="A & B"), offer(status="draft")
    parts = addresses(client.get("/sitemap.xml").content)
    every = [address for part in parts for address in addresses(client.get(part.removeprefix("http://testserver")).content)]
    assert f"http://testserver{shown.get_absolute_url()}" in every
    assert f"http://testserver{shown.structure.get_absolute_url()}" in every
    assert not any(hidden.uid in address for address in every)
    assert len(every) == len(set(every))
    for address in every[:12]:
        assert client.get(address.removeprefix("http://testserver")).status_code == 200


def test_a_large_catalogue_is_cut_into_parts(client: StrictClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "PER_PART", 2)
    owner = structure()
    for _ in range(5):
        offer(owner)
    parts = [part for part in addresses(client.get("/sitemap.xml").content) if "offres" in part]
    found = [address for part in parts for address in addresses(client.get(part.removeprefix("http://testserver")).content)]
    assert (len(parts), len(found), len(set(found))) == (3, 5, 5)
    assert Offer.objects.count() == 5


@pytest.mark.parametrize(
    "part", ["pages-2", "offres-9", "inconnu-1", "offres-0", "territoires-0", "offres-99999999999", "offres-" + "9" * 40]
)
def test_a_part_that_does_not_exist_is_not_found(client: StrictClient, part: str) -> None:
    assert client.get(f"/sitemap-{part}.xml").status_code == 404
