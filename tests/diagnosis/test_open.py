"""The open diagnosis: everything in the address, nothing kept, whatever the address holds."""

from __future__ import annotations

import gzip
import html
import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from maillage.diagnosis.load import LoadedGrids
from maillage.diagnosis.models import Assessment, Diagnosis
from tests.conftest import StrictClient
from tests.diagnosis.grids import shipped
from tests.whole.cast import make_world

LIST = "/autodiagnostic/complete/1/"
RESULT = f"{LIST}resultat/"


def words(answer: HttpResponse) -> str:
    """What a page says, without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def test_both_grids_are_proposed(client: StrictClient, grids: LoadedGrids) -> None:
    page = words(client.get("/autodiagnostic/"))
    assert "Grille complète" in page
    assert "Premier regard" in page
    assert "20 critères" in page
    assert "Full grid" in words(client.get("/en/autodiagnostic/"))


def test_the_whole_grid_is_filled_by_following_addresses_and_nothing_is_kept(client: StrictClient, grids: LoadedGrids) -> None:
    address = f"{LIST}question/porte/"
    letters = "1" + "oepnxs" * 3 + "oo"
    for letter in letters:
        page = client.get(address)
        assert page.status_code == 200
        answer = client.get(f"{address}{'&' if '?' in address else '?'}reponse={letter}&suite=suivant")
        assert answer.status_code == 302
        address = answer["Location"]
    assert urlsplit(address).path == RESULT
    assert parse_qs(urlsplit(address).query)["r"] == [letters]
    assert not client.get(address).cookies
    assert not Diagnosis.objects.exists()
    assert not Assessment.objects.exists()


def test_an_answer_may_be_left_out_or_changed(client: StrictClient, grids: LoadedGrids) -> None:
    answer = client.get(f"{LIST}question/besoin-nomme/?r=1n&suite=suivant")
    assert answer["Location"] == f"{LIST}question/besoin-verifie/?r=1n"
    answer = client.get(f"{LIST}question/besoin-nomme/?r=1n&reponse=o&suite=liste")
    assert answer["Location"] == f"{LIST}?r=1o"
    assert 'value="n" checked' in client.get(f"{LIST}question/besoin-nomme/?r=1n").content.decode()


def test_stage_and_commune_follow_the_answers(client: StrictClient, grids: LoadedGrids) -> None:
    answer = client.get(f"{LIST}question/besoin-nomme/?r=1&etape=creation&commune=53084&reponse=o&suite=suivant")
    assert answer["Location"].endswith("?r=1o&etape=creation&commune=53084")


def test_the_profile_says_what_it_is_worth_and_never_a_mark(client: StrictClient, grids: LoadedGrids) -> None:
    page = words(client.get(f"{RESULT}?r=1{'o' * 20}"))
    assert "sans valeur juridique" in page
    assert "ni note, ni label, ni classement" in page
    assert "faisceau d’indices convergents dans les trois familles" in page
    assert "%" not in page
    assert not re.search(r"\d+ ?/ ?\d+", page)


def test_one_strong_family_does_not_hide_an_empty_one(client: StrictClient, grids: LoadedGrids) -> None:
    page = words(client.get(f"{RESULT}?r=1{'o' * 15}nnnnn"))
    assert "Sans aucun indice dans « Expérimentation et prise de risque »" in page
    assert "Indices convergents" not in page


def test_what_is_not_known_widens_the_band(client: StrictClient, grids: LoadedGrids) -> None:
    page = client.get(f"{RESULT}?r=1{'e' * 12}{'s' * 8}").content.decode()
    assert page.count('<rect class="band"') == 3
    assert "8 critères sont sans réponse" in words(client.get(f"{RESULT}?r=1{'e' * 12}{'s' * 8}"))
    settled = client.get(f"{RESULT}?r=1{'e' * 20}").content.decode()
    widths = re.findall(r'<rect class="(band|done)"[^>]* width="([\d.]+)"', settled)
    assert [width for kind, width in widths if kind == "band"] == [width for kind, width in widths if kind == "done"]


def test_the_drawing_and_the_table_say_the_same(client: StrictClient, grids: LoadedGrids) -> None:
    code = "1onoopepoxxsnoooenpos"
    page = client.get(f"{RESULT}?r={code}").content.decode()
    drawn = [float(width) for width in re.findall(r'<rect class="done"[^>]* width="([\d.]+)"', page)]
    table = page[page.index("<tbody") : page.index("</tbody>")]
    for row, width in zip(re.findall(r"<tr.*?</tr>", table, re.S), drawn, strict=True):
        cells = [int(cell) for cell in re.findall(r"</span>(\d+)</td>", row)]
        yes, partly, not_yet, no, unknown, _aside = cells
        relevant = yes + partly + not_yet + no + unknown
        assert width == pytest.approx(318 * (2 * yes + partly) / (2 * relevant), abs=0.06)


def test_tracks_lead_to_the_orientation_of_this_place_and_stage_and_count_what_it_shows(
    client: StrictClient, grids: LoadedGrids
) -> None:
    world = make_world()  # one offer: juridique, Mayenne, idea and creation
    page = client.get(f"{RESULT}?r=1oooneeee{'o' * 12}&etape=creation&commune=53084").content.decode()
    link = "/resultats/?etape=creation&amp;commune=53084&amp;besoin=juridique"
    assert link in page
    assert "1 offre vise ce besoin" in page
    assert world.offer.name in client.get(html.unescape(link)).content.decode()
    elsewhere = client.get(f"{RESULT}?r=1oooneeee{'o' * 12}&etape=creation&commune=59350").content.decode()
    assert "1 offre vise ce besoin" not in elsewhere
    later = client.get(f"{RESULT}?r=1oooneeee{'o' * 12}&etape=consolidation&commune=53084").content.decode()
    assert "1 offre vise ce besoin" not in later
    assert "/reseaux-et-relais/?commune=53084" in page


def test_a_typed_commune_becomes_its_code_and_a_wrong_one_is_kept_in_the_field(client: StrictClient, grids: LoadedGrids) -> None:
    answer = client.get(f"{RESULT}?r=1o&etape=creation&saisie=1&commune=Craon+53400")
    assert answer["Location"] == f"{RESULT}?r=1o&etape=creation&commune=53084"
    wrong = client.get(f"{RESULT}?r=1o&etape=nimporte&saisie=1&commune=Nulle-Part-sur-Rien")
    assert wrong.status_code == 200
    assert 'value="Nulle-Part-sur-Rien"' in wrong.content.decode()
    assert "<title>Erreur" in wrong.content.decode()
    assert "Saint-Denis (Seine-Saint-Denis" in words(client.get(f"{RESULT}?r=1o&saisie=1&commune=Saint-Denis"))


def test_garbage_in_the_code_is_said_and_the_rest_is_kept(client: StrictClient, grids: LoadedGrids) -> None:
    page = client.get(f"{LIST}?r=1oZ!o")
    assert page.status_code == 200
    assert "n’avons pas comprises (z, !)" in words(page)
    assert "3 réponses sur 21" in words(page)
    assert "plus de réponses" in words(client.get(f"{LIST}?r={'-' * 21}oo"))
    wrong = client.get(f"{LIST}question/besoin-nomme/?r=1&reponse=zz&suite=suivant")
    assert "Nous n’avons pas compris cette réponse" in words(wrong)
    assert 'name="r" value="1"' in wrong.content.decode()
    assert client.get(f"{LIST}question/nimporte/?r=1o")["Location"] == f"{LIST}?r=1o"


def test_an_unknown_version_says_what_to_do_and_keeps_the_answers(client: StrictClient, grids: LoadedGrids) -> None:
    page = client.get("/autodiagnostic/complete/7/resultat/?r=1ono")
    assert page.status_code == 404
    assert "version 7" in words(page)
    assert "1ono" in words(page)
    assert "/autodiagnostic/complete/1/?r=1ono" in page.content.decode()
    unknown = client.get("/autodiagnostic/jamais-vue/1/")
    assert unknown.status_code == 404
    assert "Nous ne connaissons pas cette grille" in words(unknown)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    code=st.one_of(st.text(max_size=40), st.text("1230onpexs-", max_size=25)),
    page=st.sampled_from(["", "resultat/", "resultat.json", "garder/", "question/porte/", "question/but-ecrit/"]),
    grid=st.sampled_from(["complete/1", "rapide/1", "rapide/99999999999999999999"]),
    extra=st.dictionaries(st.sampled_from(["etape", "commune", "saisie", "reponse", "suite"]), st.text(max_size=12), max_size=3),
)
def test_anything_gets_an_honest_answer(
    client: StrictClient, grids: LoadedGrids, code: str, page: str, grid: str, extra: dict[str, str]
) -> None:
    answer = client.get(
        f"/autodiagnostic/{grid}/{page}",
        {
            "r": code.encode("utf-8", "replace").decode(),
            **{key: value.encode("utf-8", "replace").decode() for key, value in extra.items()},
        },
    )
    assert answer.status_code in (200, 302, 400, 404), (answer.status_code, page, code)


def test_the_pdf_is_one_and_the_json_says_everything(client: StrictClient, grids: LoadedGrids) -> None:
    code = "1onoopepoxxsnoooenpos"
    pdf = client.get(f"{LIST}resultat.pdf?r={code}&commune=53084")
    assert pdf["Content-Type"] == "application/pdf"
    assert b"pdfuaid" in pdf.content
    data = json.loads(client.get(f"{LIST}resultat.json?r={code}&commune=53084").content)
    assert data["format"] == "maillage-autodiagnostic-1"
    assert data["code"] == code
    assert data["grid"]["version"] == 1
    assert [family["index"] for family in data["families"]] == ["partial", "partial", "weak"]
    assert [each["code"] for each in data["criteria"]] == [each.code for each in shipped("complete").criteria]
    assert data["criteria"][0]["answer"] == "yes"
    assert "sans valeur juridique" in data["notice"]


def test_the_profile_is_light(client: StrictClient, grids: LoadedGrids) -> None:
    page = client.get(f"{RESULT}?r=1onoopepoxxsnoooenpos&commune=53084&etape=creation")
    assert len(gzip.compress(page.content, 6)) <= 40_000


def test_a_page_costs_one_read_of_the_grid_and_one_of_the_revision(
    client: StrictClient, grids: LoadedGrids, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for address, queries in ((f"{LIST}?r=1o", 1), (f"{LIST}question/but-ecrit/?r=1o", 1), (f"{RESULT}?r=1o", 2)):
        client.get(address)
        with django_assert_num_queries(queries):
            client.get(address)


def test_keeping_from_another_site_is_refused_and_too_many_wait(
    client: StrictClient, grids: LoadedGrids, post: Callable[..., HttpResponse]
) -> None:
    address = f"{LIST}garder/"
    assert client.post(address, {"r": "1o", "days": "30"}, headers={"Origin": "https://ailleurs.example"}).status_code == 403
    wrong = post(address, r="1o", days="999999")
    assert wrong.status_code == 200
    assert "Choisissez une des durées" in words(wrong)
    assert 'name="r" value="1o"' in wrong.content.decode()
    assert not Diagnosis.objects.exists()
    for _ in range(20):
        assert post(address, r="1o", days="30").status_code == 303
    refused = post(address, r="1o", days="30")
    assert refused.status_code == 429
    assert "Attendez" in words(refused)
