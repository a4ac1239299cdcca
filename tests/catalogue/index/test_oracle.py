"""Whatever the catalogue holds and however it came to it, the index says what the database says."""

from __future__ import annotations

import json
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from maillage.catalogue.index import FACETS, Snapshot, current_index, reset
from maillage.catalogue.index.build import build
from maillage.catalogue.models import Relay, Structure
from maillage.territories import queries
from maillage.vocabulary.words import vocabulary
from tests.catalogue import worlds
from tests.catalogue.index import oracle

pytestmark = pytest.mark.django_db
#: One database serves all the examples of a test: each world is taken back by its own transaction.
property_test = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
QUERIES = st.lists(st.sampled_from(worlds.QUERIES), min_size=1, max_size=4, unique=True)


def assert_index_reads_the_database(index: Snapshot, texts: list[str]) -> None:
    """Every method of the snapshot against its plain reading."""

    def pks(positions: object) -> set[int]:
        return oracle.pks(index, positions)  # type: ignore[arg-type]  # a BitMap

    offers = oracle.visible_offers()
    assert pks(index.alive) == {offer.pk for offer in offers}

    for facet in FACETS:
        stated = {code for offer in offers for code in oracle.codes(offer, facet)}
        assert stated <= set(index.codes(facet))
        for code in (*index.codes(facet), "inconnu"):
            assert pks(index.stating(facet, code)) == {offer.pk for offer in offers if code in oracle.codes(offer, facet)}
        silent = {offer.pk for offer in offers if not oracle.codes(offer, facet)}
        assert pks(index.unrestricted(facet)) == silent
        for some in combinations(index.codes(facet)[:3], 2):
            accepted = {offer.pk for offer in offers if set(some) & set(oracle.codes(offer, facet))}
            assert pks(index.accepting(facet, some)) == silent | accepted

    for code in worlds.COMMUNES:
        commune = queries.commune(code)
        assert commune is not None
        keys = [territory.key for territory in queries.territories_of(commune)]
        for zonings, unknown in (((), ()), (("frr", "densite-1"), ("qpv", "densite-2")), ((), queries.ZONINGS)):
            coverage = index.covering(keys, zonings, unknown)
            says = {offer.pk: oracle.zoning_of(offer, zonings, unknown) for offer in offers if oracle.names(offer, keys)}
            assert pks(coverage.covered) == {pk for pk, zoning in says.items() if zoning != "fails"}
            assert pks(coverage.zoning_unknown) == {pk for pk, zoning in says.items() if zoning == "unknown"}
    served = {code: {offer.pk for offer in offers if oracle.serves_departement(offer, code)} for code in worlds.DEPARTEMENTS}
    for first, second in combinations(worlds.DEPARTEMENTS, 2):
        assert pks(index.touching([first, second])) == served[first] | served[second]
    everywhere = {offer.pk for offer in offers if "france" in offer.coverage and not offer.excluded and not offer.zonings}
    assert pks(index.everywhere) == everywhere

    for day in worlds.DATES:
        assert pks(index.open_on(day)) == {offer.pk for offer in offers if offer.is_open_on(day)}
    for text in texts:
        found = index.text(text)
        assert (None if found is None else pks(found)) == oracle.found_by_text(text), text

    asked = [(offer.pk, entry) for offer in offers for entry in offer.conditions]
    listed = [
        (pk, {"field": each.field, "operator": each.operator, "value": _plain(each.value), "label": each.label})
        for each, positions in index.conditions
        for pk in pks(positions)
    ]
    assert sorted(map(_written, listed)) == sorted(map(_written, asked))
    assert all(positions for _, positions in index.conditions)

    kinds = vocabulary().codes("kind")
    for offer in offers:
        position, columns = index.position(offer.pk), index.columns
        assert position is not None
        assert columns.structure[position] == offer.structure_id
        assert kinds[columns.kind[position]] == offer.kind
        assert columns.scale[position] == min(queries.LEVELS.index(key.partition(":")[0]) for key in offer.coverage)
        days = {"verified": offer.verified_on, "updated": offer.updated, "opens": offer.opens, "closes": offer.closes}
        for column, day in days.items():
            assert getattr(columns, column)[position] == (day.toordinal() if day else 0)
        for column, degrees in (("lon", offer.lon), ("lat", offer.lat)):
            assert getattr(columns, column)[position] == _about(degrees)


def _about(degrees: float | None) -> object:
    return pytest.approx(float("nan") if degrees is None else degrees, nan_ok=True)


def _written(pair: object) -> str:
    """The same text whatever the order of keys, which PostgreSQL changes; 1 and true differ."""
    return json.dumps(pair, sort_keys=True)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def assert_contacts_read_the_database(index: Snapshot) -> None:
    """Networks and relays against structures and relays, one by one."""
    roles = vocabulary().terms("role")
    networks, places = [], []
    for structure in Structure.objects.order_by("pk"):
        if not structure.is_visible:
            continue
        its_relays = [
            relay for relay in Relay.objects.filter(structure=structure).order_by("pk") if relay.is_visible and relay.silence != 2
        ]
        for held in structure.roles:
            said = ("structure", structure.pk, held["role"], _key(held), held.get("since"), held.get("until"))
            contact = roles[held["role"]].extra["contact"]
            if contact == "network":
                networks.append(said)
            elif contact == "relay" and not its_relays and (structure.lon is not None or structure.commune):
                places.append(said)
        places += [
            ("relay", relay.pk, relay.network, tuple(relay.coverage), None, _iso(relay.mark_until)) for relay in its_relays
        ]
    for contacts, expected in ((index.networks, networks), (index.relays, places)):
        got = [(each.sheet, each.pk, each.role, each.coverage, _iso(each.since), _iso(each.until)) for each in contacts]
        assert sorted(map(repr, got)) == sorted(map(repr, expected))
        for key in worlds.territory_keys():
            assert set(contacts.serving([key])) == {rank for rank, each in enumerate(contacts) if key in each.coverage}
        for rank, each in enumerate(contacts):
            sheet = (Structure if each.sheet == "structure" else Relay).objects.get(pk=each.pk)
            commune = queries.commune(sheet.commune) if sheet.commune else None
            point = (sheet.lon, sheet.lat) if sheet.lon is not None else (commune.lon, commune.lat) if commune else (None, None)
            assert (each.lon, each.lat) == point
            assert (each.name, each.uid, each.phone, each.structure_name) == (
                sheet.name,
                sheet.uid,
                sheet.phone,
                Structure.objects.get(pk=each.structure).name,
            )
            assert contacts.lon[rank] == _about(each.lon)
            assert contacts.lat[rank] == _about(each.lat)


def _key(held: dict) -> tuple[str, ...]:
    territory = held.get("territory")
    return (queries.Territory(territory["level"], territory["code"]).key,) if territory else ()


def _iso(day: object) -> str | None:
    return str(day) if day else None


def everything_in(index: Snapshot) -> tuple[object, ...]:
    """Copies of all the sets and columns of a snapshot."""
    tables = {name: {key: BitMap(positions) for key, positions in table.items()} for name, table in index.tables.items()}
    words = {word: len(index.text(word) or ()) for word in worlds.WORDS}
    return BitMap(index.alive), tables, words, index.columns.pk.tolist(), index.networks.entries, index.relays.entries


@property_test
@given(world=worlds.worlds(), texts=QUERIES)
def test_a_built_index_says_what_the_database_says(db: None, world: worlds.World, texts: list[str]) -> None:
    with world.in_database():
        index = current_index()
        assert_index_reads_the_database(index, texts)
        assert_contacts_read_the_database(index)


@property_test
@given(world=worlds.worlds(offers=6), changes=st.lists(worlds.writes(), min_size=1, max_size=8), texts=QUERIES, data=st.data())
def test_an_index_that_followed_writes_says_what_the_database_says(
    db: None, world: worlds.World, changes: list[worlds.Write], texts: list[str], data: st.DataObject
) -> None:
    with world.in_database() as catalogue:
        first = current_index()
        before = everything_in(first)
        for write in changes:
            catalogue.apply(write)
            if data.draw(st.booleans(), label="asked between two writes"):
                current_index()
        index = current_index()
        assert_index_reads_the_database(index, texts)
        assert_contacts_read_the_database(index)
        # the one before did not move under whoever still holds it
        assert everything_in(first) == before


@property_test
@given(world=worlds.worlds(offers=6), changes=st.lists(worlds.writes(), max_size=6), texts=QUERIES)
def test_following_writes_and_reading_everything_again_give_the_same(
    db: None, world: worlds.World, changes: list[worlds.Write], texts: list[str]
) -> None:
    with world.in_database() as catalogue:
        current_index()
        for write in changes:
            catalogue.apply(write)
        followed = current_index()
        reset()
        rebuilt = build(followed.revision)
        assert oracle.pks(followed, followed.alive) == oracle.pks(rebuilt, rebuilt.alive)
        assert list(followed.networks) == list(rebuilt.networks)
        assert list(followed.relays) == list(rebuilt.relays)
        assert [each for each, _ in followed.conditions] == [each for each, _ in rebuilt.conditions]
        for facet in FACETS:
            assert followed.codes(facet) == rebuilt.codes(facet)
