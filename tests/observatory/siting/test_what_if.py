"""« Si une permanence ouvrait à… »: what a scenario changes, and what an absurd one is answered."""

from __future__ import annotations

from maillage.catalogue.index import current_index
from maillage.kit.typography import number
from maillage.observatory.access.ground import ground
from maillage.observatory.access.travel_times import load
from maillage.observatory.siting.what_if import Scenario, on_offers, on_relays
from maillage.territories import queries
from maillage.territories.distance import distance_km
from tests.catalogue.worlds import TODAY, offer, relay

CRAON, LAVAL = "53084", "53130"
MAYENNE = queries.place("departement", "53")


def near(code, km):
    """The people of the Mayenne within so many km by road of a commune, counted one by one."""
    there = queries.commune(code)
    return {
        commune.code: commune.population
        for commune in queries.communes_of("departement", "53")
        if 1.3 * distance_km(commune.lon, commune.lat, there.lon, there.lat) <= km
    }


def test_opening_a_relay_gains_the_people_around_it(db):
    relay(commune=LAVAL)
    effect = on_relays(current_index(), MAYENNE, Scenario(opened=(queries.commune(CRAON),)), 20, TODAY)
    expected = {code: people for code, people in near(CRAON, 20).items() if code not in near(LAVAL, 20)}
    assert effect.gained == sum(expected.values()) > 0
    assert set(effect.gained_communes) == set(expected)
    assert (effect.lost, effect.near_before) == (0, sum(near(LAVAL, 20).values()))


def test_closing_the_only_relay_loses_everybody_near(db):
    relay(commune=LAVAL)
    entry = current_index().relays[0]
    effect = on_relays(current_index(), MAYENNE, Scenario(closed=(entry,)), 20, TODAY)
    assert (effect.lost, effect.near_after) == (sum(near(LAVAL, 20).values()), 0)


def test_extending_an_offer_gives_a_first_one_to_those_who_had_none(db):
    craon = queries.place("epci", "200048551")
    small = offer(kind="formation", stages=["creation"], coverage=[f"commune:{LAVAL}"])
    offer(kind="formation", stages=["creation"], coverage=[f"commune:{CRAON}"])
    (effect,) = on_offers(current_index(), MAYENNE, Scenario(offers=((small, craon),)), TODAY)
    laval, of_craon = queries.commune(LAVAL).population, queries.commune(CRAON).population
    assert (effect.before, effect.after) == (laval, laval + craon.population)
    assert effect.first == {"creation": craon.population - of_craon}
    assert effect.last == {"creation": 0}


def test_closing_the_last_offer_leaves_people_with_none(db):
    only = offer(kind="formation", stages=["creation"], coverage=[f"commune:{LAVAL}"])
    (effect,) = on_offers(current_index(), MAYENNE, Scenario(offers=((only, None),)), TODAY)
    assert effect.last == {"creation": queries.commune(LAVAL).population}
    assert effect.after == 0


def test_the_page_says_how_many_gain_and_carries_the_scenario(client, db):
    page = client.get("/observatoire/et-si/?territoire=departement:53&commune=Craon+53400&saisie=1").content.decode()
    gained = f"{sum(near(CRAON, 20).values()):,}".replace(",", "\u202f")
    assert f"{gained} habitants gagneraient un accès à moins de 20 km." in page
    assert f'name="ouvrir" value="{CRAON}"' in page
    assert "<svg" in page


def test_an_absurd_scenario_is_answered_in_words(client, db):
    address = "/observatoire/et-si/?territoire=departement:53&seuil=-4&ouvrir=99999&fermer=x&etendre=a@lune&retirer=zz&commune=Saint-Denis&saisie=1"
    page = client.get(address)
    text = page.content.decode()
    assert page.status_code == 200
    for words in (
        "un nombre entier de 1 à 100 km",
        "Cette commune n’existe pas",
        "Ce relais n’est pas",
        "n’existe pas",
        "Cette offre n’est pas",
        "choisissez la vôtre",
    ):
        assert words in text


def test_a_large_number_of_changes_is_cut(client, db):
    codes = "&".join(f"ouvrir={code}" for code in ground("departement", "53").codes)
    assert client.get(f"/observatoire/et-si/?territoire=departement:53&{codes}").status_code == 200


def test_with_a_travel_time_table_the_scenario_is_in_minutes_and_unknown_trips_are_said(client, db, tmp_path, settings):
    settings.MAILLAGE_DATA = tmp_path
    (tmp_path / "temps.csv").write_text("from,to,minutes\n53130,53084,29\n53062,53084,31\n", encoding="utf-8")
    load(tmp_path / "temps.csv")
    address = "/observatoire/et-si/?territoire=departement:53&ouvrir=53084"
    page = client.get(address).content.decode()
    people = sum(queries.commune(code).population for code in ("53130", "53084"))  # Craon itself is at no minute
    assert f"{number(people)} habitants gagneraient un accès à moins de 30 min." in page
    assert "Temps de trajet du tableau chargé sur ce site" in page
    assert "Sans trajet connu vers un relais" in page
    assert "Le seuil doit être un nombre entier de 1 à 100 min" in client.get(f"{address}&seuil=loin").content.decode()
    km = client.get(f"{address}&mesure=distance").content.decode()
    assert "à moins de 20 km" in km
    assert "à vol d’oiseau" in km
    assert 'name="mesure" value="distance"' in km, "the form stays in km"
