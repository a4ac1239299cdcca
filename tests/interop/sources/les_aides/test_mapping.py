"""les-aides.fr: an aid becomes a structure and an offer, with what its documentation says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from maillage.interop.sources import les_aides as package
from maillage.interop.sources.les_aides import criteria
from maillage.interop.sources.maps import labels
from maillage.interop.sources.stages import _table
from maillage.vocabulary.words import vocabulary
from tests.interop.sources.les_aides.hands import mapped_of, read
from tests.interop.sources.les_aides.server import LesAides

FOLDER = Path(package.__file__).parent


def test_an_aid_becomes_a_structure_and_an_offer(service: LesAides) -> None:
    mapped = mapped_of(read()["101"])
    structure, offer = mapped.structures[0], mapped.offers[0]
    assert structure["name"] == "Conseil régional fictif"
    assert structure["nonprofit"] == "public"
    assert (structure["phone"], structure["email"], structure["website"]) == (
        "+33240000000",
        "contact@region.example",
        "https://region.example",
    )
    assert offer["structure_id"] == structure["id"] == "organisme-7"
    assert (offer["kind"], offer["instrument"]) == ("financement", "pret")
    assert offer["needs"] == ["transmission-reprise", "recherche-financement"]
    assert offer["coverage"] == [{"level": "region", "code": "52"}]
    assert offer["amount_max"] == 30_000
    assert offer["conditions"] == [
        {"field": "salaries", "operator": "<=", "value": 9, "label": "Moins de 10 salariés"},
        {"field": "mois-creation", "operator": "<=", "value": 36, "label": "Entreprise créée depuis moins de 3 ans"},
    ]
    assert offer["stages"] == ["creation"]
    assert set(mapped.deduced["offer:101"]) == {"stages", "coverage"}
    assert offer["source_url"] == "https://les-aides.fr/aide/101"
    assert offer["updated"] == "2026-09-01"
    assert mapped.review == ()
    assert mapped.unknown == ()
    text = offer["description"]
    assert "Information donnée sans garantie." in text
    assert "- Hors commerce de gros" in text
    assert "- Avoir un projet mûri" in text
    assert "<" not in text
    assert "alert" not in text
    assert "Camille" not in json.dumps([structure, {**offer, "how_to_apply": ""}], ensure_ascii=False)
    assert "camille.untel" not in offer["how_to_apply"]


def test_national_and_local_aids_cover_what_they_say(service: LesAides) -> None:
    records = read()
    assert mapped_of(records["102"]).offers[0]["coverage"] == [{"level": "france", "code": "france"}]
    local = mapped_of(records["103"]).offers[0]
    assert local["coverage"] == [{"level": "departement", "code": "53"}]
    assert local["kind"] == "conseil"
    assert local["conditions"] == [{"field": "esus", "operator": "=", "value": True, "label": "ESUS"}]


def test_a_domaine_or_moyen_that_no_table_knows_is_reported_and_the_sheet_waits(service: LesAides) -> None:
    service.lists["domaines"] = [*service.lists["domaines"], {"numero": 883, "libelle": "Numérique inconnu"}]
    service.aids["103"] |= {"domaines": [790, 883, 999], "implantation": "X"}
    mapped = mapped_of(read()["103"])
    assert {(one.field, one.value) for one in mapped.unknown} == {
        ("domaines", "Numérique inconnu"),
        ("domaines", "999"),
        ("implantation", "X"),
    }
    assert any("territoire" in sentence for sentence in mapped.review)


def test_each_label_of_the_documentation_is_known_and_leads_to_codes_of_the_vocabulary() -> None:
    words, hints = vocabulary(), _table()["types"]
    assert {"Création Reprise", "Cession Transmission", "Développement commercial"} <= set(labels(FOLDER, "domaines").labels)
    assert all(words.knows("need", code) or code in hints for code in labels(FOLDER, "domaines").codes())
    assert all(words.knows("kind", code) or words.knows("instrument", code) for code in labels(FOLDER, "moyens").codes())
    assert len(labels(FOLDER, "moyens").labels) == 10


@pytest.mark.parametrize(
    ("criterion", "condition"),
    [
        ("Moins de 50 salariés", ("salaries", "<=", 49)),
        ("Au moins 1 salarié", ("salaries", ">=", 1)),
        ("Effectif inférieur ou égal à 10 salariés", ("salaries", "<=", 10)),
        ("Entreprises de plus de 3 ans", ("mois-creation", ">=", 36)),
        ("Entreprise créée depuis moins de 18 mois", ("mois-creation", "<=", 18)),
        ("Agrément ESUS", ("esus", "=", True)),
        ("Structures d’insertion par l’activité économique", ("siae", "=", True)),
        ("Entreprise immatriculée", ("immatricule", "=", True)),
        ("Entreprise de moins de 10 salariés du commerce", None),
        ("Moins de salariés", None),
        ("", None),
    ],
)
def test_a_criterion_is_a_condition_only_when_all_of_it_is_understood(
    criterion: str, condition: tuple[str, str, Any] | None
) -> None:
    found = criteria.condition(criterion)
    assert (found and (found["field"], found["operator"], found["value"])) == condition
