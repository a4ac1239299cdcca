"""One page per commune, EPCI, département and région: who helps, stage by stage, what is missing, what is around."""

from __future__ import annotations

import re
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.catalogue.index import current_index
from maillage.catalogue.models import Offer
from maillage.orientation.territory import supply
from maillage.territories import queries as territories
from maillage.vocabulary.words import vocabulary
from tests.catalogue.worlds import COMMUNES, World, offer, relay, structure, worlds
from tests.conftest import StrictClient
from tests.orientation.pages.reading import get, rows, words

pytestmark = pytest.mark.django_db

LAVAL = "53130"
EPCI = "200083392"  # Laval Agglomération


def stage_row(html: str, stage: str) -> list[str]:
    return next(row for row in rows(html) if row[0] == stage)


@pytest.mark.parametrize(("level", "code"), [("commune", LAVAL), ("epci", EPCI), ("departement", "53"), ("region", "52")])
def test_every_level_counts_the_same_offer_at_its_stages(client: StrictClient, level: str, code: str) -> None:
    offer(coverage=[f"commune:{LAVAL}"], stages=["creation"], kind="formation")
    offer(kind="formation", stages=["creation"])
    html = get(client, f"/territoires/{level}/{code}/")
    assert stage_row(html, "Création")[1] == "2 (1)"
    assert stage_row(html, "Idée")[1] == "aucune"


def test_what_is_missing_is_said_in_words(client: StrictClient) -> None:
    offer(kind="conseil", coverage=["departement:53"])
    offer(kind="financement")
    offer(kind="formation", stages=["creation", "idee"], coverage=["departement:53"])
    text = words(get(client, "/territoires/departement/53/"))
    assert "Financement : seulement des offres nationales, à toutes les étapes." in text
    assert "Formation : rien n’est déclaré dans la Mayenne pour les étapes « Étude de faisabilité »" in text
    assert "Conseil et accompagnement : rien" not in text
    assert "Conseil et accompagnement : seulement" not in text
    empty = words(get(client, "/territoires/departement/80/"))
    assert "Conseil et accompagnement : rien n’est déclaré dans la Somme, à aucune étape." in empty


def test_who_helps_is_named_closest_first(client: StrictClient) -> None:
    role = "reseau-local-ess"
    structure(name="Régional", roles=[{"role": role, "territory": {"level": "region", "code": "52"}}])
    structure(
        name="Départemental", roles=[{"role": role, "territory": {"level": "departement", "code": "53"}}], phone="0243000000"
    )
    structure(name="D’ailleurs", roles=[{"role": role, "territory": {"level": "departement", "code": "80"}}])
    relay(name="Le relais", commune=LAVAL)
    for address in (f"/territoires/commune/{LAVAL}/", f"/territoires/epci/{EPCI}/", "/territoires/departement/53/"):
        text = words(get(client, address))
        assert text.index("Départemental") < text.index("Régional"), address
        assert "D’ailleurs" not in text
        assert "Le relais" in text


def test_who_covers_the_whole_is_not_said_to_cover_a_part(client: StrictClient) -> None:
    role = "reseau-local-ess"
    roles = [
        {"role": role, "territory": {"level": level, "code": code}} for level, code in (("departement", "53"), ("region", "52"))
    ]
    structure(name="Le réseau", roles=roles)
    text = words(get(client, "/territoires/region/52/"))
    assert "Couvre les Pays de la Loire" in text
    assert "Couvre la Mayenne" not in text


def test_a_commune_leads_up_around_and_to_its_results(client: StrictClient) -> None:
    html = get(client, f"/territoires/commune/{LAVAL}/")
    for address in (f"/territoires/epci/{EPCI}/", "/territoires/departement/53/", "/territoires/region/52/"):
        assert f'href="{address}"' in html
    assert f'href="/resultats/?etape=idee&commune={LAVAL}"' in html
    assert "Voisins" in words(html)
    assert "<svg" in html


def test_an_epci_lists_its_communes_and_a_departement_its_epci_and_neighbours(client: StrictClient) -> None:
    assert f'href="/territoires/commune/{LAVAL}/"' in get(client, f"/territoires/epci/{EPCI}/")
    html = get(client, "/territoires/departement/53/")
    assert f'href="/territoires/epci/{EPCI}/"' in html
    assert 'href="/territoires/departement/72/"' in html
    assert 'href="/territoires/departement/53/"' in get(client, "/territoires/region/52/")


def test_structures_that_have_their_address_there_are_listed(client: StrictClient) -> None:
    structure(name="Installée ici", commune=LAVAL)
    structure(name="Brouillon d’ici", commune=LAVAL, status="draft")
    structure(name="Installée ailleurs", commune="80021")
    for level, code in (("commune", LAVAL), ("epci", EPCI), ("departement", "53"), ("region", "52")):
        text = words(get(client, f"/territoires/{level}/{code}/"))
        assert "Installée ici" in text
        assert "ailleurs" not in text
        assert "Brouillon" not in text


def test_a_former_commune_leads_to_the_one_it_is_part_of(client: StrictClient) -> None:
    former = next(code for commune in territories.all_communes() for code in commune.former_codes if code != commune.code)
    answer = client.get(f"/territoires/commune/{former}/")
    if territories.commune(former).code != former:  # type: ignore[union-attr]  # a former code has a successor
        assert answer.status_code == 301
        assert re.fullmatch(r"/territoires/commune/[0-9AB]{5}/", answer.headers["Location"])


def test_the_code_of_a_merged_commune_is_followed(client: StrictClient) -> None:
    answer = client.get("/territoires/commune/53097/")
    successor = territories.commune("53097")
    assert successor is not None
    assert (answer.status_code, answer.headers.get("Location")) == (
        (200, None) if successor.code == "53097" else (301, f"/territoires/commune/{successor.code}/")
    )


@pytest.mark.parametrize(
    "address",
    [
        "commune/99999",
        "commune/abc",
        "epci/123",
        "departement/99",
        "region/00",
        "france/fr",
        "canton/5301",
        "commune/53130-",
        "zonage/frr",
    ],
)
def test_a_territory_that_does_not_exist_is_not_found(client: StrictClient, address: str) -> None:
    assert client.get(f"/territoires/{address}/").status_code == 404


def test_lower_case_corsica_is_understood(client: StrictClient) -> None:
    answer = client.get("/territoires/departement/2a/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/territoires/departement/2A/")


@pytest.mark.parametrize("code", ["97209", "29155", "75056", "85113"])
def test_islands_and_great_cities_have_their_page(client: StrictClient, code: str) -> None:
    assert "Qui aide" in words(get(client, f"/territoires/commune/{code}/"))


def test_the_list_finds_a_commune_or_gives_the_choice(client: StrictClient) -> None:
    assert client.get("/territoires/?commune=Craon+53400").headers["Location"] == "/territoires/commune/53084/"
    assert "?commune=93066" in get(client, "/territoires/?commune=Saint-Denis")
    assert "Nous ne connaissons pas de commune" in words(get(client, "/territoires/?commune=Zzzzz"))
    assert 'href="/territoires/departement/53/"' in get(client, "/territoires/")


def test_one_or_thirty_sheets_cost_the_same_number_of_questions(client: StrictClient) -> None:
    def questions() -> int:
        client.get("/territoires/departement/53/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/territoires/departement/53/")
        return len(captured)

    structure(commune=LAVAL)
    relay(commune=LAVAL)
    few = questions()
    for _ in range(30):
        relay(structure(commune=LAVAL), commune=LAVAL)
        offer(coverage=["departement:53"])
    assert questions() == few <= 2


@time_machine.travel("2026-11-23 10:00:00+01:00", tick=False)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds(), code=st.sampled_from(COMMUNES))
def test_the_counts_equal_a_reading_of_the_database_commune_by_commune(db: None, world: World, code: str) -> None:
    """The oracle asks, for each visible offer and each commune of the territory, whether the offer serves it."""
    with world.in_database():
        snapshot, today = current_index(), timezone.localdate()
        assert today == date(2026, 11, 23)
        commune = territories.commune(code)
        assert commune is not None
        for level, key in (("commune", commune.code), ("epci", commune.epci), ("departement", commune.departement)):
            place = territories.place(level, key) if key else None
            if place is None:
                continue
            found = supply(snapshot, place, today)
            served = [
                sheet
                for sheet in Offer.objects.answering().select_related("structure").order_by("pk")
                if sheet.structure.is_visible
                and sheet.is_open_on(today)
                and any(_serves(sheet, each, level) for each in territories.communes_of(level, place.code))
            ]
            assert found.offers == len(served)
            assert found.structures == len({sheet.structure_id for sheet in served})
            for stage in vocabulary().codes("stage"):
                at_stage = [sheet for sheet in served if not sheet.stages or stage in sheet.stages]
                assert found.by_stage[stage].total == len(at_stage)
                for kind in vocabulary().codes("kind"):
                    assert found.cells[stage][kind].total == sum(sheet.kind == kind for sheet in at_stage)


def _serves(sheet: Offer, commune: territories.Commune, level: str) -> bool:
    keys = {territory.key for territory in territories.territories_of(commune)}
    if not keys & set(sheet.coverage) or keys & set(sheet.excluded):
        return False
    if not sheet.zonings or level == "departement":  # a département counts coverage; zonings are told commune by commune
        return True
    return any(territories.in_zoning(commune, zoning) is not False for zoning in sheet.zonings)
