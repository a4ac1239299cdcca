"""The board and the lists: what they find, and as many queries for thirty rows as for one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.models import Person
from maillage.catalogue.enums import Status
from maillage.catalogue.models import ErrorReport, Offer, Relay, Structure
from maillage.journal.actions import record
from tests.catalogue.office.pages import parse, said

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]


def names(response: object) -> set[str]:
    return {" ".join(cell.text_content().split()) for cell in parse(response).xpath("//tbody//th")}  # type: ignore[arg-type]


def make(number: int, **fields: object) -> Offer:
    structure = Structure.objects.create(source="essai", ref=f"m{number}", name=f"Structure {number}", status=Status.PUBLISHED)
    values = {"name": f"Offre {number}", "kind": "conseil", "status": Status.PUBLISHED, "coverage": ["france"], **fields}
    return Offer.objects.create(source="essai", ref=f"n{number}", structure=structure, **values)


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "url",
    ["/gestion/", "/gestion/offres/", "/gestion/structures/", "/gestion/relais/", "/gestion/signalements/", "/gestion/comptes/"],
)
def test_thirty_rows_cost_the_queries_of_one(as_person: Browser, dora: Person, url: str) -> None:
    client = as_person(dora)

    def add(number: int) -> None:
        offer = make(
            number, status=Status.REVIEW if number % 2 else Status.PUBLISHED, closes=timezone.localdate() + timedelta(days=5)
        )
        Relay.objects.create(
            source="essai", ref=f"r{number}", structure=offer.structure, name=f"Relais {number}", level="orientation"
        )
        ErrorReport.objects.create(sheet_kind="offer", sheet_uid=offer.uid, sheet_name=offer.name, portal="essor", reason="other")
        record("edited", offer, actor=dora, changes={"name": ["a", "b"]})
        Person.objects.create_user(f"person{number}@example.org")

    add(0)
    add(1)
    few = queries(client, url)
    for number in range(2, 32):
        add(number)
    assert queries(client, url) == few


def test_a_sheet_costs_the_same_with_a_long_history(as_person: Browser, dora: Person, offer: Offer) -> None:
    client, url = as_person(dora), reverse("office-sheet", args=("structure", offer.structure.uid))
    record("edited", offer.structure, actor=dora, changes={"name": ["a", "b"]})
    few = queries(client, url)
    for number in range(30):
        record("edited", offer.structure, actor=dora, changes={"name": ["a", str(number)]})
        Offer.objects.create(
            source="essai",
            ref=f"x{number}",
            structure=offer.structure,
            name=f"Offre {number}",
            kind="conseil",
            coverage=["france"],
        )
    assert queries(client, url) == few


def test_names_are_found_without_their_accents(as_person: Browser, alice: Person) -> None:
    make(1, name="Prêt d’honneur Création")
    make(2, name="Formation")
    client = as_person(alice)
    for text in ("pret", "PRÊT", "creation honneur", "d'honneur", "structure 1 pret"):
        assert names(client.get("/gestion/offres/", {"texte": text})) == {"Prêt d’honneur Création"}, text
    assert names(client.get("/gestion/offres/", {"texte": "(.*"})) == set()


def test_filters_add_up(as_person: Browser, alice: Person) -> None:
    today = timezone.localdate()
    make(1, name="Brouillon", status=Status.DRAFT)
    make(2, name="Financement", kind="financement", verified_on=today - timedelta(days=400))
    make(3, name="Bientôt", closes=today + timedelta(days=3), verified_on=today)
    client = as_person(alice)
    assert names(client.get("/gestion/offres/", {"etat": "draft"})) == {"Brouillon"}
    assert names(client.get("/gestion/offres/", {"nature": "financement", "etat": "published"})) == {"Financement"}
    assert names(client.get("/gestion/offres/", {"verification": "jamais"})) == {"Brouillon"}
    assert names(client.get("/gestion/offres/", {"verification": "ancienne"})) == {"Financement"}
    assert names(client.get("/gestion/offres/", {"bientot": "on"})) == {"Bientôt"}
    assert names(client.get("/gestion/offres/", {"etat": "n’existe pas"})) == {"Brouillon", "Financement", "Bientôt"}


def test_the_territory_filter_finds_what_covers_what_is_inside_and_what_stands_there(as_person: Browser, alice: Person) -> None:
    for number, key in enumerate(
        ["france", "region:52", "departement:53", "epci:200083392", "commune:53130", "departement:72", "region:53"]
    ):
        make(number, name=key, coverage=[key])
    client = as_person(alice)
    wide = {"france", "region:52", "departement:53"}
    assert names(client.get("/gestion/offres/", {"territoire": "Mayenne"})) == wide | {"epci:200083392", "commune:53130"}
    assert names(client.get("/gestion/offres/", {"territoire": "commune:53130"})) == wide | {"epci:200083392", "commune:53130"}
    assert names(client.get("/gestion/offres/", {"territoire": "Sarthe"})) == {"france", "region:52", "departement:72"}


def test_a_structure_is_found_by_the_territory_of_its_role(as_person: Browser, alice: Person) -> None:
    for name, level, code in (("Mayenne", "departement", "53"), ("Bretagne", "region", "53")):
        roles = [{"role": "reseau-local-ess", "territory": {"level": level, "code": code}}]
        Structure.objects.create(source="essai", ref=name, name=name, roles=roles)
    assert names(as_person(alice).get("/gestion/structures/", {"territoire": "departement:53"})) == {"Mayenne"}


def test_a_territory_that_nobody_knows_is_said_and_restricts_nothing(as_person: Browser, alice: Person) -> None:
    make(1)
    response = as_person(alice).get("/gestion/offres/", {"territoire": "Xyzzyville"})
    assert names(response) == {"Offre 1"}
    assert "n’est pas connu" in said(response)


def test_pages_follow_one_another_with_the_filters(as_person: Browser, alice: Person) -> None:
    for number in range(30):
        make(number)
    client = as_person(alice)
    first = client.get("/gestion/offres/", {"etat": "published"})
    [following] = parse(first).xpath("//a[@rel='next']/@href")
    second = client.get("/gestion/offres/" + following)
    assert names(first) | names(second) == {f"Offre {number}" for number in range(30)}
    assert "etat=published" in following
    assert client.get("/gestion/offres/", {"page": "999"}).status_code == 200


def test_the_board_counts_what_waits(as_person: Browser, alice: Person, offer: Offer) -> None:
    Offer.objects.filter(pk=offer.pk).update(closes=timezone.localdate() + timedelta(days=2))
    make(1, status=Status.REVIEW, name="À relire bientôt")
    ErrorReport.objects.create(sheet_kind="offer", sheet_uid=offer.uid, sheet_name="x", portal="essor", reason="other")
    page = said(as_person(alice).get("/gestion/"))
    assert "1 signalement à traiter" in page
    assert "1 offre ferme dans les 30 jours" in page
    assert "À relire bientôt" in page
