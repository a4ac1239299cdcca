"""The gap matrix equals a brute-force count over every commune."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.catalogue.index import current_index
from maillage.catalogue.models import Offer
from maillage.observatory.supply.criteria import Criteria
from maillage.observatory.supply.matrix import matrix
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
@given(world=worlds(), criteria=CRITERIA, territory=st.sampled_from(PLACES))
def test_every_cell_is_what_a_count_over_every_commune_finds(db, world, criteria, territory):
    with world.in_database():
        row = matrix(current_index(), [territory], today=TODAY, criteria=criteria).rows[0]
        offers = list(Offer.objects.select_related("structure").order_by("pk"))
        communes = list(queries.communes_of(*territory))
        for (stage, kind), cell in row.cells.items():
            assert cell == oracle.cell(offers, communes, stage, kind, criteria, TODAY), (stage, kind)


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


def test_a_merged_commune_is_read_under_its_successor_and_an_unknown_territory_is_left_out(db):
    former = next(code for commune in queries.communes_of("departement", "49") for code in commune.former_codes)
    rows = matrix(current_index(), [Territory("commune", former), Territory("epci", "000000000")], today=TODAY).rows
    assert [row.place.code for row in rows] == [queries.commune(former).code]
