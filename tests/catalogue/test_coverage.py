"""Which communes an offer serves, against a plain loop over every commune; and what a change of coverage changes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.catalogue.coverage import communes_served, difference, places_of
from maillage.territories import queries as territories
from maillage.territories.values import Commune

#: Where the worlds of these tests are: two départements, so that levels meet often.
COMMUNES = territories.communes_of("departement", "53") + territories.communes_of("departement", "72")[:40]
KEYS = sorted({territory.key for commune in COMMUNES for territory in territories.territories_of(commune)})
keys = st.lists(st.sampled_from(KEYS), max_size=4)
zonings = st.lists(st.sampled_from([*territories.ZONINGS, "zonage-inconnu"]), max_size=3)


def says(commune: Commune, coverage: list[str], excluded: list[str], required: list[str]) -> str:
    """The rule of exchange-formats §5.0, read word for word for one commune."""
    own = [territory.key for territory in territories.territories_of(commune)]
    if not any(key in own for key in coverage) or any(key in own for key in excluded):
        return "no"
    if not required:
        return "yes"
    unknown = False
    for zoning in required:
        holds = territories.in_zoning(commune, zoning) if zoning in territories.ZONINGS else None
        if holds:
            return "yes"
        unknown = unknown or holds is None
    return "to check" if unknown else "no"


@settings(max_examples=25, deadline=None)
@given(coverage=keys, excluded=keys, required=zonings)
def test_the_communes_served_are_those_of_a_plain_loop(coverage: list[str], excluded: list[str], required: list[str]) -> None:
    served = communes_served(coverage, excluded, required)
    answers = {commune.code: says(commune, coverage, excluded, required) for commune in territories.all_communes()}
    assert served.certain == {code for code, answer in answers.items() if answer == "yes"}
    assert served.to_check == {code for code, answer in answers.items() if answer == "to check"}


@settings(max_examples=25, deadline=None)
@given(before=st.tuples(keys, keys), after=st.tuples(keys, keys))
def test_a_difference_leads_from_before_to_after(before: tuple[list[str], list[str]], after: tuple[list[str], list[str]]) -> None:
    one, other = communes_served(*before), communes_served(*after)
    found = difference(one, other)
    gained, lost = {commune.code for commune in found.gained}, {commune.code for commune in found.lost}
    assert (one.all - lost) | gained == other.all
    assert not gained & one.all
    assert lost <= one.all
    assert sum(len(row.gained) + len(row.lost) for row in found.departements) == len(gained) + len(lost)
    assert found.gained_population == sum(commune.population for commune in found.gained)
    assert bool(found) == (one != other)


def test_the_mayenne_without_laval() -> None:
    whole, without = communes_served(["departement:53"]), communes_served(["departement:53"], ["commune:53130"])
    found = difference(whole, without)
    assert [commune.name for commune in found.lost] == ["Laval"]
    assert found.gained == ()
    assert [row.place.name for row in found.departements] == ["Mayenne"]
    assert found.before - found.after == 1


def test_a_key_of_no_territory_serves_nobody_and_is_said() -> None:
    assert communes_served(["departement:999", "nulle part"]).all == frozenset()
    assert [place for _key, place in places_of(["departement:999", "nulle part"])] == [None, None]


def test_a_region_is_not_the_departement_of_the_same_number() -> None:
    assert not communes_served(["region:53"]).all & communes_served(["departement:53"]).all
