"""French forms of names, ready for sentences."""

import pytest

from maillage.territories import queries


@pytest.mark.parametrize(
    ("level", "code", "the", "of", "at"),
    [
        ("commune", "53130", "Laval", "de Laval", "à Laval"),
        ("commune", "72181", "Le Mans", "du Mans", "au Mans"),
        ("commune", "85109", "Les Herbiers", "des Herbiers", "aux Herbiers"),
        ("commune", "72154", "La Flèche", "de La Flèche", "à La Flèche"),
        ("commune", "49007", "Angers", "d’Angers", "à Angers"),
        ("commune", "85113", "L'Île-d'Yeu", "de L'Île-d'Yeu", "à L'Île-d'Yeu"),
        ("commune", "60703", "Aux Marais", "d’Aux Marais", "à Aux Marais"),
        ("commune", "50218", "Granville", "de Granville", "à Granville"),
        ("epci", "200048551", "la CC du Pays de Craon", "de la CC du Pays de Craon", "dans la CC du Pays de Craon"),
        ("epci", "244400404", "Nantes Métropole", "de Nantes Métropole", "à Nantes Métropole"),
        ("epci", "244500468", "Orléans Métropole", "d’Orléans Métropole", "à Orléans Métropole"),
        (
            "epci",
            "246700488",
            "l’Eurométropole de Strasbourg",
            "de l’Eurométropole de Strasbourg",
            "dans l’Eurométropole de Strasbourg",
        ),
        (
            "epci",
            "200093201",
            "la Métropole Européenne de Lille",
            "de la Métropole Européenne de Lille",
            "dans la Métropole Européenne de Lille",
        ),
        ("departement", "72", "la Sarthe", "de la Sarthe", "dans la Sarthe"),
        ("departement", "59", "le Nord", "du Nord", "dans le Nord"),
        ("departement", "01", "l’Ain", "de l’Ain", "dans l’Ain"),
        ("departement", "40", "les Landes", "des Landes", "dans les Landes"),
        ("departement", "49", "le Maine-et-Loire", "de Maine-et-Loire", "en Maine-et-Loire"),
        ("departement", "75", "Paris", "de Paris", "à Paris"),
        ("departement", "974", "La Réunion", "de La Réunion", "à La Réunion"),
        ("region", "32", "les Hauts-de-France", "des Hauts-de-France", "dans les Hauts-de-France"),
        ("region", "52", "les Pays de la Loire", "des Pays de la Loire", "dans les Pays de la Loire"),
        ("region", "53", "la Bretagne", "de Bretagne", "en Bretagne"),
        ("region", "44", "le Grand Est", "du Grand Est", "dans le Grand Est"),
        ("region", "11", "l’Île-de-France", "d’Île-de-France", "en Île-de-France"),
        ("france", "", "toute la France", "de toute la France", "dans toute la France"),
    ],
)
def test_articles_are_those_that_speakers_use(level, code, the, of, at):
    place = queries.place(level, code)
    assert (place.the, place.of, place.at) == (the, of, at)


def test_every_departement_and_region_has_an_article_or_is_a_name_that_takes_none():
    bare = {place.name for level in ("departement", "region") for place in queries.places(level) if place.the == place.name}
    assert bare == {"Paris", "La Réunion", "Mayotte"}


def test_abbreviated_categories_are_spelt_out():
    assert queries.place("epci", "200048551").long_name == "Communauté de communes du Pays de Craon"
    assert not any(place.long_name.startswith(("CC ", "CA ", "CU ")) for place in queries.places("epci"))


def test_names_carry_french_quotes_only():
    assert not any('"' in place.name or "''" in place.name for place in queries.places("epci"))
    assert any("« Agglopolys »" in place.name for place in queries.places("epci"))
