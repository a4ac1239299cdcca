"""Whatever people send is read, or refused with a French sentence that says what to do."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest

from maillage.interop.sources.contract import Unreadable
from maillage.interop.table_imports import reading, workbook
from maillage.interop.table_imports.reading import read
from maillage.interop.table_imports.shape import differences, rows_of, shape
from tests.interop.table_imports.makers import HEADINGS, ROWS, csv_bytes, xlsx_bytes


def table(
    data: bytes, name: str = "liste.csv", sheet: str = "", header: int = 0
) -> tuple[list[str], list[tuple[int, list[str]]], str]:
    """Headings, rows and notes of a file."""
    found = shape(read(data, name, sheet), name, header)
    return [column.name for column in found.columns], list(rows_of(found.grid)), " ".join(found.notes)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_same_table_is_read_whatever_its_encoding_separator_and_line_ends(encoding: str, separator: str, end: str) -> None:
    headings, rows, _ = table(csv_bytes([HEADINGS, *ROWS], separator=separator, encoding=encoding, end=end))
    assert headings == HEADINGS
    assert [[*cells, *[""] * 5][:5] for _, cells in rows] == ROWS
    assert [line for line, _ in rows] == [2, 3, 4]


def test_a_workbook_gives_what_its_csv_gives() -> None:
    headings, rows, _ = table(xlsx_bytes(("Feuil1", [HEADINGS, *ROWS])), "liste.xlsx")
    assert headings == HEADINGS
    assert [[*cells, *[""] * 5][:5] for _, cells in rows] == ROWS


def test_cells_of_a_workbook_are_read_as_values() -> None:
    sheet = [
        ["Jour", "Heure", "Nombre", "Décimal", "Vrai", "Formule"],
        [date(2026, 3, 1), datetime(2026, 3, 1, 14, 30), 53000.0, 0.5, True, "=1+1"],
    ]
    _, [(_, cells)], notes = table(xlsx_bytes(("A", sheet)), "liste.xlsx")
    assert cells == ["2026-03-01", "2026-03-01 14:30:00", "53000", "0.5", "oui"]  # the formula was never calculated
    assert "Des formules n’ont pas de résultat enregistré" in notes


def test_merged_cells_are_said() -> None:
    _, _, notes = table(xlsx_bytes(("A", [["Nom", "Ville"], ["Un", "Laval"], ["Deux", "Laval"]]), merge="B2:B3"), "liste.xlsx")
    assert "Des cellules sont fusionnées (B2:B3)" in notes


def test_the_first_sheet_that_holds_something_is_read_and_another_can_be_chosen() -> None:
    book = xlsx_bytes(("Vide", []), ("Un", [["Nom"], ["A"]]), ("Deux", [["Nom"], ["B"]]))
    assert read(book, "x.xlsx").sheets == ("Vide", "Un", "Deux")
    assert table(book, "x.xlsx")[1] == [(2, ["A"])]
    assert table(book, "x.xlsx", "Deux")[1] == [(2, ["B"])]


def test_headings_under_a_title_are_found_and_can_be_chosen() -> None:
    rows = [["Liste des structures de la Mayenne"], [], ["mise à jour : mars"], HEADINGS, *ROWS]
    headings, found, notes = table(csv_bytes(rows))
    assert headings == HEADINGS
    assert [line for line, _ in found] == [5, 6, 7]
    assert "ligne 4" in notes
    assert table(csv_bytes(rows), header=5)[0][0] == "Atelier inventé"


def test_headings_written_twice_are_numbered_and_said() -> None:
    headings, _, notes = table(csv_bytes([["Nom", "Tel", "Tel", "Nom"], ["a", "b", "c", "d"]]))
    assert headings == ["Nom", "Tel", "Tel (2)", "Nom (2)"]
    assert "même titre (« Tel », « Nom »)" in notes


def test_a_row_longer_than_the_headings_keeps_its_cells_and_is_said() -> None:
    headings, rows, notes = table(csv_bytes([["Nom", "Ville"], *[[f"n{n}", "Laval"] for n in range(30)], ["x", "y", "z"]]))
    assert headings == ["Nom", "Ville", "colonne 3"]
    assert rows[-1] == (32, ["x", "y", "z"])
    assert "ligne 32)" in notes


def test_an_apostrophe_put_before_a_formula_by_our_own_files_is_taken_away() -> None:
    _, [(_, cells)], _ = table(csv_bytes([["Nom", "Tel"], ["'=1+1", "'+33 1 99 00 00 01"]]))
    assert cells == ["=1+1", "+33 1 99 00 00 01"]
    assert [reading.harmless(cell) for cell in cells] == ["'=1+1", "'+33 1 99 00 00 01"]


def test_a_million_empty_rows_are_not_a_million_rows() -> None:
    book = xlsx_bytes(("A", [["Nom"], ["Un"]]))
    rows = b"".join(b'<row r="%d" spans="1:1" ht="15" customHeight="1"/>' % number for number in range(3, 200_000))
    _, found, _ = table(replaced(book, "xl/worksheets/sheet1.xml", b"</sheetData>", rows + b"</sheetData>"), "liste.xlsx")
    assert found == [(2, ["Un"])]


def replaced(book: bytes, entry: str, old: bytes, new: bytes) -> bytes:
    """The workbook with bytes of one of its parts replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, content.replace(old, new) if name == entry else content)
    return target.getvalue()


def zipped(**entries: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
GOOD = xlsx_bytes(("A", [["Nom"], ["Un"]]))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "est vide"),
        (b"\r\n \n", "est vide"),
        (OLE, "ancien classeur Excel (.xls)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "mot de passe"),
        (zipped(**{"liste.csv": b"Nom;Ville"}), "archive ZIP"),
        (zipped(**{"content.xml": b"<a/>", "mimetype": b"x"}), "LibreOffice"),
        (GOOD[:-30], "incomplet"),
        (GOOD[: len(GOOD) // 2], "incomplet"),
        (replaced(GOOD, "xl/workbook.xml", b"<sheets>", b"<she"), "abîmé"),
        (zipped(xl__bomb=b"0" * 20_000_000, **{"xl/workbook.xml": b"<a/>"}), "grossirait"),
        (replaced(GOOD, "xl/worksheets/sheet1.xml", b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'), "entités"),
        (b"%PDF-1.7 un document", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b'[{"nom": "a"}]', "JSON"),
        (b'Nom;Ville\n"Un;Laval\n', "guillemet"),
        (b"Nom;Ville\n", "aucune ligne sous ses titres"),
        (b"x;" * 50_000 + b"\nx;y", "ce n’est pas un tableau"),
        (b";".join([b"x"] * 300) + b"\n1", "plus de 200 colonnes"),
        (b"Nom\n" + b"a\n" * 100_001, "plus de 100000 lignes"),
        (b"a;b\n" * 2_600_000, "dépasse 10 Mo"),
        ("Nom;Ville\nUn;Évron".encode()[:-4] + b"\xc3", "tronqué"),
        (b"Nom\x00Ville", "octets nuls"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=r"^« liste »") as refusal:
        table(data, "liste")
    assert said in str(refusal.value)


def test_an_empty_workbook_is_refused() -> None:
    with pytest.raises(Unreadable, match="ne contient aucune donnée"):
        table(xlsx_bytes(("Vide", []), ("Vide aussi", [])), "x.xlsx")


def test_columns_moved_are_no_difference_and_others_are_said() -> None:
    assert differences(["Nom", "Ville", "Tél."], ["TEL", "nom", "Courriel"]) == (["Courriel"], ["Ville"])
    assert differences(HEADINGS, HEADINGS[::-1]) == ([], [])


def test_numbers_of_a_workbook_never_become_powers_of_ten() -> None:
    values: list[Any] = [73282932000074, 73282932000074.0, 1e20, float("nan")]
    assert [workbook._text(value) for value in values] == ["73282932000074", "73282932000074", "1e+20", "nan"]
