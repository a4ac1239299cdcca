"""The order of results: closest coverage, fit, freshness, deadline, then the draw of the day."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest

from maillage.catalogue import revision
from maillage.catalogue.index import reset
from maillage.orientation.exposure import exposure
from maillage.orientation.queries import orient
from maillage.orientation.ranking import draw
from maillage.orientation.situation import Situation
from maillage.territories import queries as territories
from maillage.vocabulary.portals import portals
from tests.catalogue import worlds

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
LAVAL = territories.commune("53130")


def names(situation: Situation, day: date = TODAY, **more: object) -> list[str]:
    reset()
    return [match.offer.name for match in orient(situation, today=day, **more).results]  # type: ignore[arg-type]  # keywords of orient


def test_the_closest_coverage_comes_first() -> None:
    assert LAVAL is not None
    for key in ("france", "region:52", "departement:53", f"epci:{LAVAL.epci}", "commune:53130"):
        worlds.offer(name=key, coverage=[key], needs=["juridique"] if key == "france" else [])
    assert names(Situation(commune=LAVAL)) == ["commune:53130", f"epci:{LAVAL.epci}", "departement:53", "region:52", "france"]


def test_the_level_that_counts_is_the_one_that_reaches_the_commune() -> None:
    worlds.offer(name="région, et une commune ailleurs", coverage=["commune:72181", "region:52"])
    worlds.offer(name="département", coverage=["departement:53"])
    assert names(Situation(commune=LAVAL)) == ["département", "région, et une commune ailleurs"]


def test_then_the_best_fit() -> None:
    worlds.offer(name="un besoin", needs=["juridique"])
    worlds.offer(name="deux besoins", needs=["juridique", "gouvernance"])
    worlds.offer(name="sans besoin")
    worlds.offer(name="besoin et secteur", needs=["juridique"], sectors=["culture"])
    worlds.offer(name="besoin, forme à vérifier", needs=["juridique"], legal_forms=["scop"])
    situation = Situation(commune=LAVAL, needs=("juridique", "gouvernance"), sectors=("culture",))
    assert names(situation) == ["deux besoins", "besoin et secteur", "un besoin", "besoin, forme à vérifier", "sans besoin"]


def test_saying_how_one_is_received_or_what_it_costs_never_costs_a_place() -> None:
    silent = worlds.offer(name="muette")
    precise = worlds.offer(name="précise", modes=["distance"], cost="payant")
    days = [TODAY + timedelta(days=number) for number in range(60)]
    first = Counter(names(Situation(commune=LAVAL), day)[0] for day in days)
    assert set(first) == {silent.name, precise.name}


def test_then_what_is_near_and_on_the_spot() -> None:
    assert LAVAL is not None
    worlds.offer(name="loin", lon=LAVAL.lon + 1, lat=LAVAL.lat)
    worlds.offer(name="près", lon=LAVAL.lon, lat=LAVAL.lat + 0.05)
    worlds.offer(name="près, à distance", lon=LAVAL.lon, lat=LAVAL.lat, modes=["distance"])
    assert names(Situation(commune=LAVAL))[0] == "près"


def test_then_the_freshest_then_the_next_deadline() -> None:
    worlds.offer(name="jamais", verified_on=None)
    worlds.offer(name="vieille", verified_on=TODAY - timedelta(days=500))
    worlds.offer(name="de l’année", verified_on=TODAY - timedelta(days=300))
    worlds.offer(name="récente", verified_on=TODAY - timedelta(days=10))
    worlds.offer(name="récente, ferme bientôt", verified_on=TODAY - timedelta(days=100), closes=TODAY + timedelta(days=5))
    assert names(Situation()) == ["récente, ferme bientôt", "récente", "de l’année", "vieille", "jamais"]


def test_without_a_commune_the_portals_region_comes_first() -> None:
    worlds.offer(name="ailleurs", coverage=["region:32"], needs=["juridique"])
    worlds.offer(name="ici", coverage=["departement:53"])
    assert names(Situation(needs=("juridique",)), portal=portals()["pays-de-la-loire"]) == ["ici", "ailleurs"]
    assert names(Situation(needs=("juridique",)), portal=portals()["hauts-de-france"]) == ["ailleurs", "ici"]


def test_the_draw_is_the_same_for_everybody_and_another_each_day() -> None:
    for number in range(12):
        worlds.offer(name=f"égale {number}")
    assert names(Situation(commune=LAVAL)) == names(Situation(commune=territories.commune("44109")))
    days = {tuple(names(Situation(commune=LAVAL), TODAY + timedelta(days=number))) for number in range(5)}
    assert len(days) == 5


def test_equal_offers_are_equally_exposed() -> None:
    """12 equal offers, 3 shown a day, 365 days: each is expected 91.25 times, with a standard deviation of 8.3."""
    with_owner = worlds.structure()
    for number in range(11):
        worlds.offer(with_owner, name=f"égale {number}")
    worlds.offer(name="seule de sa structure")
    reset()
    lines = exposure([Situation(commune=LAVAL)], TODAY, 365, shown=3)
    assert len(lines) == 12
    assert sum(line.shown for line in lines) == 3 * 365
    assert sum(line.first for line in lines) == 365
    for line in lines:
        assert line.found == 365
        assert abs(line.shown - 365 * 3 / 12) < 4 * 8.3
        assert abs(line.first - 365 / 12) < 4 * 5.3


def test_the_draw_has_no_memory_of_keys_or_of_days() -> None:
    """Neighbouring keys and neighbouring days give unrelated draws: ranks spread evenly over 200 offers and 400 days."""
    keys = np.arange(1, 201, dtype=np.int64)
    ranks = np.array([np.argsort(np.argsort(draw(keys, TODAY + timedelta(days=day)))) for day in range(400)])
    assert abs(ranks.mean(axis=0) - 99.5).max() < 4.5 * 57.7 / 20
    assert abs(np.corrcoef(ranks[:-1].ravel(), ranks[1:].ravel())[0, 1]) < 0.02
    assert draw(keys, TODAY).max() < 2**48


def test_offers_that_leave_between_the_index_and_the_page_are_left_out() -> None:
    kept, gone = worlds.offer(name="reste"), worlds.offer(name="part")
    reset()
    revision_before = revision.current()
    assert names(Situation()) == sorted([kept.name, gone.name], key=names(Situation()).index)
    type(gone).objects.filter(pk=gone.pk).update(status="suspended")  # another process, whose revision has not moved yet
    answer = orient(Situation(), today=TODAY)
    assert revision.current() == revision_before
    assert [match.offer.name for match in answer.results] == ["reste"]
