"""Siting compared with an exhaustive search on small cases, and the bounds that are stated."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.observatory.access.ground import ground
from maillage.observatory.siting import solve as solving
from maillage.observatory.siting.bounds import lagrangian
from maillage.observatory.siting.local_search import exchanged, greedy
from maillage.observatory.siting.problem import COVERING, MEDIAN, METHODS, Problem, distances_km
from maillage.observatory.siting.solve import solve
from maillage.territories.distance import distance_km


@st.composite
def problems(draw):
    chance = np.random.default_rng(draw(st.integers(0, 10_000)))
    points, candidates = draw(st.integers(2, 9)), draw(st.integers(2, 8))
    people = chance.integers(0, 900, points).astype(float)
    people[0] += 1
    already = (
        np.where(chance.random(points) < 0.4, chance.random(points) * 40, np.inf)
        if draw(st.booleans())
        else np.full(points, np.inf)
    )
    km = chance.random((candidates, points)) * 50
    return Problem(
        draw(st.sampled_from(METHODS)), draw(st.integers(1, 4)), draw(st.sampled_from((5.0, 15.0, 25.0))), people, km, already
    )


def best_of_all(problem):
    count = min(problem.count, len(problem.km))
    values = [problem.value(chosen) for chosen in combinations(range(len(problem.km)), count)]
    return max(values) if problem.method == COVERING else min(values)


@given(problem=problems())
def test_the_answer_is_the_best_of_all_choices_and_is_proved(problem):
    answer = solve(problem)
    assert answer.value == pytest.approx(best_of_all(problem))
    assert answer.is_proved
    assert len(set(answer.chosen)) == len(answer.chosen) <= problem.count


@given(problem=problems())
def test_what_is_found_without_proof_never_passes_the_bound(problem):
    found = exchanged(problem, greedy(problem))
    if problem.method == MEDIAN:
        chosen, bound, possible = lagrangian(problem, found, 1.0)
        best = best_of_all(problem)
        assert bound <= best * (1 + 1e-6)
        assert problem.value(chosen) <= problem.value(found) * (1 + 1e-9)
        if best < problem.value(chosen) * (1 - 1e-9):  # something is better: what was ruled out is not in it
            left = replace(problem, km=problem.km[possible])
            assert best_of_all(left) == pytest.approx(best)
    else:
        assert problem.value(found) <= best_of_all(problem) * (1 + 1e-9)


@given(problem=problems())
def test_a_large_median_whose_candidates_are_ruled_out_first_is_the_best_of_all_choices(problem):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solving, "PAIRS_AT_MOST", 0)
        answer = solve(replace(problem, method=MEDIAN), seconds=1)
    best = best_of_all(replace(problem, method=MEDIAN))
    assert answer.bound <= best * (1 + 1e-6) <= answer.value * (1 + 2e-6)
    assert answer.value == pytest.approx(best) or not answer.is_proved


def test_four_places_in_a_departement_are_proved_although_the_problem_is_too_large_to_be_given_whole():
    here = ground("departement", "53")
    km = distances_km(here.lon, here.lat, here.lon, here.lat)
    assert km.size > solving.PAIRS_AT_MOST
    answer = solve(Problem(MEDIAN, 4, 20.0, here.people, km, np.full(len(here), np.inf)))
    assert answer.gap <= 0.001


def test_without_time_to_prove_the_gap_is_stated_and_true(monkeypatch):
    chance = np.random.default_rng(4)
    lon, lat = chance.random(120) * 2, 47 + chance.random(120) * 2
    km = distances_km(lon, lat, lon, lat)
    problem = Problem(MEDIAN, 6, 20.0, chance.random(120) * 1000, km, np.full(120, np.inf))
    proved = solve(problem)
    monkeypatch.setattr(solving, "PAIRS_AT_MOST", 0)
    stated = solve(problem, seconds=2)
    assert proved.is_proved
    assert stated.bound <= proved.value * (1 + 1e-9) <= stated.value * (1 + 2e-9)
    assert stated.gap >= (stated.value - proved.value) / stated.value - 1e-9


def test_the_first_of_the_list_brings_most():
    people = np.array([10.0, 500.0, 40.0])
    problem = Problem(COVERING, 2, 5.0, people, np.array([[0.0, 99, 99], [99, 0.0, 99], [99, 99, 0.0]]), np.full(3, np.inf))
    assert solve(problem).chosen == (1, 2)


def test_a_question_without_anybody_or_any_place_is_refused():
    nobody = Problem(COVERING, 1, 5.0, np.zeros(2), np.zeros((2, 2)), np.full(2, np.inf))
    nowhere = Problem(MEDIAN, 1, 5.0, np.ones(2), np.zeros((0, 2)), np.full(2, np.inf))
    for problem in (nobody, nowhere):
        with pytest.raises(ValueError, match="au moins un lieu"):
            solve(problem)


def test_distances_are_those_of_the_haversine_formula_times_the_factor():
    found = distances_km(np.array([-0.77]), np.array([48.07]), np.array([-0.77, 0.19, -61.5]), np.array([48.07, 48.0, 16.2]))[0]
    for km, (lon, lat) in zip(found, ((-0.77, 48.07), (0.19, 48.0), (-61.5, 16.2)), strict=True):
        assert km == pytest.approx(1.3 * distance_km(-0.77, 48.07, lon, lat), abs=1e-3)
