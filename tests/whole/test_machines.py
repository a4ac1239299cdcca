"""What machines find: linked data on every public page, and every public page in the site map."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from maillage.catalogue import revision
from maillage.catalogue.models import Structure
from maillage.vocabulary.portals import portals
from tests.browser.pages import NOT_PAGES
from tests.conftest import StrictClient
from tests.whole.cast import World, keep_diagnosis, make_world, send_request
from tests.whole.test_permissions import OPEN, TABLE, address_of

LINKED = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)
PAGES = sorted(name for name, line in TABLE.items() if line[0] == OPEN and name not in NOT_PAGES)

#: Public pages that the site map leaves out, each with the reason.
NOT_MAPPED = {
    "questions": "a step of a search: robots stay out",
    "results": "a search: robots stay out",
    "report": "a form about one sheet",
    "report_thanks": "what follows a form",
    "sign-in": "for whoever keeps sheets",
    "alerts": "a form about one search",
    "alert-asked": "what follows a form",
    "erased": "what follows an erasure",
    "sign-in-code": "a step of signing in",
    "sign-in-password": "a step of signing in",
    "widget": "for frames of other sites",
    "observatory-offers": "the offers behind one cell of the matrix",
    "observatory-hole": "the communes behind one cell of the matrix",
    **dict.fromkeys(
        ("diagnosis-list", "diagnosis-step", "diagnosis-result", "diagnosis-keep", "diagnosis-deleted"), "a step of a diagnosis"
    ),
    "request": "a form",
    **dict.fromkeys(("request-follow", "request-sheet", "request-useful", "request-answer"), "only for whoever holds the link"),
    **dict.fromkeys(
        ("private-list", "private-step", "private-result", "private-compare", "private-settings"),
        "only for whoever holds the link",
    ),
}


@pytest.fixture
def world(db: None) -> World:
    made = make_world()
    return replace(made, secret=keep_diagnosis(made.people), request=send_request(made.structure))


def linked(client: StrictClient, address: str) -> dict[str, dict[str, Any]]:
    """The linked data of a page, by type."""
    found = [json.loads(text) for text in LINKED.findall(client.get(address).content.decode())]
    assert all(each["@context"] == "https://schema.org" for each in found)
    return {each.get("@type", "@graph"): each for each in found}


@pytest.mark.parametrize("name", [name for name in PAGES if name != "widget"])
def test_every_public_page_says_which_page_of_which_site_it_is(name: str, world: World, client: StrictClient) -> None:
    about = linked(client, address_of(name, world))["WebPage"]
    assert about["url"].endswith(address_of(name, world).partition("?")[0])
    assert about["isPartOf"]["name"] == next(iter(portals().values())).name


def test_the_home_page_says_how_to_search(world: World, client: StrictClient) -> None:
    site = linked(client, "/en/")["WebSite"]
    assert site["potentialAction"]["target"]["urlTemplate"].endswith("/en/resultats/?texte={search_term_string}")
    assert site["inLanguage"] == "en"


@pytest.mark.parametrize(("nonprofit", "expected"), [("public", "GovernmentOrganization"), ("ess", "NGO"), ("", "Organization")])
def test_a_structure_says_what_it_is_and_when_its_places_open(
    nonprofit: str, expected: str, world: World, client: StrictClient
) -> None:
    Structure.objects.update(nonprofit=nonprofit, siren="552100554")
    found = linked(client, world.structure.get_absolute_url())
    organisation = found[expected]
    assert organisation["name"] == "Réseau des essais"
    assert organisation["identifier"]["value"] == "552100554"
    [place] = organisation["location"]
    assert place["address"]["addressLocality"] == "Château-Gontier-sur-Mayenne"
    assert place["openingHoursSpecification"] == [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
            "opens": "09:00",
            "closes": "12:00",
        }
    ]
    steps = found["BreadcrumbList"]["itemListElement"]
    assert [step["position"] for step in steps] == [1, 2, 3]
    assert [step["name"] for step in steps] == ["Accueil", "Réseaux et relais", "Réseau des essais"]
    assert "item" not in steps[-1]


def test_the_list_of_relays_is_a_list_of_places(world: World, client: StrictClient) -> None:
    revision.current()
    places = linked(client, "/reseaux-et-relais/?commune=53062")["@graph"]["@graph"]
    assert {place["name"] for place in places} == {"Réseau des essais", "Point d’accueil des essais"}
    assert all(place["@type"] == "Place" for place in places)


def test_a_territory_says_what_contains_it(world: World, client: StrictClient) -> None:
    area = linked(client, "/territoires/commune/53130/")["AdministrativeArea"]
    assert area["identifier"]["value"] == "53130"
    assert [up["name"] for up in area["containedInPlace"]][-2:] == ["Mayenne", "Pays de la Loire"]
    assert area["geo"]["latitude"] > 48


def test_every_public_page_is_in_the_site_map_or_says_why_not(world: World, client: StrictClient) -> None:
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    mapped: set[str] = set()
    for part in root.findall("s:sitemap/s:loc", names):
        urls = ElementTree.fromstring(client.get((part.text or "").replace("http://testserver", "")).content)
        locations = [(each.text or "").replace("http://testserver", "") for each in urls.findall("s:url/s:loc", names)]
        assert locations
        mapped.update(locations)
        english = urls.findall("s:url/{http://www.w3.org/1999/xhtml}link", names)
        assert [(link.get("href") or "").replace("http://testserver/en", "") for link in english] == locations
    missing = {name for name in PAGES if address_of(name, world).partition("?")[0] not in mapped}
    assert missing == set(NOT_MAPPED)
    for address in sorted(mapped)[:5]:
        assert client.get(address).status_code == 200
        assert client.get("/en" + address).status_code == 200
