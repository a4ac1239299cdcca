"""The gap matrix equals a brute-force count over every commune."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.catalogue.index import current_index
from maillage.catalogue.models import Offer
from maillage.observatory.supply.criteria import Criteria
from maillage.observatory.supply.matrix import matrix
from maillage.observatory.supply.reach import groups
from maillage.orientation.matching.whereabouts import whereabouts
from maillage.territories import queries
from maillage.territories.values import Territory
from maillage.vocabulary.words import vocabulary
from tests.catalogue.worlds import TODAY, offer, structure, worlds
from tests.observatory import oracle

EPCI_OF_CRAON, EPCI_OF_LAVAL = "200048551", "200083392"
PLACES = (
    Territory("commune", "53130"),
    Territory("commune", "85113"),
    Territory("epci", EPCI_OF_LAVAL),
    Territory("departement", "53"),
    Territory("departement", "972"),
)
CRITERIA = st.builds(
    Criteria,
    needs=st.lists(st.sampled_from(vocabulary().codes("need")[:4]), unique=True, max_size=2).map(tuple),
    local=st.booleans(),
    free=st.booleans(),
    fresh=st.booleans(),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds(), criteria=CRITERIA, asked=st.lists(st.sampled_from(PLACES), min_size=1, max_size=3))
def test_every_cell_is_what_a_count_over_every_commune_finds(db, world, criteria, asked):
    """Of one territory, or of several counted together (which may be the same twice)."""
    with world.in_database():
        rows = matrix(current_index(), asked, today=TODAY, criteria=criteria).rows
        offers = list(Offer.objects.select_related("structure").order_by("pk"))
        for territory, row in zip(asked, rows, strict=True):
            communes = list(queries.communes_of(*territory))
            here = [offer for offer in offers if oracle.reaches(offer, communes)]
            assert row.declared == len({offer.structure_id for offer in here})
            assert row.last_verified == max((offer.verified_on for offer in here if offer.verified_on), default=None)
            for (stage, kind), cell in row.cells.items():
                assert cell == oracle.cell(offers, communes, stage, kind, criteria, TODAY), (territory, stage, kind)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds(), territory=st.sampled_from(PLACES))
def test_each_commune_has_the_offers_that_the_index_gives_it(db, world, territory):
    with world.in_database():
        index = current_index()
        found = {code: group.offers for group in groups(index, territory) for code in group.codes}
        assert sorted(found) == sorted(commune.code for commune in queries.communes_of(*territory))
        for code, offers in found.items():
            place = whereabouts(queries.commune(code))
            assert offers == index.covering(place.keys, place.zonings, place.unknown_zonings).covered, code


def test_a_hundred_territories_are_rows_in_the_order_asked(db):
    offer(coverage=[f"epci:{EPCI_OF_CRAON}"])
    asked = [Territory("commune", commune.code) for commune in queries.communes_of("departement", "53")][:150]
    rows = matrix(current_index(), asked, today=TODAY).rows
    assert [row.place.territory for row in rows] == asked
    craon = {commune.code for commune in queries.communes_of("epci", EPCI_OF_CRAON)}
    assert {row.place.code for row in rows if row.cell("idee").offers} == craon & {place.code for place in asked} != set()


def test_a_departement_counts_an_offer_of_one_intercommunality_and_says_who_has_none(db):
    offer(coverage=[f"epci:{EPCI_OF_CRAON}"], stages=["creation"], kind="conseil")
    row = matrix(current_index(), [Territory("departement", "53")], today=TODAY).rows[0]
    cell, craon = row.cell("creation", "conseil"), queries.place("epci", EPCI_OF_CRAON)
    assert cell.offers == 1
    assert cell.uncovered == row.population - craon.population > 0
    assert row.cell("idee", "conseil").uncovered == row.population


def test_two_offers_of_one_structure_are_one_structure(db):
    owner = structure()
    offer(owner, kind="conseil")
    offer(owner, kind="formation")
    row = matrix(current_index(), [Territory("departement", "53")], today=TODAY).rows[0]
    assert (row.cell("idee").offers, row.cell("idee").structures, row.declared) == (2, 1, 1)


def test_a_structure_known_to_all_territories_and_to_one_of_them_more_is_counted_once(db):
    owner = structure()
    offer(owner, coverage=["departement:53"])
    offer(owner, coverage=[f"epci:{EPCI_OF_CRAON}"])
    asked = [Territory("epci", EPCI_OF_CRAON), Territory("epci", EPCI_OF_LAVAL)]
    craon, laval = matrix(current_index(), asked, today=TODAY).rows
    assert (craon.cell("idee").offers, craon.cell("idee").structures, craon.declared) == (2, 1, 1)
    assert (laval.cell("idee").offers, laval.cell("idee").structures, laval.declared) == (1, 1, 1)


def test_a_commune_that_offers_name_or_exclude_has_what_names_it_only(db):
    offer(coverage=["departement:53"], excluded=["commune:53130"])
    offer(coverage=["commune:53130"], excluded=[f"epci:{EPCI_OF_LAVAL}"])
    only = offer(coverage=["commune:53130"])
    assert queries.commune("53130").epci == EPCI_OF_LAVAL
    index = current_index()
    found = {code: group.offers for group in groups(index, Territory("departement", "53")) for code in group.codes}
    assert set(found["53130"]) == {index.position(only.pk)}


def test_a_merged_commune_is_read_under_its_successor_and_an_unknown_territory_is_left_out(db):
    former = next(code for commune in queries.communes_of("departement", "49") for code in commune.former_codes)
    rows = matrix(current_index(), [Territory("commune", former), Territory("epci", "000000000")], today=TODAY).rows
    assert [row.place.code for row in rows] == [queries.commune(former).code]
