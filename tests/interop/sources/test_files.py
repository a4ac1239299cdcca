"""Files as people really save them: the same records whatever the encoding, the separator and the order; a sentence when broken."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.interop.sources import files
from maillage.interop.sources.contract import Unreadable

HEADINGS = ["id", "nom", "ville", "note"]
_CELL = st.text(alphabet=st.sampled_from("abé;,\t|\"'’œ€ \n1"), max_size=8).map(str.strip)


@st.composite
def written(draw: st.DrawFn) -> tuple[list[dict[str, str]], list[str], str]:
    """Rows, the columns in some order, and a separator."""
    count = draw(st.integers(min_value=2, max_value=6))
    rows = [{"id": str(place), **{column: draw(_CELL) for column in HEADINGS[1:]}} for place in range(count)]
    return rows, draw(st.permutations(HEADINGS)), draw(st.sampled_from(";,\t|"))


def to_csv(rows: list[dict[str, str]], columns: list[str], separator: str, *, ending: str = "\n") -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, delimiter=separator, lineterminator=ending, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def cells(data: bytes) -> list[dict[str, str]]:
    return [dict(row.cells) for row in files.table(data, "essai.csv").rows]


@given(written(), st.randoms(use_true_random=False))
def test_rows_permuted_and_columns_reordered_give_the_same_records(given_: tuple, shuffler: random.Random):
    rows, columns, separator = given_
    shuffled = list(rows)
    shuffler.shuffle(shuffled)
    found = cells(to_csv(shuffled, list(columns), separator).encode())
    assert sorted(found, key=lambda row: row["id"]) == rows


@given(written(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]), st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_byte_order_mark_crlf_and_windows_1252_give_the_same_records(given_: tuple, encoding: str, ending: str):
    rows, columns, separator = given_
    text = to_csv(rows, list(columns), separator, ending=ending)
    assert cells(text.encode(encoding)) == rows


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_reading(data: bytes):
    for read in (files.table, files.json_value, files.json_records):
        with contextlib.suppress(Unreadable):  # any other exception fails the test
            read(data, "essai")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "est vide"),
        (b"\xef\xbb\xbf \r\n", "est vide"),
        (b"PK\x03\x04" + b"\x00" * 40, "archive ZIP"),
        (b"\x1f\x8b\x08\x00aaaa", "compressé"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0aaaa", "ancien classeur Excel"),
        (b"id;nom\n1;a\x00b\n", "octets nuls"),
        ("id;nom\n1;été".encode()[:-1], "s’arrête au milieu d’un caractère"),
        (b"id;nom\n1;\xc3\xa9t\xc3\xa9 \xc3\xa0\n2;\xe9\n", "ligne 3"),
        (b'id;nom\n1;"a\n2;b\n', "tronqué"),
        (b'id;nom\n1;"a"b;c\n', "guillemet mal placé ligne 2"),
        (b"id;nom;nom\n1;a;b\n", "plusieurs colonnes « nom »"),
        (b'[{"id": 1}]', "contient du JSON"),
        (b"<!DOCTYPE html><p>Maintenance</p>", "est une page web"),
    ],
)
def test_a_broken_table_is_told_in_a_sentence(data: bytes, said: str):
    with pytest.raises(Unreadable, match=said):
        files.table(data, "essai.csv")


def test_a_missing_column_says_that_the_format_changed():
    with pytest.raises(Unreadable, match="n’a pas la colonne « siret » : le format du producteur a changé"):
        files.table(b"id;nom\n1;a\n", "essai.csv", required=("id", "siret"))


def test_a_row_cut_or_too_long_is_kept_with_its_problem():
    table = files.table(b"id;nom;ville\n1;a;b\n2;c\n3;d;e;f\n", "essai.csv")
    assert [row.problem for row in table.rows] == [
        "",
        "ligne 3 : 2 cellules pour 3 colonnes ; la ligne est coupée.",
        "ligne 4 : 4 cellules pour 3 colonnes ; un séparateur est sans doute en trop.",
    ]
    with pytest.raises(ValueError, match="ligne 3"):
        files.refuse_broken(files.payload(table.rows[1]))


def test_blank_lines_are_skipped_and_a_record_over_several_lines_keeps_its_first_line():
    table = files.table(b'id,nom\n\n1,"deux\nlignes"\n,\n2,b\n', "essai.csv")
    assert [(row.line, row.cells["nom"]) for row in table.rows] == [(3, "deux\nlignes"), (6, "b")]


def test_a_column_without_title_is_called_by_its_place():
    table = files.table(b"id;;nom\n1;x;a\n", "essai.csv")
    assert table.columns == ("id", "colonne 2", "nom")
    assert table.notes == ("La colonne 2 n’a pas de titre.",)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"data": [1, 2', "tronqué"),
        (b"[1, 2,, 3]", "ligne 1, colonne"),
        (b"[NaN]", "illisible"),
        (b"[" * 100_000, "imbriqués|tronqué"),
        (b'{"autre": []}', "ne contient pas de liste sous la clé « data »"),
    ],
)
def test_broken_json_is_told_in_a_sentence(data: bytes, said: str):
    with pytest.raises(Unreadable, match=said):
        files.json_records(data, "essai.json", "data")


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.text(max_size=3) | st.integers()), min_size=2, max_size=4))
def test_a_list_a_wrapped_list_and_json_lines_give_the_same_records(records: list):
    whole = json.dumps(records).encode()
    wrapped = json.dumps({"count": 2, "data": records}, indent=1).encode()
    lines = "\r\n".join(json.dumps(record) for record in records).encode("utf-8-sig")
    assert files.json_records(whole, "a", "data") == records
    assert files.json_records(wrapped, "b", "data") == records
    assert files.json_records(lines, "c", "data") == records


def test_a_folder_and_an_absent_file_are_told(tmp_path):
    with pytest.raises(Unreadable, match="est un dossier"):
        files.read(tmp_path)
    with pytest.raises(Unreadable, match="ne peut pas être lu"):
        files.read(tmp_path / "absent.csv")
