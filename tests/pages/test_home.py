"""The home page: one question, a second door, what the catalogue holds, calls that close soon."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from maillage.vocabulary.words import vocabulary
from tests.catalogue.worlds import offer, structure
from tests.conftest import StrictClient

pytestmark = pytest.mark.django_db


def page(client: StrictClient, path: str = "/", **extra: str) -> str:
    answer = client.get(path, **extra)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_six_stages_are_offered_with_their_plain_words(client: StrictClient) -> None:
    html = page(client)
    assert re.findall(r'name="etape" value="([a-z]+)"', html) == list(vocabulary().codes("stage"))
    assert "J’ai une idée, une envie, un besoin repéré" in html
    assert html.count("<h1") == 1


def test_it_has_two_doors_and_both_are_plain_get_forms(client: StrictClient) -> None:
    html = page(client)
    assert re.findall(r'<form method="(\w+)" action="([^"]+)"', html) == [
        ("get", "/questions/besoins/"),
        ("get", "/reseaux-et-relais/"),
    ]
    assert 'formaction="/resultats/"' in html


def test_it_leaves_nothing_on_the_device(client: StrictClient) -> None:
    answer = client.get("/")
    assert not answer.cookies
    assert "Set-Cookie" not in answer.headers


def test_each_portal_speaks_of_its_own_territory(client: StrictClient) -> None:
    offer(coverage=["departement:80"], kind="formation")
    assert "<b>1</b> <span>Formation" in page(client, HTTP_HOST="tremplin.localhost")
    essor = page(client, HTTP_HOST="essor.localhost")
    assert 'data-portal="pays-de-la-loire"' in essor
    assert "Formation" not in essor
    assert "Le catalogue est encore vide" in essor


def test_it_counts_open_offers_of_each_kind(client: StrictClient) -> None:
    offer(kind="conseil")
    offer(kind="conseil", coverage=["departement:53"])
    offer(kind="conseil", closes=timezone.localdate() - timedelta(days=1))
    offer(kind="financement", status="draft")
    html = page(client, HTTP_HOST="essor.localhost")
    assert '<a href="/resultats/?nature=conseil"><b>2</b>' in html
    assert "nature=financement" not in html


def test_calls_that_close_within_three_months_come_nearest_first(client: StrictClient) -> None:
    today, owner = timezone.localdate(), structure(name="La Région")
    for name, days in (("Tard", 200), ("Bientôt", 30), ("Demain", 1), ("Hier", -1)):
        offer(owner, name=name, closes=today + timedelta(days=days))
    html = page(client)
    calls = html[html.index('id="appels"') :]
    assert re.findall(r'<a href="/offres/[^"]+">([^<]+)</a>', calls) == ["Demain", "Bientôt"]


def test_without_any_deadline_it_says_so(client: StrictClient) -> None:
    assert "Aucune date limite dans les trois mois" in page(client)


def test_the_other_language_is_one_link_away_and_keeps_the_address(client: StrictClient) -> None:
    assert '<a href="/en/questions/besoins/?etape=idee" hreflang="en" lang="en">English</a>' in page(
        client, "/questions/besoins/?etape=idee"
    )
    assert '<a href="/questions/besoins/?etape=idee" hreflang="fr" lang="fr">Français</a>' in page(
        client, "/en/questions/besoins/?etape=idee"
    )


@pytest.mark.parametrize("count", [1, 30])
def test_the_number_of_statements_does_not_grow_with_the_catalogue(
    client: StrictClient, count: int, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for number in range(count):
        offer(closes=timezone.localdate() + timedelta(days=number))
    page(client)
    with django_assert_num_queries(2):  # the revision, the calls
        page(client)
