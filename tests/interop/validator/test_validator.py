"""The validator: right files are right, wrong ones are told field by field with their lines, nothing is kept."""

from __future__ import annotations

import json
import logging
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from data_inclusion.schema import v1
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from maillage.catalogue.models import Offer, Structure
from maillage.catalogue.rows import rows
from maillage.interop.addresses import Addresses
from maillage.interop.inclusion import codes
from maillage.interop.inclusion.export import Export
from maillage.interop.inclusion.rules import refusals
from maillage.interop.jsonl_export import export_folder
from maillage.interop.starter import load_starter
from maillage.interop.tables.columns import TABLES
from maillage.interop.tables.workbook import write_workbook
from maillage.interop.tables.writers import csv_parts
from maillage.interop.validator.report import Report, ranges
from maillage.interop.validator.validate import Bounds, validate
from maillage.interop.views.validate import RATE
from tests.interop.samples import OFFER, RELAY, STRUCTURE
from tests.interop.validator.files import CELLS, ORGANISATION, SERVICE, as_csv, as_json, as_xlsx, jsonl, originals, zipped


def said(report: Report) -> list[tuple[str, str, str]]:
    """(field, where, reason) of each error."""
    return [(group.field, report.where(group), group.reason) for group in report.errors]


@pytest.mark.parametrize("name", sorted(originals()))
def test_a_right_file_of_every_format_is_valid(name: str) -> None:
    report = validate(originals()[name])
    assert (said(report), report.stopped) == ([], "")
    assert report.is_valid
    assert report.records >= 1
    assert (report.score is not None) == ("off" in name or "services" in name)


@pytest.mark.django_db
def test_everything_that_we_export_is_valid(tmp_path: Path) -> None:
    load_starter()
    export_folder(tmp_path)
    found = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    export = Export(date.today(), Addresses("https://maillage.example.org"))
    found["structures.json"] = as_json(list(export.structure_records()))
    found["services.json"] = as_json(list(export.service_records()))
    models: dict[str, Any] = {"offres": Offer, "structures": Structure}
    for name, model in models.items():
        found[f"{name}.csv"] = b"".join(csv_parts(TABLES[name], rows(model), Addresses()))
    book = tmp_path / "catalogue.xlsx"
    with book.open("wb") as target:
        write_workbook(target, [(TABLES[name], rows(model)) for name, model in models.items()], Addresses())
    found["catalogue.xlsx"] = book.read_bytes()
    for name, content in found.items():
        report = validate(content)
        assert (name, said(report), report.stopped) == (name, [], "")
        assert not [group for group in report.warnings if "n’est pas connue" in group.reason], name


def test_errors_are_grouped_by_field_with_ranges_of_lines() -> None:
    lines = [{**OFFER, "id": f"o{n}"} for n in range(1, 16)]
    for n in (*range(2, 12), 14):
        lines[n]["kind"] = "pret"
    lines[0]["name"] = ...
    del lines[0]["name"]
    report = validate(jsonl(*lines))
    found = said(report)
    assert [(field, where) for field, where, _ in found] == [("kind", "lignes 3 à 12 et 15"), ("name", "ligne 1")]
    assert (report.records, report.refused) == (15, 12)
    assert report.errors[0].examples == ["pret"]
    assert not report.is_valid


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([4], "ligne 4"),
        ([1, 2], "lignes 1 à 2"),
        ([3, 4, 5, 9], "lignes 3 à 5 et 9"),
        ([1, 3, 5], "lignes 1, 3 et 5"),
        ([0], "tout le fichier"),
        (list(range(1, 60, 2)), "lignes 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23 et 18 autres"),
    ],
)
def test_numbers_in_words(numbers: list[int], words: str) -> None:
    assert ranges(numbers) == words


def test_the_same_identifier_twice_is_an_error() -> None:
    assert said(validate(jsonl(STRUCTURE, STRUCTURE))) == [
        ("id", "ligne 2", "cet identifiant est déjà pris plus haut dans le fichier.")
    ]
    assert said(validate(as_json([SERVICE, SERVICE]))) == [
        ("id", "fiche 2", "cet identifiant est déjà pris plus haut dans le fichier.")
    ]


def test_tables_say_columns_by_their_headings() -> None:
    report = validate(
        as_csv({**CELLS, "kind": "pret"}, {**CELLS, "id": "o2", "amount_max": "beaucoup", "closes": "demain"}).encode()
    )
    assert [(field, where) for field, where, _ in said(report)] == [
        ("Ferme le", "ligne 3"),
        ("Montant maximum (€)", "ligne 3"),
        ("Nature", "ligne 2"),
    ]
    report = validate(as_xlsx({**CELLS, "coverage": "département:53"}))
    assert [(group.part, field, where) for (field, where, _), group in zip(said(report), report.errors, strict=True)] == [
        ("Offres", "Territoires couverts", "ligne 2")
    ]


@pytest.mark.parametrize(
    "text",
    [
        as_csv(),
        as_csv(delimiter="\t"),
        as_csv(end="\n"),
        "\ufeff" + as_csv(),
        as_csv(columns=[*reversed(CELLS)]),
        as_csv(delimiter=",", columns=[key for key in CELLS if key != "amount_max"]),
    ],
)
def test_a_table_is_read_whatever_wrote_it(text: str) -> None:
    assert said(validate(text.encode())) == []
    assert validate(text.encode()).is_valid
    latin = validate(text.replace("\ufeff", "").encode("cp1252", "replace"))
    assert latin.is_valid
    assert "Windows-1252" in latin.remarks[0]
    assert validate(text.encode("utf-16")).is_valid


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "vide"),
        (b" \r\n ", "vide"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0aaaa", ".xls"),
        (b"\x1f\x8b\x08aaaa", "compressé"),
        (b"PK\x03\x04 rien", "n’en a pas la fin"),
        (zipped({"offres.csv": b"a"}), "pas un classeur"),
        (originals()["offres.xlsx"][:900], "n’en a pas la fin"),
        (zipped({"xl/workbook.xml": b"<a/>", "b.bin": b"\0" * 60_000_000}), "plus de 50 Mo"),
        (zipped({"xl/workbook.xml": b"<workbook/>"}), "abîmé"),
        (as_json([SERVICE])[:-20], "Est-il coupé"),
        (b"[1, 2, 3]", "aucune fiche reconnue"),
        (b"[" * 100_000, "imbriqués"),
        (b"[" * 600_000, "emboîtés"),
        (b"3.14", "titres des colonnes"),
        (b"Nom;Ville\nA;B\n", "titres des colonnes"),
        (b"a\x00b", "pas du texte"),
        ((as_csv() + '"pas de fin;').encode(), "guillemet"),
        (b"\xff\xfea", "abîmé"),
        (jsonl({"a": 1}), "aucune fiche reconnue"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_clear_sentence(content: bytes, sentence: str) -> None:
    report = validate(content)
    assert sentence in report.stopped
    assert not report.is_valid


def test_lines_of_the_wrong_length_and_headings_that_are_twice_there_are_told() -> None:
    text = as_csv(CELLS, {**CELLS, "id": "o2"}).rstrip("\r\n") + ";de trop\r\no3;essai\r\n"
    assert [where for _, where, _ in said(validate(text.encode()))] == ["ligne 3", "ligne 4"]
    twice = as_csv(columns=[*CELLS, "name"])
    assert said(validate(twice.encode())) == [("Nom", "ligne 1", "deux colonnes ont ce titre : gardez-en une seule.")]


def test_what_is_too_large_is_said_and_never_cut_silently() -> None:
    small = Bounds(size=100_000, records=5, cells=60)
    assert "dépasse" in validate(b"a" * 100_001, small).stopped
    assert "plus de 5 fiches" in validate(jsonl(*({**RELAY, "id": f"r{n}"} for n in range(6))), small).stopped
    assert (
        "plus de 60 cellules"
        in validate(as_csv(*({**CELLS, "id": f"o{n}"} for n in range(8))).encode(), Bounds(cells=60)).stopped
    )


def test_a_page_of_the_data_inclusion_api_and_lists_by_name_are_read() -> None:
    assert validate(as_json({"items": [SERVICE], "total": 1, "page": 1})).is_valid
    both = validate(as_json({"structures": [ORGANISATION], "services": [{**SERVICE, "nom": "A"}]}))
    assert [(group.part, group.field) for group in both.errors] == [("services", "nom")]
    assert validate(jsonl(SERVICE, {**SERVICE, "id": "essai--o2"})).is_valid


# --- the verdict on data.inclusion records is that of the published package

VALUES = st.sampled_from(
    (None, "", "a", "ab", "abc", "Nom.", "x" * 151, "y" * 10_001, 0, 1, -1, 1.5, True, [], ["femmes"], ["tous-publics"], ["tous-publics", "femmes"],
     "2026-10-01", "1999-12-31", "2099-01-01", "01/10/2026", "2026-02-30", 20260101, {}, {"a": 1}, "53000", "5300", "5300a", "2A004", "99100",
     "https://x.example.org", "x.example.org", "ftp://x.example.org", "http://", "a@b.fr", "a@", "a b@c.fr", "a@b", "gratuit", "payant", "atelier",
     ["telephoner"], ["telephoner", "telephoner"], "telephoner", ["53", "france"], ["52a4"], ["1234"], ["a-distance", "x"], [1], [None], "73282932000074",
     "7328293200007", "1.5", "3", "inconnu", ["usagers"], ["adie"], ["creer-une-entreprise--developper-son-entreprise"]),
)  # fmt: skip
KEYS = sorted({*SERVICE, *ORGANISATION, *v1.Service.model_fields, *v1.Structure.model_fields})


def theirs(model: Any, record: dict[str, Any]) -> bool:
    try:
        model.model_validate(record)
    except ValidationError:
        return False
    return True


@settings(max_examples=3_000)
@given(
    base=st.sampled_from((SERVICE, ORGANISATION)),
    changes=st.dictionaries(st.sampled_from(KEYS), VALUES, min_size=1, max_size=3),
    gone=st.lists(st.sampled_from(KEYS), max_size=1),
)
def test_our_verdict_on_a_broken_record_is_that_of_the_published_rules(
    base: dict[str, Any], changes: dict[str, Any], gone: list[str]
) -> None:
    record = {key: value for key, value in (base | changes).items() if key not in gone}
    for kind, model in (("services", v1.Service), ("structures", v1.Structure)):
        found = refusals(record, kind)  # type: ignore[arg-type]
        assert (not found) == theirs(model, record), (kind, record, found)
        for _, _, reason in found:
            assert reason.endswith(".")


@pytest.mark.parametrize(
    "field", ["type", "frais", "publics", "thematiques", "modes_accueil", "modes_mobilisation", "mobilisable_par"]
)
def test_every_value_of_every_list_is_accepted(field: str) -> None:
    lists = {
        "type": codes.TYPES, "frais": codes.COSTS, "publics": codes.PUBLICS, "thematiques": codes.THEMES, "modes_accueil": codes.WELCOMES,
        "modes_mobilisation": codes.MEANS, "mobilisable_par": codes.OPEN_TO,
    }  # fmt: skip
    for value in lists[field]:
        assert refusals({**SERVICE, field: value if field in ("type", "frais") else [value]}, "services") == []


# --- the page and the command


@pytest.fixture(autouse=True)
def _no_rate() -> Any:
    RATE.reset()
    yield
    RATE.reset()


def send(client: Any, content: bytes, name: str = "offres.jsonl", **headers: str) -> Any:
    return client.post("/valider/", {"fichier": SimpleUploadedFile(name, content)}, **headers)


@pytest.mark.django_db
def test_the_page_shows_the_verdict_and_keeps_nothing(
    client: Any, tmp_path: Path, settings: Any, caplog: Any, django_assert_num_queries: Any
) -> None:
    secret = "Confidence-8f2b"
    settings.MAILLAGE_DATA = settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    broken = jsonl(
        {**OFFER, "name": secret, "kind": secret.lower()},
        *({**OFFER, "id": f"x{n}", "description": "a" * 15_000} for n in range(200)),
    )
    assert len(broken) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE  # through a temporary file
    with caplog.at_level(logging.DEBUG), django_assert_num_queries(0):
        answer = send(client, broken)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Ce fichier a des erreurs" in page
    assert "Ligne 1" in page
    assert secret.lower() in page
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert not answer.cookies
    assert list(tmp_path.rglob("*")) == []
    assert secret not in caplog.text
    assert secret.lower() not in caplog.text


@pytest.mark.parametrize("name", sorted(originals()))
def test_the_page_says_that_a_right_file_is_valid(client: Any, name: str) -> None:
    page = send(client, originals()[name], name).content.decode()
    assert "Ce fichier est valide" in page


def test_what_a_file_holds_is_shown_as_text(client: Any) -> None:
    page = send(client, jsonl({**OFFER, "kind": "<script>alert(1)</script>"}), "<b>a</b>.jsonl").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_sending_nothing_too_much_from_elsewhere_or_too_often_gets_a_sentence(client: Any) -> None:
    nothing = client.post("/valider/", {})
    assert (nothing.status_code, "Choisissez un fichier" in nothing.content.decode()) == (400, True)
    large = client.generic("POST", "/valider/", b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="9000000")
    assert (large.status_code, "dépasse 8" in large.content.decode()) == (413, True)
    elsewhere = send(client, b"{}", HTTP_SEC_FETCH_SITE="cross-site")
    assert elsewhere.status_code == 403
    broken = client.generic("POST", "/valider/", b"--x\r\nrien", content_type="multipart/form-data; boundary=x")
    assert broken.status_code == 400
    for _ in range(RATE.allowed):
        last = client.post("/valider/", {})
    assert last.status_code == 429
    assert int(last.headers["Retry-After"]) > 0


def test_the_command_says_the_same_and_exits_by_the_verdict(tmp_path: Path) -> None:
    good, bad = tmp_path / "bon.json", tmp_path / "mauvais.json"
    good.write_bytes(as_json([SERVICE]))
    bad.write_bytes(json.dumps([{**SERVICE, "nom": "A"}, SERVICE]).encode())
    out = StringIO()
    call_command("valider", str(good), stdout=out)
    assert "data.inclusion v1, services : 1 fiche(s) lues, 0 à corriger." in out.getvalue()
    assert "Qualité : " in out.getvalue()
    out = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("valider", str(bad), stdout=out)
    assert stopped.value.code == 1
    assert "Erreur. fiche 1, champ « nom » : ce texte est trop court : 3 signes au moins." in out.getvalue()
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        call_command("valider", str(tmp_path / "absent"))
