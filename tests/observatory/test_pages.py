"""The pages of the observatory: every public figure is what a slow reading of the database finds; absurd addresses get words."""

from __future__ import annotations

import gzip
import io
import json
import random
import re
from collections import Counter
from datetime import date, timedelta
from html import unescape
from typing import Any

import openpyxl
import pikepdf
import pytest
import time_machine
from django.utils import translation

from maillage.accounts.models import Person, Role
from maillage.catalogue.index import reset
from maillage.catalogue.models import Offer
from maillage.observatory import wording
from maillage.observatory.demand import rollup
from maillage.observatory.demand.publication import published
from maillage.observatory.models import FormerTerritory, VisitorDay
from maillage.observatory.report.document import report_data
from maillage.observatory.small_cells import SMALL
from maillage.observatory.snapshots.actions import take
from maillage.orientation.models import SearchRecord
from maillage.territories import queries as territories
from maillage.vocabulary.labels import label
from maillage.vocabulary.portals import portals
from maillage.vocabulary.words import vocabulary
from tests.catalogue import worlds
from tests.conftest import StrictClient
from tests.observatory.searches import record, some
from tests.orientation.pages.test_plan_pdf import tags

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
STAGES = vocabulary().codes("stage")


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-11-24 10:00:00+01:00", tick=False):
        yield


@pytest.fixture
def searched() -> list[SearchRecord]:
    """A year of searches, from the two départements and elsewhere, counted."""
    chance = random.Random(11)
    records = some(2_500, chance, first=date(2025, 1, 1), days=365)
    records += [record(date(2025, 5, 1), commune="85113", stage="idee", needs=["juridique"], total=0) for _ in range(2)]
    SearchRecord.objects.bulk_create(records, batch_size=500)
    rollup.roll_up()
    return records


def table(page: str, caption: str) -> list[list[str]]:
    """The cells of the table of a page whose caption begins so, as text."""
    for found in re.findall(r"<table.*?</table>", page, re.S):
        text = unescape(re.sub(r"<[^>]+>", "", re.search(r"<caption>(.*?)</caption>", found, re.S)[1]))  # type: ignore[index]
        if text.startswith(caption):
            rows = re.findall(r"<tr[^>]*>(.*?)</tr>", re.sub(r'<span class="cell-label">.*?</span>', "", found), re.S)
            return [
                [unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
                for row in rows
            ]
    raise AssertionError(f"no table « {caption} »")


def told(count: int) -> str:
    return f"{count:,}".replace(",", "\u202f") if count >= 1000 else str(count)


def get(client: StrictClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_every_count_of_the_demand_page_is_that_of_a_slow_reading(searched: list[SearchRecord], client: StrictClient) -> None:
    page = get(client, "/observatoire/demande/?annee=2025")
    slow: Counter[tuple[str, str]] = Counter()
    for one in searched:
        if one.portal != "pays-de-la-loire":
            continue
        commune = territories.commune(one.commune) if one.commune else None
        names = ["Toutes les recherches"]
        if commune is None:
            names.append("Sans commune dite")
        elif commune.region != "52":
            names.append("Autres régions")
        else:
            names += ["Pays de la Loire", territories.place("departement", commune.departement).name]  # type: ignore[union-attr]
        slow.update((name, stage) for name in names for stage in ("*", one.stage))
    rows = table(page, "Recherches en 2025")
    hidden = 0
    for name, *cells in rows[1:]:
        for stage, cell in zip(("*", *STAGES, ""), cells, strict=True):
            if cell == "masqué":
                hidden += 1
            else:
                assert cell == told(slow[name, stage]), (name, stage)
                assert not 0 < slow[name, stage] < SMALL
    assert {row[0] for row in rows[1:]} >= {"Mayenne", "Sarthe", "Vendée", "Loire-Atlantique", "Maine-et-Loire"}
    assert hidden >= 4, "Vendée has two searches: they are hidden, with others"


def test_every_count_of_needs_months_and_the_map_is_that_of_a_slow_reading(
    searched: list[SearchRecord], client: StrictClient
) -> None:
    page = get(client, "/observatoire/demande/?annee=2025")
    ours = [one for one in searched if one.portal == "pays-de-la-loire"]
    for name, *cells in table(page, "Besoins nommés")[1:]:
        named = [one for one in ours if name in {label("need", need) for need in one.needs} or name == "Toutes les recherches"]
        named = [one for one in ours if not one.needs] if name == "Besoin non dit" else named
        counts = (len(named), sum(one.total == 0 for one in named), sum(one.total in (1, 2) for one in named))
        for cell, count in zip(cells, counts, strict=True):
            assert cell in (told(count), "masqué"), name
    months = Counter(one.day.month for one in ours)
    assert [cells[1] for cells in table(page, "Recherches par mois")[1:]] == [told(months[month]) for month in range(1, 13)]
    laval = territories.place("epci", territories.commune("53130").epci or "")  # type: ignore[union-attr]
    assert laval is not None
    searches = sum(territories.commune(one.commune).epci == laval.code for one in ours if one.commune)  # type: ignore[union-attr]
    [row] = [row for row in table(page, "Recherches pour dix offres") if row[0] == laval.name]
    assert row[1] in (told(searches), "masqué")


def test_every_count_of_the_first_page_is_that_of_a_slow_reading(searched: list[SearchRecord], client: StrictClient) -> None:
    for number, coverage in enumerate(("departement:53", "commune:53130", "region:52", "france", "departement:72")):
        worlds.offer(name=f"Offre {number}", kind="conseil", stages=["creation", "idee"][: 1 + number % 2], coverage=[coverage])
    worlds.offer(name="Close", kind="conseil", stages=["creation"], coverage=["departement:53"], closes=TODAY - timedelta(days=1))
    reset()
    page = get(client, "/observatoire/")
    names = {"53": "Mayenne", "72": "Sarthe", "44": "Loire-Atlantique"}
    rows = {row[0]: row[1:] for row in table(page, "Offres ouvertes")}
    for code, name in names.items():
        keys = {"france", "region:52", f"departement:{code}"} | {
            territory.key
            for commune in territories.communes_of("departement", code)
            for territory in territories.territories_of(commune)
        }
        for stage, cell in zip(STAGES, rows[name], strict=False):
            offers = [
                offer
                for offer in Offer.objects.order_by("pk")
                if keys & set(offer.coverage) and stage in offer.stages and (offer.closes is None or offer.closes >= TODAY)
            ]
            local = sum("france" not in offer.coverage for offer in offers)
            assert cell == (f"{len(offers)} ({local})" if offers else "aucune"), (name, stage)
    ours = [one for one in searched if one.portal == "pays-de-la-loire"]
    assert f"{told(len(ours))} recherches ont été faites en 2025" in unescape(page)
    staged = Counter(one.stage for one in ours if one.stage)
    upstream = sum(staged[stage] for stage in ("idee", "faisabilite", "creation")) / staged.total()
    assert f"elles portent pour {100 * upstream:.0f}\u202f% sur l’amont" in unescape(page)
    for stage in STAGES:
        assert re.search(rf"<dt>{re.escape(label('stage', stage))}</dt><dd>{told(staged[stage])} ", unescape(page)), stage


def test_the_method_of_visitors_is_printed_and_their_number_is_the_sum_of_the_days(client: StrictClient) -> None:
    for number in range(10):
        VisitorDay.objects.create(day=date(2026, 3, 1 + number), portal="pays-de-la-loire", visitors=120 + number, pages=1)
        VisitorDay.objects.create(day=date(2025, 3, 1 + number), portal="pays-de-la-loire", visitors=100 + number, pages=1)
    page = unescape(get(client, "/observatoire/"))
    assert (
        "2026\u202f: environ 1\u202f245 visiteurs, en 10 jours comptés (+19\u202f% par rapport aux mêmes jours de 2025)." in page
    )
    assert "Sans cookie, sans identifiant, sans bandeau" in page
    assert "juste à 3,2\u202f% près" in page


@pytest.mark.parametrize(
    "path",
    [
        "demande/?annee=absurde&etape=absurde",
        "demande/?annee=" + "9" * 400,
        "demande/?annee=-1&etape=" + "x" * 5_000,
        "evolution/?territoire=absurde&etape=absurde&mois=absurde",
        "evolution/?territoire=commune:53130&mois=9999-12",
        "evolution/?territoire=france:&mois=0000-00",
    ],
)
def test_absurd_parameters_are_answered_in_words(path: str, searched: list[SearchRecord], client: StrictClient) -> None:
    take(TODAY)
    assert "À corriger" in get(client, f"/observatoire/{path}")


def test_what_does_not_exist_is_404_and_a_wrong_year_of_a_file_is_said(client: StrictClient) -> None:
    for path in (
        "territoires/pays/1/",
        "territoires/epci/1/",
        "territoires/commune/99999/",
        "rapport/2999.pdf",
        "donnees/rien.csv",
    ):
        assert client.get(f"/observatoire/{path}").status_code == 404, path
    answer = client.get("/observatoire/donnees/recherches.csv?annee=1850")
    assert answer.status_code == 400
    assert "Années montrées" in answer.content.decode()


def test_a_former_epci_leads_to_its_successor(client: StrictClient) -> None:
    FormerTerritory.objects.create(code="999999999", successor="200048551")
    answer = client.get("/observatoire/territoires/epci/999999999/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/observatoire/territoires/epci/200048551/")


@pytest.mark.parametrize("page", ["manques", "acces", "equite", "et-si", "evolution"])
def test_every_page_says_which_epci_follows_one_that_is_gone(page: str, client: StrictClient) -> None:
    FormerTerritory.objects.create(code="999999999", successor="200048551")
    text = get(client, f"/observatoire/{page}/?territoire=epci:999999999")
    assert "n’existe plus. La plupart de ses habitants sont aujourd’hui dans" in text
    assert territories.place("epci", "200048551").name in unescape(text)  # type: ignore[union-attr]
    unknown = get(client, f"/observatoire/{page}/?territoire=epci:999999998")
    assert "n’existe pas ou n’existe plus" in unknown


def test_an_epci_that_was_gone_before_our_first_drawing_is_followed_from_its_searches(client: StrictClient) -> None:
    records = [record(TODAY, commune=code) for code in ("53084", "53130", "53130")]
    for one in records:
        one.epci = "245300999"
    SearchRecord.objects.bulk_create(records)
    rollup.roll_up()
    laval = territories.commune("53130")
    assert laval is not None
    assert FormerTerritory.objects.get(code="245300999").successor == laval.epci, "Laval has more inhabitants than Craon"


def test_a_territory_is_found_by_its_name(client: StrictClient) -> None:
    for page in ("manques", "evolution"):
        text = get(client, f"/observatoire/{page}/?territoire=Mayenne+(département+53)")
        assert re.search(r"<h1>[^<]*Mayenne", text), page
        assert "À corriger" not in text
    assert "Précisez le territoire" in get(client, "/observatoire/manques/?territoire=Mayenne")


def test_the_observatory_is_an_entry_of_the_menu(client: StrictClient) -> None:
    assert '<li class="roomy"><a href="/observatoire/" aria-current="true">Observatoire</a></li>' in get(client, "/observatoire/")
    assert '<li class="roomy"><a href="/observatoire/">Observatoire</a></li>' in get(client, "/")
    assert '<li><a href="/observatoire/">Observatoire</a></li>' in get(client, "/"), "in the footer, for phones"
    assert "/observatoire/implantation/" not in get(client, "/observatoire/")
    client.force_login(Person.objects.create_user("alice@example.org", "un mot de passe long", role=Role.ANIMATION))
    assert '<a href="/observatoire/"' in get(client, "/gestion/")
    assert "/observatoire/implantation/" in get(client, "/observatoire/")


def test_files_hold_what_the_page_shows_under_an_open_licence(searched: list[SearchRecord], client: StrictClient) -> None:
    answer = client.get("/observatoire/donnees/recherches.json?annee=2025")
    content = json.loads(answer.content)
    assert content["licence"] == "Licence Ouverte 2.0"
    assert "Essor" in content["attribution"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    rows = content["rows"]
    assert all(row["masque"] is (row["recherches"] is None) for row in rows)
    assert not any(0 < (row["recherches"] or 0) < SMALL for row in rows)
    text = client.get("/observatoire/donnees/recherches.csv?annee=2025").content.decode("utf-8-sig")
    assert len(text.splitlines()) == 1 + len(rows)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/observatoire/donnees/recherches.xlsx?annee=2025").content))
    assert book.active is not None
    assert book.active.max_row == 1 + len(rows)


@pytest.mark.parametrize("kind", ["besoins", "mois", "visiteurs", "offre", "manques"])
@pytest.mark.parametrize("suffix", ["csv", "xlsx", "json"])
def test_every_table_is_a_file_even_empty(kind: str, suffix: str, client: StrictClient) -> None:
    assert client.get(f"/observatoire/donnees/{kind}.{suffix}").status_code == 200


def test_the_map_page_weighs_little(searched: list[SearchRecord], client: StrictClient) -> None:
    page = client.get("/observatoire/demande/?annee=2025").content
    assert len(gzip.compress(page, 6)) <= 60_000


def test_the_report_is_an_accessible_pdf_with_the_figures(searched: list[SearchRecord], client: StrictClient) -> None:
    answer = client.get("/observatoire/rapport/2025.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    document = pikepdf.open(io.BytesIO(answer.content))
    assert str(document.Root.Lang) == "fr"
    with document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Observatoire de l’accompagnement, 2025"
    kinds = [str(tag.S) for tag in tags(document)]
    assert kinds.count("/H1") == 1
    assert kinds.count("/Table") >= 3
    assert "/TH" in kinds
    portal, found = portals()["pays-de-la-loire"], published(portals()["pays-de-la-loire"], 2025, TODAY)
    assert found is not None
    said = [line for part in report_data(found, portal, TODAY)["parts"] for line in part["lines"]]
    ours = sum(one.portal == portal.code for one in searched)
    assert f"{told(ours)} recherches ont été faites en 2025." in said


def test_officers_see_small_counts_and_nobody_else_does(client: StrictClient) -> None:
    SearchRecord.objects.bulk_create([record(TODAY, needs=["juridique"], total=0) for _ in range(2)])
    rollup.roll_up()
    alice = Person.objects.create_user("alice@example.org", "un mot de passe long", role=Role.ANIMATION)
    path = "/observatoire/demande/detail/"
    assert client.get(path).status_code == 302
    client.force_login(alice)
    page = get(client, f"{path}?territoire=commune:53130&de=2026-11&a=2026-11")
    assert table(page, "Par étape")[3][1:] == ["2", "2", "0", "100\u202f%"]
    assert table(page, "Étapes et besoins")[1][0] == f"{label('stage', 'creation')} – {label('need', 'juridique')}"
    swapped = get(client, f"{path}?de=2026-11&a=2020-01&territoire=" + "x" * 300)
    assert "ont été échangés" in swapped
    assert "n’est pas un territoire connu" in swapped


@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_statements_does_not_grow_with_what_is_counted(
    rows: int, client: StrictClient, django_assert_max_num_queries: Any
) -> None:
    SearchRecord.objects.bulk_create([record(date(2025, 1, 1) + timedelta(days=9 * at)) for at in range(rows)])
    rollup.roll_up()
    client.get("/observatoire/demande/")
    with django_assert_max_num_queries(12):
        client.get("/observatoire/demande/")


def test_the_delay_of_answers_is_said_as_one_says_it():
    assert wording.delay(0) == "La moitié des réponses arrive le jour même."
    assert wording.delay(1) == "La moitié des réponses arrive en 1 jour ouvré ou moins."
    assert wording.delay(2.5) == "La moitié des réponses arrive en 3 jours ouvrés ou moins."
    with translation.override("en"):
        assert wording.delay(1) == "Half of the answers come within 1 working day."
