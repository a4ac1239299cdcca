"""The PDF of a plan: accessible (PDF/UA-1), says what the page says, carries its address, and takes data for what it is."""

from __future__ import annotations

import io
import itertools
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from maillage.kit.pdf import compile as compilation
from maillage.kit.pdf.compile import pdf_from
from maillage.kit.pdf.glyphs import DRAWABLE, drawable
from maillage.orientation.qr import BORDER, qr_code
from tests.catalogue.worlds import offer, relay, structure
from tests.conftest import StrictClient

pytestmark = pytest.mark.django_db

#: The data of a sheet with nothing in it.
BLANK: dict[str, Any] = {
    "lang": "fr",
    "title": "x",
    "author": "x",
    "description": "x",
    "accent": "#9c3d12",
    "situation": [],
    "url": "https://x.fr",
    "qr": None,
    "qr_alt": "",
    "qr_caption": "x",
    "contacts": [],
    "stages": [],
    "words": {"contacts": "x", "documents": "x"},
    "note": "",
    "footer": "x",
}


def pdf(client: StrictClient, query: str = "", **headers: str) -> pikepdf.Pdf:
    answer = client.get(f"/parcours.pdf?{query}", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    return pikepdf.open(io.BytesIO(answer.content))


def tags(document: pikepdf.Pdf) -> list[Any]:
    """Every element of the structure tree, in reading order."""
    found: list[Any] = []

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            found.append(node)
            if "/K" in node:
                walk(node["/K"])

    walk(document.Root.StructTreeRoot["/K"])
    return found


def links(document: pikepdf.Pdf) -> list[str]:
    return [str(note.A.URI) for page in document.pages for note in page.get("/Annots", []) if "/A" in note and "/URI" in note.A]


def test_it_is_tagged_titled_and_in_french(client: StrictClient) -> None:
    offer(structure(name="Qui"), name="Quoi")
    document = pdf(client, "etape=creation&commune=53062")
    assert bool(document.Root.MarkInfo.Marked)
    assert str(document.Root.Lang) == "fr"
    assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
    with document.open_metadata() as metadata:
        assert metadata["dc:title"] == "Mon parcours"
        assert metadata["pdfuaid:part"] == "1"
    kinds = [str(tag.S) for tag in tags(document)]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") >= 1
    assert kinds.count("/H3") >= 1
    assert "/L" in kinds


def test_its_headings_never_skip_a_level(client: StrictClient) -> None:
    relay(structure(name="Réseau"), commune="53062", phone="0243000000")
    for stage in ("idee", "creation"):
        offer(stages=[stage])
    document = pdf(client, "etape=idee&commune=53062")
    levels = [int(str(tag.S)[2]) for tag in tags(document) if re.fullmatch("/H[1-6]", str(tag.S))]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_the_qr_code_has_words_and_carries_the_whole_address(client: StrictClient) -> None:
    offer()
    document = pdf(client, "besoin=juridique&etape=creation")
    address = "http://testserver/parcours/?etape=creation&besoin=juridique"
    figures = [tag for tag in tags(document) if str(tag.S) == "/Figure"]
    assert [str(figure.Alt) for figure in figures] == [f"Code QR qui mène à la page de ce parcours\u202f: {address}"]
    assert address in links(document)


def test_the_address_is_the_one_of_the_installation(client: StrictClient, settings: Any) -> None:
    settings.SITE_URL = "https://essor.example.org"
    assert "https://essor.example.org/parcours/" in links(pdf(client))
    settings.SITE_IS_HTTPS = True
    settings.SECURE_SSL_REDIRECT = False
    # the other portal of the same installation keeps its own name, which comes from our data
    assert "https://tremplin.localhost/parcours/" in links(pdf(client, host="tremplin.localhost"))


def test_the_same_offers_are_on_the_page_and_on_the_sheet(client: StrictClient) -> None:
    phone = structure(name="Réseau", phone="0243000000")
    offer(phone, name="Premier conseil", stages=["creation"])
    text = _text(client.get("/parcours.pdf?etape=creation").content)
    assert "Premier conseil" in text
    assert "Réseau" in text
    assert "tel:+33243000000" in links(pdf(client, "etape=creation"))


@pytest.mark.parametrize(
    "poison",
    [
        '#panic("x")',
        '"] #read("/etc/passwd")',
        "= Titre *gras* _penché_ $x$ `code` <label> @ref",
        "\\u{1F600} // commentaire /* long */",
        "https://exemple.fr/" + "a" * 250,
        "\u202eécrit à l'envers \u0007 👩‍🌾 漢字",
    ],
)
def test_nothing_in_the_data_is_read_as_markup(client: StrictClient, poison: str) -> None:
    offer(structure(name=poison), name=poison, summary=poison, documents=[poison], stages=["creation"])
    document = pdf(client, "etape=creation")
    assert sum(str(tag.S) == "/H1" for tag in tags(document)) == 1
    text = _text(client.get("/parcours.pdf?etape=creation").content)
    assert "root:" not in text
    if poison.startswith("#panic"):
        assert '#panic("x")' in text


def test_a_long_plan_stays_one_document(client: StrictClient) -> None:
    uids = [offer(name=f"Offre {number}", summary="mot " * 120, documents=["pièce"] * 20).uid for number in range(30)]
    document = pdf(client, "&".join(f"offre={uid}" for uid in uids))
    assert sum(str(tag.S) == "/H3" for tag in tags(document)) == 30


def test_when_too_many_are_asked_for_the_page_answers_instead(client: StrictClient, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(name="Toujours là")
    monkeypatch.setattr(compilation, "PATIENCE", 0.01)
    for _ in range(compilation.AT_ONCE):
        assert compilation._turns.acquire(timeout=1)
    try:
        answer = client.get("/parcours.pdf?etape=idee")
    finally:
        for _ in range(compilation.AT_ONCE):
            compilation._turns.release()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Toujours là" in answer.content.decode()


def test_every_character_that_we_let_through_is_drawn() -> None:
    """typst refuses the whole document when one character has no shape: drawing them all proves the list."""
    words = [" ".join(sorted(DRAWABLE)[start : start + 40]) for start in range(0, len(DRAWABLE), 40)]
    step = {"name": "x", "who": "", "summary": "", "lines": [{"text": word, "to": ""} for word in words], "documents": []}
    assert pdf_from("maillage.orientation.pdf", "plan.typ", {**BLANK, "stages": [{"name": "x", "steps": [step]}]}, 0).startswith(
        b"%PDF"
    )


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("École, cœur, 12\u202f000\u202f€", "École, cœur, 12\u202f000\u202f€"),
        ("e\u0301te\u0301", "été"),
        ("deux\nlignes\u200b et \u202eun piège", "deux lignes et un piège"),
        ("漢字 👩\u200d🌾", "□□ □□"),
    ],
)
def test_a_character_without_a_shape_is_shown_as_a_square(text: str, drawn: str) -> None:
    assert drawable(text) == drawn


def test_too_much_data_is_refused_before_drawing() -> None:
    with pytest.raises(ValueError, match="characters"):
        pdf_from("maillage.orientation.pdf", "plan.typ", {"text": "x" * (compilation.LONGEST + 1)}, 0)


def test_the_sheet_speaks_english_too(client: StrictClient) -> None:
    answer = client.get("/en/parcours.pdf")
    assert str(pikepdf.open(io.BytesIO(answer.content)).Root.Lang) == "en"


def test_a_qr_code_keeps_its_white_border_and_an_address_too_long_has_none() -> None:
    code = qr_code("https://essor.example.org/parcours/")
    assert code is not None
    rows = {int(y) for _x, y in re.findall(r"M(\d+),(\d+)", code.path)}
    assert min(rows) == BORDER
    assert max(rows) == code.side - BORDER - 1
    assert qr_code("https://essor.example.org/?" + "a" * 3000) is None


def _text(content: bytes) -> str:
    """The words of a PDF, as a reader's software extracts them."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext (paquet poppler-utils) n’est pas installé")
    done = subprocess.run([program, "-", "-"], input=content, capture_output=True, check=True)
    return done.stdout.decode()


def test_fonts_are_those_of_typst(client: StrictClient, tmp_path: Path) -> None:
    offer()
    document = pdf(client)
    names = {str(font.BaseFont).split("+")[-1] for page in document.pages for font in page.Resources.get("/Font", {}).values()}
    assert names
    assert all(name.startswith(("LibertinusSerif", "DejaVuSansMono", "NewCM")) for name in names)
