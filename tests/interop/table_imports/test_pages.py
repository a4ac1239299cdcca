"""The screens: who sees them, what they say, what they keep."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from maillage.accounts.models import Person, Role
from maillage.catalogue.models import Offer, Structure
from maillage.interop.table_imports import running
from maillage.interop.table_imports.models import TableImport, TableSource
from tests.conftest import StrictClient
from tests.interop.table_imports.makers import HEADINGS, ROWS, checked, csv_bytes, imported, matched, person, uploaded, xlsx_bytes

pytestmark = pytest.mark.django_db
State = TableImport.State
SAID = {"name": "Département inventé", "licence": "Licence Ouverte 2.0"}


@pytest.fixture
def alice() -> Client:
    client = StrictClient()
    client.force_login(person())
    return client


@pytest.fixture
def bob() -> Client:
    client = StrictClient()
    client.force_login(Person.objects.create_user("bob@example.org", name="Bob", role=Role.REDACTION))
    return client


def post_file(client: Client, data: bytes, *, kind: str = "structure", file: str = "liste.csv", **said: str) -> HttpResponse:
    return client.post(  # type: ignore[return-value]  # Django's test response
        reverse("office-new-table"), {"kind": kind, "file": SimpleUploadedFile(file, data), **(said or SAID)}
    )


def text_of(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))  # narrow spaces too


def fields_of(answer: HttpResponse) -> dict[str, str]:
    """What a browser would post if the person changed nothing."""
    page = answer.content.decode()
    found = dict(re.findall(r'<input type="(?:hidden|text)"[^>]* name="([^"]+)" value="([^"]*)"', page))
    for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)">(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected>', options)
        found[name] = chosen[1] if chosen else ""
    return found


def test_from_the_file_to_the_catalogue(alice: Client) -> None:
    answer = post_file(alice, csv_bytes([HEADINGS, *ROWS, ["", "Laval", "", "", ""]]))
    table = TableImport.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, reverse("office-table-columns", args=(table.uid,)))
    page = alice.get(answer["Location"])
    assert "colonnes séparées par des points-virgules" in text_of(page)
    answer = alice.post(answer["Location"], fields_of(page))
    assert (answer.status_code, answer["Location"]) == (303, reverse("office-table", args=(table.uid,)))
    text = text_of(alice.get(answer["Location"]))
    assert "Ce que l’import ferait" in text
    assert "3 fiches créées" in text
    assert "1 ligne refusée" in text
    assert "Nom : cette clé est obligatoire" in text
    assert "Structures de « Département inventé »" in text
    assert not Structure.objects.exists()
    for _ in range(2):
        assert alice.post(reverse("office-table-confirm", args=(table.uid,))).status_code == 303
    assert Structure.objects.count() == 3
    assert "Ce que l’import a fait" in text_of(alice.get(answer["Location"]))
    assert Structure.objects.first().licence == "Licence Ouverte 2.0"  # type: ignore[union-attr]
    assert "a importé le tableau" in text_of(alice.get(reverse("office")))


def test_words_that_nobody_knows_are_asked_with_the_nearest_one_chosen(alice: Client) -> None:
    post_file(alice, csv_bytes([["Nom", "Statut"], ["A", "Associations"], ["B", "Bidule"]]))
    table = TableImport.objects.get()
    columns = reverse("office-table-columns", args=(table.uid,))
    answer = alice.post(columns, fields_of(alice.get(columns)))
    values = reverse("office-table-values", args=(table.uid,))
    assert answer["Location"] == values
    page = alice.get(values)
    assert "« Bidule » 1 fois, ligne 3" in text_of(page)
    said = fields_of(page)
    assert sorted(value for name, value in said.items() if name.startswith("valeur")) == ["", "association"]
    alice.post(values, said)
    table.refresh_from_db()
    assert (table.state, table.counts["created"], table.refused) == (State.CHECKED, 1, 1)


def test_an_unreadable_file_keeps_what_was_typed(alice: Client) -> None:
    answer = post_file(alice, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, file="vieux.xls")
    assert answer.status_code == 200
    assert "« vieux.xls » est un ancien classeur Excel (.xls)" in text_of(answer)
    assert 'value="Département inventé"' in answer.content.decode()
    assert not TableImport.objects.exists()
    assert not TableSource.objects.exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": "", "licence": "x"}, "nommez la nouvelle"),
        ({"name": "Essai", "licence": ""}, "Écrivez la licence"),
        ({"name": "Autre", "licence": "x"}, "porte déjà ce nom"),
        ({"known": "inconnue"}, "Sélectionnez un choix valide"),
    ],
)
def test_what_is_missing_about_the_source_is_said(alice: Client, said: dict[str, str], sentence: str) -> None:
    Structure.objects.create(source="autre", ref="1", name="D’une autre source")
    answer = post_file(alice, csv_bytes([HEADINGS, *ROWS]), **said)
    assert answer.status_code == 200
    assert sentence in text_of(answer)


def test_a_workbook_with_several_sheets_asks_which_one(alice: Client) -> None:
    data = xlsx_bytes(("Lisez-moi", [["Bonjour"], ["à tous"]]), ("Liste", [["Titre général"], [], HEADINGS, *ROWS]))
    answer = post_file(alice, data, file="liste.xlsx")
    table = TableImport.objects.get()
    shape = reverse("office-table-shape", args=(table.uid,))
    assert answer["Location"] == shape
    said = fields_of(alice.get(shape))
    alice.post(shape, {**said, "feuille": "Liste", "voir": "1"})
    table.refresh_from_db()
    assert (table.sheet, table.header, table.rows) == ("Liste", 3, 3)
    page = alice.get(shape)
    assert "Titre général" in text_of(page)
    answer = alice.post(shape, {**fields_of(page), "titres": "4"})  # type: ignore[assignment]
    assert answer["Location"] == reverse("office-table-columns", args=(table.uid,))
    table.refresh_from_db()
    assert (table.header, table.rows) == (4, 2)


def test_what_is_missing_in_the_matching_is_said_and_what_was_chosen_is_kept(alice: Client) -> None:
    table = uploaded(csv_bytes([["Titre", "X"], ["Aide", "a"]]), kind="offer")
    columns = reverse("office-table-columns", args=(table.uid,))
    said = fields_of(alice.get(columns))
    answer = alice.post(columns, {**said, "champ-1": "summary", "constante-coverage": "Syldavie", "structure": "one"})
    text = text_of(answer)
    assert answer.status_code == 200
    assert "Nature : obligatoire" in text
    assert "Ce territoire n’est pas reconnu" in text
    assert "Structure : Écrivez le nom de la structure" in text
    table.refresh_from_db()
    assert table.matching["columns"] == {"Titre": "name", "X": "summary"}
    assert table.matching["constants"] == {"coverage": "Syldavie"}
    said = fields_of(alice.get(columns))
    assert said["constante-coverage"] == "Syldavie"
    done = {**said, "constante-coverage": "Pays de la Loire", "constante-kind": "conseil", "structure-nom": "CRESS inventée"}
    alice.post(columns, done)
    alice.post(reverse("office-table-confirm", args=(table.uid,)))
    offer = Offer.objects.select_related("structure").get()
    assert (offer.name, offer.summary, offer.kind, offer.coverage, offer.structure.name) == (
        "Aide",
        "a",
        "conseil",
        ["region:52"],
        "CRESS inventée",
    )


def test_a_page_opened_before_a_colleagues_change_is_refused_with_what_was_chosen(alice: Client) -> None:
    table = uploaded(csv_bytes([HEADINGS, *ROWS]))
    columns = reverse("office-table-columns", args=(table.uid,))
    said = fields_of(alice.get(columns))
    matched(table)
    answer = alice.post(columns, {**said, "champ-4": ""})
    assert "Quelqu’un a modifié ce tableau" in text_of(answer)
    assert fields_of(answer)["champ-4"] == ""


def test_next_months_file_says_which_columns_are_new_or_gone(alice: Client) -> None:
    imported(csv_bytes([HEADINGS, *ROWS]))
    table = uploaded(csv_bytes([["Nom", "Ville", "Fax"], ["A", "Laval (53)", "1"]]))
    text = text_of(alice.get(reverse("office-table-columns", args=(table.uid,))))
    assert "Colonnes nouvelles : Fax." in text
    assert "Colonnes qui ne sont plus là : CP, Mail, SIRET." in text


def test_a_large_table_is_left_to_the_thread_and_the_page_says_how_far_it_is(
    alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maillage.interop.table_imports.views.page.MOST_AT_ONCE", 2)
    table = uploaded(csv_bytes([HEADINGS, *ROWS]))
    columns = reverse("office-table-columns", args=(table.uid,))
    answer = alice.post(columns, fields_of(alice.get(columns)))
    assert "0 lignes sur 3" in text_of(alice.get(answer["Location"]))
    assert alice.post(columns, {}).status_code == 303  # nothing can be changed meanwhile
    assert running.work(table.pk)
    assert "3 fiches créées" in text_of(alice.get(answer["Location"]))


def test_the_writing_team_looks_and_cannot_act(alice: Client, bob: Client) -> None:
    table = checked(matched(uploaded(csv_bytes([HEADINGS, *ROWS]))))
    page = bob.get(reverse("office-table", args=(table.uid,)))
    assert page.status_code == 200
    assert "Confirmer l’import" not in text_of(page)
    assert "liste.csv" in text_of(bob.get(reverse("office-tables")))
    assert bob.get(reverse("office-table-corrections", args=(table.uid,))).status_code == 200
    for name in ("columns", "values", "shape", "check", "confirm", "discard"):
        address = reverse(f"office-table-{name}", args=(table.uid,))
        assert bob.post(address).status_code == 404, name
    assert bob.get(reverse("office-new-table")).status_code == 404
    table.refresh_from_db()
    assert table.state == State.CHECKED


@pytest.mark.parametrize("name", ["", "-shape", "-columns", "-values", "-corrections"])
def test_a_table_that_does_not_exist_is_404(alice: Client, name: str) -> None:
    assert alice.get(reverse(f"office-table{name}", args=("inconnu",))).status_code == 404


def test_lines_to_correct_are_downloaded(alice: Client) -> None:
    table = imported(csv_bytes([HEADINGS, *ROWS, ["", "Laval", "53000", "", ""]]))
    answer: Any = alice.get(reverse("office-table-corrections", args=(table.uid,)))
    assert answer["Content-Disposition"] == 'attachment; filename="liste-a-corriger.csv"'
    assert answer.content.decode("utf-8-sig").splitlines()[1].startswith(";Laval;53000;;;")
    again = alice.get(reverse("office-new-table") + "?contient=structure&source=essai").content.decode()
    assert 'value="structure" id="id_kind_0" checked' in again or re.search(r'value="structure"[^>]*checked', again)
    assert re.search(r'value="essai" selected', again)


def test_a_discarded_table_is_gone(alice: Client) -> None:
    table = uploaded(csv_bytes([HEADINGS, *ROWS]))
    assert alice.post(reverse("office-table-discard", args=(table.uid,))).status_code == 303
    assert not TableImport.objects.exists()


@pytest.mark.parametrize("count", [1, 12])
def test_pages_cost_the_same_number_of_queries_whatever_the_number_of_tables(
    alice: Client, count: int, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(count):
        table = checked(matched(uploaded(csv_bytes([["Nom", "SIRET"], *[[f"N{n}", f"{n}"] for n in range(number + 1)]]))))
    with django_assert_max_num_queries(6):
        alice.get(reverse("office-tables"))
    with django_assert_max_num_queries(8):
        alice.get(reverse("office-table", args=(table.uid,)))


@pytest.mark.parametrize(
    "said",
    [
        {"champ-0": "x" * 5000},
        {"structure": "name-99999999999999999999"},
        {"identifiant": "²"},
        {"titres": "9" * 50},
        {"structure": "id-²"},
    ],
)
def test_what_no_form_of_ours_posts_is_no_error(alice: Client, said: dict[str, str]) -> None:
    table = uploaded(csv_bytes([HEADINGS, *ROWS]))
    for name in ("columns", "shape", "values"):
        table.refresh_from_db()
        answer = alice.post(reverse(f"office-table-{name}", args=(table.uid,)), {"seen": table.touched_at.isoformat(), **said})
        assert answer.status_code in (200, 303)
