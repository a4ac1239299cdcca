"""Campaigns in the office: written, published, refused with what was typed, pictures, files, feeds."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.accounts.models import Person, Role
from maillage.crowdfunding import rules as rules_module
from maillage.crowdfunding.actions import version
from maillage.crowdfunding.images import NotAnImage, read_picture
from maillage.crowdfunding.imports.feed import dug
from maillage.crowdfunding.imports.files import UnreadableFile, read_rows
from maillage.crowdfunding.imports.load import load
from maillage.crowdfunding.models import Campaign, CampaignStatus
from maillage.crowdfunding.rules import Feed, rules
from maillage.journal.models import Entry
from tests.conftest import StrictClient
from tests.crowdfunding.samples import FIELDS, make_campaign, png

NEW = "/gestion/campagnes/nouvelle/"


def signed_in(role: Role) -> StrictClient:
    client = StrictClient()
    client.force_login(Person.objects.create_user(f"{role}@example.org", "un mot de passe long", role=role))
    return client


@pytest.fixture
def writer(db: None) -> StrictClient:
    return signed_in(Role.REDACTION)


@pytest.fixture
def animator(db: None) -> StrictClient:
    return signed_in(Role.ANIMATION)


def test_a_campaign_is_written_then_published_and_each_act_has_its_line(
    writer: StrictClient, animator: StrictClient, client: StrictClient
) -> None:
    assert writer.post(NEW, FIELDS).status_code == 303
    campaign = Campaign.objects.get()
    assert (campaign.status, campaign.departement, str(campaign.collected), campaign.closes) == (
        "brouillon",
        "53",
        "3200.50",
        date(2027, 3, 31),
    )
    assert client.get(campaign.get_absolute_url()).status_code == 404
    act = reverse("office-campaign-act", args=(campaign.uid, "publier"))
    writer.post(act, {"seen": version(campaign)})
    campaign.refresh_from_db()
    assert campaign.status == "brouillon", "publishing belongs to the animation"
    animator.post(act, {"seen": version(campaign)})
    assert client.get(campaign.get_absolute_url()).status_code == 200
    campaign.refresh_from_db()
    animator.post(reverse("office-campaign-act", args=(campaign.uid, "retirer")), {"seen": version(campaign)})
    assert client.get(campaign.get_absolute_url()).status_code == 404
    verbs = list(Entry.objects.filter(subject_uid=campaign.uid).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["created", "published", "withdrawn"]


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"objectif": "-100"}, "objectif", "positif"),
        ({"objectif": "0"}, "objectif", "au moins"),
        ({"objectif": "999999999999"}, "objectif", "au plus"),
        ({"collecte": "beaucoup"}, "collecte", "n’est pas un montant"),
        ({"dernier_jour": "2027-01-01"}, "dernier_jour", "vient avant le premier"),
        ({"dernier_jour": "2035-01-01"}, "dernier_jour", "deux ans"),
        ({"premier_jour": "le 31 février"}, "premier_jour", "pas une date"),
        ({"commune": "Nulle-Part-sur-Rien"}, "commune", "n’est pas une commune"),
        ({"commune": "Saint-Denis"}, "commune", "Plusieurs communes"),
        ({"adresse": "ftp://example.org"}, "adresse", "adresse complète"),
        ({"chiffres_au": ""}, "chiffres_au", "de quel jour"),
        ({"structure": "abcdefghijkl"}, "structure", "Aucune structure"),
        ({"porteur": ""}, "porteur", "qui porte le projet"),
        ({"forme": "loterie"}, "forme", "n’est pas dans la liste"),
        ({"nom": ""}, "nom", "obligatoire"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept(
    writer: StrictClient, change: dict[str, str], field: str, words: str
) -> None:
    answer = writer.post(NEW, {**FIELDS, **change})
    page = answer.content.decode().replace("&#x27;", "’")
    assert answer.status_code == 200
    error = page[page.index(f'id="id_{field}_error"') :][:600]
    assert words in error
    assert "Un four, un atelier." in page
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg onload=alert(1)>", "PNG ou JPEG"),
        (b"GIF89a" + b"\0" * 100, "PNG ou JPEG"),
        (png()[:20], "abîmée"),
        (b"\xff\xd8\xff" + b"\0" * 50, "abîmée"),
        (png(9000, 2), "trop grande"),
        (png() + b"\0" * 1_000_001, "trop lourde"),
    ],
)
def test_an_image_that_is_not_one_is_refused_whatever_its_name(writer: StrictClient, content: bytes, words: str) -> None:
    file = SimpleUploadedFile("photo.png", content, "image/png")
    page = writer.post(NEW, {**FIELDS, "image": file, "image_alt": "Un four"}).content.decode()
    assert words in page[page.index('id="id_image_error"') :][:400]


@given(st.binary(max_size=200), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xc0\x00\x10"]))
def test_no_bytes_make_the_reader_of_pictures_stumble(content: bytes, beginning: bytes) -> None:
    said = ""
    try:
        said = read_picture(beginning + content).kind
    except NotAnImage as refusal:
        said = str(refusal)
    assert said in ("png", "jpg", "size", "kind", "damaged", "pixels")


def test_a_picture_needs_words_and_is_served_with_our_headers(writer: StrictClient, client: StrictClient) -> None:
    page = writer.post(NEW, {**FIELDS, "image": SimpleUploadedFile("x", png())}).content.decode()
    assert "Dites ce que montre l’image" in page
    assert writer.post(NEW, {**FIELDS, "image": SimpleUploadedFile("x", png()), "image_alt": "Un four à bois"}).status_code == 303
    campaign = Campaign.objects.get()
    address = reverse("campaign-image", args=(campaign.uid, campaign.image.digest[:12], "png"))
    assert client.get(address).status_code == 404, "the picture of a draft is not public"
    Campaign.objects.update(status=CampaignStatus.PUBLISHED)
    answer = client.get(address)
    assert answer.content == png()
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert 'alt="Un four à bois"' in client.get(campaign.get_absolute_url()).content.decode()


def test_two_tabs_do_not_overwrite_each_other(writer: StrictClient) -> None:
    writer.post(NEW, FIELDS)
    campaign = Campaign.objects.get()
    address, seen = reverse("office-edit-campaign", args=(campaign.uid,)), version(campaign)
    assert writer.post(address, {**FIELDS, "objectif": "6000", "seen": seen}).status_code == 303
    late = writer.post(address, {**FIELDS, "objectif": "7000", "seen": seen})
    assert late.status_code == 409
    assert 'value="7000"' in late.content.decode()
    campaign.refresh_from_db()
    assert campaign.goal == 6000


def test_a_published_campaign_is_edited_by_the_animation_only(writer: StrictClient, animator: StrictClient) -> None:
    campaign = make_campaign()
    address = reverse("office-edit-campaign", args=(campaign.uid,))
    assert writer.get(address).status_code == 403
    assert animator.get(address).status_code == 200
    assert "5000" in animator.get(address).content.decode()


def csv_of(*rows: dict[str, str]) -> bytes:
    columns = ["identifiant", *FIELDS]
    lines = [";".join(columns), *(";".join(row.get(name, "") for name in columns) for row in rows)]
    return "\r\n".join(lines).encode("utf-8-sig")


def rows_of(number: int) -> list[dict[str, str]]:
    return [{**FIELDS, "identifiant": f"c{rank}", "nom": f"Projet {rank}"} for rank in range(number)]


def as_xlsx(rows: list[dict[str, str]]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["identifiant", *FIELDS])  # type: ignore[union-attr]
    for row in rows:
        typed = {**row, "objectif": 5000, "premier_jour": date(2027, 2, 1)}
        book.active.append([typed[name] for name in ("identifiant", *FIELDS)])  # type: ignore[union-attr]
    book.save(out)
    return out.getvalue()


FILES = {
    "c.csv": lambda rows: csv_of(*rows),
    "c.xlsx": as_xlsx,
    "c.jsonl": lambda rows: "\n".join(json.dumps({**row, "objectif": 5000}) for row in rows).encode(),
}


@pytest.mark.django_db
class TestImports:
    @pytest.mark.parametrize("name", sorted(FILES))
    def test_every_format_gives_the_same_campaigns_and_a_second_time_changes_nothing(self, name: str) -> None:
        content = FILES[name](rows_of(3))
        first = load(read_rows(name, content), "essai")
        assert (first.created, first.refused) == (3, [])
        before = list(Campaign.objects.order_by("ref").values())
        again = load(read_rows(name, content), "essai")
        assert (again.created, again.changed, again.unchanged) == (0, 0, 3)
        assert list(Campaign.objects.order_by("ref").values()) == before
        assert {str(each.goal) for each in Campaign.objects.order_by("pk")} == {"5000.00"}
        assert Entry.objects.filter(verb="imported").count() == 3

    def test_figures_alone_may_be_brought_up_to_date(self) -> None:
        load(read_rows("c.csv", csv_of(*rows_of(1))), "essai", publish=True)
        report = load(read_rows("f.csv", b"identifiant,collecte,contributeurs,chiffres_au\nc0,4100,80,04/03/2027\n"), "essai")
        assert report.changed == 1, report.refused
        campaign = Campaign.objects.get()
        assert (campaign.status, str(campaign.collected), campaign.as_of, campaign.name) == (
            "publiee",
            "4100.00",
            date(2027, 3, 4),
            "Projet 0",
        )

    def test_a_wrong_line_is_refused_with_its_number_and_the_others_are_taken(self) -> None:
        rows = rows_of(4)
        rows[1]["objectif"], rows[2]["commune"], rows[3]["identifiant"] = "-3", "99999", "c0"
        report = load(read_rows("c.csv", csv_of(*rows)), "essai")
        assert report.created == 1
        assert {(each.line, each.column) for each in report.refused} == {(3, "objectif"), (4, "commune"), (5, "identifiant")}

    def test_the_number_of_queries_does_not_depend_on_that_of_lines(self) -> None:
        counts = []
        for source, number in (("a", 1), ("b", 30)):
            with CaptureQueriesContext(connection) as captured:
                load(read_rows("c.csv", csv_of(*rows_of(number))), source)
            counts.append(len(captured))
        assert counts[0] == counts[1]

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("c.csv", b""),
            ("c.csv", b"nom;objectif\nx;1\n"),
            ("c.csv", b'identifiant;nom\n"a;b\n'),
            ("c.csv", b"identifiant;identifiant\na;b\n"),
            ("c.csv", b"identifiant;nom\na;b;c\n"),
            ("c.jsonl", b"[1]\n"),
            ("c.jsonl", b'{"identifiant": \n'),
            ("c.xlsx", b"PK\x03\x04 not an archive"),
            ("c.csv", b"identifiant\n" + b"x\n" * 6000),
            ("c.csv", b"\x00\x81\x8d"),
        ],
    )
    def test_a_file_that_cannot_be_read_is_a_sentence(self, name: str, content: bytes) -> None:
        with pytest.raises(UnreadableFile, match=r"\w{3}"):
            read_rows(name, content)

    def test_a_bomb_is_not_unpacked(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", b"\0" * 40_000_000)
        with pytest.raises(UnreadableFile, match="grossirait"):
            read_rows("c.xlsx", out.getvalue())

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode), name=st.sampled_from(sorted(FILES)))
    def test_any_bytes_are_read_or_refused(self, content: bytes, name: str) -> None:
        said = ""
        try:
            said = str(load(read_rows(name, content), "essai", dry_run=True))
        except UnreadableFile as refusal:
            said = str(refusal)
        assert said

    def test_a_file_comes_through_the_office(self, writer: StrictClient) -> None:
        rows = rows_of(2)
        rows[1]["dernier_jour"] = "2020-01-01"
        answer = writer.post(
            "/gestion/campagnes/importer/",
            {"source": "ulule", "publier": "oui", "fichier": SimpleUploadedFile("c.csv", csv_of(*rows))},
        )
        page = answer.content.decode()
        assert "Créées : 1" in page.replace("\u202f", " ")
        assert "Ligne 3, dernier_jour" in page
        assert Campaign.objects.get().status == "brouillon", "a writer does not publish by importing"
        empty = writer.post("/gestion/campagnes/importer/", {"source": "ulule"}).content.decode()
        assert "choisissez-le" in empty

    def test_the_command_says_what_it_did(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = tmp_path / "c.csv"
        file.write_bytes(csv_of(*rows_of(2)))
        call_command("import-campaigns", str(file), source="essai", publish=True)
        assert "2 créées" in capsys.readouterr().out
        file.write_bytes(csv_of({**FIELDS, "identifiant": "c9", "objectif": "rien"}))
        with pytest.raises(CommandError, match="1 lignes refusées"):
            call_command("import-campaigns", str(file), source="essai")


class _Platform(BaseHTTPRequestHandler):
    answer: bytes = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Platform]]:
    """A platform that publishes its campaigns on this machine, declared in the rules with its mapping."""
    server = HTTPServer(("127.0.0.1", 0), _Platform)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("MAILLAGE_FETCH_ALLOW", "127.0.0.1")
    fields = {
        "identifiant": "id",
        "nom": "title",
        "phrase": "pitch",
        "porteur": "owner.name",
        "commune": "place.insee",
        "objectif": "goal",
        "collecte": "raised",
        "chiffres_au": "updated",
        "premier_jour": "from",
        "dernier_jour": "to",
        "adresse": "url",
    }
    feed = Feed(
        f"http://127.0.0.1:{server.server_port}/campaigns", fields, "data.campaigns", {"plateforme": "ulule", "forme": "don"}
    )
    known = rules()
    changed = replace(known.platforms["ulule"], feed=feed)
    fake = rules_module.Rules(known.forms, known.regimes, known.checks, {**known.platforms, "ulule": changed}, known.topups)
    monkeypatch.setattr("maillage.crowdfunding.management.commands.read-campaign-feeds.rules", lambda: fake)
    yield _Platform
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.django_db
def test_a_feed_is_read_again_without_change_and_its_figures_follow(
    platform: type[_Platform], capsys: pytest.CaptureFixture[str]
) -> None:
    one = {
        "id": 7,
        "title": "Jardin",
        "pitch": "Un jardin.",
        "owner": {"name": "Les voisins"},
        "place": {"insee": "53084"},
        "goal": 4000.5,
        "raised": 10,
        "updated": "2027-02-02",
        "from": "2027-02-01",
        "to": "2027-03-01",
        "url": "https://example.org/j",
    }
    wrong = {**one, "id": 8, "place": {"insee": "00000"}}
    platform.answer = json.dumps({"data": {"campaigns": [one, wrong]}}).encode()
    call_command("read-campaign-feeds", "ulule", publish=True)
    out = capsys.readouterr()
    assert "1 créées" in out.out
    assert "campagne 2, commune" in out.err
    platform.answer = json.dumps({"data": {"campaigns": [{**one, "raised": 900, "updated": "2027-02-09"}]}}).encode()
    call_command("read-campaign-feeds", "ulule")
    campaign = Campaign.objects.get()
    assert (str(campaign.collected), campaign.source, campaign.status) == ("900.00", "ulule", "publiee")
    platform.answer = b"<html>"
    with pytest.raises(CommandError):
        call_command("read-campaign-feeds", "ulule")
    assert Campaign.objects.count() == 1


def test_a_dotted_path_finds_its_way_or_nothing() -> None:
    value = {"a": [{"b": 1}], "c": None}
    assert dug(value, "a.0.b") == 1
    assert dug(value, "a.1.b") is None
    assert dug(value, "c.d") is None
    assert dug(value, "") == value
