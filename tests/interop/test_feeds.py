"""Feeds of a situation: what is new, what closes, as Atom and as a calendar."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from icalendar import Calendar

from tests.catalogue import worlds
from tests.conftest import StrictClient

pytestmark = pytest.mark.django_db

SOON, LATER = date.today() + timedelta(days=10), date.today() + timedelta(days=40)
NAMES = {"a": "http://www.w3.org/2005/Atom"}


def feed(client: StrictClient, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


def titles(root: ElementTree.Element) -> list[str | None]:
    return [entry.findtext("a:title", namespaces=NAMES) for entry in root.findall("a:entry", NAMES)]


def test_the_newest_offers_come_first(client: StrictClient) -> None:
    for number in range(3):
        worlds.offer(name=f"Offre {number}")
    assert titles(feed(client, "/flux/nouveautes.atom")) == ["Offre 2", "Offre 1", "Offre 0"]


def test_calls_are_the_offers_that_close_the_first_to_close_first(client: StrictClient) -> None:
    worlds.offer(name="Permanente")
    worlds.offer(name="Plus tard", closes=LATER)
    worlds.offer(name="Bientôt", closes=SOON)
    worlds.offer(name="Close", closes=date.today() - timedelta(days=1))
    assert titles(feed(client, "/flux/appels.atom")) == ["Bientôt", "Plus tard"]


@pytest.mark.parametrize("address", ["/flux/nouveautes.atom", "/flux/appels.atom", "/en/flux/appels.atom"])
def test_a_feed_holds_what_the_results_page_of_its_parameters_shows(client: StrictClient, address: str) -> None:
    worlds.offer(name="Ici", coverage=["departement:53"], needs=["juridique"], closes=SOON)
    worlds.offer(name="Ailleurs", coverage=["departement:72"], needs=["juridique"], closes=SOON)
    found = feed(client, f"{address}?besoin=juridique&commune=53130&saisie=1&rien=2")
    assert titles(found) == ["Ici"]
    prefix = "/en" if address.startswith("/en") else ""
    links = {link.get("rel"): link.get("href") or "" for link in found.findall("a:link", NAMES)}
    assert links["alternate"].endswith(f"{prefix}/resultats/?commune=53130&besoin=juridique")
    assert links["self"] == found.findtext("a:id", namespaces=NAMES)
    assert "saisie" not in links["self"]


def test_an_entry_says_everything_that_atom_asks(client: StrictClient) -> None:
    offer = worlds.offer(name="L'aide <b>", summary="Pour l'essai & la suite", licence="Licence Ouverte 2.0", closes=SOON)
    [entry] = feed(client, "/flux/appels.atom").findall("a:entry", NAMES)
    assert entry.findtext("a:id", namespaces=NAMES) == f"urn:maillage:offer:{offer.uid}"
    assert entry.findtext("a:title", namespaces=NAMES) == "L’aide <b>"
    assert entry.findtext("a:author/a:name", namespaces=NAMES) == offer.structure.name
    assert entry.findtext("a:rights", namespaces=NAMES) == "Licence Ouverte 2.0"
    assert (entry.findtext("a:updated", namespaces=NAMES) or "").endswith("Z")
    link = entry.find("a:link", NAMES)
    assert link is not None
    assert (link.get("href") or "").endswith(offer.get_absolute_url())


def test_a_name_with_a_character_that_xml_lacks_still_gives_a_feed(client: StrictClient) -> None:
    worlds.offer(name="Aide\x0b\ufffe")
    assert titles(feed(client, "/flux/nouveautes.atom")) == ["Aide  "]


def test_deadlines_are_a_calendar_with_the_uids_of_the_offers_own(client: StrictClient) -> None:
    late, soon = worlds.offer(name="Plus tard", closes=LATER), worlds.offer(name="Bientôt", closes=SOON)
    response = client.get("/flux/dates-limites.ics?etape=creation")
    assert response.headers["Content-Type"].startswith("text/calendar")
    events: list[Any] = Calendar.from_ical(response.content).walk("VEVENT")
    assert [event["dtstart"].dt for event in events] == [SOON, LATER]
    [own] = Calendar.from_ical(client.get(soon.get_absolute_url() + "echeances.ics").content).walk("VEVENT")
    assert own.to_ical() == events[0].to_ical()
    assert late.uid in events[1]["uid"]


@pytest.mark.parametrize("address", ["/flux/nouveautes.atom", "/flux/appels.atom", "/flux/dates-limites.ics"])
def test_a_reader_that_has_it_already_is_told_so(client: StrictClient, address: str) -> None:
    worlds.offer(closes=SOON)
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("address", ["/flux/nouveautes.atom", "/flux/dates-limites.ics"])
@pytest.mark.parametrize("offers", [0, 1, 20])
def test_the_number_of_statements_does_not_depend_on_the_offers(
    client: StrictClient, address: str, offers: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(offers):
        worlds.offer(name=f"Offre {number}", closes=SOON)
    client.get(address)
    with django_assert_max_num_queries(2):
        client.get(address)


def test_pages_lead_to_the_feeds_of_what_they_show(client: StrictClient) -> None:
    worlds.offer()
    page = client.get("/resultats/?commune=53130&etape=creation").content.decode()
    for name in ("nouveautes.atom", "appels.atom", "dates-limites.ics"):
        assert f"/flux/{name}?etape=creation&amp;commune=53130" in page
    assert page.count('rel="alternate" type="application/atom+xml"') == 2
    assert "/flux/nouveautes.atom?commune=53130" in client.get("/territoires/commune/53130/").content.decode()
