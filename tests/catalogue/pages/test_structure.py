"""The page of a structure: who, what they offer, where, and the labels that others granted."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.catalogue.worlds import offer, relay, structure
from tests.conftest import StrictClient
from tests.orientation.pages.reading import get, words

pytestmark = pytest.mark.django_db


def test_offers_are_listed_by_kind_and_hidden_ones_are_not(client: StrictClient) -> None:
    sheet = structure(name="Réseau d'essai", description="Accueille.", phone="0243000000", website="https://exemple.fr")
    offer(sheet, kind="formation", name="Une formation")
    offer(sheet, kind="conseil", name="Un conseil")
    offer(sheet, kind="conseil", name="Un brouillon", status="draft")
    html = get(client, sheet.get_absolute_url())
    text = words(html)
    assert text.index("Un conseil") < text.index("Une formation")
    assert "Un brouillon" not in text
    assert "Réseau d’essai" in text
    assert 'href="tel:+33243000000"' in html


@time_machine.travel("2026-11-23 10:00:00+01:00", tick=False)
def test_a_role_says_where_since_when_until_when_and_who_granted_it(client: StrictClient) -> None:
    sheet = structure(
        roles=[
            {
                "role": "guid-asso",
                "territory": {"level": "departement", "code": "53"},
                "since": "2025-01-01",
                "until": "2027-12-31",
                "authority": "Préfecture de la Mayenne",
            }
        ]
    )
    text = words(get(client, sheet.get_absolute_url()))
    assert (
        "Guid’Asso – Mayenne, depuis le 1er janvier 2025, jusqu’au 31 décembre 2027. Accordé par Préfecture de la Mayenne."
        in text
    )


@time_machine.travel("2026-11-23 10:00:00+01:00", tick=False)
def test_an_ended_label_is_said_to_be_ended_and_an_unproven_one_to_be_checked(client: StrictClient) -> None:
    ended = structure(roles=[{"role": "guid-asso", "until": "2026-11-22", "authority": "Préfecture"}])
    assert "terminé le 22 novembre 2026" in words(get(client, ended.get_absolute_url()))
    unproven = structure(roles=[{"role": "guid-asso"}])
    assert "l’autorité qui l’accorde n’est pas indiquée" in words(get(client, unproven.get_absolute_url()))
    local = structure(roles=[{"role": "reseau-local-ess"}])
    assert "À vérifier" not in words(get(client, local.get_absolute_url()))


def test_broken_roles_do_not_break_the_page(client: StrictClient) -> None:
    sheet = structure(roles=[{"role": "inconnu", "territory": {"level": "canton", "code": "1"}, "since": "hier", "until": 3}, {}])
    assert "inconnu" in words(get(client, sheet.get_absolute_url()))


def test_places_are_described_for_whoever_comes(client: StrictClient) -> None:
    sheet = structure(phone="0243000000")
    place = relay(
        sheet,
        name="La permanence",
        address="1 rue d'Essai",
        commune="53130",
        postcode="53000",
        opening_hours="Mo-Fr 09:00-12:00; PH off",
        by_appointment=True,
        services="Une salle",
        languages=["français"],
    )
    html = get(client, sheet.get_absolute_url())
    text = words(html)
    assert "du lundi au vendredi : 9 h – 12 h" in text
    assert "1 rue d’Essai, 53000 Laval" in text
    assert "Non renseignée : appelez avant de venir." in text
    assert "Sur rendez-vous" in text
    assert f'id="{place.uid}"' in html
    assert f'href="/signaler/relais/{place.handle}/"' in html


def test_the_address_follows_the_name_and_gone_structures_say_so(client: StrictClient) -> None:
    sheet = structure(name="Nom nouveau")
    answer = client.get(f"/structures/nom-ancien-{sheet.uid}/?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{sheet.get_absolute_url()}?x=1")
    assert client.get(structure(status="draft").get_absolute_url()).status_code == 404
    assert "n’est plus publiée" in words(get(client, structure(withdrawn_on=date(2026, 1, 1)).get_absolute_url(), 410))


def test_a_sheet_with_nothing_says_so_and_stays_readable(client: StrictClient) -> None:
    text = words(get(client, structure().get_absolute_url()))
    assert "Aucune offre de cette structure n’est publiée aujourd’hui" in text
    assert "Nous n’avons pas encore de téléphone ni d’adresse vérifiés" in text


def test_one_or_thirty_offers_cost_the_same_number_of_questions(client: StrictClient) -> None:
    sheet = structure()

    def questions() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(sheet.get_absolute_url())
        return len(captured)

    offer(sheet)
    relay(sheet)
    few = questions()
    for _ in range(30):
        offer(sheet)
        relay(sheet)
    assert questions() == few <= 4
