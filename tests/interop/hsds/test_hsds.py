"""HSDS 3.0: records valid field by field by rules written apart, and addresses that page, search, narrow and answer 304."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings

from maillage.catalogue.models import Offer, Relay, Structure
from maillage.catalogue.rows import row_of, rows
from maillage.interop.addresses import Addresses
from maillage.interop.hsds import queries, records
from maillage.interop.hsds.ids import NAMESPACE, uuid_of
from maillage.interop.hsds.profile import FIELDS
from maillage.interop.hsds.taxonomies import taxonomy_records, term_id, term_records, with_terms
from maillage.interop.starter import load_starter
from tests.catalogue.worlds import World, offer, relay, structure, worlds
from tests.interop.hsds.rules import NESTED, TABLES, problems

pytestmark = pytest.mark.django_db
TODAY = date.today()
SITE = Addresses("https://maillage.example.org")


@pytest.fixture(autouse=True)
def _fresh_directory() -> Iterator[None]:
    queries.directory.forget()
    yield
    queries.directory.forget()


def every_record() -> Iterator[tuple[str, dict[str, Any]]]:
    for row in rows(Structure):
        yield "organization", with_terms(records.organization(row, SITE))
    for kind, model in (("offer", Offer), ("relay", Relay)):
        for row in rows(model):
            yield "service", with_terms(records.service_of(row, kind, TODAY, SITE))
            yield "service", records.service_of(row, kind, TODAY, SITE, full=False)


def assert_valid() -> int:
    count = 0
    for kind, record in every_record():
        assert problems(record, kind) == [], record
        assert_profiled(kind, record)
        count += 1
    return count


def assert_profiled(kind: str, record: dict[str, Any]) -> None:
    """Everything that is given is in the published profile."""
    assert record.keys() <= FIELDS[kind].keys()
    for name, inner in NESTED.get(kind, {}).items():
        if name in record:
            each = record[name] if isinstance(inner, list) else [record[name]]
            for one in each:
                assert_profiled(inner[0] if isinstance(inner, list) else inner, one)


def test_the_starter_catalogue_is_valid_field_by_field() -> None:
    load_starter()
    assert assert_valid() > 300


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds())
def test_random_worlds_are_valid_field_by_field(db: None, world: World) -> None:
    with world.in_database():
        assert_valid()


def test_taxonomies_and_terms_are_valid_and_the_profile_promises_nothing_unknown() -> None:
    for record in taxonomy_records():
        assert problems(record, "taxonomy") == []
    for record in term_records().values():
        assert problems(record, "taxonomy_term") == []
    for kind, fields in FIELDS.items():
        required, others = TABLES[kind]
        assert fields.keys() <= required | others | NESTED.get(kind, {}).keys(), kind


def test_identifiers_are_those_of_the_standard_library() -> None:
    for parts in (("service", "k3j5m2p9q4ab"), ("é", ""), ("term", "stage", "creation")):
        assert uuid_of(*parts) == str(uuid.uuid5(NAMESPACE, ":".join(parts)))
    assert uuid.uuid5(uuid.NAMESPACE_URL, "urn:maillage:hsds") == NAMESPACE


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "active"),
        ({"opens": TODAY + timedelta(days=1)}, "temporarily closed"),
        ({"closes": TODAY - timedelta(days=1)}, "inactive"),
        ({"closes": TODAY - timedelta(days=1), "recurrence": "recurrente"}, "temporarily closed"),
        ({"opens": TODAY, "closes": TODAY}, "active"),
    ],
)
def test_the_status_follows_the_calendar(fields: dict[str, Any], status: str) -> None:
    assert records.offer_service(row_of(offer(**fields)), TODAY, SITE)["status"] == status


def test_an_offer_says_where_it_serves_by_insee_codes() -> None:
    found = records.offer_service(row_of(offer(coverage=["region:52"], excluded=["departement:44"])), TODAY, SITE)
    assert [area["extent"] for area in found["service_areas"]] == ["49", "53", "72", "85"]
    assert found["service_areas"][1]["uri"] == "http://id.insee.fr/geo/departement/53"


def test_a_relay_is_a_service_at_a_location_with_its_week() -> None:
    place = relay(
        network="piva", specialities=["juridique", "culture"], commune="53130", postcode="53000", address="1 rue du Port",
        opening_hours="Mo-Fr 09:00-12:00", languages=["fr"], accessibility="Plain-pied", mark_until=date(2027, 1, 1),
    )  # fmt: skip
    found = with_terms(records.relay_service(row_of(place), TODAY, SITE))
    assert problems(found, "service") == []
    assert [(each["byday"], each["opens_at"], each["closes_at"]) for each in found["schedules"]] == [
        ("MO,TU,WE,TH,FR", "09:00", "12:00")
    ]
    at = found["service_at_locations"][0]["location"]
    assert (at["addresses"][0]["city"], at["addresses"][0]["state_province"]) == ("Laval", "Mayenne")
    terms = {
        (each["taxonomy_term"]["taxonomy"], each["taxonomy_term"]["code"]): each.get("value") for each in found["attributes"]
    }
    assert terms[("Labels", "piva")] == "2027-01-01"
    assert {("Besoins", "juridique"), ("Secteurs", "culture")} <= terms.keys()


def test_hours_that_no_week_can_say_stay_in_words() -> None:
    found = records.schedules(uuid_of("service", "x"), "Mo[1] 09:00-12:00", TODAY)
    assert found == [{"id": found[0]["id"], "description": "Mo[1] 09:00-12:00"}]


# --- the addresses


def get(client: Any, path: str, status: int = 200, **headers: str) -> Any:
    answer = client.get(f"/hsds/{path}", **headers)
    assert answer.status_code == status, (path, answer.content)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return answer.json() if status != 304 else None


def names(client: Any, query: str) -> list[str]:
    return [each["name"] for each in get(client, f"services?{query}")["contents"]]


ENVELOPE = {"total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty", "contents"}


def test_the_root_says_which_profile_it_follows(client: Any) -> None:
    found = get(client, "")
    assert found["version"] == "HSDS 3.0"
    assert found["profile"].endswith("/hsds/profil/")
    assert get(client, "profil.json")["identifiers"]["namespace"] == str(NAMESPACE)


def test_pages_hold_everything_once(client: Any) -> None:
    host = structure()
    expected = {offer(host, name=f"Offre {n}").name for n in range(7)} | {relay(host, name=f"Relais {n}").name for n in range(4)}
    seen: list[str] = []
    for number in range(1, 5):
        page = get(client, f"services?per_page=3&page={number}")
        assert page.keys() == ENVELOPE
        assert (page["total_items"], page["total_pages"], page["page_number"]) == (11, 4, number)
        assert (page["first_page"], page["last_page"], page["empty"]) == (number == 1, number == 4, False)
        assert page["size"] == len(page["contents"])
        seen += [each["name"] for each in page["contents"]]
    assert len(seen) == 11
    assert set(seen) == expected
    beyond = get(client, "services?per_page=3&page=9")
    assert (beyond["empty"], beyond["size"], beyond["contents"]) == (True, 0, [])


def test_minimal_list_and_full_differ_as_the_specification_says(client: Any) -> None:
    offer(kind="financement", coverage=["departement:53"], stages=["creation"])
    assert get(client, "services?minimal=true")["contents"][0].keys() == {"id", "last_modified"}
    flat = get(client, "services")["contents"][0]
    assert not [name for name, value in flat.items() if isinstance(value, list | dict)]
    full = get(client, "services?full=true")["contents"][0]
    assert problems(full, "service") == []
    assert {"attributes", "organization", "service_areas", "funding"} <= full.keys()
    assert get(client, f"services/{full['id']}") == full


def test_services_are_narrowed_by_every_parameter(client: Any) -> None:
    mine, other = structure(name="Ici"), structure(name="Ailleurs")
    offer(mine, name="Prêt d’honneur", stages=["creation"], needs=["juridique"])
    old = offer(other, name="Conseil", stages=["idee"])
    relay(mine, name="Permanence juridique", specialities=["juridique"], network="guid-asso")
    Offer.objects.filter(pk=old.pk).update(modified_at=timezone.now() - timedelta(days=30))
    assert names(client, "search=honneur") == ["Prêt d’honneur"]
    assert names(client, f"taxonomy_term_id={term_id('stage', 'idee')}") == ["Conseil"]
    assert names(client, f"taxonomy_term_id={term_id('need', 'juridique')}") == ["Prêt d’honneur", "Permanence juridique"]
    assert names(client, f"taxonomy_term_id={term_id('label', 'guid-asso')}") == ["Permanence juridique"]
    assert names(client, f"organization_id={records.organization_id(mine.uid)}") == ["Prêt d’honneur", "Permanence juridique"]
    day = (timezone.localdate() - timedelta(days=7)).isoformat()
    assert names(client, f"modified_after={day}") == ["Prêt d’honneur", "Permanence juridique"]
    assert names(client, f"modified_after={day}T00:00:00Z&search=permanence") == ["Permanence juridique"]


def test_organizations_their_services_and_search(client: Any) -> None:
    mine = structure(
        name="Maison des projets", siren="732829320", roles=[{"role": "cress", "territory": {"level": "region", "code": "52"}}]
    )
    offer(mine, name="Conseil")
    structure(name="Autre")
    assert [each["name"] for each in get(client, "organizations?search=projets")["contents"]] == ["Maison des projets"]
    found = get(client, f"organizations/{records.organization_id(mine.uid)}")
    assert problems(found, "organization") == []
    assert [each["name"] for each in found["services"]] == ["Conseil"]
    assert found["attributes"][0]["value"] == "region:52"
    assert found["organization_identifiers"][0]["identifier"] == "732829320"


def test_taxonomies_and_terms_can_be_read(client: Any) -> None:
    found = get(client, "taxonomies?search=étapes")["contents"]
    assert [each["name"] for each in found] == ["Étapes du projet"]
    terms = get(client, f"taxonomy_terms?taxonomy_id={found[0]['id']}")
    assert terms["total_items"] == 6
    assert get(client, "taxonomy_terms?top_only=true&parent_id=x")["total_items"] == 0


def test_services_at_a_location_are_found_by_postcode_and_around_a_point(client: Any) -> None:
    relay(name="Laval", commune="53130", lon=-0.77, lat=48.07)
    relay(name="Amiens", commune="80021", lon=2.3, lat=49.9)
    offer(name="Partout")
    found = get(client, "service_at_locations")["contents"]
    assert {each["service"]["name"] for each in found} == {"Laval", "Amiens"}
    for each in found:
        assert problems(each, "service_at_location") == []
    near = get(client, "service_at_locations?proximity=-0.7,48.0&km=30")["contents"]
    assert [each["service"]["name"] for each in near] == ["Laval"]
    there = get(client, "service_at_locations?postcode=80000")["contents"]
    assert [each["service"]["name"] for each in there] == ["Amiens"]


@pytest.mark.parametrize(
    "query",
    [
        "page=0", "page=x", "per_page=0", "per_page=501", "full=peut-être", "format=xml", "modified_after=hier", "taxonomy_id=x",
        "modified_after=2026-02-31", "taxonomy_term_id=00000000-0000-5000-8000-000000000000",
        "organization_id=00000000-0000-5000-8000-000000000000",
    ],
)  # fmt: skip
def test_a_parameter_that_says_nothing_is_a_problem_that_names_it(client: Any, query: str) -> None:
    answer = client.get(f"/hsds/services?{query}")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["parameter"] == query.partition("=")[0]


def test_what_does_not_exist_or_is_no_longer_shown_is_404(client: Any) -> None:
    sheet = offer()
    address = f"services/{records.service_id(sheet.uid)}"
    assert get(client, address)["name"] == sheet.name
    Offer.objects.filter(pk=sheet.pk).update(withdrawn_on=TODAY)
    assert get(client, address, 404)["status"] == 404
    for wrong in (
        "services/nimporte",
        "services/00000000-0000-5000-8000-000000000000",
        f"organizations/{records.service_id(sheet.uid)}",
    ):
        get(client, wrong, 404)


def test_who_has_the_answer_already_gets_304_until_the_catalogue_moves(client: Any) -> None:
    from maillage.catalogue import revision

    sheet = offer()
    etag = client.get("/hsds/services").headers["ETag"]
    get(client, "services", 304, HTTP_IF_NONE_MATCH=etag)
    assert client.get("/hsds/services?page=1").headers["ETag"] != etag
    revision.moved(offers=[sheet.pk])
    get(client, "services", 200, HTTP_IF_NONE_MATCH=etag)


def test_a_page_of_another_site_may_ask_before_it_reads(client: Any) -> None:
    answer = client.options("/hsds/services")
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert client.post("/hsds/services").status_code == 405
    assert not client.get("/hsds/services").cookies


def test_the_number_of_statements_does_not_depend_on_the_number_of_sheets(client: Any) -> None:
    def count(sheets: int) -> int:
        for _ in range(sheets):
            offer(structure())
            relay()
        get(client, "services")
        with CaptureQueriesContext(connection) as captured:
            get(client, "services?full=true&per_page=500")
        return len(captured)

    assert count(2) == count(20)


def test_modified_after_takes_an_instant_in_any_zone(client: Any) -> None:
    offer(name="Neuve")
    moment = datetime.now().astimezone() - timedelta(hours=1)
    assert names(client, f"modified_after={moment.isoformat().replace('+', '%2B')}") == ["Neuve"]
