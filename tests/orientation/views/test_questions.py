"""The questions: pure GET, each skippable, what was answered is carried in the address, homonyms lead to a choice."""

from __future__ import annotations

import random
import re
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from maillage.orientation.views.questions import SLUGS
from tests.catalogue.worlds import offer
from tests.conftest import StrictClient

pytestmark = pytest.mark.django_db

EVERYTHING = "etape=creation&commune=53084&besoin=juridique&besoin=locaux&secteur=culture&forme=association&salaries=2"


def page(client: StrictClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.content.decode())


def carried(html: str) -> list[tuple[str, str]]:
    return re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html)


@pytest.mark.parametrize("slug", SLUGS)
def test_each_question_has_one_title_and_leads_to_the_next_by_a_plain_form(client: StrictClient, slug: str) -> None:
    html = page(client, f"/questions/{slug}/")
    following = [*(f"/questions/{other}/" for other in SLUGS), "/resultats/"][SLUGS.index(slug) + 1]
    assert html.count("<h1") == 1
    assert f'<form method="get" action="{following}"' in html
    assert f"question {SLUGS.index(slug) + 1} sur 5 – Essor</title>" in html


@pytest.mark.parametrize("slug", SLUGS)
def test_each_question_can_be_passed_without_losing_the_other_answers(client: StrictClient, slug: str) -> None:
    html = page(client, f"/questions/{slug}/?{EVERYTHING}")
    skip = re.search(r'<a class="button button-quiet" href="([^"]+)">Je ne sais pas, passer', html)
    assert skip
    field = {"etape": "etape", "commune": "commune", "besoins": "besoin", "forme": "forme", "secteur": "secteur"}[slug]
    expected = [pair for pair in parse_qsl(EVERYTHING) if pair[0] != field]
    assert sorted(parse_qsl(urlsplit(skip[1]).query)) == sorted(expected)
    typing = [("saisie", "1")] if slug == "commune" else []  # five digits that a person types are a postal code first
    assert sorted(carried(html)) == sorted(expected + typing)


def test_what_was_said_is_shown_in_words_with_a_link_to_change_it(client: StrictClient) -> None:
    html = page(client, f"/questions/secteur/?{EVERYTHING}")
    for words in ("Création", "Craon (Mayenne, 53400)", "Juridique et statuts, Locaux et immobilier", "Association", "Culture"):
        assert words in html
    assert 'href="/questions/besoins/?etape=creation' in html


def test_answers_already_given_are_ticked_again(client: StrictClient) -> None:
    assert re.search(r'value="creation" checked', page(client, f"/questions/etape/?{EVERYTHING}"))
    assert re.search(r'name="besoin" value="juridique" checked', page(client, f"/questions/besoins/?{EVERYTHING}"))
    assert 'value="Craon 53400"' in page(client, f"/questions/commune/?{EVERYTHING}")


def test_homonyms_lead_to_a_choice_with_codes(client: StrictClient) -> None:
    html = page(client, "/questions/besoins/?etape=idee&commune=craon")
    assert "Où se trouve le projet" in html
    assert re.findall(r'name="commune" value="([^"]+)"><span>([^<]+)<', html) == [
        ("53084", "Craon (Mayenne, 53400)"),
        ("86087", "Craon (Vienne, 86110)"),
    ]
    assert "<title>Erreur" in html
    assert carried(html) == [("etape", "idee")]


def test_an_unknown_commune_is_asked_again_beside_its_field(client: StrictClient) -> None:
    html = page(client, "/questions/forme/?commune=Nullepartville")
    assert 'aria-invalid="true"' in html
    assert 'value="Nullepartville"' in html
    assert "Nous ne connaissons pas de commune" in html


def test_a_project_in_difficulties_is_not_questioned(client: StrictClient) -> None:
    answer = client.get("/questions/besoins/?etape=difficultes&commune=53084")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/resultats/?etape=difficultes&commune=53084")


def test_a_question_that_does_not_exist_is_not_found(client: StrictClient) -> None:
    assert client.get("/questions/signe-astrologique/").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["etape=zz", "besoin=%F0%9F%98%80", "commune=" + "x" * 3000, "forme=<script>alert(1)</script>", "salaries=-3", "a=b&a=c"],
)
def test_any_address_gives_a_page(client: StrictClient, query: str) -> None:
    for slug in SLUGS:
        answer = client.get(f"/questions/{slug}/?{query}")
        assert answer.status_code == 200
        assert b"<script>alert" not in answer.content


def test_nothing_is_posted_and_nothing_is_stored(client: StrictClient) -> None:
    assert client.post("/questions/etape/").status_code in {403, 405}
    assert not client.get("/questions/etape/").cookies


def test_walking_back_and_forth_gives_the_same_pages(client: StrictClient) -> None:
    offer(stages=["creation"])
    chance = random.Random(20261123)
    seen: dict[str, str] = {}
    history = ["/"]
    for _ in range(120):
        here = history[-1]
        html = page(client, here)
        body = html[html.index("<main") : html.index("</main>")]
        assert seen.setdefault(here, body) == body
        links = [link for link in re.findall(r'href="(/[^"#]*)"', body) if link.startswith(("/questions/", "/resultats/"))]
        if len(history) > 1 and chance.random() < 0.3:
            history.pop()  # Back: the same address gives the same page
        elif links and chance.random() < 0.7:
            history.append(chance.choice(links))
        else:
            history.append(f"/questions/{chance.choice(SLUGS)}/?{urlencode([('etape', chance.choice(['idee', 'creation']))])}")
