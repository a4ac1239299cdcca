"""Whatever the catalogue and the situation, the orientation says what a plain reading of the database says."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.catalogue.index import current_index, reset
from maillage.orientation.matching.explanation import NO, TO_CHECK, YES
from maillage.orientation.matching.facets import facet_counts, kind_counts, relaxations
from maillage.orientation.matching.selection import Selection
from maillage.orientation.queries import orient
from maillage.orientation.situation import Situation
from maillage.territories import queries as territories
from tests.catalogue import worlds
from tests.catalogue.worlds import TODAY
from tests.orientation import oracle
from tests.orientation.situations import situations

pytestmark = pytest.mark.django_db
property_test = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)

#: Codes whose facet counts are compared: those that worlds use, and one that nobody states.
SOME_CODES = {
    "stage": ("idee", "creation", "difficultes"),
    "kind": ("conseil", "financement"),
    "need": ("idee-besoin", "modele-economique", "formation-dirigeants"),
    "sector": ("action-sociale-sante", "autre"),
    "legal_form": ("sans-structure", "association", "scop"),
    "audience": ("jeunes", "benevoles"),
    "mode": ("presentiel", "distance"),
    "cost": ("gratuit", "payant"),
}


@property_test
@given(world=worlds.worlds(), situation=situations())
def test_results_near_misses_and_what_is_to_check_are_those_of_the_database(world: worlds.World, situation: Situation) -> None:
    with world.in_database():
        expected = oracle.read_database(situation, TODAY)
        answer = orient(situation, limit=None, near_limit=100, today=TODAY)

        assert {match.offer.pk for match in answer.results} == oracle.having(expected, "result")
        assert {match.offer.pk for match in answer.near_misses} == oracle.having(expected, "near")
        assert answer.total == len(answer.results)
        assert answer.near_total == len(answer.near_misses)
        for match in answer.results:
            to_check = expected[match.offer.pk].to_check
            assert match.verdict == (TO_CHECK if to_check else YES)
            assert not match.blocking
            assert match.reasons or match.to_check, "a result without a word of explanation"
            assert bool(match.to_check) == bool(to_check)
        for match in answer.near_misses:
            assert match.verdict == NO
            assert len(match.blocking) == 1
        found = (answer.question.field, answer.question.settles) if answer.question else None
        assert found == oracle.question(expected)


@property_test
@given(world=worlds.worlds(), situation=situations())
def test_each_point_to_check_of_the_sets_is_the_one_of_the_rows(world: worlds.World, situation: Situation) -> None:
    with world.in_database():
        expected = oracle.read_database(situation, TODAY)
        index = current_index()
        selection = Selection(index, situation, TODAY)
        for point, offers in selection.to_check.items():
            pks = {int(index.columns.pk[position]) for position in offers}
            assert pks == {pk for pk in oracle.having(expected, "result") if point in expected[pk].to_check}, point


@settings(property_test, max_examples=25)
@given(world=worlds.worlds(), situation=situations())
def test_facet_counts_are_the_totals_of_the_same_situation_with_that_answer(world: worlds.World, situation: Situation) -> None:
    with world.in_database():
        selection = Selection(current_index(), situation, TODAY)
        counts = facet_counts(selection)
        for facet, code, total in oracle.facets(situation, TODAY, SOME_CODES):
            assert counts[facet][code] == total, (facet, code)
        assert sum(kind_counts(selection).values()) == len(selection.results)


@property_test
@given(world=worlds.worlds(), situation=situations())
def test_dropping_a_filter_gives_the_total_that_was_announced(world: worlds.World, situation: Situation) -> None:
    with world.in_database():
        selection = Selection(current_index(), situation, TODAY)
        for field, code, total in relaxations(selection):
            assert total == oracle.total(situation.without(field, code or None), TODAY) > 0


@property_test
@given(world=worlds.worlds(), situation=situations(), size=st.integers(1, 4))
def test_pages_put_end_to_end_are_the_whole_list_and_groups_its_beginnings(
    world: worlds.World, situation: Situation, size: int
) -> None:
    with world.in_database():
        every = [match.offer.pk for match in orient(situation, limit=None, today=TODAY).results]
        pages = [orient(situation, limit=size, offset=start, today=TODAY) for start in range(0, len(every), size)]
        assert [match.offer.pk for page in pages for match in page.results] == every
        grouped = orient(situation, per_kind=size, today=TODAY)
        whole = orient(situation, limit=None, today=TODAY)
        for kind, count, matches in grouped.groups:
            of_kind = [match.offer.pk for match in whole.results if match.offer.kind == kind]
            assert [match.offer.pk for match in matches] == of_kind[:size]
            assert count == len(of_kind)


def test_an_offer_that_stops_next_door_is_a_near_miss_and_a_far_one_is_hidden() -> None:
    for key in ("departement:72", "epci:200083392", "commune:44109", "departement:80", "region:32"):
        worlds.offer(name=key, coverage=[key])
    worlds.offer(name="tout sauf la Mayenne", coverage=["region:52"], excluded=["departement:53"])
    worlds.offer(name="deux refus", coverage=["departement:72"], stages=["idee"])
    reset()
    answer = orient(Situation(stage="creation", commune=territories.commune("53062")), today=TODAY)
    assert {match.offer.name for match in answer.near_misses} == {
        "departement:72",
        "epci:200083392",
        "tout sauf la Mayenne",
    }, "Loire-Atlantique does not touch Mayenne"
    assert answer.total == 0


@property_test
@given(world=worlds.worlds(), situation=situations(), count=st.integers(1, 4), offset=st.integers(0, 5))
def test_what_a_page_shows_first_is_what_the_whole_order_puts_first(
    world: worlds.World, situation: Situation, count: int, offset: int
) -> None:
    with world.in_database():
        whole = orient(situation, limit=None, near_limit=1_000, today=TODAY)
        keys = [match.offer.pk for match in whole.results]
        near = [match.offer.pk for match in whole.near_misses]

        page = orient(situation, limit=count, offset=offset, near_limit=count, today=TODAY)
        assert [match.offer.pk for match in page.results] == keys[offset : offset + count]
        assert [match.offer.pk for match in page.near_misses] == near[:count]

        by_kind = orient(situation, per_kind=count, near_limit=count, today=TODAY)
        expected = [
            match.offer.pk
            for kind in whole.by_kind
            for match in [match for match in whole.results if match.offer.kind == kind][:count]
        ]
        assert [match.offer.pk for match in by_kind.results] == expected
