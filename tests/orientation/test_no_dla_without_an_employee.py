"""« Le DLA n’est jamais proposé à un projet sans salarié »: a condition of the offers and an implication, both data."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from maillage.catalogue.index import reset
from maillage.catalogue.models import Offer, Structure
from maillage.orientation.queries import orient
from maillage.orientation.situation import Situation
from maillage.territories import queries as territories
from maillage.vocabulary.words import vocabulary
from tests.catalogue import worlds

pytestmark = pytest.mark.django_db
ONE_EMPLOYEE = {"field": "salaries", "operator": ">=", "value": 1, "label": "Avoir au moins un emploi"}
#: Ways to be without an employee: said, or implied by « pas encore de structure ».
WITHOUT_EMPLOYEE = (Situation(facts={"salaries": 0}), Situation(legal_form="sans-structure"))


def proposed(situation: Situation) -> set[int]:
    return {match.offer.pk for match in orient(situation, limit=None).results}


def test_in_a_made_world() -> None:
    dla = worlds.offer(name="DLA", conditions=[ONE_EMPLOYEE])
    reset()
    for situation in WITHOUT_EMPLOYEE:
        assert dla.pk not in proposed(situation)
        [near] = orient(situation).near_misses
        assert [reason.label for reason in near.blocking] == ["Avoir au moins un emploi"]
    assert dla.pk in proposed(Situation(facts={"salaries": 1}))
    assert proposed(Situation(legal_form="sans-structure", facts={"salaries": 2})) == {dla.pk}, (
        "what is said wins over what is implied"
    )


def test_in_the_starter_catalogue() -> None:
    call_command("load-regions", verbosity=0)
    reset()
    terms = vocabulary().terms("role")
    dla_roles = {code for code in terms if code.startswith("dla-")}
    carriers = {
        structure.pk for structure in Structure.objects.order_by("pk") if dla_roles & {role["role"] for role in structure.roles}
    }
    dla = {
        offer.pk
        for offer in Offer.objects.visible().order_by("pk")
        if "DLA" in offer.name or "dispositif local d’accompagnement" in offer.name.lower().replace("'", "’")
    }
    assert carriers
    assert dla
    for code in ("53062", "72181", "44109", "85191", "49007", "59350", "62041", "80021", "02408", "60057"):
        commune = territories.commune(code)
        assert commune is not None
        employer = proposed(Situation(stage="consolidation", commune=commune, legal_form="association", facts={"salaries": 3}))
        assert employer & dla, f"no DLA for an employer in {commune.name}"
        for situation in WITHOUT_EMPLOYEE:
            for stage in vocabulary().codes("stage"):
                said = Situation(stage=stage, commune=commune, legal_form=situation.legal_form, facts=situation.facts)
                assert not proposed(said) & dla, (code, stage)


def test_every_commune_of_both_regions_has_somebody_to_call_at_every_stage_on_the_starter_catalogue() -> None:
    """Two EPCI per département here; every commune of France in bench/every_commune.py."""
    call_command("load-regions", verbosity=0)
    reset()
    for region in ("52", "32"):
        for departement in territories.departements_of_region(region):
            for epci in territories.epci_of_departement(departement.code)[::5][:2]:
                commune = territories.communes_of("epci", epci.code)[0]
                for stage in vocabulary().codes("stage"):
                    answer = orient(Situation(stage=stage, commune=commune), limit=3)
                    assert answer.contacts, (commune.name, stage)
                    assert answer.total, (commune.name, stage)
                    if stage == "difficultes":
                        assert answer.contacts[0].phone, commune.name
