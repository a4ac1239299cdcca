"""The words of an answer: why an offer is shown, what is to check, what blocks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from maillage.catalogue.models import Offer
from maillage.orientation.answer import Match
from maillage.orientation.matching import wording
from maillage.orientation.matching.explanation import Standpoint, checklist, explain
from maillage.orientation.situation import Situation
from maillage.territories import queries as territories

TODAY = date(2026, 11, 23)
LAVAL = territories.commune("53130")


def offer(**fields: object) -> Offer:
    return Offer(**({"name": "Offre", "kind": "conseil", "coverage": ["france"]} | fields))


def match(situation: Situation, **fields: object) -> Match:
    return explain(offer(**fields), Standpoint.of(situation, TODAY))


def labels(reasons: tuple) -> list[str]:
    return [reason.label for reason in reasons]


def codes(reasons: tuple) -> list[str]:
    return [reason.code for reason in reasons]


def test_reasons_are_concrete() -> None:
    situation = Situation(
        stage="creation", commune=LAVAL, needs=("juridique", "gouvernance"), legal_form="association", sectors=("culture",)
    )
    assert LAVAL is not None
    found = match(
        situation,
        stages=["creation", "idee"],
        needs=["juridique"],
        legal_forms=["association"],
        sectors=["culture", "sport"],
        coverage=["departement:53"],
        cost="gratuit",
        modes=["presentiel"],
        lon=LAVAL.lon,
        lat=LAVAL.lat + 0.108,  # 12 km north
        closes=TODAY + timedelta(days=9),
    )
    assert labels(found.reasons) == [
        "Pour l’étape Création",
        "Couvre la Mayenne",
        "Répond au besoin Juridique et statuts",
        "Pour le secteur Culture",
        "Pour la forme juridique Association",
        "Gratuit",
        "À 12\u202fkm",
        "Ferme dans 9\u202fjours (2\u202fdécembre)",
    ]
    assert codes(found.reasons) == ["etape", "territoire", "besoin", "secteur", "forme", "gratuit", "proche", "echeance"]
    assert found.verdict == "a-verifier"
    assert codes(found.to_check) == ["acces", "cout"]


def test_nothing_to_check_is_yes() -> None:
    found = match(Situation(stage="idee", commune=LAVAL), coverage=["epci:200083392", "france"])
    assert (found.verdict, found.to_check, found.blocking) == ("oui", (), ())
    assert labels(found.reasons) == ["Pour toutes les étapes", "Couvre la CA Laval Agglomération"]


def test_what_blocks_says_so() -> None:
    situation = Situation(stage="idee", commune=LAVAL, legal_form="association", facts={"salaries": 0})
    assert labels(match(situation, stages=["creation", "developpement"]).blocking) == [
        "Réservé aux étapes Création et Développement"
    ]
    assert labels(match(situation, coverage=["departement:72"]).blocking) == ["Couvre seulement la Sarthe"]
    assert labels(match(situation, excluded=["region:52"]).blocking) == ["Ne couvre pas les Pays de la Loire"]
    assert labels(match(situation, legal_forms=["scop", "scic"]).blocking) == [
        "Réservé aux formes juridiques\u202f: Scop et Scic"
    ]
    condition = {"field": "salaries", "operator": ">=", "value": 1, "label": "Avoir au moins un emploi"}
    blocked = match(situation, conditions=[condition])
    assert (codes(blocked.blocking), labels(blocked.blocking)) == (["condition:salaries"], ["Avoir au moins un emploi"])
    assert blocked.verdict == "non"


def test_a_condition_met_is_a_reason_and_one_unknown_is_to_check() -> None:
    condition = {"field": "salaries", "operator": ">=", "value": 1, "label": "Avoir au moins un emploi"}
    assert labels(match(Situation(facts={"salaries": 2}), conditions=[condition]).reasons)[-1:] == [
        "Condition remplie\u202f: avoir au moins un emploi"
    ]
    assert labels(match(Situation(), conditions=[condition]).to_check) == ["Avoir au moins un emploi"]


def test_without_a_commune_only_what_covers_everything_is_certain() -> None:
    assert labels(match(Situation()).reasons) == ["Couvre toute la France"]
    assert labels(match(Situation(), coverage=["departement:53"]).to_check) == ["Couvre seulement la Mayenne"]
    assert labels(match(Situation(), excluded=["region:94"]).to_check) == ["Couvre toute la France, sauf la Corse"]


def test_a_merged_commune_still_counts() -> None:
    commune = territories.commune("53062")
    assert commune is not None
    assert commune.former_codes
    found = match(Situation(commune=commune), coverage=[f"commune:{commune.former_codes[0]}"])
    assert labels(found.reasons) == [f"Couvre {commune.name}"]


def test_other_needs_block_on_the_offers_own_page() -> None:
    found = match(Situation(needs=("juridique",)), needs=["locaux"])
    assert labels(found.blocking) == ["Répond à un autre besoin\u202f: Locaux et immobilier"]
    assert codes(match(Situation(needs=("juridique",))).to_check) == ["besoin"]


@pytest.mark.parametrize(
    ("closes", "label"),
    [
        (TODAY, "Ferme aujourd’hui"),
        (date(2026, 11, 24), "Ferme demain (24\u202fnovembre)"),
        (date(2026, 12, 1), "Ferme dans 8\u202fjours (1er\u202fdécembre)"),
    ],
)
def test_deadlines(closes: date, label: str) -> None:
    assert labels(match(Situation(), closes=closes).reasons)[-1] == label


def test_a_far_deadline_or_place_is_not_a_reason() -> None:
    assert LAVAL is not None
    far = match(Situation(commune=LAVAL), closes=date(2027, 6, 1), lon=LAVAL.lon + 2, lat=LAVAL.lat, modes=["presentiel"])
    assert codes(far.reasons) == ["territoire"]
    assert far.distance_km is not None
    assert far.distance_km > 100
    at_a_distance = match(Situation(commune=LAVAL), lon=LAVAL.lon, lat=LAVAL.lat, modes=["distance"])
    assert "proche" not in codes(at_a_distance.reasons)


def test_the_checklist_answers_every_condition_in_three_values() -> None:
    situation = Situation(stage="idee", commune=LAVAL, facts={"salaries": 0})
    conditions = [{"field": "salaries", "operator": ">=", "value": 1, "label": "Avoir au moins un emploi"}]
    points = checklist(offer(stages=["idee"], legal_forms=["scop"], conditions=conditions), Standpoint.of(situation, TODAY))
    assert [(point.code, point.state) for point in points] == [
        ("etape", "oui"),
        ("territoire", "oui"),
        ("forme", "a-verifier"),
        ("condition:salaries", "non"),
    ]


def test_long_lists_are_cut_in_words() -> None:
    assert wording.listed(["a"]) == "a"
    assert wording.listed(["a", "b", "c", "d"]) == "a, b, c et d"
    assert wording.listed(["a", "b", "c", "d", "e"]) == "a, b, c et 2 autres"


def test_sentences_follow_the_language_of_the_reader() -> None:
    french = labels(match(Situation(), cost="gratuit").reasons)
    with override("en"):
        match(Situation(), cost="gratuit")
    assert labels(match(Situation(), cost="gratuit").reasons) == french
