"""Never an empty page: every commune × every stage gets somebody to call, on the starter catalogue."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection

from maillage.orientation.queries import orient
from maillage.orientation.situation import Situation
from maillage.territories.queries import Commune, all_communes
from maillage.vocabulary.portals import portal_of_region, portals
from maillage.vocabulary.words import vocabulary


def without_contact(communes: list[Commune]) -> list[str]:
    """The situations (commune and stage) that get nobody to call or to write to, in words."""
    default = next(iter(portals().values()))
    empty = []
    for commune in communes:
        portal = portal_of_region(commune.region) or default
        for stage in vocabulary().codes("stage"):
            answer = orient(Situation(stage=stage, commune=commune), portal, limit=3, near_limit=1)
            reachable = [
                contact
                for contact in (*answer.networks, *answer.relays)
                if contact.phone or contact.email or contact.website or contact.url
            ]
            if not reachable:
                empty.append(f"{commune.name} ({commune.code}), {stage}")
    return empty


def unserved(communes: list[Commune], kinds: tuple[str, ...]) -> list[str]:
    """The situations whose results lack one of these kinds of offers."""
    holes = []
    for commune in communes:
        for stage in vocabulary().codes("stage"):
            by_kind = orient(Situation(stage=stage, commune=commune), limit=0, near_limit=0).by_kind
            holes += [f"{commune.name} ({commune.code}), {stage} : {kind}" for kind in kinds if not by_kind.get(kind)]
    return holes


@pytest.fixture
def starter_catalogue(db: None) -> None:
    """The catalogue that a new installation has."""
    call_command("load-regions", verbosity=0)


@pytest.mark.usefixtures("starter_catalogue")
def test_one_commune_of_each_intercommunality_gets_somebody_to_call_at_each_stage() -> None:
    sample = {commune.epci or commune.code: commune for commune in all_communes()}
    chosen = list(sample.values())[::3] if connection.vendor == "sqlite" else list(sample.values())[::30]
    assert without_contact(chosen) == []


@pytest.mark.usefixtures("starter_catalogue")
def test_each_intercommunality_of_both_regions_gets_support_and_money_at_each_stage() -> None:
    regions = {region for portal in portals().values() for region in portal.regions}
    sample = {commune.epci or commune.code: commune for commune in all_communes() if commune.region in regions}
    assert len(sample) > 150
    chosen = list(sample.values()) if connection.vendor == "sqlite" else list(sample.values())[::10]
    assert unserved(chosen, ("conseil", "financement")) == []
