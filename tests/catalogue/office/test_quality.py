"""The quality check-list on an offer's page in the office: what would raise the score, first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from maillage.catalogue.advice import checklist, wants
from maillage.catalogue.quality import CRITERIA, Described, score
from tests.catalogue.worlds import offer, relay, structure
from tests.whole.cast import make_world

pytestmark = pytest.mark.django_db


def page_of(client: Any, kind: str, uid: str) -> str:
    client.force_login(make_world().people["bob"])
    answer = client.get(f"/gestion/{kind}/{uid}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_criterion_has_its_words() -> None:
    assert wants().keys() == CRITERIA.keys()


def test_an_offer_shows_its_score_and_what_would_raise_it_first(client: Any) -> None:
    sheet = offer(summary="Un conseil.", updated=date.today() - timedelta(days=1000))
    page = page_of(client, "offres", sheet.uid)
    checks = page[page.index('id="qualite"') :]
    assert checks.index("Donnez un téléphone, une adresse électronique") < checks.index("Au moins une thématique")
    assert "Relisez la fiche, puis marquez-la comme vérifiée." in checks


def test_a_full_sheet_has_nothing_to_do() -> None:
    full = Described(
        description="a" * 300, updated=date.today(), themes=("x",), publics=("femmes",), welcomes=("en-presentiel",), means=("telephoner",),
        open_to=("usagers",), address="1 rue", phone="+33243000001", cost="gratuit",
    )  # fmt: skip
    found = score(full, date.today())
    assert found.value == 1
    assert all(check.done for check in checklist(found))


def test_the_formula_is_for_services_only(client: Any) -> None:
    assert 'id="qualite"' not in page_of(client, "structures", structure().uid)


def test_a_relay_has_no_score(client: Any) -> None:
    assert 'id="qualite"' not in page_of(client, "relais", relay().uid)
