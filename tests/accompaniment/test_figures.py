"""Delays of answer and figures, from the rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from maillage.accompaniment.actions import answering
from maillage.accompaniment.actions.moving import present
from maillage.accompaniment.queries import FEWEST, Figure, delay_of, figures, outcomes
from tests.accompaniment.samples import Region, answer_url, follow_url, sent
from tests.conftest import StrictClient
from tests.orientation.pages.reading import words

pytestmark = pytest.mark.django_db


def answered_after(region: Region, clock: Any, days: int, **fields: Any) -> None:
    made = sent(region, **fields)
    clock.shift(timedelta(days=days))
    handover = present(made)
    assert handover
    answering.accept(handover, word="", caller="Inès")
    clock.shift(timedelta(days=-days))


def test_the_delay_is_hidden_under_five_answers_then_a_median(region: Region, clock: Any, client: StrictClient) -> None:
    page = region.adviser.get_absolute_url()
    for count, days in enumerate((1, 1, 2, 3, 8), start=1):
        assert delay_of(region.adviser) is None
        assert "Répond en" not in words(client.get(page).content.decode())
        answered_after(region, clock, days, email=f"un{count}@example.org")
    found = delay_of(region.adviser)
    assert found is not None
    assert (found.days, found.count) == (2, FEWEST)
    assert "Répond en 2 jours ouvrés (médiane de 5 réponses)" in words(client.get(page).content.decode())
    assert delay_of(region.network) is None


def test_figures_count_each_outcome_where_it_is(region: Region, clock: Any, client: StrictClient) -> None:
    answered_after(region, clock, 2)
    answered_after(region, clock, 4)
    declined = sent(region, needs=["juridique", "locaux"])
    client.post(answer_url(declined), {"acte": "ouvrir"})
    client.post(answer_url(declined), {"acte": "decliner", "d-motif": "sujet"})
    withdrawn = sent(region, commune="", needs=[], stage="")
    client.post(follow_url(withdrawn), {"acte": "retirer", "sur": "oui"})
    sent(region, to=region.silent)
    laval = ("53", "200083392")
    assert figures() == [
        Figure("2026-11", "", "", "", "", "withdrawn", 1, None),
        Figure("2026-11", "creation", "juridique", *laval, "accepted", 2, 3),
        Figure("2026-11", "creation", "juridique", *laval, "declined", 1, 0),
        Figure("2026-11", "creation", "juridique", *laval, "unanswered", 1, None),
        Figure("2026-11", "creation", "locaux", *laval, "declined", 1, 0),
    ]
    whole = outcomes()
    assert (whole.total, whole.by_outcome["declined"]) == (5, 1)  # once, though it says two needs
    assert outcomes(end=date(2026, 11, 22)).total == 0
    assert figures(end=date(2026, 11, 22)) == []
    assert figures(start=date(2026, 11, 23), departements=["44"]) == []
    assert len(figures(start=date(2026, 11, 23), end=date(2026, 11, 23), departements=["53"])) == 4


def test_figures_cost_the_same_number_of_questions_whatever_the_rows(region: Region, django_assert_num_queries: Any) -> None:
    for number in range(3):
        sent(region, email=f"un{number}@example.org")
    with django_assert_num_queries(2):
        figures()
