"""The public tables and sentences of the supply, recomputed commune by commune from the rows of the database, without the index."""

from __future__ import annotations

import random
import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine

from maillage.catalogue.index import reset
from maillage.catalogue.models import Offer
from maillage.observatory.snapshots.actions import take
from maillage.observatory.supply.criteria import Criteria
from maillage.territories import queries as territories
from maillage.vocabulary.labels import label
from maillage.vocabulary.words import vocabulary
from tests.catalogue import worlds
from tests.conftest import StrictClient
from tests.observatory import oracle
from tests.observatory.test_pages import get, table, told

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
STAGES = vocabulary().codes("stage")
KINDS = {"conseil": "de conseil", "financement": "de financement", "formation": "de formation"}
MAYENNE = territories.communes_of("departement", "53")


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-11-24 10:00:00+01:00", tick=False):
        yield


@pytest.fixture
def offers() -> list[Offer]:
    """Sixty offers of every breadth, some of them closed; no incubation."""
    chance = random.Random(5)
    epci = sorted({commune.epci for commune in MAYENNE if commune.epci})
    wide = ["france", "region:52", "departement:53", "departement:72", "departement:44", "departement:49"]
    for number in range(60):
        near = [f"epci:{chance.choice(epci)}", f"commune:{chance.choice(MAYENNE).code}"]
        worlds.offer(
            name=f"Offre {number}",
            kind=chance.choice(sorted(KINDS)),
            stages=chance.sample(STAGES, chance.randrange(1, 4)),
            coverage=[chance.choice(wide[2:] if number % 9 else wide)] if number % 2 else near[: 1 + number % 3 // 2],
            closes=TODAY - timedelta(days=1) if number % 10 == 0 else None,
        )
    reset()
    return list(Offer.objects.select_related("structure").order_by("pk"))


def test_every_gap_of_the_first_page_is_one_that_a_slow_reading_finds_and_none_is_left_out(
    offers: list[Offer], client: StrictClient
) -> None:
    page = unescape(get(client, "/observatoire/"))
    expected = []
    for departement in territories.departements_of_region("52"):
        communes = list(territories.communes_of("departement", departement.code))
        for kind, words in KINDS.items():
            cells = {stage: oracle.cell(offers, communes, stage, kind, Criteria(), TODAY) for stage in STAGES}
            empty = [stage for stage in STAGES if not cells[stage].offers]
            if empty:
                expected.append((departement, words, empty))
        expected.append((departement, "d’incubation", list(STAGES)))
    part = page.split('id="manques"')[1].split("</section>")[0]
    sentences = [re.sub(r"<.*", "", text) for text in re.findall(r"<li>(Aucune offre .*?)<br>", part)]
    more = re.search(r"Et (\d+) autres? manques?", part)
    assert len(sentences) + (int(more[1]) if more else 0) == len(expected)
    for sentence in sentences:
        [(_place, _words, empty)] = [
            each for each in expected if each[0].name in sentence and sentence.startswith(f"Aucune offre {each[1]} ")
        ]
        named = [stage for stage in STAGES if f"«\u202f{label('stage', stage)}\u202f»" in sentence]
        assert named == ([] if len(empty) == len(STAGES) else empty), sentence


def test_every_cell_of_the_table_of_intercommunalities_is_that_of_a_slow_reading(
    offers: list[Offer], client: StrictClient
) -> None:
    page = get(client, "/observatoire/manques/?territoire=departement:53&maille=epci")
    rows = {row[0]: row[1:] for row in table(page, "Toutes les offres, par territoire")[1:]}
    places = territories.epci_of_departement("53")
    assert len(rows) == len(places)
    for place in places:
        [(name, cells_said)] = [row for row in rows.items() if row[0].startswith(f"{place.name} ")]
        communes = list(territories.communes_of("epci", place.code))
        cells = [oracle.cell(offers, communes, stage, "", Criteria(), TODAY) for stage in STAGES]
        declared = {offer.structure_id for offer in offers if oracle.reaches(offer, communes)}
        assert f"{told(place.population)} hab., " in name
        assert f" {len(declared)} structures déclarées, aucune fiche vérifiée." in name
        for stage, cell, text in zip(STAGES, cells, cells_said, strict=True):
            counted = re.match(r"\d[\d\u202f]*", text)
            assert (counted[0] if counted else "0") == told(cell.offers), (place.name, stage, cells_said)
            if cell.offers and cell.uncovered:
                assert told(cell.uncovered) in text, (place.name, stage, cells_said)


def test_what_opened_and_closed_and_the_months_are_those_of_the_rows(offers: list[Offer], client: StrictClient) -> None:
    with time_machine.travel("2026-10-31 22:00:00+01:00", tick=False):
        take(date(2026, 10, 31))
    gone = next(offer for offer in offers if "departement:53" in offer.coverage and offer.closes is None)
    Offer.objects.filter(pk=gone.pk).update(closes=TODAY - timedelta(days=3))
    worlds.offer(name="Toute nouvelle", kind="conseil", stages=["idee"], coverage=["departement:53"])
    reset()
    take(TODAY)
    page = get(client, "/observatoire/evolution/?territoire=departement:53&etape=idee")
    everything = list(Offer.objects.select_related("structure").order_by("pk"))
    rows = table(page, "Offres ouvertes à la fin du mois")
    now = oracle.cell(everything, list(MAYENNE), "idee", "", Criteria(), TODAY)
    then = oracle.cell(
        [offer for offer in offers if offer.closes is None or offer.closes >= date(2026, 10, 31)],
        list(MAYENNE), "idee", "", Criteria(), date(2026, 10, 31),
    )  # fmt: skip
    assert [re.match(r"\d+", row[1])[0] for row in rows[1:]] == [str(then.offers), str(now.offers)]  # type: ignore[index]
    assert "Toute nouvelle" in page.split('id="mouvements"')[1].split("</section>")[0]
    assert gone.name in unescape(page.split('id="mouvements"')[1].split("</section>")[0])
