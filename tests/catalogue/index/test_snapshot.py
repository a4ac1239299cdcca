"""What the snapshot says in cases worth a sentence each; random worlds are in test_oracle."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from maillage.catalogue.index import current_index
from maillage.catalogue.index.conditions import condition
from maillage.catalogue.index.reach import current_key, departements_served
from maillage.territories import queries
from tests.catalogue.worlds import offer, relay, structure

DAY = date(2026, 11, 23)


def test_true_and_one_are_two_conditions() -> None:
    yes, one = condition({"field": "esus", "value": True}), condition({"field": "esus", "value": 1})
    assert len({yes, one, condition({"field": "esus", "value": True})}) == 2


def test_the_value_of_a_condition_among_several_can_be_compared() -> None:
    assert condition({"field": "salaries", "operator": "in", "value": [1, 2], "label": "deux au plus"}).value == (1, 2)


def test_a_commune_that_merged_is_known_by_its_successor() -> None:
    merged = next((each, code) for each in queries.all_communes() for code in each.former_codes if code != each.code)
    assert current_key(f"commune:{merged[1]}") == f"commune:{merged[0].code}"


def test_a_key_that_names_nothing_stays_as_it_is_and_serves_nobody() -> None:
    assert current_key("epci:000000000") == "epci:000000000"
    assert departements_served(("epci:000000000", "n’importe quoi"), ()) == frozenset()


def test_a_region_without_one_departement_serves_the_four_others() -> None:
    assert departements_served(("region:52",), ("departement:53",)) == {"44", "49", "72", "85"}


def test_an_epci_excluded_from_its_departement_leaves_the_others() -> None:
    laval = queries.commune("53130")
    assert laval is not None
    assert departements_served(("departement:53",), (f"epci:{laval.epci}",)) == {"53"}
    assert departements_served((f"epci:{laval.epci}",), ("departement:53",)) == frozenset()


def test_france_serves_every_departement() -> None:
    assert len(departements_served(("france",), ())) == len(queries.places("departement"))


@pytest.mark.django_db
def test_an_offer_for_a_merged_commune_covers_its_successor() -> None:
    successor, old = next((each, code) for each in queries.all_communes() for code in each.former_codes if code != each.code)
    offer(coverage=[f"commune:{old}"])
    assert len(current_index().covering([f"commune:{successor.code}"], (), ()).covered) == 1


@pytest.mark.django_db
def test_one_zoning_that_holds_is_enough_even_when_another_is_unknown() -> None:
    offer(zonings=["frr", "qpv"])
    index = current_index()
    assert [len(found) for found in index.covering(["france"], ["frr"], ["qpv"])] == [1, 0]
    assert [len(found) for found in index.covering(["france"], [], ["qpv"])] == [1, 1]
    assert [len(found) for found in index.covering(["france"], [], [])] == [0, 0]


@pytest.mark.django_db
def test_an_offer_is_open_on_its_first_and_its_last_day() -> None:
    offer(opens=DAY, closes=DAY + timedelta(days=2))
    index = current_index()
    open_days = [shift for shift in range(-1, 4) if index.open_on(DAY + timedelta(days=shift))]
    assert open_days == [0, 1, 2]


@pytest.mark.django_db
def test_codes_that_the_vocabulary_does_not_know_are_counted_after_the_others() -> None:
    offer(sectors=["secteur-disparu"])
    index = current_index()
    assert index.codes("sector")[-1] == "secteur-disparu"
    assert len(index.stating("sector", "secteur-disparu")) == 1


@pytest.mark.django_db
def test_an_unknown_facet_is_an_error_of_ours() -> None:
    with pytest.raises(KeyError):
        current_index().stating("couleur", "bleu")


@pytest.mark.django_db
def test_a_role_is_shown_until_its_last_day_and_a_relay_after_its_mark() -> None:
    owner = structure(roles=[{"role": "cress", "until": DAY.isoformat()}])
    relay(owner, network="piva", mark_until=DAY)
    index = current_index()
    network, place = index.networks[0], index.relays[0]
    assert [network.is_shown_on(DAY + timedelta(days=shift)) for shift in (0, 1)] == [True, False]
    assert [place.is_shown_on(DAY + timedelta(days=shift)) for shift in (0, 1)] == [True, True]
    assert [place.is_valid_on(DAY + timedelta(days=shift)) for shift in (0, 1)] == [True, False]


@pytest.mark.django_db
def test_a_role_for_the_whole_country_covers_france_however_the_file_writes_it() -> None:
    structure(roles=[{"role": "tete-nationale", "territory": {"level": "france", "code": "france"}}])
    assert [entry.coverage for entry in current_index().networks] == [("france",)]


@pytest.mark.django_db
def test_a_structure_with_a_relay_role_is_a_place_only_when_it_has_one() -> None:
    structure(name="Sans lieu", roles=[{"role": "piva"}])
    structure(name="À Laval", roles=[{"role": "piva"}], commune="53130")
    laval = queries.commune("53130")
    assert laval is not None
    assert [(each.name, each.lon, each.lat) for each in current_index().relays] == [("À Laval", laval.lon, laval.lat)]


@pytest.mark.django_db
def test_an_internal_role_is_not_a_contact() -> None:
    structure(roles=[{"role": "dla-departemental"}, {"role": "role-disparu"}], commune="53130")
    index = current_index()
    assert (len(index.networks), len(index.relays)) == (0, 0)
