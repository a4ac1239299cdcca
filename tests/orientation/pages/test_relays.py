"""Networks and relays: the table is the content, the map shows the same rows."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.catalogue.worlds import relay, structure
from tests.conftest import StrictClient
from tests.orientation.pages.reading import get, rows, words

pytestmark = pytest.mark.django_db

LAVAL, CHATEAU_GONTIER, LE_MANS, AMIENS = "53130", "53062", "72181", "80021"


def network(level: str, code: str, **fields: Any) -> Any:
    return structure(roles=[{"role": "reseau-local-ess", "territory": {"level": level, "code": code}}], **fields)


def names(html: str) -> list[str]:
    """The name in each row, in order."""
    return re.findall(r'<th scope="row"[^>]*>.*?<a href="[^"]*">([^<]+)</a>', html, re.S)


def marks(html: str) -> tuple[set[str], set[str]]:
    """The numbers shown in the table, and those drawn on the map."""
    table = set(re.findall(r'<span class="mark">.*?</span>(\d+)</span>', html, re.S))
    return table, set(re.findall(r'<text y="2.8" text-anchor="middle">(\d+)</text>', html))


def test_networks_that_cover_the_commune_come_first_then_places_by_distance(client: StrictClient) -> None:
    network("region", "52", name="Régional")
    network("departement", "53", name="Départemental")
    network("departement", "80", name="Lointain")
    relay(name="À Laval", commune=LAVAL)
    relay(name="À Château", commune=CHATEAU_GONTIER)
    relay(name="À Amiens", commune=AMIENS)
    html = get(client, f"/reseaux-et-relais/?commune={CHATEAU_GONTIER}")
    assert names(html) == ["Départemental", "Régional", "À Château", "À Laval"]
    assert "Couvre la Mayenne" in words(html)
    assert "moins de 1 km" in words(html)


def test_a_place_reserved_to_another_territory_is_not_proposed(client: StrictClient) -> None:
    relay(name="Pour la Sarthe", commune=LE_MANS, coverage=["departement:72"])
    relay(name="Pour tous", commune=LE_MANS)
    assert names(get(client, f"/reseaux-et-relais/?commune={LAVAL}")) == ["Pour tous"]


@time_machine.travel("2026-11-23 10:00:00+01:00", tick=False)
def test_hours_are_told_in_words_with_the_state_of_the_moment(client: StrictClient) -> None:
    relay(
        name="Ouvert", commune=LAVAL, opening_hours="Mo-Fr 09:00-12:00", languages=["fr", "anglais", "EN"], accessibility="Rampe"
    )
    relay(name="Fermé", commune=LAVAL, opening_hours="Tu 14:00-17:00")
    relay(name="Muet", commune=LAVAL, address="1 rue d'Essai")
    table = {row[0].split(" À confirmer")[0]: row for row in rows(get(client, f"/reseaux-et-relais/?commune={LAVAL}"))}
    opened, closed, mute = (next(row for name, row in table.items() if word in name) for word in ("Ouvert", "Fermé", "Muet"))
    assert "Ouvert jusqu’à 12 h" in opened[2]
    assert "du lundi au vendredi : 9 h – 12 h" in opened[2]
    assert "Accessibilité du lieu : Rampe" in opened[1]
    assert "Langues : français, anglais, anglais" in opened[1]
    assert "Ouvre demain à 14 h" in closed[2]
    assert "Horaires non renseignés : appelez avant de venir" in mute[2]
    assert "Accessibilité du lieu : non renseignée" in mute[1]


def test_the_map_draws_the_numbered_rows_and_nothing_else(client: StrictClient) -> None:
    relay(name="Ici", commune=LAVAL)
    relay(name="Par téléphone", coverage=["departement:53"])
    relay(name="À côté", commune=CHATEAU_GONTIER)
    html = get(client, f"/reseaux-et-relais/?commune={LAVAL}")
    table, drawn = marks(html)
    assert table == drawn
    assert len(drawn) == 2
    assert html.index("<table") < html.index("<svg", html.index("<table"))
    assert 'role="img" aria-label="' in html


def test_a_place_overseas_beside_the_mainland_has_no_number(client: StrictClient) -> None:
    network("departement", "972", name="Martinique", commune="97209")
    network("departement", "53", name="Mayenne", commune=LAVAL)
    html = get(client, "/reseaux-et-relais/")
    table, drawn = marks(html)
    assert table == drawn


def test_without_a_commune_the_whole_region_of_the_portal_is_listed(client: StrictClient) -> None:
    network("departement", "53", name="Mayenne")
    network("departement", "80", name="Somme")
    essor = client.get("/reseaux-et-relais/", headers={"host": "essor.localhost"}).content.decode()
    tremplin = client.get("/reseaux-et-relais/", headers={"host": "tremplin.localhost"}).content.decode()
    assert names(essor) == ["Mayenne"]
    assert names(tremplin) == ["Somme"]


def test_the_level_filters_and_its_count_is_exact(client: StrictClient) -> None:
    for number in range(3):
        relay(name=f"Information {number}", commune=LAVAL, level="information")
    relay(name="Spécialiste", commune=LAVAL, level="accompagnement-specialiste")
    html = get(client, f"/reseaux-et-relais/?commune={LAVAL}&niveau=accompagnement-specialiste")
    assert names(html) == ["Spécialiste"]
    assert "Information ( 3 )" in words(html).replace("(3)", "( 3 )")
    assert len(names(get(client, f"/reseaux-et-relais/?commune={LAVAL}&niveau=nimporte"))) == 4


def test_homonyms_lead_to_a_choice_and_an_unknown_commune_to_a_sentence(client: StrictClient) -> None:
    html = get(client, "/reseaux-et-relais/?commune=Saint-Denis&niveau=information")
    assert re.search(r'href="\?commune=93066&niveau=information"', html)
    html = get(client, "/reseaux-et-relais/?commune=Nulle-Part-sur-Rien")
    assert "Nous ne connaissons pas de commune" in words(html)
    assert "<title>Erreur" in html
    assert 'value="Nulle-Part-sur-Rien"' in html


def test_a_role_that_has_ended_is_not_shown(client: StrictClient) -> None:
    structure(
        name="Ancien",
        roles=[{"role": "reseau-local-ess", "territory": {"level": "departement", "code": "53"}, "until": "2020-01-01"}],
    )
    assert "Ancien" not in get(client, f"/reseaux-et-relais/?commune={LAVAL}")


def test_a_place_that_says_no_more_than_its_structure_is_one_row(client: StrictClient) -> None:
    owner = network("departement", "53", name="Le réseau", commune=LAVAL, address="1 rue d’Essai")
    relay(owner, name="Le réseau, à Laval", commune=LAVAL, address="1 rue d’Essai")
    relay(owner, name="Sa permanence", commune=LAVAL, address="1 rue d’Essai", opening_hours="Mo 09:00-12:00")
    assert names(get(client, f"/reseaux-et-relais/?commune={LAVAL}")) == ["Le réseau", "Sa permanence"]


@pytest.mark.parametrize("page", ["2", "0", "-1", "abc", "999999999999999999999"])
def test_any_page_number_gives_a_page(client: StrictClient, page: str) -> None:
    for number in range(25):
        relay(name=f"Relais {number:02}", commune=LAVAL)
    assert names(get(client, f"/reseaux-et-relais/?commune={LAVAL}&page={page}"))


def test_one_or_thirty_places_cost_the_same_number_of_questions_to_the_database(client: StrictClient) -> None:
    def questions() -> int:
        client.get(f"/reseaux-et-relais/?commune={LAVAL}")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/reseaux-et-relais/?commune={LAVAL}")
        return len(captured)

    relay(commune=LAVAL)
    few = questions()
    for _ in range(30):
        relay(commune=LAVAL)
    assert questions() == few <= 1
