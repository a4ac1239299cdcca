"""The nightly dump: complete, verifiable, replaced at once, under the right licences, and served as its manifest says."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from data_inclusion.schema import v1
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from maillage.catalogue.models import Offer, Relay, Structure
from maillage.interop.dumps import dump as dumps
from maillage.interop.dumps import pieces
from maillage.interop.dumps.dump import DumpError, dump, latest, manifest_of
from maillage.interop.jsonl_export import export_folder
from maillage.interop.jsonl_import import import_folder
from maillage.interop.licences import OPEN, OTHER, UNKNOWN, class_of
from maillage.interop.starter import load_starter
from tests.catalogue.worlds import offer, relay, structure
from tests.interop.hsds.rules import problems

pytestmark = pytest.mark.django_db
SITE = "https://maillage.example.org"
TODAY = date.today()


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.MAILLAGE_DATA = tmp_path


def written(**options: Any) -> Path:
    return dump(site=SITE, processes=1, **options)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


def listed(path: Path) -> Any:
    return json.loads(gzip.decompress(path.read_bytes()))


@pytest.fixture
def starter() -> Path:
    load_starter()
    relay(
        structure(source="depart", licence=""),
        source="depart",
        itinerant="Le lundi",
        specialities=["juridique"],
        mark_until=date(2027, 1, 1),
    )
    return written()


def test_the_manifest_tells_the_truth_about_every_file(starter: Path) -> None:
    manifest = manifest_of(starter)
    there = {path.relative_to(starter.resolve()).as_posix() for path in starter.resolve().rglob("*") if path.is_file()}
    assert {entry["path"] for entry in manifest["files"]} == there - {"manifest.json"}
    for entry in manifest["files"]:
        content = (starter / entry["path"]).read_bytes()
        assert (entry["bytes"], entry["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        if entry["path"].endswith(".gz"):
            text = gzip.decompress(content)
            counted = {
                "jsonl": lambda text: len(text.splitlines()),
                "csv": lambda text: len(text.split(b"\r\n")) - 2 if b'"' not in text else None,
                "json": lambda text: len(json.loads(text)),
                "geojson": lambda text: len(json.loads(text)["features"]),
            }[entry["path"].split(".")[-2]](text)
            assert counted in (None, entry["records"]), entry["path"]
    assert manifest["revision"]["before"] == manifest["revision"]["after"]


def test_every_format_holds_the_catalogue_and_is_valid(starter: Path) -> None:
    count = {model: model.objects.visible().count() for model in (Structure, Relay, Offer)}
    for record in listed(starter / "data-inclusion/structures.json.gz"):
        v1.Structure.model_validate(record)
    for record in listed(starter / "data-inclusion/services.json.gz"):
        v1.Service.model_validate(record)
    for name, kind in (
        ("organizations", "organization"),
        ("services", "service"),
        ("taxonomies", "taxonomy"),
        ("taxonomy_terms", "taxonomy_term"),
    ):
        for record in listed(starter / f"hsds/{name}.json.gz"):
            assert problems(record, kind) == []
    assert len(listed(starter / "hsds/services.json.gz")) == count[Offer] + count[Relay]
    book = load_workbook(starter / "xlsx/catalogue.xlsx")
    assert [book[title].max_row - 1 for title in ("Structures", "Relais", "Offres")] == [
        count[Structure],
        count[Relay],
        count[Offer],
    ]
    assert len(listed(starter / "geojson/offres.geojson.gz")["features"]) == count[Offer]


def test_jsonl_of_the_dump_read_into_an_empty_base_gives_the_same_bytes(starter: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for path in (starter / "jsonl").iterdir():
        (folder / path.name.removesuffix(".gz")).write_bytes(gzip.decompress(path.read_bytes()))
    for model in (Offer, Relay, Structure):
        model.objects.all().delete()
    assert import_folder(folder).refused == 0
    export_folder(tmp_path / "out")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()
    }


def test_pieces_put_end_to_end_are_what_one_piece_would_be(monkeypatch: pytest.MonkeyPatch) -> None:
    host = structure(licence="Licence Ouverte 2.0")
    for n in range(7):
        offer(host, name=f"Offre {n} ; « a »", licence="Licence Ouverte 2.0", summary="Une offre utile.")
    monkeypatch.setattr(dumps, "JOB_SIZE", 3)
    cut = written()
    contents = {
        path: gzip.decompress((cut / path).read_bytes())
        for path in ("csv/offres.csv.gz", "geojson/offres.geojson.gz", "hsds/services.json.gz")
    }
    sheet = list(load_workbook(cut / "xlsx/catalogue.xlsx")["Offres"].iter_rows(values_only=True))
    monkeypatch.setattr(dumps, "JOB_SIZE", 100)
    whole = written()
    assert contents == {path: gzip.decompress((whole / path).read_bytes()) for path in contents}
    assert sheet == list(load_workbook(whole / "xlsx/catalogue.xlsx")["Offres"].iter_rows(values_only=True))
    assert len(sheet) == 8


@pytest.mark.parametrize(
    ("licence", "group"),
    [
        ("Licence Ouverte 2.0", OPEN), ("Licence Ouverte / Open Licence version 2.0", OPEN), ("lov2", OPEN), ("etalab-2.0", OPEN), ("CC0-1.0", OPEN),
        ("Domaine public", OPEN), ("ODbL 1.0", OTHER), ("Open Database License", OTHER), ("CC BY-SA 4.0", OTHER), ("CC-BY 4.0", OTHER),
        ("CC BY-NC-SA", UNKNOWN), ("CC BY-ND 4.0", UNKNOWN), ("", UNKNOWN), ("tous droits réservés", UNKNOWN), ("voir le site", UNKNOWN),
    ],
)  # fmt: skip
def test_each_licence_has_its_class(licence: str, group: str) -> None:
    assert class_of(licence) == group


def test_only_what_may_be_relicensed_is_under_licence_ouverte_and_the_rest_is_told() -> None:
    free, shared, silent = structure(licence="Licence Ouverte 2.0"), structure(licence="ODbL 1.0"), structure()
    ours = offer(structure(source="gestion"), source="gestion", name="Écrite ici")
    offer(free, licence="CC0", name="Libre")
    offer(shared, licence="ODbL 1.0", name="Partagée")
    offer(silent, name="Muette")
    offer(shared, licence="CC0", name="Libre, chez une structure partagée")
    path = written()
    assert {record["name"] for record in lines(path / "jsonl/offers.jsonl.gz")} == {ours.name, "Libre"}
    assert {record["name"] for record in listed(path / "hsds/services.json.gz")} == {ours.name, "Libre"}
    others = lines(path / "autres-licences.jsonl.gz")
    assert {(record["sheet"], record["name"], record["licence"]) for record in others} == {
        ("structure", shared.name, "ODbL 1.0"),
        ("offer", "Partagée", "ODbL 1.0"),
    }
    manifest = manifest_of(path)
    left = {(one["file"], one["reason"]): one["records"] for one in manifest["left_out"]}
    assert left["jsonl/offers.jsonl.gz", "licence inconnue"] == 1
    assert left["jsonl/offers.jsonl.gz", "sa structure est sous une autre licence"] == 1
    assert sum(one["records"] for one in manifest["licences"] if one["kind"] == "offer") == 5
    hosts = {record["id"] for record in lines(path / "jsonl/structures.jsonl.gz")}
    assert {record["structure_id"] for record in lines(path / "jsonl/offers.jsonl.gz")} <= hosts


def test_a_source_that_may_not_be_relicensed_leaves_in_no_file_whatever_its_sheets_say() -> None:
    """The programmes of the ecological transition say « Licence Ouverte », which is presumed: `relicensable = false`."""
    held = structure(source="aides-entreprises-mte", licence="Licence Ouverte 2.0", name="Tenue")
    offer(held, source="aides-entreprises-mte", licence="Licence Ouverte 2.0", name="Tenue aussi")
    offer(structure(source="gestion"), source="gestion", name="Écrite ici")
    path = written()
    everything = b"".join(gzip.decompress(file.read_bytes()) for file in path.resolve().rglob("*.gz"))
    assert "Écrite ici".encode() in everything
    assert b"Tenue" not in everything
    manifest = manifest_of(path)
    left = {(one["file"], one["reason"]): one["records"] for one in manifest["left_out"]}
    assert left["jsonl/offers.jsonl.gz", "source qui ne peut pas être redistribuée"] == 1
    assert left["jsonl/structures.jsonl.gz", "source qui ne peut pas être redistribuée"] == 1
    assert ("source-non-redistribuable", 1) in {(one["class"], one["records"]) for one in manifest["licences"]}


def test_an_open_licence_of_its_own_still_leaves_apart_from_a_source_that_may_not_be_relicensed() -> None:
    structure(source="flux-manche", licence="ODbL 1.0", name="Partagée")
    assert [record["name"] for record in lines(written() / "autres-licences.jsonl.gz")] == ["Partagée"]


def test_a_dump_that_fails_leaves_the_one_before(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    offer(structure(source="gestion"), source="gestion")
    first = written().resolve()

    def full(job: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pieces, "make", full)
    with pytest.raises(DumpError, match="ne peut pas être écrit"):
        written()
    assert latest() == first
    assert sorted(path.name for path in (tmp_path / "dumps" / "versions").iterdir()) == [first.name]
    with pytest.raises(CommandError, match="ne peut pas être écrit"):
        call_command("dump", "--processes", "1")


def test_the_day_s_dump_is_replaced_and_old_ones_go(tmp_path: Path) -> None:
    days = [TODAY - timedelta(days=back) for back in (40, 31, 30, 1, 0, 0)]
    for day in days:
        written(today=day, kept_days=30)
    assert [name for name, _ in dumps.dated(tmp_path / "dumps")] == [
        (TODAY - timedelta(days=back)).isoformat() for back in (30, 1, 0)
    ]
    assert len(list((tmp_path / "dumps" / "versions").iterdir())) == 3
    assert latest() == (tmp_path / "dumps" / TODAY.isoformat()).resolve()


def test_a_version_that_nobody_finished_is_cleared_unless_somebody_is_writing_it(tmp_path: Path) -> None:
    import os

    versions = tmp_path / "dumps" / "versions"
    dead, alive = versions / "20200101-000000000000-999999999", versions / f"20200101-000000000000-{os.getpid()}"
    dead.mkdir(parents=True)
    alive.mkdir()
    written()
    assert not dead.exists()
    assert alive.exists()


# --- what visitors see


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_page_and_its_files_follow_the_last_dump(client: Any, starter: Path) -> None:
    page = client.get("/donnees/").content.decode()
    manifest = manifest_of(starter)
    for entry in manifest["files"]:
        if entry["records"]:
            assert f'href="/donnees/fichiers/{manifest["date"]}/{entry["path"]}"' in page
            assert entry["sha256"] in page
            answer = client.get(f"/donnees/fichiers/{manifest['date']}/{entry['path']}", HTTP_ACCEPT_ENCODING="gzip")
            assert answer.headers["ETag"] == f'"{entry["sha256"]}"'
            assert "Content-Encoding" not in answer.headers
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert hashlib.sha256(body(answer)).hexdigest() == entry["sha256"]
            again = client.get(f"/donnees/fichiers/{manifest['date']}/{entry['path']}", HTTP_IF_NONE_MATCH=answer.headers["ETag"])
            assert again.status_code == 304
    assert json.loads(body(client.get(f"/donnees/fichiers/{manifest['date']}/manifest.json"))) == manifest


@pytest.mark.parametrize(
    "path", ["../manifest.json", "..%2f..%2fsecret-key", "jsonl", "jsonl/", "absent.gz", "jsonl/../manifest.json", ".", "%00"]
)
def test_nothing_but_the_files_of_the_manifest_is_served(client: Any, starter: Path, path: str) -> None:
    assert client.get(f"/donnees/fichiers/{TODAY}/{path}").status_code in (400, 404)


@pytest.mark.parametrize("day", ["versions", "2026-01-01", "..", "2026-1-1", "hier"])
def test_a_day_without_a_dump_is_404(client: Any, starter: Path, day: str) -> None:
    assert client.get(f"/donnees/fichiers/{day}/manifest.json").status_code == 404


def test_without_a_dump_the_page_says_when_it_will_come(client: Any) -> None:
    assert "la nuit prochaine" in client.get("/donnees/").content.decode()
    assert client.get("/donnees/catalogue.jsonld").json()["dcat:dataset"] == []


def test_dcat_describes_every_file_of_the_dump(client: Any, starter: Path) -> None:
    answer = client.get("/donnees/catalogue.jsonld")
    assert answer.headers["Content-Type"] == "application/ld+json"
    found = answer.json()
    assert (found["@type"], found["dcat:dataset"][0]["@type"]) == ("dcat:Catalog", "dcat:Dataset")
    described = {each["dct:title"]: each for each in found["dcat:dataset"][0]["dcat:distribution"]}
    for entry in manifest_of(starter)["files"]:
        one = described.pop(entry["path"])
        assert one["spdx:checksum"]["spdx:checksumValue"] == entry["sha256"]
        assert one["dcat:byteSize"]["@value"] == str(entry["bytes"])
        assert one["dcat:downloadURL"]["@id"].endswith(f"/donnees/fichiers/{TODAY}/{entry['path']}")
        assert ("dct:license" in one) == (entry["path"] != "autres-licences.jsonl.gz")
    assert not described


def test_the_command_refuses_what_makes_no_sense() -> None:
    for arguments in (("--keep", "0"), ("--processes", "0")):
        with pytest.raises(CommandError, match="au moins 1"):
            call_command("dump", *arguments)
    out = io.StringIO()
    call_command("dump", "--processes", "1", stdout=out)
    assert "xlsx/catalogue.xlsx" in out.getvalue()
