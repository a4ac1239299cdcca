"""The pages of supply: what a cell leads to, what empties a hole, what is said when an address makes no sense."""

from __future__ import annotations

from datetime import timedelta

import pytest

from maillage.catalogue.enums import Status
from maillage.catalogue.index import current_index
from maillage.observatory.supply.criteria import EVERYTHING
from maillage.observatory.supply.holes import Rule, hole
from maillage.territories.values import Territory
from tests.catalogue.worlds import TODAY, offer

MAYENNE, LAVAL = Territory("departement", "53"), "53130"
ASKED = ("creation", "formation", EVERYTHING, TODAY)


def rules(territory=MAYENNE, asked=ASKED):
    return {part.rule: {commune.code for commune in part.communes} for part in hole(current_index(), territory, *asked)}


@pytest.fixture(autouse=True)
def _on_the_day_of_the_worlds(time_machine):
    time_machine.move_to("2026-11-23T10:00:00+01:00", tick=False)


def test_nothing_declared_anywhere_around(db):
    assert set(rules()) == {Rule.NONE}


def test_an_offer_next_door_is_too_far(db):
    offer(kind="formation", coverage=["departement:72"])
    assert set(rules()) == {Rule.FAR}


def test_a_commune_that_an_offer_excludes(db):
    offer(kind="formation", coverage=["departement:53"], excluded=[f"commune:{LAVAL}"])
    assert rules() == {Rule.EXCLUDED: {LAVAL}}


def test_an_offer_that_closed_yesterday_and_one_that_opens_tomorrow(db):
    offer(kind="formation", coverage=["departement:53"], closes=TODAY - timedelta(days=1))
    offer(kind="formation", coverage=["departement:53"], opens=TODAY + timedelta(days=1))
    assert set(rules()) == {Rule.CLOSED}


def test_an_offer_that_its_source_withdrew(db):
    offer(kind="formation", coverage=[f"commune:{LAVAL}"], withdrawn_on=TODAY)
    found = rules()
    assert found[Rule.STALE] == {LAVAL}
    assert LAVAL not in found[Rule.NONE]


def test_an_offer_whose_structure_does_not_answer_any_more(db):
    offer(kind="formation", coverage=[f"commune:{LAVAL}"], silence=2)
    found = rules()
    assert found[Rule.STALE] == {LAVAL}
    assert LAVAL not in found[Rule.NONE]


def test_an_offer_in_review_explains_nothing(db):
    offer(kind="formation", coverage=["departement:53"], status=Status.REVIEW)
    assert set(rules()) == {Rule.NONE}


def test_a_cell_leads_to_exactly_the_offers_it_counts(client, db):
    offer(kind="formation", coverage=["epci:200048551"], name="Apprendre à compter", stages=["creation"])
    offer(kind="formation", coverage=["departement:72"], name="Ailleurs")
    page = client.get("/observatoire/manques/?territoire=departement:53").content.decode()
    assert "territoire=departement%3A53&amp;etape=creation&amp;nature=formation" in page
    behind = client.get(
        "/observatoire/manques/offres/?territoire=departement:53&etape=creation&nature=formation"
    ).content.decode()
    assert "Apprendre à compter" in behind
    assert "Ailleurs" not in behind


def test_a_withdrawn_sheet_is_counted_but_not_named(client, db):
    offer(kind="formation", coverage=["departement:53"], name="Retirée en secret", status=Status.SUSPENDED)
    page = client.get(
        "/observatoire/manques/communes/?territoire=departement:53&etape=creation&nature=formation"
    ).content.decode()
    assert "Une offre en cause." in page
    assert "Retirée en secret" not in page


def test_an_address_that_makes_no_sense_is_answered_in_words(client, db):
    for name in ("", "offres/", "communes/"):
        address = f"/observatoire/manques/{name}?territoire=epci:999&maille=galaxie&etape=x&nature=x&besoin=<b>&page=zzz"
        page = client.get(address)
        assert page.status_code == 200
        assert "À corriger" in page.content.decode()


def test_the_number_of_questions_does_not_grow_with_the_offers(client, db):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def questions():
        current_index()
        with CaptureQueriesContext(connection) as asked:
            client.get("/observatoire/manques/?territoire=departement:53&nature=formation")
            client.get("/observatoire/manques/offres/?territoire=departement:53&nature=formation")
        return len(asked)

    offer(kind="formation", coverage=["departement:53"])
    few = questions()
    for _ in range(20):
        offer(kind="formation", coverage=["departement:53"])
    from maillage.catalogue.index import reset

    reset()
    assert questions() == few
