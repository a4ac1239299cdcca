"""The animation’s board: every trouble, by territory, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.models import Person, Role
from maillage.catalogue.models import CheckedLink, ErrorReport, Membership
from maillage.catalogue.models.link import digest_of
from maillage.catalogue.office.upkeep_board import Trouble, by_departement, lines, totals
from maillage.catalogue.queries import place_named
from tests.catalogue import worlds
from tests.catalogue.office.pages import said

Browser = Callable[[Person], Client]


def _world(alice: Person) -> None:
    worlds.structure(name="Tout va bien", email="a@reseau-essai.fr", verified_on=date(2026, 1, 1), commune="53130")
    silent = worlds.structure(
        name="Muette",
        email="b@reseau-essai.fr",
        verified_on=date(2025, 1, 1),
        commune="53130",
        silence=2,
        silent_since=date(2025, 8, 1),
    )
    worlds.offer(silent, verified_on=date(2025, 1, 1), silent_since=date(2025, 7, 1), silence=1, url="https://casse.example.org/")
    CheckedLink.objects.create(
        digest=digest_of("https://casse.example.org/"), url="https://casse.example.org/", flagged_at=timezone.now()
    )
    left = worlds.structure(name="=Quittée", email="c@reseau-essai.fr", commune="72181", verified_on=date(2026, 1, 1))
    Membership.objects.create(person=alice, structure=left, role="gestion", state="terminee")
    told = worlds.structure(
        name="Signalée", commune="72181", disagreements={"phone": [{"source": "a", "value": "1", "on": "2026-01-01"}]}
    )
    ErrorReport.objects.create(sheet_kind="structure", sheet_uid=told.uid, sheet_name=told.name, portal="x", reason="other")


def test_each_trouble_is_told(alice: Person) -> None:
    _world(alice)
    found = {line.name: line.troubles for line in lines()}
    assert found == {
        "Muette": {Trouble.SILENT: 1, Trouble.STALE: 1, Trouble.BROKEN: 1},
        "=Quittée": {Trouble.ORPHAN: 1},
        "Signalée": {Trouble.REPORTED: 1, Trouble.DISPUTED: 1, Trouble.UNREACHABLE: 1, Trouble.NEVER: 1},
    }
    assert [line.name for line in lines(place_named("departement:72"))] == ["=Quittée", "Signalée"]
    numbers = by_departement(lines())
    assert numbers["72"][Trouble.ORPHAN] == numbers["53"][Trouble.SILENT] == 1
    assert totals(lines())[Trouble.NEVER] == 1


def test_the_board_and_its_table(alice: Person, bob: Person, charlie: Person, as_person: Browser) -> None:
    _world(alice)
    page = as_person(bob).get(reverse("office-upkeep"))
    assert "Muette" in said(page)
    assert "Mayenne (53)" in said(page)
    narrowed = said(as_person(bob).get(reverse("office-upkeep") + "?quoi=orpheline&territoire=Nulle+part+du+tout"))
    assert "Ce territoire n’est pas connu" in narrowed
    assert "Muette" not in narrowed
    table = as_person(bob).get(reverse("office-upkeep-csv") + "?quoi=orpheline").content.decode("utf-8-sig")
    assert "'=Quittée" in table, "no formula for a spreadsheet"
    assert as_person(charlie).get(reverse("office-upkeep-csv")).status_code == 404


def test_more_rows_ask_no_more_queries(alice: Person, as_person: Browser) -> None:
    _world(alice)
    client = as_person(alice)
    client.get(reverse("office-upkeep"))

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("office-upkeep"))
        return len(queries)

    before = asked()
    for number in range(30):
        worlds.offer(worlds.structure(name=f"Encore {number}", silent_since=date(2026, 1, 1)), silent_since=date(2026, 1, 1))
    assert asked() == before


def test_asking_a_structure_to_confirm(alice: Person, bob: Person, as_person: Browser) -> None:
    structure = worlds.structure(name="À joindre", email="d@reseau-essai.fr")
    page = reverse("office-remind", args=(structure.uid,))
    assert as_person(bob).post(page).status_code == 404
    answer = as_person(alice).post(page, follow=True)
    assert "Le rappel est parti" in said(answer)
    structure.refresh_from_db()
    assert structure.silent_since == timezone.localdate()
    lost = worlds.structure(name="Injoignable")
    assert "Aucune adresse" in said(as_person(alice).post(reverse("office-remind", args=(lost.uid,)), follow=True))


def test_an_officer_reads_the_board_of_the_territory_entrusted_and_of_no_other(
    alice: Person, charlie: Person, as_person: Browser
) -> None:
    _world(alice)
    local = {"role": Role.LOCAL, "territory_level": "departement"}
    mayenne = as_person(Person.objects.create_user("mayenne@example.org", territory_code="53", **local))
    page = mayenne.get(reverse("upkeep"))
    assert "Muette" in said(page)
    assert "Signalée" not in said(page)
    assert "/gestion/" not in page.content.decode(), "an officer has no page of the office"
    inside = said(mayenne.get(reverse("upkeep") + "?territoire=commune:53130"))
    assert "Muette" in inside
    beyond = mayenne.get(reverse("upkeep") + "?territoire=departement:72")
    assert "Ce territoire ne vous est pas confié" in said(beyond)
    assert "Signalée" not in said(beyond)
    table = mayenne.get(reverse("upkeep-csv") + "?territoire=departement:72").content.decode("utf-8-sig")
    assert "Muette" in table
    assert "Signalée" not in table
    assert reverse("upkeep") in mayenne.get(reverse("account")).content.decode()
    nowhere = Person.objects.create_user("nulle-part@example.org", role=Role.LOCAL)
    for stranger in (charlie, nowhere):
        assert as_person(stranger).get(reverse("upkeep")).status_code == 404
        assert reverse("upkeep") not in as_person(stranger).get(reverse("account")).content.decode()


def test_the_officer_of_the_region_reads_the_whole_board(alice: Person, as_person: Browser) -> None:
    _world(alice)
    region = as_person(Person.objects.create_user("region@example.org", role=Role.REGION))
    page = said(region.get(reverse("upkeep")))
    assert "Muette" in page
    assert "Signalée" in page
    assert "Muette" not in said(region.get(reverse("upkeep") + "?territoire=departement:72"))
