"""The page of an offer: three-valued checklist, facts with their sources, and what becomes of an address over time."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maillage.catalogue.enums import Status
from maillage.catalogue.models import Offer
from maillage.journal.actions import record
from tests.catalogue.worlds import offer, structure
from tests.conftest import StrictClient
from tests.orientation.pages.reading import get, words

pytestmark = pytest.mark.django_db

HIRING = {"field": "salaries", "operator": ">=", "value": 1, "label": "Avoir au moins un emploi"}


def checklist(html: str) -> list[str]:
    """The points of the checklist, answer first."""
    part = html[html.index('id="conditions"') : html.index("</section>", html.index('id="conditions"'))]
    return [
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", line)).strip()
        for line in re.findall(r'<li class="i [^"]+">(.*?)</li>', part, re.S)
    ]


def test_each_condition_is_answered_in_three_values_with_the_word_said(client: StrictClient) -> None:
    sheet = offer(stages=["creation"], coverage=["departement:53"], legal_forms=["association"], conditions=[HIRING])
    html = get(client, f"{sheet.get_absolute_url()}?etape=creation&commune=53062&salaries=0")
    assert checklist(html) == [
        "Oui – Pour l’étape Création",
        "Oui – Couvre la Mayenne",
        "À vérifier – Réservé à la forme juridique : Association",
        "Non – Avoir au moins un emploi",
    ]
    assert "Une condition ne correspond pas" in words(html)


def test_an_answer_is_never_told_by_colour_alone(client: StrictClient) -> None:
    sheet = offer(stages=["creation"], conditions=[HIRING])
    html = get(client, f"{sheet.get_absolute_url()}?etape=idee")
    assert all(line.split(" – ")[0] in {"Oui", "Non", "À vérifier"} for line in checklist(html))
    assert len(checklist(html)) == 3


def test_what_is_to_check_can_be_answered_on_the_spot_and_what_was_said_is_kept(client: StrictClient) -> None:
    sheet = offer(coverage=["departement:53"], conditions=[HIRING])
    html = get(client, f"{sheet.get_absolute_url()}?etape=creation")
    form = html[html.index("<form") : html.index("</form>")]
    assert 'name="etape" value="creation"' in form
    assert 'name="commune"' in form
    assert 'name="salaries"' in form
    again = get(client, f"{sheet.get_absolute_url()}?etape=creation&commune=53062&salaries=2")
    assert {line.split(" – ")[0] for line in checklist(again)} == {"Oui"}


def test_cost_and_welcome_are_told_as_facts_not_as_questions(client: StrictClient) -> None:
    sheet = offer(cost="gratuit", modes=["distance"])
    html = get(client, sheet.get_absolute_url())
    assert not any("Coût" in line or "Accueil" in line for line in checklist(html))
    assert "Gratuit" in words(html)
    assert "À distance" in words(html)


@time_machine.travel("2026-11-23 10:00:00+01:00", tick=False)
def test_the_facts_of_the_sheet_are_there_with_their_sources_and_doubts(client: StrictClient) -> None:
    sheet = offer(
        structure(name="Banque d’essai", phone="0243000000"),
        kind="financement",
        instrument="pret",
        amount_min=Decimal(500),
        amount_max=Decimal("12000"),
        closes=date(2026, 12, 1),
        documents=["Statuts", "Budget"],
        how_to_apply="Écrire d'abord.",
        notes="Les sources ne disent pas toutes la même chose.",
        licence="Licence Ouverte 2.0",
        sources=[{"url": "https://www.exemple.fr/page", "read_on": "2026-11-22", "licence": "CC BY", "supports": ["offer.name"]}],
    )
    html = get(client, sheet.get_absolute_url())
    text = words(html)
    assert "de 500 € à 12 000 €" in text
    assert "Date limite : 1er décembre 2026" in text
    assert "Statuts" in text
    assert "Écrire d’abord." in text
    assert "exemple.fr , lue le 22 novembre 2026 – licence : CC BY" in text
    assert "Les sources ne disent pas toutes la même chose." in text
    assert "À confirmer par la structure" in text
    assert 'href="tel:+33243000000"' in html
    assert f'href="/signaler/offre/{sheet.handle}/"' in html
    assert f'href="/offres/{sheet.handle}/echeances.ics"' in html


def test_a_verified_sheet_says_when_and_by_whom(client: StrictClient) -> None:
    sheet = offer(verified_on=date(2026, 11, 1), verified_by="Alice, de la structure")
    assert "Vérifiée le 1er novembre 2026 par Alice, de la structure" in words(get(client, sheet.get_absolute_url()))


@time_machine.travel("2026-11-23 10:00:00+01:00", tick=False)
def test_an_offer_that_is_over_says_so_first(client: StrictClient) -> None:
    sheet = offer(closes=date(2026, 11, 22))
    text = words(get(client, sheet.get_absolute_url()))
    assert text.index("C’est fermé depuis le 22 novembre 2026") < text.index("Est-ce pour vous")


def test_similar_offers_serve_the_same_place_and_keep_the_situation(client: StrictClient) -> None:
    sheet = offer(kind="formation", needs=["juridique"], name="Celle-ci")
    offer(kind="formation", needs=["juridique"], coverage=["departement:53"], name="Ici")
    offer(kind="formation", needs=["juridique"], coverage=["departement:80"], name="Ailleurs")
    offer(kind="conseil", needs=["juridique"], name="Autre nature")
    html = get(client, f"{sheet.get_absolute_url()}?commune=53062")
    part = html[html.index("Offres semblables") :]
    assert "Ici" in part
    assert "Ailleurs" not in part
    assert "Autre nature" not in part
    assert re.search(r'href="/offres/ici-[a-z2-7]{12}/\?commune=53062"', part)


def test_an_offer_can_be_added_to_a_plan_that_already_holds_others(client: StrictClient) -> None:
    first, second = offer(), offer()
    html = get(client, f"{second.get_absolute_url()}?etape=idee&offre={first.uid}")
    assert f"/parcours/?etape=idee&offre={first.uid}&offre={second.uid}" in html
    assert "Ajouter à mon parcours" in html
    assert "Revenir à mon parcours" in get(client, f"{first.get_absolute_url()}?offre={first.uid}")


def test_other_words_in_the_address_lead_to_the_canonical_one_with_the_situation(client: StrictClient) -> None:
    sheet = offer(name="Un nom nouveau")
    answer = client.get(f"/offres/un-nom-ancien-{sheet.uid}/?etape=idee&besoin=juridique")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"/offres/un-nom-nouveau-{sheet.uid}/?etape=idee&besoin=juridique"


@pytest.mark.parametrize("status", [Status.DRAFT, Status.REVIEW, Status.SUSPENDED])
def test_a_sheet_that_was_never_public_does_not_exist_for_visitors(client: StrictClient, status: str) -> None:
    sheet = offer(status=status, name="Secrète")
    assert "Secrète" not in get(client, sheet.get_absolute_url(), status=404)


def test_an_archived_sheet_that_was_public_says_so_and_proposes_something_else(client: StrictClient) -> None:
    sheet = offer(status=Status.ARCHIVED, name="L'ancienne")
    other = offer(name="La nouvelle")
    assert client.get(sheet.get_absolute_url()).status_code == 404  # archived before anybody saw it
    record("published", sheet)
    text = get(client, sheet.get_absolute_url(), status=410)
    assert "n’est plus publiée" in words(text)
    assert other.get_absolute_url() in text


def test_a_withdrawn_offer_and_one_whose_structure_left_are_gone(client: StrictClient) -> None:
    withdrawn = offer(withdrawn_on=date(2026, 1, 1))
    orphan = offer(structure(withdrawn_on=date(2026, 1, 1)))
    hidden = offer(structure(status=Status.SUSPENDED))
    assert client.get(withdrawn.get_absolute_url()).status_code == 410
    assert client.get(orphan.get_absolute_url()).status_code == 410
    assert client.get(hidden.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("handle", ["x", "abcdefghijkl", "-", "a" * 300, "offre-ZZZZZZZZZZZZ"])
def test_a_handle_that_names_nothing_is_not_found(client: StrictClient, handle: str) -> None:
    assert client.get(f"/offres/{handle}/").status_code == 404


def test_what_is_not_understood_in_the_address_is_said_and_the_page_still_answers(client: StrictClient) -> None:
    sheet = offer()
    text = words(get(client, f"{sheet.get_absolute_url()}?etape=nimporte&commune=zzzz&salaries=abc&offre=%3Cscript%3E"))
    assert "Nous n’avons pas compris" in text
    assert "À corriger" in text


def test_linked_data_says_the_same_and_cannot_leave_its_element(client: StrictClient) -> None:
    sheet = offer(
        structure(name="</script><script>alert(1)</script>", nonprofit="public"),
        name="A & B <b>",
        coverage=["departement:53"],
        cost="gratuit",
    )
    raw = client.get(sheet.get_absolute_url()).content.decode()
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', raw, re.S)
    assert len(blocks) == 3  # the offer, where the page is, which page it is
    data = json.loads(blocks[0])
    assert data["@type"] == "GovernmentService"
    assert data["name"] == "A & B <b>"
    assert data["provider"]["name"] == "</script><script>alert(1)</script>"
    assert data["areaServed"] == [{"@type": "AdministrativeArea", "name": "Mayenne"}]
    assert data["url"].startswith("http://testserver/offres/")
    assert "<script>alert" not in raw


def test_links_from_data_are_of_the_web_or_are_not_links(client: StrictClient) -> None:
    sheet = offer(
        structure(website="vbscript:alert(1)"),
        url="data:text/html,x",
        source_url="vbscript:x",
        sources=[{"url": "ftp://exemple.fr/x"}, {"url": "http://[", "read_on": "hier"}],
    )
    html = get(client, sheet.get_absolute_url())
    assert not re.search(r'<a href="(?:ftp|data|vbscript):', html)
    assert "serviceUrl" not in html


def test_the_page_asks_the_database_the_same_number_of_questions_whatever_the_catalogue(client: StrictClient) -> None:
    sheet = offer(kind="conseil", needs=["juridique"])

    def questions() -> int:
        client.get(sheet.get_absolute_url())  # the index reads the catalogue first
        with CaptureQueriesContext(connection) as captured:
            client.get(sheet.get_absolute_url())
        return len(captured)

    few = questions()
    for _ in range(30):
        offer(kind="conseil", needs=["juridique"])
    assert questions() == few
    assert Offer.objects.count() == 31


def test_the_page_speaks_english_under_its_own_address(client: StrictClient) -> None:
    sheet = offer()
    assert '<html lang="en"' in get(client, f"/en{sheet.get_absolute_url()}")
