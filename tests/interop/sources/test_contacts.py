"""Contacts that come in are those of a desk: no named person, no personal address, no mobile."""

from __future__ import annotations

import pytest

from maillage.interop.sources import contacts
from maillage.interop.sources.aids import http, plain


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("04 50 56 87 49", "+33450568749"),
        ("0311452459", "+33311452459"),
        ("+33 (0)4 76 92 87 19", "+33476928719"),
        ("02 62 37 52 36", "+262262375236"),  # La Réunion has its own plan
        ("05 90 23 09 31", "+590590230931"),
        ("3949", "3949"),
        ("06 67 68 87 38", ""),
        ("07 85 93 51 18", ""),
        ("-", ""),
        ("", ""),
    ],
)
def test_a_land_line_is_kept_and_a_mobile_is_not(written: str, kept: str):
    assert contacts.phone(written) == kept


@pytest.mark.parametrize("written", ["04 50 56 87", "+00190519058", "4150990808", "0200000000 0600"])
def test_digits_that_no_number_has_are_told(written: str):
    with pytest.raises(ValueError, match="n’est pas un numéro de téléphone français"):
        contacts.phone(written)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Contact@Exemple.org ", "contact@exemple.org"),
        ("msap30220@exemple.fr", "msap30220@exemple.fr"),
        ("franceservices@exemple.fr", "franceservices@exemple.fr"),
        ("jeanne.martin@exemple.org", ""),
        ("jmartin@exemple.org", ""),
        ("contact@orange.fr", ""),  # the provider's desk
        ("", ""),
    ],
)
def test_a_generic_address_is_kept_and_that_of_a_person_is_not(written: str, kept: str):
    assert contacts.email(written) == kept


def test_an_address_that_is_none_is_told():
    with pytest.raises(ValueError, match="n’est pas une adresse électronique"):
        contacts.email("accueil@exemple;fr")


@pytest.mark.parametrize(
    ("text", "phone", "email"),
    [
        ("Service Sport, 04 75 26 99 43, contact@exemple.fr", "+33475269943", "contact@exemple.fr"),
        ("Direction Économie 04 81 66 88 34 / jmartin@exemple.fr", "", ""),
        ("Jeanne Martin-Durand : contact@exemple.fr - Tél : 01 53 85 51 53", "", "contact@exemple.fr"),
        ("Mme Martin, 01 53 85 51 53", "", ""),
        ("Accueil : 06 12 34 56 78 puis 02 43 49 10 00", "+33243491000", ""),
    ],
)
def test_beside_the_name_of_a_person_no_telephone_is_taken(text: str, phone: str, email: str):
    assert contacts.in_text(text) == (phone, email)


def test_the_address_of_a_mailto_link_is_surer_than_the_text_around_it():
    html = '<p>Chambre 04 75 26 99 43 • n<a href="mailto:contact@exemple.fr">contact@exemple.fr</a></p>'
    assert contacts.in_html(html) == ("+33475269943", "contact@exemple.fr")


def test_a_description_loses_the_contacts_of_persons_and_shows_where_they_stood():
    text = "Écrire à jeanne.martin@exemple.org (06 12 34 56 78) ou à contact@exemple.org, 02 43 49 10 00."
    assert contacts.without_persons(text) == (
        "Écrire à [adresse nominative retirée] ([numéro de mobile retiré]) ou à contact@exemple.org, 02 43 49 10 00."
    )


#: Texts that made earlier patterns take minutes: one endless word, nearly an address, nearly a name.
ENDLESS = [
    "a" * 100_000,
    "a." * 50_000 + "@",
    "a@" * 30_000,
    "0 " * 50_000,
    "Aa-" * 20_000,
    "Ab Ab " * 20_000,
    "[" * 50_000,
    "\n " * 30_000,
]


@pytest.mark.parametrize("text", ENDLESS)
def test_a_text_made_to_be_slow_is_read_in_steps_that_grow_with_its_length(text: str):
    """Before, the first took 49 s and the fifth did not end: the time limit of the whole run is the check."""
    contacts.in_text(text)
    contacts.without_persons(text)
    assert isinstance(plain(text), str)
    assert http(f"https://{text}") == ""
