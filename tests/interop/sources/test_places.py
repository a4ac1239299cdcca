"""Places become relays: position, hours, contacts; what does not agree waits for a person."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import opening_hours
import phonenumbers
import pytest
from stdnum.fr import siret

from tests.interop.sources.reading import only, real, through
from tests.interop.sources.test_same_records import rows

PLACE = {
    "id": "1", "nom": "Ernée", "adresse": "Rue de l’Essai", "complement": "", "code_insee": "53096", "code_postal": "53500",
    "commune": "ERNEE", "departement": "53", "lat": "48.2967", "lon": "-0.9326", "courriel": "franceservices@exemple.fr",
    "telephone": "02 43 00 00 00", "horaires_osm": "Mo-Fr 09:00-12:00", "horaires_brut": "-", "itinerance": "Non",
    "format": "Espace labellisé", "groupe": "", "labellisation": "Espace labellisé 01/2020",
}  # fmt: skip


def relay(**changes: str) -> Any:
    return only("france-services", {**PLACE, **changes})


def test_a_place_is_a_relay_that_can_be_published():
    found = relay()
    assert not found.review
    assert not found.unknown
    (one,) = found.relays
    assert (one["commune"], one["level"], one["phone"]) == ("53096", "information", "+33243000000")
    assert one["updated"] == "2020-01-01"
    assert one["name"] == "France services Ernée"


def test_hours_that_osm_does_not_read_are_kept_and_told():
    found = relay(horaires_osm="le matin sauf le mercredi")
    assert found.relays[0]["opening_hours"] == "le matin sauf le mercredi"
    assert "ne suivent pas la syntaxe OSM" in found.review[0]


def test_what_the_published_hours_say_besides_hours_is_kept_as_text():
    found = relay(horaires_brut="9:00 - 12:00 / Après-midi sur RDV | - | Horaires non communiqués | - | - | -")
    assert found.relays[0]["services"] == "Horaires annoncés : lundi, 9:00 - 12:00 / Après-midi sur RDV."


def test_a_place_that_travels_says_so():
    assert relay(itinerance="Oui").relays[0]["itinerant"] == "Service itinérant."


def test_a_point_far_from_its_commune_is_left_out_and_told():
    found = relay(lat="43.3", lon="5.4")
    assert "lat" not in found.relays[0]
    assert "km de Ernée" in found.review[0]


def test_an_unknown_commune_is_told():
    found = relay(code_insee="", commune="Nulle-Part")
    assert "commune" not in found.relays[0]
    assert "n’a pas été reconnue" in found.review[0]


def test_an_unknown_word_of_a_column_is_reported_with_its_value():
    found = relay(itinerance="Parfois")
    assert [(one.field, one.value) for one in found.unknown] == [("itinerance", "Parfois")]


@pytest.mark.parametrize("name", ["relais_france_services_908.csv", "structures_prescripteurs_1003.csv"])
def test_hours_of_the_real_places_are_read_and_their_communes_exist(name: str):
    report = through({"r": "france-services", "s": "agences-emploi"}[name[0]], real(name))
    relays = [one for mapped in report.mapped.values() for one in mapped.relays]
    assert all(opening_hours.validate(one["opening_hours"]) for one in relays if "opening_hours" in one)
    assert sum("commune" in one for one in relays) >= len(relays) - 12


def test_no_mobile_and_no_mailbox_of_a_provider_comes_in_with_the_908_places():
    report = through("france-services", real("relais_france_services_908.csv"))
    relays = [one for mapped in report.mapped.values() for one in mapped.relays]
    phones = [phonenumbers.parse(one["phone"]) for one in relays if one.get("phone", "").startswith("+")]
    assert len(phones) > 700
    assert not [one for one in phones if phonenumbers.number_type(one) == phonenumbers.PhoneNumberType.MOBILE]
    assert not {
        one["email"] for one in relays if one.get("email", "").startswith("contact@") and one["email"].endswith("orange.fr")
    }


def test_telephones_and_siret_of_the_employment_offices_are_invented_so_none_comes_in():
    some = rows("structures_prescripteurs_1003.csv")
    numbers = [row["siret"] for row in some if row["siret"]]
    assert (len(numbers), sum(map(siret.is_valid, numbers))) == (45, 2)
    north = [row["telephone"] for row in some if row["departement"] in ("59", "62")]
    prefixes = {str(phonenumbers.parse(one, "FR").national_number)[0] for one in north}
    assert len(prefixes) >= 7  # real land lines of the north all start with 3
    report = through("agences-emploi", real("structures_prescripteurs_1003.csv"))
    entries = [one for mapped in report.mapped.values() for one in (*mapped.relays, *mapped.structures)]
    assert not [one for one in entries if one.get("phone") or one.get("siret") or one.get("email")]


@pytest.mark.parametrize(
    ("name", "kind", "why"),
    [
        ("France Travail - DR BRETAGNE", "FT", "Direction ou siège"),
        ("France Travail - SIÈGE RÉGIONAL LIMOUSIN", "FT", "Direction ou siège"),
        ("SERVICE PENITENTIAIRE D'INSERTION ET DE PROBATION - 67", "SPIP", "Service de la justice"),
    ],
)
def test_an_office_that_receives_nobody_is_left_out(name: str, kind: str, why: str):
    office = {"uid": "1", "nom": name, "type": kind, "adresse": "", "complement": "", "code_postal": "53000", "commune": "LAVAL",
              "departement": "53", "lon": "", "lat": "", "site_web": ""}  # fmt: skip
    assert only("agences-emploi", office).left_out.startswith(why)
    assert only("agences-emploi", {**office, "type": "ML", "nom": "MISSION LOCALE"}).relays[0]["level"] == "orientation"


LIEU: dict[str, Any] = {
    "id": "lieu-1", "pivot": "00000000000000", "nom": "La Fabrique", "commune": "Laval", "code_postal": "53000", "code_insee": "53130",
    "adresse": "1 rue de l’Essai", "latitude": 48.07, "longitude": -0.77, "telephone": "+33243000000", "courriels": "contact@exemple.org",
    "site_web": "https://exemple.org", "horaires": "Mo-Fr 09:00-12:00", "typologies": "TIERS_LIEUX|ASSO", "services": "Aides aux démarches",
    "frais_a_charge": "Gratuit", "itinerance": "Fixe", "modalites_accompagnement": "En autonomie|Accompagnement individuel",
    "date_maj": "2026-10-01",
}  # fmt: skip


def test_a_place_of_the_mediation_schema_is_a_relay_and_its_own_structure():
    found = only("lieux-mediation-numerique", LIEU)
    assert not found.review
    assert not found.unknown
    assert found.relays[0]["specialities"] == ["numerique"]
    assert found.structures[0]["types"] == ["tiers-lieux", "asso"]
    assert "siret" not in found.structures[0]


def test_a_place_that_names_its_parent_hangs_on_it():
    found = only("lieux-mediation-numerique", {**LIEU, "structure_parente": "Commune de Laval"})
    assert found.structures == ({"id": "commune-de-laval", "name": "Commune de Laval", "nonprofit": "public"},)
    assert found.relays[0]["structure_id"] == "commune-de-laval"


def test_json_lists_and_csv_cells_of_the_mediation_schema_are_the_same_place(tmp_path: Path):
    listed = {
        **LIEU,
        "typologies": ["TIERS_LIEUX", "ASSO"],
        "modalites_accompagnement": ["En autonomie", "Accompagnement individuel"],
    }
    (tmp_path / "lieux.json").write_text(json.dumps([listed]))
    (tmp_path / "lieux.csv").write_text(";".join(LIEU) + "\n" + ";".join(str(value) for value in LIEU.values()) + "\n")
    assert through("lieux-mediation-numerique", tmp_path / "lieux.json").mapped == (
        through("lieux-mediation-numerique", tmp_path / "lieux.csv").mapped
    )
