"""Lists by pages: each sheet once whatever happens meanwhile, filters, what changed since, one sheet; statements constant."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.catalogue import revision
from maillage.catalogue.enums import Status
from maillage.catalogue.index import current_index, reset
from maillage.catalogue.models import Offer
from maillage.orientation.territory import serving
from maillage.territories import queries as territories
from tests.catalogue import worlds
from tests.conftest import StrictClient

pytestmark = pytest.mark.django_db

TODAY = date.today()


def get(client: StrictClient, address: str, status: int = 200) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == status, response.content
    found: dict[str, Any] = json.loads(response.content)
    return found


def walk(client: StrictClient, address: str, between: Any = lambda: None) -> list[str]:
    """The uids of every page, following `next`; `between` happens after each page."""
    found: list[str] = []
    following: str | None = address
    while following:
        parts = urlsplit(following)
        page = get(client, f"{parts.path}?{parts.query}")
        found += [item["uid"] for item in page["items"]]
        following = page["next"]
        between()
    return found


@pytest.mark.parametrize("kind", ["offers", "structures", "relays"])
def test_a_walk_sees_every_sheet_once(client: StrictClient, kind: str) -> None:
    made = {
        "offers": lambda number: worlds.offer(name=f"Offre {number}"),
        "structures": lambda number: worlds.structure(name=f"Structure {number}"),
        "relays": lambda number: worlds.relay(name=f"Relais {number}"),
    }[kind]
    uids = [made(number).uid for number in range(7)]
    page = get(client, f"/api/v1/{kind}?limite=3")
    assert page["total"] >= 7
    assert set(uids) <= set(walk(client, f"/api/v1/{kind}?limite=3"))
    found = walk(client, f"/api/v1/{kind}?limite=2")
    assert len(found) == len(set(found)) == page["total"]


@given(acts=st.lists(st.tuples(st.sampled_from(["edit", "remove", "add"]), st.integers(0, 11)), max_size=12))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sheets_that_stay_are_seen_once_whatever_moves_between_two_pages(
    client: StrictClient, acts: list[tuple[str, int]]
) -> None:
    sid = transaction.savepoint()
    reset()
    offers = [worlds.offer(name=f"Offre {number}") for number in range(12)]
    removed: set[str] = set()
    left = list(acts)

    def between() -> None:
        if not left:
            return
        act, number = left.pop()
        offer = offers[number]
        if act == "add":
            with transaction.atomic():
                revision.moved(offers=[worlds.offer(name=f"Nouvelle {len(left)}").pk])
            return
        with transaction.atomic():
            offer.name = f"Changée {len(left)}"
            offer.status = Status.ARCHIVED if act == "remove" else offer.status
            offer.save()
            revision.moved(offers=[offer.pk])
        if act == "remove":
            removed.add(offer.uid)

    found = walk(client, "/api/v1/offers?limite=3", between)
    assert len(found) == len(set(found))
    assert {offer.uid for offer in offers} - removed <= set(found)
    transaction.savepoint_rollback(sid)
    reset()


def test_offers_are_filtered_as_the_results_page_filters(client: StrictClient) -> None:
    here = worlds.offer(name="Ici", needs=["juridique"], coverage=["departement:53"])
    worlds.offer(name="Ailleurs", needs=["juridique"], coverage=["departement:72"])
    over = worlds.offer(name="Close", needs=["juridique"], coverage=["departement:53"], closes=TODAY - timedelta(days=1))
    address = "/api/v1/offers?commune=53130&besoin=juridique"
    assert {item["uid"] for item in get(client, address)["items"]} == {here.uid, over.uid}
    assert [item["uid"] for item in get(client, address + "&ouvertes=oui")["items"]] == [here.uid]


@pytest.mark.parametrize("key", ["commune:53130", "epci:200083392", "departement:53", "region:52", "france"])
def test_a_territory_keeps_the_offers_that_its_page_counts(client: StrictClient, key: str) -> None:
    for number, covered in enumerate(("commune:53130", "departement:53", "departement:72", "region:52", "france", "region:32")):
        worlds.offer(name=f"Offre {number}", coverage=[covered])
    place = territories.place(*territories.parse_key(key))
    assert place is not None
    expected = serving(current_index(), place, TODAY)
    assert get(client, f"/api/v1/offers?territoire={key}&ouvertes=oui")["total"] == len(expected)


def test_what_changed_since_counts_the_structure_too(client: StrictClient) -> None:
    old, new = worlds.offer(name="Ancienne"), worlds.offer(name="Récente")
    long_ago = timezone.now() - timedelta(days=30)
    Offer.objects.filter(pk__in=[old.pk, new.pk]).update(modified_at=long_ago)
    for offer in (old, new):
        type(offer.structure).objects.filter(pk=offer.structure_id).update(modified_at=long_ago)
    reset()
    day = (timezone.now() - timedelta(days=2)).date().isoformat()
    assert get(client, f"/api/v1/offers?modified_since={day}")["total"] == 0
    with transaction.atomic():
        new.structure.save()
        revision.moved(structures=[new.structure_id])
    found = get(client, f"/api/v1/offers?modified_since={day}")
    assert {item["uid"] for item in found["items"]} == {
        offer.uid for offer in (old, new) if offer.structure_id == new.structure_id
    }


@pytest.mark.parametrize(
    "text", ["2026-11-24T10:00:00Z", "2026-11-24T10:00:00%2B01:00", "2026-11-24T10:00:00+01:00", "2026-11-24"]
)
def test_a_moment_is_read_as_one_writes_it(client: StrictClient, text: str) -> None:
    assert get(client, f"/api/v1/structures?modified_since={text}")["total"] == 0


def test_a_record_says_where_it_comes_from(client: StrictClient) -> None:
    offer = worlds.offer(
        name="Conseil", licence="Licence Ouverte 2.0", sources=[{"url": "https://example.org", "read_on": "2026-11-01"}]
    )
    found = get(client, f"/api/v1/offers/{offer.uid}")
    assert (found["uid"], found["id"], found["source"]) == (offer.uid, offer.ref, offer.source)
    assert found["licence"] == "Licence Ouverte 2.0"
    assert found["sources"][0]["url"] == "https://example.org"
    assert found["structure_uid"] == offer.structure.uid
    assert found["page"].endswith(offer.get_absolute_url())
    assert found == get(client, "/api/v1/offers")["items"][0]


def test_what_visitors_do_not_see_does_not_exist(client: StrictClient) -> None:
    draft = worlds.offer(status=Status.DRAFT)
    hidden = worlds.offer(worlds.structure(name="Suspendue", status=Status.SUSPENDED))
    for uid in (draft.uid, hidden.uid, "aaaaaaaaaaaa", "x", "é" * 12):
        assert get(client, f"/api/v1/offers/{uid}", 404)["status"] == 404
    assert get(client, "/api/v1/offers")["total"] == 0


@pytest.mark.parametrize("count", [1, 40])
@pytest.mark.parametrize(("kind", "statements"), [("offers", 2), ("structures", 2), ("relays", 2)])
def test_the_number_of_statements_does_not_depend_on_the_rows(
    client: StrictClient, kind: str, statements: int, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        worlds.relay(worlds.offer(name=f"Offre {number}").structure, name=f"Relais {number}")
    get(client, f"/api/v1/{kind}")
    with django_assert_num_queries(statements):
        get(client, f"/api/v1/{kind}?limite=30")


def test_territories_are_listed_in_order_of_code_and_told_in_full(client: StrictClient) -> None:
    found = get(client, "/api/v1/territories?dans=region:52")
    assert [item["code"] for item in found["items"]] == ["44", "49", "53", "72", "85"]
    communes = get(client, "/api/v1/territories?niveau=commune&dans=departement:53&limite=200")
    assert communes["total"] == len(territories.communes_of("departement", "53"))
    one = get(client, "/api/v1/territories/departement/53")
    assert (one["name"], len(one["members"])) == ("Mayenne", len(territories.epci_of_departement("53")))
    assert get(client, "/api/v1/territories/commune/53130")["postcodes"] == ["53000"]
    assert len(get(client, "/api/v1/territories/france/france")["members"]) == 18
    assert get(client, "/api/v1/territories/departement/999", 404)["status"] == 404


def test_vocabularies_speak_both_languages(client: StrictClient) -> None:
    french, english = (get(client, f"/api/v1/vocabularies/stage?lang={lang}")["terms"] for lang in ("fr", "en"))
    assert [term["code"] for term in french] == [term["code"] for term in english]
    assert french != english
    assert {each["name"] for each in get(client, "/api/v1/vocabularies")["lists"]} >= {"stage", "kind", "need"}
    assert "stage" in get(client, "/api/v1/vocabularies/rien", 404)["detail"]


def test_coverage_counts_distinct_open_offers(client: StrictClient) -> None:
    worlds.offer(name="Une", kind="conseil", stages=["idee", "creation"], coverage=["departement:53"])
    worlds.offer(name="Deux", kind="conseil", stages=[], coverage=["france"])
    worlds.offer(name="Close", kind="conseil", coverage=["departement:53"], closes=TODAY - timedelta(days=1))
    found = get(client, "/api/v1/statistics/coverage?territoire=region:52&membres=oui")
    assert [item["territory"]["code"] for item in found["items"]] == ["52", "44", "49", "53", "72", "85"]
    by_code = {item["territory"]["code"]: item for item in found["items"]}
    cells = {(cell["stage"], cell["kind"]): (cell["offers"], cell["local"]) for cell in by_code["53"]["cells"]}
    assert (by_code["53"]["offers"], by_code["44"]["offers"]) == (2, 1)
    assert (cells["idee", "conseil"], cells["difficultes", "conseil"]) == ((2, 1), (1, 0))
    assert by_code["44"]["gaps"]


def test_a_sheet_tells_what_its_producers_ask_what_was_deduced_and_where_sources_disagree(client: StrictClient) -> None:
    mention = {
        "source": "les-aides",
        "name": "les-aides.fr",
        "text": "Contenu produit par les-aides.fr",
        "url": "https://example.org/1",
    }
    voices = {"closes": [{"source": "a", "value": "2027-01-31", "on": ""}, {"source": "b", "value": "2027-03-31", "on": ""}]}
    sheet = worlds.offer(attributions=[mention], deduced={"stages": "thème"}, disagreements=voices, silent_since=date(2026, 9, 1))
    found = client.get(f"/api/v1/offers/{sheet.uid}").json()
    assert (found["attributions"], found["deduced"], found["disagreements"]) == ([mention], {"stages": "thème"}, voices)
    assert found["silent_since"] == "2026-09-01"
