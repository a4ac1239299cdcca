"""Who receives a request: routing against a plain reading of the rows; and everywhere in both regions there is somebody."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.accompaniment.candidates import Wanted, find
from maillage.accompaniment.routing import KIND_ORDER, ROLE_ORDER, Found, Step
from maillage.catalogue.index import current_index
from maillage.catalogue.models import Offer, Structure
from maillage.orientation.situation import Situation
from maillage.territories import queries
from maillage.territories.queries import Commune
from maillage.vocabulary.portals import portals
from maillage.vocabulary.words import vocabulary
from tests.catalogue import worlds
from tests.catalogue.worlds import TODAY, World
from tests.orientation.oracle import read_offer

PORTAL = portals()["pays-de-la-loire"]
FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _said(name: str, most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(vocabulary().codes(name)[:most]), unique=True, max_size=2).map(tuple)


WANTED = st.builds(
    Wanted,
    stage=st.sampled_from(("", *vocabulary().codes("stage"))),
    commune=st.one_of(st.none(), worlds.communes()),
    needs=_said("need", 4),
    sectors=_said("sector", 3),
    legal_form=st.sampled_from(("", *vocabulary().codes("legal_form")[:3])),
)


def expected(wanted: Wanted, day: date) -> list[int | None]:
    """The structures in order, from the rows alone: each pair compared, the better first."""
    keys = _keys(wanted)
    competent: dict[int, tuple[Any, ...]] = {}
    situation = Situation(
        stage=wanted.stage or None,
        commune=wanted.commune,
        needs=wanted.needs,
        sectors=wanted.sectors,
        legal_form=wanted.legal_form or None,
    )
    for offer in Offer.objects.select_related("structure").order_by("pk"):
        named = len(set(offer.needs) & set(wanted.needs))
        fits = named and read_offer(offer, situation, day, None).verdict == "result"
        if not fits or not set(keys) & set(offer.coverage) or set(keys) & set(offer.excluded):
            continue
        level = min(_level(key) for key in offer.coverage if key in keys)
        kind = KIND_ORDER.index(offer.kind) if offer.kind in KIND_ORDER else 99
        score = (
            -named,
            kind,
            not offer.structure.email,
            level,
            _km(wanted.commune, offer),
            offer.verified_on is None,
            offer.structure_id,
            offer.pk,
        )
        competent[offer.structure_id] = min(score, competent.get(offer.structure_id, score))
    networks: dict[int, tuple[Any, ...]] = {}
    for structure in Structure.objects.order_by("pk"):
        for role in structure.roles if structure.is_visible else []:
            term = vocabulary().terms("role").get(role["role"])
            territory = role.get("territory")
            if not term or term.extra.get("contact") != "network" or not territory:
                continue
            key = "france" if territory["level"] == "france" else f"{territory['level']}:{territory['code']}"
            since, until = role.get("since"), role.get("until")
            if key not in keys or (since and since > day.isoformat()) or (until and until < day.isoformat()):
                continue
            rank = ROLE_ORDER.index(role["role"]) if role["role"] in ROLE_ORDER else 99
            score = (_level(key), rank, _km(wanted.commune, structure), structure.pk)
            networks[structure.pk] = min(score, networks.get(structure.pk, score))
    order: list[int | None] = sorted(competent, key=lambda pk: competent[pk])
    order += [pk for pk in sorted(networks, key=lambda pk: networks[pk]) if pk not in competent]
    return [*order, None]


def _keys(wanted: Wanted) -> list[str]:
    if wanted.commune:
        return [territory.key for territory in queries.territories_of(wanted.commune)]
    return ["region:52", "france"]


def _level(key: str) -> int:
    return ["commune", "epci", "departement", "region", "france"].index(key.partition(":")[0])


def _km(commune: Commune | None, sheet: Structure | Offer) -> float:
    lon, lat = sheet.lon, sheet.lat
    if isinstance(sheet, Structure) and (lon is None or lat is None):  # the index measures offers from their own point only
        place = queries.commune(sheet.commune) if sheet.commune else None
        lon, lat = (place.lon, place.lat) if place else (None, None)
    if commune is None or lon is None or lat is None:
        return float("inf")
    return float(round(queries.distance_km(commune.lon, commune.lat, lon, lat)))


@FEW
@given(world=worlds.worlds(), wanted=WANTED, reachable=st.lists(st.booleans(), min_size=3, max_size=3))
def test_routing_answers_what_a_plain_reading_of_the_rows_answers(
    db: None, world: World, wanted: Wanted, reachable: list[bool]
) -> None:
    with world.in_database() as catalogue:
        for pk, yes in zip(catalogue.pks["structure"], reachable, strict=False):
            Structure.objects.filter(pk=pk).update(email="a@example.org" if yes else "")
        found = find(current_index(), wanted, PORTAL, TODAY)
        assert [each.structure for each in found] == expected(wanted, TODAY)


@FEW
@given(world=worlds.worlds(), wanted=WANTED)
def test_who_had_it_already_is_not_proposed_again(db: None, world: World, wanted: Wanted) -> None:
    with world.in_database():
        every = find(current_index(), wanted, PORTAL, TODAY)
        had = [each.structure for each in every[:2] if each.structure]
        left = find(current_index(), wanted, PORTAL, TODAY, without=had)
        assert [each for each in every if each.structure not in had] == left
        assert left[-1] == Found(None, Step.ORGANISER)


def test_the_organiser_is_always_the_last_and_may_be_the_first(db: None) -> None:
    keeper = worlds.structure(ref=PORTAL.organiser, name="Chambre")
    [only] = find(current_index(), Wanted(), PORTAL, TODAY)
    assert only == Found(keeper.pk, Step.ORGANISER)
    assert find(current_index(), Wanted(), PORTAL, TODAY, without=[keeper.pk]) == [only]  # nobody else: still somebody


def somebody_everywhere(communes: list[Commune], *, every_stage: bool) -> list[str]:
    """The situations that reach no structure: for each commune and need, at every stage, or at one that turns with both."""
    snapshot, stages = current_index(), vocabulary().codes("stage")
    wrong = []
    for row, commune in enumerate(communes):
        portal = next(each for each in portals().values() if commune.region in each.regions)
        for column, need in enumerate(vocabulary().codes("need")):
            for stage in stages if every_stage else (stages[(row + column) % len(stages)],):
                found = find(snapshot, Wanted(stage, commune, (need,)), portal, TODAY)
                if not found or found[0].structure is None:
                    wrong.append(f"{commune.code} {stage} {need}")
    return wrong


def both_regions() -> list[Commune]:
    regions = {region for portal in portals().values() for region in portal.regions}
    return [commune for commune in queries.all_communes() if commune.region in regions]


@pytest.mark.django_db
def test_one_commune_in_ten_of_both_regions_reaches_somebody_for_every_need() -> None:
    call_command("load-regions", verbosity=0)
    step = 10 if connection.vendor == "sqlite" else 100
    assert somebody_everywhere(both_regions()[::step], every_stage=False) == []


@pytest.mark.epreuve
@pytest.mark.django_db
def test_every_commune_of_both_regions_reaches_somebody_for_every_need_at_every_stage() -> None:
    call_command("load-regions", verbosity=0)
    assert len(both_regions()) > 4_000
    assert somebody_everywhere(both_regions(), every_stage=True) == []
