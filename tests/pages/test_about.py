"""What the site says about itself: legal notice, accessibility, sources, site map for people and for machines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from maillage.catalogue.models import Offer
from maillage.config.checks import holes_are_sentences
from maillage.interop.holes import written_holes
from maillage.pages import accessibility
from maillage.pages.accessibility import Statement, StatementError, statement
from maillage.pages.views import sitemap
from maillage.vocabulary import portals as portal_data
from maillage.vocabulary.portals import Legal, portals
from maillage.vocabulary.words import VocabularyError
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


def sources_page(client: StrictClient, portal: str) -> str:
    """The page as a portal shows it."""
    return unescape(client.get("/d-ou-viennent-ces-fiches/", headers={"host": f"{portal}.localhost"}).content.decode())


def table(html: str, caption: str) -> dict[str, list[str]]:
    """The rows of the table whose caption begins so, by the cell that names each."""
    [found] = [part for part in re.findall(r"<table.*?</table>", html, re.S) if f"<caption>{caption}" in part]
    return {row[0]: row[1:] for row in rows(found)}


def test_each_origin_counts_its_visible_sheets_and_those_confirmed(client: StrictClient) -> None:
    one = structure(source="aaa", licence="CC BY", verified_on=date(2026, 11, 1))
    offer(one, source="aaa", licence="Licence Ouverte 2.0", updated=date(2026, 10, 1))
    offer(one, source="zzz")
    offer(one, source="zzz", status="draft")
    found = table(get(client, "/d-ou-viennent-ces-fiches/"), "Fiches publiées aujourd’hui")
    assert found["aaa"] == ["1", "0", "1", "1 sur 2", "1er octobre 2026", "CC BY, Licence Ouverte 2.0"]
    assert found["zzz"] == ["0", "0", "1", "0 sur 1", "non datée", "non indiquée"]


def test_an_empty_catalogue_says_so(client: StrictClient) -> None:
    assert "Le catalogue est vide pour l’instant." in words(get(client, "/d-ou-viennent-ces-fiches/"))


def test_counting_costs_the_same_number_of_questions_whatever_the_catalogue(client: StrictClient) -> None:
    def questions() -> int:
        client.get("/d-ou-viennent-ces-fiches/")  # the index reads what has changed
        with CaptureQueriesContext(connection) as captured:
            client.get("/d-ou-viennent-ces-fiches/")
        return len(captured)

    few = questions()
    for number in range(30):
        offer(source=f"s{number}")
    assert (
        questions() == few == 9
    )  # the sources (tables too) and their reads, one per kind of sheet, and the revision of the index


def test_it_counts_the_open_offers_by_place_kind_and_stage(client: StrictClient) -> None:
    offer(kind="conseil", coverage=["france"], stages=["idee"])
    offer(kind="conseil", coverage=["departement:53"], stages=["idee", "creation"])
    offer(kind="financement", coverage=["region:32"])
    offer(kind="financement", coverage=["departement:35"])
    offer(kind="financement", coverage=["departement:53"], closes=date(2020, 1, 1))
    offer(kind="financement", coverage=["departement:53"], status="draft")
    found = table(sources_page(client, "essor"), "Offres ouvertes, par nature")
    # the whole of France, Pays de la Loire, Hauts-de-France, other régions, in all
    assert found["Conseil et accompagnement"] == ["1", "1", "0", "0", "2"]
    assert found["Financement"] == ["0", "0", "1", "1", "2"]
    assert found["En tout"] == ["1", "1", "1", "1", "4"]
    by_stage = table(sources_page(client, "essor"), "Offres ouvertes, par étape")
    assert by_stage["Idée"] == ["1", "1", "1", "1", "4"], "an offer without stages accepts all of them"
    assert by_stage["Développement"] == ["0", "0", "1", "1", "2"]


def test_each_portal_shows_its_own_departements(client: StrictClient) -> None:
    offer(coverage=["departement:53"], stages=["idee"])
    essor = table(sources_page(client, "essor"), "Offres locales")
    assert essor["Mayenne"] == ["1", "0", "0", "0", "0", "0", "1"]
    assert list(essor) == ["Loire-Atlantique", "Maine-et-Loire", "Mayenne", "Sarthe", "Vendée"]
    tremplin = table(sources_page(client, "tremplin"), "Offres locales")
    assert list(tremplin) == ["Aisne", "Nord", "Oise", "Pas-de-Calais", "Somme"]


def test_the_holes_are_where_local_offers_are_few(client: StrictClient) -> None:
    for _ in range(2):
        offer(kind="conseil", coverage=["region:52"])
    offer(kind="financement", coverage=["departement:53"], stages=["idee"])
    offer(kind="formation", coverage=["france"])
    text = words(sources_page(client, "essor"))
    lacking = text[text.index("Ce qui manque encore") :]
    assert "Conseil et accompagnement" not in lacking
    assert "Idée : Loire-Atlantique, Maine-et-Loire, Mayenne (1), Sarthe, Vendée" in lacking
    assert "Création : aucune, dans aucun département" in lacking, "a national offer does not fill a hole"


def test_what_people_wrote_of_the_holes_is_the_regions_own(client: StrictClient) -> None:
    essor = words(sources_page(client, "essor"))
    tremplin = words(sources_page(client, "tremplin"))
    assert "Un lieu d’accueil ouvert à tous en Sarthe et en Vendée" in essor
    assert "Un lieu d’accueil ouvert à tous en Sarthe et en Vendée" not in tremplin
    assert "La liste du premier cercle de Tremplin" in tremplin
    common = "Les standards téléphoniques de la plupart des organismes nationaux."
    assert common in essor
    assert common in tremplin


@pytest.mark.parametrize("content", ["holes = 3", "holes = [1]", 'trous = ["x"]', "holes = ["])
def test_a_wrong_file_of_holes_is_a_sentence_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    folder = tmp_path / "commune"
    folder.mkdir()
    (folder / "holes.toml").write_text(content, encoding="utf-8")
    monkeypatch.setenv("MAILLAGE_REGIONS", str(tmp_path))
    with pytest.raises(VocabularyError, match=r"holes\.toml"):
        written_holes(portals()["pays-de-la-loire"])
    assert [problem.id for problem in holes_are_sentences(None)] == ["maillage.E004"], "and the site does not start"


def test_the_method_says_how_many_sheets_are_confirmed(client: StrictClient) -> None:
    one = structure()
    assert "Fiches confirmées par leur structure : 0 sur 1." in words(get(client, "/d-ou-viennent-ces-fiches/"))
    offer(one, verified_on=date(2026, 11, 1))
    assert "Fiches confirmées par leur structure : 1 sur 2." in words(get(client, "/d-ou-viennent-ces-fiches/"))


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
