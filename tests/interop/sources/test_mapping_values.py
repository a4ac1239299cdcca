"""Every value met in the real files and in the reference lists is known, and leads to codes that exist here."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from maillage.catalogue.enums import Recurrence
from maillage.interop.sources import data_inclusion
from maillage.interop.sources.maps import MISSING, Labels, labels
from maillage.interop.values import slug
from maillage.territories import queries
from maillage.vocabulary.words import vocabulary
from tests.interop.sources.reading import real, through
from tests.interop.sources.test_real_files import FILES

SOURCES = Path(data_inclusion.__file__).parent.parent
#: Folders of this part of the sources: those read in files or open-data downloads.
FOLDERS = (
    "aides_entreprises", "aides_entreprises_mte", "pays_de_la_loire_aides", "data_inclusion", "france_services", "agences_emploi", "lieux",
    "flux_manche", "flux_ile_de_france", "flux_drome", "flux_ademe", "flux_europe",
)  # fmt: skip
#: field of a map → list of the vocabulary that its codes belong to
LISTS = {
    "natures": "kind", "types": "kind", "types_aides": "kind", "instruments": "instrument", "besoins": "need", "projets": "need",
    "secteurs": "sector", "categories": "sector", "competences": "sector", "thematiques": "sector", "publics": "legal_form",
    "beneficiaires": "legal_form", "cibles": "legal_form", "profils": "legal_form", "etapes": "stage", "type": "level",
}  # fmt: skip
#: Codes that are not of the vocabulary: words of a mapping, sentences, numbers.
WORDS = {
    ("flux_ademe", "types"): set(Recurrence.values),
    ("flux_ademe", "couverture"): {"france"},
    ("data_inclusion", "publics"): set(vocabulary().codes("audience")),
    ("data_inclusion", "modes_accueil"): set(vocabulary().codes("mode")),
    ("data_inclusion", "frais"): set(vocabulary().codes("cost")),
}
RECURRENCES = {"recurrence", "temporalite"}
FREE = {
    "itinerance", "format", "depenses", "statut", "status", "actif", "cibles", "collectivites", "mobilisation", "mobilisable_par",
    "couverture_geo", "territoires", "effectif", "age_entreprise", "frais", "modalites",
}  # fmt: skip


def maps() -> list[tuple[str, str]]:
    return [(folder, path.stem) for folder in FOLDERS for path in sorted((SOURCES / folder / "maps").glob("*.toml"))]


@pytest.mark.parametrize(("folder", "field"), maps())
def test_a_map_leads_to_codes_that_exist(folder: str, field: str):
    table = labels(SOURCES / folder, field)
    if (folder, field) in WORDS:
        allowed = WORDS[folder, field]
    elif field in RECURRENCES:
        allowed = set(Recurrence.values)
    elif field in LISTS:
        allowed = set(vocabulary().codes(LISTS[field]))
    else:
        assert field in FREE, f"{folder}/maps/{field}.toml : dites quels codes elle donne"
        return
    assert set(table.codes()) <= allowed


def test_no_two_labels_of_a_map_are_the_same_once_folded():
    for folder, field in maps():
        raw = tomllib.loads((SOURCES / folder / "maps" / f"{field}.toml").read_text(encoding="utf-8"))["values"]
        keys = [Labels._key(label) for label in raw]
        twice = {key for key in keys if keys.count(key) > 1}
        assert all(len({str(raw[label]) for label in raw if Labels._key(label) == key}) == 1 for key in twice), (
            folder,
            field,
            twice,
        )


def test_a_label_is_found_whatever_its_case_accents_and_quotes():
    table = labels(SOURCES / "flux_ile_de_france", "publics")
    assert table.get("ASSOCIATIONS ") == table.get("associations") != MISSING
    assert table.get("Association loi 1901") is MISSING


@pytest.mark.parametrize("name", FILES)
def test_every_value_met_in_a_real_file_is_known(name: str):
    unknown = dict(through(FILES[name][0], real(name)).unknown)
    # the zone of one service of the demonstration is a postal code: no table can know it, a person must look
    assert unknown == ({("zone_eligibilite", "13200"): 1} if "data_inclusion" in name else {})


#: kind of reference value → map that must know every one of them
REFERENCES = {
    "THEMATIC": ("etapes", 69),
    "PUBLIC": ("publics", 14),
    "RECEPTION": ("modes_accueil", 2),
    "SERVICE_KIND": ("types", 6),
    "FEE": ("frais", 2),
    "MOBILIZATION": ("mobilisation", 4),
    "MOBILIZATION_PUBLIC": ("mobilisable_par", 2),
}


@pytest.mark.parametrize("kind", REFERENCES)
def test_every_reference_value_of_data_inclusion_is_known(kind: str):
    field, count = REFERENCES[kind]
    values = [one["value"] for one in json.loads(real("data_inclusion_referentiels_243.json").read_text()) if one["kind"] == kind]
    assert len(values) == count
    table = labels(SOURCES / "data_inclusion", field)
    assert [value for value in values if table.get(value) is MISSING] == []


def test_the_108_networks_of_data_inclusion_are_taken_as_they_are():
    values = [
        one["value"] for one in json.loads(real("data_inclusion_referentiels_243.json").read_text()) if one["kind"] == "NETWORK"
    ]
    assert len(values) == 108
    assert [slug(value, []) for value in values] == values


def test_a_theme_with_a_stage_has_its_line_among_the_needs():
    stages = tomllib.loads((SOURCES / "data_inclusion/maps/etapes.toml").read_text(encoding="utf-8"))["values"]
    needs = labels(SOURCES / "data_inclusion", "besoins")
    assert {theme for theme, stage in stages.items() if stage} == set(needs.labels)


def test_the_territories_named_otherwise_exist():
    for key in labels(SOURCES / "aides_entreprises", "territoires").codes():
        assert queries.exists(queries.parse_key(key))
