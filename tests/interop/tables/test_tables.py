"""CSV, XLSX and GeoJSON: what a person opens, what a program reads, what can never run."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from maillage.catalogue.models import Offer, Relay, Structure
from maillage.catalogue.rows import row_of, rows
from maillage.interop.addresses import Addresses
from maillage.interop.formats import FORMATS
from maillage.interop.jsonl_export import entry_of as jsonl_entry
from maillage.interop.starter import load_starter
from maillage.interop.tables.columns import HEADINGS, OFFER_TABLE, RELAY_TABLE, STRUCTURE_TABLE, TABLES, entry_of
from maillage.interop.tables.workbook import CELL_AT_MOST, write_workbook
from maillage.interop.tables.writers import DANGEROUS, csv_parts, geojson_parts, harmless, plain
from tests.catalogue.worlds import offer, relay, structure

pytestmark = pytest.mark.django_db
SITE = Addresses("https://maillage.example.org")
MODELS: dict[str, Any] = {"offres": Offer, "structures": Structure, "relais": Relay}
EVIL = ("=1+1", "+33", "-1", "@SUM(A1)", "\tx", "\rx", "'=1", "''=1", "' 1", "=cmd|' /C calc'!A0", "ok")


def as_csv(name: str) -> list[dict[str, str]]:
    text = b"".join(csv_parts(TABLES[name], rows(MODELS[name]), SITE)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def as_workbook() -> Any:
    target = io.BytesIO()
    write_workbook(target, [(table, rows(MODELS[table.name])) for table in TABLES.values()], SITE)
    return load_workbook(target)


def test_every_field_of_the_format_has_its_column_and_every_heading_is_used_once() -> None:
    for form in FORMATS:
        headings = [HEADINGS[one.key][0] for one in form.fields]
        assert len(set(headings)) == len(headings)
    assert {one.key for form in FORMATS for one in form.fields} == set(HEADINGS)


def test_a_table_in_csv_or_xlsx_says_again_what_the_sheets_say() -> None:
    load_starter()
    offer(
        documents=["Statuts | à jour", "RIB"],
        lon=-0.5,
        lat=48.25,
        amount_max="1200.50",
        conditions=[{"field": "esus", "operator": "=", "value": True}],
    )
    relay(itinerant="Le lundi\nà Laval", by_appointment=True, coverage=["epci:200083392"])
    book = as_workbook()
    for name, table in TABLES.items():
        said = {row["uid"]: jsonl_entry(row, table.form.fields) for row in rows(MODELS[name])}
        for found in said.values():
            if "documents" in found:
                found["documents"] = [text.replace("|", "¦") for text in found["documents"]]
        expected = list(said.values())
        again = [
            entry_of({one.key: plain(row[heading]) for heading, one in table.by_heading.items()}, table.form)
            for row in as_csv(name)
        ]
        assert again == expected
        sheet = [[("" if cell is None else cell) for cell in row] for row in book[table.title].iter_rows(values_only=True)]
        headings = sheet[0]
        from_book = [
            entry_of({one.key: str(row[headings.index(heading)]) for heading, one in table.by_heading.items()}, table.form)
            for row in sheet[1:]
        ]
        assert from_book == expected


def test_csv_opens_in_a_french_spreadsheet() -> None:
    offer(name="Prêt ; d’essai")
    content = b"".join(csv_parts(OFFER_TABLE, rows(Offer), SITE))
    assert content.startswith(b"\xef\xbb\xbfIdentifiant;Source;")
    assert content.count(b"\r\n") == 2
    assert '"Prêt ; d’essai"'.encode() in content


def test_no_text_can_run_in_a_spreadsheet() -> None:
    for text in EVIL:
        offer(name=text or "x", summary=text, documents=[text], cost_detail=text)
    for row in as_csv("offres"):
        for heading, cell in row.items():
            if heading not in ("Longitude", "Latitude"):
                assert not cell.startswith(DANGEROUS), (heading, cell)
    assert {plain(row["Nom"]) for row in as_csv("offres")} == set(EVIL)
    sheet = as_workbook()["Offres"]
    headings = [cell.value for cell in sheet[1]]
    read = {row[headings.index("Nom")].value for row in sheet.iter_rows(min_row=2)}
    assert read == {text.replace("\r", "\n") for text in EVIL}
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if isinstance(cell.value, str)} <= {
        "s",
        "inlineStr",
    }


@given(st.text(max_size=12) | st.sampled_from(EVIL).map(str))
def test_what_is_made_harmless_can_be_made_plain_again(text: str) -> None:
    assert plain(harmless(text)) == text
    assert not harmless(text).startswith(DANGEROUS)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), min_size=1, max_size=4))
def test_a_workbook_opens_whatever_the_texts_hold(db: None, texts: list[str]) -> None:
    base = row_of(offer())
    target = io.BytesIO()
    write_workbook(target, [(OFFER_TABLE, [{**base, "name": text} for text in texts])], SITE)
    sheet = load_workbook(target)["Offres"]
    kept = [
        "".join(sign for sign in text if sign in "\t\n\r" or ord(sign) >= 32).replace("\ufffe", "").replace("\uffff", "")
        for text in texts
    ]
    kept = [text.replace("\r\n", "\n").replace("\r", "\n") for text in kept]
    written = [
        (cell.value or "").replace("_x005F_", "_") for cell in sheet["D"][1:]
    ]  # openpyxl leaves the escape in inline strings
    assert written == kept


def test_a_cell_too_long_for_excel_is_cut_and_says_so() -> None:
    target = io.BytesIO()
    write_workbook(target, [(OFFER_TABLE, [{**row_of(offer()), "description": "a" * 40_000}])], SITE)
    sheet = load_workbook(target)["Offres"]
    longest = max((str(cell.value) for cell in sheet[2]), key=len)
    assert len(longest) == CELL_AT_MOST
    assert longest.endswith("…")


def test_the_codebook_explains_every_column_and_code() -> None:
    lines = [row[:3] for row in as_workbook()["Lexique"].iter_rows(min_row=2, values_only=True)]
    assert ("Offres", "Étapes", "codes de la liste « stage » ; vide : toutes") in lines
    assert ("stage", "creation", "Création") in lines


def test_geojson_has_one_feature_per_sheet_and_a_point_when_the_place_is_known() -> None:
    placed, nowhere = offer(lon=-0.75, lat=48.5), offer()
    found = json.loads(b"".join(geojson_parts(OFFER_TABLE, rows(Offer))))
    assert found["type"] == "FeatureCollection"
    by_id = {feature["id"]: feature for feature in found["features"]}
    assert by_id[placed.uid]["geometry"] == {"type": "Point", "coordinates": [-0.75, 48.5]}
    assert by_id[nowhere.uid]["geometry"] is None
    assert by_id[placed.uid]["properties"]["name"] == placed.name
    assert json.loads(b"".join(geojson_parts(RELAY_TABLE, [])))["features"] == []


def get(client: Any, path: str) -> bytes:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    return b"".join(answer.streaming_content)


def names_in(content: bytes) -> set[str]:
    return {row["Nom"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")}


def test_the_address_takes_what_the_results_page_takes_and_a_territory(client: Any) -> None:
    host = structure(name="Ici", commune="53130")
    structure(name="Loin", commune="80021")
    offer(host, name="Mayenne, création", coverage=["departement:53"], stages=["creation"])
    offer(host, name="Mayenne, idée", coverage=["departement:53"], stages=["idee"])
    offer(host, name="Somme", coverage=["departement:80"])
    assert names_in(get(client, "/donnees/offres.csv")) == {"Mayenne, création", "Mayenne, idée", "Somme"}
    assert names_in(get(client, "/donnees/offres.csv?etape=creation&commune=53130")) == {"Mayenne, création"}
    assert names_in(get(client, "/donnees/offres.csv?territoire=departement:53")) == {"Mayenne, création", "Mayenne, idée"}
    assert names_in(get(client, "/donnees/offres.csv?territoire=departement:53&etape=idee")) == {"Mayenne, idée"}
    assert names_in(get(client, "/donnees/structures.csv?territoire=departement:53")) == {"Ici"}
    assert len(json.loads(get(client, "/donnees/data-inclusion/structures.json"))) == 2
    assert load_workbook(io.BytesIO(get(client, "/donnees/offres.xlsx")))["Offres"].max_row == 4


@pytest.mark.parametrize(
    "query", ["territoire=nulle-part", "territoire=departement:999", "etape=nimporte", "commune=Nulle-Part-sur-Rien"]
)
def test_an_address_that_is_not_understood_says_why(client: Any, query: str) -> None:
    answer = client.get(f"/donnees/offres.csv?{query}")
    assert answer.status_code == 400
    assert len(answer.content.decode()) > 30


def test_the_number_of_statements_does_not_depend_on_the_number_of_sheets(client: Any, django_assert_num_queries: Any) -> None:
    def count(sheets: int) -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        for _ in range(sheets):
            offer(structure())
        with CaptureQueriesContext(connection) as captured:
            get(client, "/donnees/offres.csv?territoire=departement:53")
        return len(captured)

    count(1)  # the index is read once
    few, many = count(1), count(30)
    assert few <= many <= few + 3  # what moved is read again, whatever its size


def test_somebody_who_takes_too_many_files_is_asked_to_wait(client: Any) -> None:
    from maillage.interop.views.exports import RATE

    RATE.reset()
    try:
        answers = [client.get("/donnees/relais.csv").status_code for _ in range(RATE.allowed + 1)]
    finally:
        RATE.reset()
    assert answers == [200] * RATE.allowed + [429]


@pytest.mark.epreuve
def test_libreoffice_opens_the_workbook(tmp_path: Path) -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("NON VÉRIFIÉ : LibreOffice n’est pas installé (paquet « libreoffice-calc »)")
    load_starter()
    for text in EVIL:
        offer(name=text)
    book = tmp_path / "catalogue.xlsx"
    with book.open("wb") as target:
        write_workbook(target, [(table, rows(MODELS[table.name])) for table in (OFFER_TABLE, STRUCTURE_TABLE)], SITE)
    subprocess.run([program, "--headless", "--convert-to", "csv", "--outdir", str(tmp_path), str(book)], check=True, timeout=120)
    lines = list(csv.reader((tmp_path / "catalogue.csv").open(encoding="utf-8", newline="")))
    assert len(lines) == Offer.objects.visible().count() + 1
