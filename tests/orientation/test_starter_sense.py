"""Does the starter catalogue make sense as a whole? Rules that a sheet may break without any file being wrong."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from maillage.catalogue.index import current_index, reset
from maillage.catalogue.models import Offer
from maillage.orientation.queries import orient
from maillage.orientation.situation import Situation
from maillage.territories import queries as territories
from maillage.vocabulary.portals import portals
from maillage.vocabulary.words import vocabulary

pytestmark = pytest.mark.django_db
ANTE = {term.code for term in vocabulary().terms("stage").values() if term.extra["phase"] == "ante"}


@pytest.fixture(autouse=True)
def _starter_catalogue(db: None) -> None:
    call_command("load-regions", verbosity=0)
    reset()


def offers() -> list[Offer]:
    return list(Offer.objects.visible().order_by("pk"))


def test_money_and_premises_say_for_which_stages_they_are() -> None:
    assert [offer.ref for offer in offers() if offer.kind in {"financement", "hebergement"} and not offer.stages] == []


def test_what_only_persons_without_a_structure_may_use_is_for_those_who_begin_or_for_those_who_have_lost_it() -> None:
    alone = [offer for offer in offers() if offer.legal_forms == ["sans-structure"]]
    assert alone
    assert [offer.ref for offer in alone if not set(offer.stages) <= ANTE or not offer.stages] == []


@pytest.mark.parametrize(
    ("fact", "value", "too_early"),
    [("immatricule", True, {"idee"}), ("salaries", 1, {"idee", "faisabilite"}), ("mois-creation", 12, ANTE)],
)
def test_what_asks_for_a_living_structure_is_not_for_a_project_that_has_none(fact: str, value: int, too_early: set[str]) -> None:
    asking = [
        offer
        for offer in offers()
        for condition in offer.conditions
        if condition["field"] == fact and condition["operator"] in {"=", ">="} and condition["value"] == value
    ]
    assert asking
    assert [offer.ref for offer in asking if not offer.stages or set(offer.stages) & too_early] == []


def test_after_a_liquidation_is_not_for_an_association_that_lives() -> None:
    rebonds = {offer.ref for offer in offers() if offer.structure.name.startswith("60 000 Rebonds")}
    assert len(rebonds) == 3
    for code in ("02408", "85109", "13055"):
        living = Situation(
            stage="difficultes", commune=territories.commune(code), legal_form="association", facts={"immatricule": True}
        )
        answer = orient(living, limit=None, near_limit=10_000)
        assert not rebonds & {match.offer.ref for match in (*answer.results, *answer.near_misses)}
        gone = Situation(stage="difficultes", commune=territories.commune(code), facts={"immatricule": False})
        assert len(rebonds & {match.offer.ref for match in orient(gone, limit=None).results}) == 1


def test_a_call_is_not_shown_the_day_after_it_closes() -> None:
    dated = [offer for offer in offers() if offer.closes]
    assert dated
    for offer in dated:
        assert offer.closes
        for day, wanted in ((offer.closes, True), (offer.closes + timedelta(days=1), False)):
            answer = orient(Situation(stage=offer.stages[0]), limit=None, near_limit=10_000, today=day)
            shown = {match.offer.pk for match in (*answer.results, *answer.near_misses)}
            assert (offer.pk in shown) is wanted, (offer.ref, day)


def test_each_departement_has_people_support_and_money_at_each_stage() -> None:
    """And at least four local offers of support, national ones apart."""
    snapshot, regions = current_index(), {region for portal in portals().values() for region in portal.regions}
    local = snapshot.open_on(date(2026, 11, 24)) - snapshot.tables["coverage"].get("france")
    advice = snapshot.stating("kind", "conseil")
    seen = 0
    for region in sorted(regions):
        for departement in territories.departements_of_region(region):
            seat = max(territories.communes_of("departement", departement.code), key=lambda commune: commune.population)
            for stage in vocabulary().codes("stage"):
                answer = orient(Situation(stage=stage, commune=seat), limit=0, near_limit=0)
                assert len(answer.contacts) >= 2, (departement.name, stage)
                assert answer.by_kind["conseil"] >= 10, (departement.name, stage, answer.by_kind)
                assert answer.by_kind["financement"] >= 1, (departement.name, stage)
                here = local & snapshot.touching([departement.code]) & snapshot.accepting("stage", [stage]) & advice
                assert len(here) >= 4, (departement.name, stage)
                seen += 1
    assert seen == 60
