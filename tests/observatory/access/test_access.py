"""Distances, hours, shared capacity and inequality, each against a slow count."""

from __future__ import annotations

from datetime import date
from math import inf, isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.catalogue.index import current_index
from maillage.observatory.access.capacity import floating_catchment
from maillage.observatory.access.distances import nearest_km, share_beyond, weighted_median
from maillage.observatory.access.equity import MEAN, Indicator, compare
from maillage.observatory.access.ground import Ground, divisions, ground, on_the_sphere
from maillage.observatory.access.hours import week_of
from maillage.observatory.access.indicators import access
from maillage.observatory.access.inequality import inequality
from maillage.observatory.access.places import RELAY
from maillage.territories import queries
from maillage.territories.distance import distance_km
from tests.catalogue.worlds import TODAY, relay

MAYENNE = queries.place("departement", "53")
NUMBERS = st.lists(st.floats(0, 1000, allow_nan=False), min_size=1, max_size=30)


@given(seed=st.integers(0, 1000), places=st.integers(0, 12))
def test_the_nearest_place_is_the_nearest_of_all(seed, places):
    chance, here = np.random.default_rng(seed), ground("epci", "200048551")
    lon, lat = -1.5 + chance.random(places) * 2, 47.5 + chance.random(places)
    found = nearest_km(here, lon, lat)
    for at in range(len(here)):
        every = [1.3 * distance_km(here.lon[at], here.lat[at], x, y) for x, y in zip(lon, lat, strict=True)]
        assert found[at] == pytest.approx(min(every, default=inf), abs=1e-6)


def test_a_place_without_a_point_is_left_out():
    here = ground("epci", "200048551")
    assert np.isinf(nearest_km(here, np.array([nan]), np.array([nan]))).all()


@given(seed=st.integers(0, 1000))
def test_capacity_is_shared_by_those_who_reach_it(seed):
    chance = np.random.default_rng(seed)
    lon, lat, people = -1 + chance.random(15), 47.5 + chance.random(15) / 2, chance.integers(0, 5000, 15).astype(float)
    here = Ground(tuple(map(str, range(15))), lon, lat, on_the_sphere(lon, lat), people)
    to_lon, to_lat, hours = -1 + chance.random(4), 47.5 + chance.random(4) / 2, chance.random(4) * 30
    expected = np.zeros(15)
    for x, y, capacity in zip(to_lon, to_lat, hours, strict=True):
        within = [at for at in range(15) if 1.3 * distance_km(lon[at], lat[at], x, y) <= 20]
        total = people[within].sum()
        for at in within if total else ():
            expected[at] += capacity / total
    assert floating_catchment(here, to_lon, to_lat, hours) == pytest.approx(expected)


@given(values=NUMBERS, seed=st.integers(0, 100))
def test_gini_is_half_the_mean_difference_between_two_people(values, seed):
    access_, people = np.array(values), np.random.default_rng(seed).integers(1, 9, len(values)).astype(float)
    found = inequality(access_, people)
    each = np.repeat(access_, people.astype(int))
    if not each.sum() > 0:
        assert found is None
        return
    assert found.gini == pytest.approx(np.abs(each[:, None] - each[None, :]).mean() / 2 / each.mean(), abs=1e-6)
    assert found.curve[0] == (0, 0)
    assert found.curve[-1] == pytest.approx((1, 1))


def test_everybody_alike_has_no_inequality_and_one_who_has_all_has_most():
    alike = inequality(np.full(10, 3.0), np.ones(10))
    assert alike.gini == pytest.approx(0)
    assert alike.share_of(0.5) == pytest.approx(0.5)
    assert inequality(np.array([0.0] * 99 + [5.0]), np.ones(100)).gini == pytest.approx(0.99)


def test_shares_and_medians_count_people_not_communes():
    distance, people = np.array([5.0, 20.0, 50.0]), np.array([10.0, 10.0, 980.0])
    assert share_beyond(distance, people, 20) == 0.98
    assert weighted_median(distance, people) == 50.0
    assert share_beyond(distance, np.zeros(3), 20) is None


@pytest.mark.parametrize(
    ("hours", "open_for", "late"),
    [
        ("Mo-Fr 09:00-12:00", 15, False),
        ("Mo-Fr 09:00-12:00; PH off", 15, False),
        ("Th 14:00-19:00", 5, True),
        ("Sa 10:00-12:00", 2, True),
        ("Su 10:00-12:00", 2, False),
        ("24/7", 168, True),
    ],
)
def test_hours_of_a_week(hours, open_for, late):
    week = week_of(hours, date(2026, 11, 25))
    assert (week.hours, week.evening_or_saturday) == (open_for, late)
    assert week.is_enough == (open_for >= 10)


def test_hours_that_nobody_said_or_can_read_are_unknown():
    assert week_of("", TODAY) is None
    assert week_of("quand on veut", TODAY) is None


def test_a_relay_without_hours_gives_no_capacity_and_it_is_said(client, db):
    relay(commune="53130")
    found = access(current_index(), MAYENNE, TODAY)
    assert found.capacity is None
    assert found.reach(RELAY).located == 1
    page = client.get("/observatoire/acces/?territoire=departement:53").content.decode()
    assert "Inconnu\u202f: le relais du catalogue ne dit pas ses horaires." in page


def test_a_zoning_that_nobody_knows_is_unknown_never_zero(client, db):
    relay(commune="53130", opening_hours="Mo-Fr 09:00-12:00")
    page = client.get("/observatoire/equite/?territoire=departement:53").content.decode()
    assert page.count("Inconnu\u202f: ce zonage") == 3  # rural, FRR, QPV: no source is shipped
    assert "Aucune commune de ce territoire n’en fait partie." in page  # no métropole there


def test_a_division_leaves_out_those_of_whom_nobody_knows():
    values, people = np.array([1.0, 3.0, 100.0, nan]), np.array([10.0, 10.0, 10.0, 10.0])
    compared = compare(Indicator("x", MEAN, values, True), np.array([1, 0, -1, 1], dtype=np.int8), people)
    assert (compared.inside, compared.outside) == (1.0, 3.0)
    assert (compared.people_inside, compared.people_outside, compared.people_unknown) == (20, 10, 10)
    nobody = compare(Indicator("x", MEAN, values, True), np.full(4, -1, dtype=np.int8), people)
    assert not nobody.is_known
    assert nobody.inside is None


def test_the_metropoles_of_france():
    metropoles = {
        queries.commune(code).epci
        for code, which in zip(ground("france", "").codes, divisions("france", "")["metropole"], strict=True)
        if which == 1
    }
    assert len(metropoles) == 22  # 21, and the Métropole de Lyon


def test_the_pages_of_every_level_answer(client, db):
    relay(commune="53130", opening_hours="Mo-Fr 09:00-12:00; Sa 09:00-12:00")
    for key in ("commune:53130", "epci:200048551", "departement:53", "region:52", "france", "departement:972"):
        for page in ("acces", "equite", "et-si", "manques"):
            answer = client.get(f"/observatoire/{page}/?territoire={key}")
            assert answer.status_code == 200, (page, key)
    assert not isnan(access(current_index(), MAYENNE, TODAY).mean_capacity)
