"""Aids: who they are for, what is left out and why, dates, amounts; with records made up from the documented fields."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from maillage.interop.sources.registry import source
from tests.interop.sources.reading import only, real, through, understood

LATER = (date.today() + timedelta(days=90)).isoformat()


def feed(name: str, key: str = "") -> list[dict[str, Any]]:
    value = json.loads(real(f"aides_flux_source/{name}").read_text(encoding="utf-8-sig"))
    return value[key] if key else value


# --- aides-entreprises.fr: no real file; fields of exchange-formats.md §5.3

AID: dict[str, Any] = {
    "id_aid": 42, "aid_nom": "Pr&ecirc;t d&rsquo;essai", "aid_objet": "<p>Aider la <b>création</b> d&rsquo;entreprises.</p>",
    "aid_operations_el": "", "aid_conditions": "", "aid_montant": "De 10 000 € à 500 000 €", "aid_benef": "", "status": "1",
    "date_fin": "0000-00-00 00:00:00", "couverture_geo": "1", "effectif": "2,3", "age_entreprise": "", "horodatage": "1735689600",
    "femmes": "0", "jeunes": "0", "seniors": "0", "handicapes": "0", "maj": "2026-10-01 12:00:00",
    "cache_indexation": {
        "natures": [{"id_typ": "2", "typ_libelle": "Prêt"}],
        "territoires": [{"id_ter": "1", "ter_libelle": "Pays-de-la-Loire"}],
        "financeurs": [{"org_nom": "Bpifrance"}, {"org_nom": "Région des Pays de la Loire"}],
        "profils": [], "projets": [],
    },
    "complements": {"source": [{"texte": "La page", "lien": "https://exemple.org/aide"}], "formulaire": [], "reglement": []},
}  # fmt: skip


def aid(**changes: Any) -> Any:
    return only("aides-entreprises", {**AID, **changes})


def test_an_aid_of_the_national_base_is_an_offer_of_its_first_funder():
    found = aid()
    assert not found.review
    assert not found.unknown
    (offer,) = found.offers
    assert (offer["name"], offer["kind"], offer["instrument"]) == ("Prêt d’essai", "financement", "pret")
    assert offer["coverage"] == [{"level": "region", "code": "52"}]
    assert (offer["amount_min"], offer["amount_max"]) == (10_000, 500_000)
    assert offer["conditions"] == [{"field": "salaries", "operator": "<=", "value": 49, "label": "Au plus 49 salariés"}]
    assert offer["updated"] == "2026-10-01"
    assert found.deduced["offer:1"]["stages"]
    assert [one["name"] for one in found.structures] == ["Bpifrance", "Région des Pays de la Loire"]


@pytest.mark.parametrize("status", ["0", "2", 0, None, ""])
def test_an_aid_that_is_not_online_is_left_out(status: Any):
    assert "hors ligne" in aid(status=status).left_out


def test_an_aid_closed_for_a_year_is_left_out_and_one_that_closes_soon_is_not():
    assert aid(date_fin="2020-01-01").left_out == "L’aide est close depuis le 2020-01-01."
    assert aid(date_fin=LATER).offers[0]["closes"] == LATER


@pytest.mark.parametrize(
    ("sizes", "bounds"),
    [("1,2,3,4,5,6", []), ("4,5", [(">=", 50)]), ("3", [(">=", 10), ("<=", 49)]), ("2,4", []), ("", [])],
)
def test_codes_of_size_are_numbers_of_employees(sizes: str, bounds: list[tuple[str, int]]):
    conditions = aid(effectif=sizes).offers[0].get("conditions", [])
    assert [(one["operator"], one["value"]) for one in conditions] == bounds


def test_the_age_of_the_firm_in_words_is_a_condition_and_another_code_is_reported():
    young = aid(effectif="", age_entreprise="Moins de 3 ans").offers[0]
    assert [(one["field"], one["operator"], one["value"]) for one in young["conditions"]] == [("mois-creation", "<=", 36)]
    assert [(one.field, one.value) for one in aid(age_entreprise="7").unknown] == [("age_entreprise", "7")]


def test_a_territory_that_nobody_recognises_waits_for_a_person():
    index = {**AID["cache_indexation"], "territoires": [{"ter_libelle": "Pays imaginaire"}]}
    found = aid(cache_indexation=index)
    assert any("« Pays imaginaire » n’a pas été reconnu" in one for one in found.review)


def test_a_national_aid_that_names_no_territory_covers_france():
    index = {**AID["cache_indexation"], "territoires": []}
    assert aid(cache_indexation=index, couverture_geo="2").offers[0]["coverage"] == [{"level": "france", "code": "france"}]


def test_the_csv_and_the_json_of_the_national_base_give_the_same_offer(tmp_path: Path):
    flat = {key: value for key, value in AID.items() if not isinstance(value, dict)}
    flat |= {"natures": "Prêt", "territoires": "Pays-de-la-Loire", "financeurs": "Bpifrance|Région des Pays de la Loire", "profils": "",
             "projets": "", "complements_sources": "https://exemple.org/aide"}  # fmt: skip
    cells = ['"' + str(value).replace('"', '""') + '"' for value in flat.values()]
    (tmp_path / "aides.csv").write_text(";".join(flat) + "\r\n" + ";".join(cells) + "\r\n", encoding="cp1252", newline="")
    (tmp_path / "aides.json").write_text(json.dumps({"data": [AID]}))
    found = through("aides-entreprises", tmp_path / "aides.csv")
    assert found.mapped == through("aides-entreprises", tmp_path / "aides.json").mapped
    assert found.refused_entries == []


# --- Pays de la Loire: no real file; fields of exchange-formats.md §5.2

PDL: dict[str, Any] = {
    "intervention_id": "900", "aide_nom": "Aide d’essai", "aid_objet": "<p>Soutenir.</p>", "aid_objet_court": "Soutenir.",
    "aid_operations_ei": "", "aidconditions": "<p>Être en Pays de la Loire.</p>", "source_lien": "https://www.paysdelaloire.fr/essai",
    "aid_benef": "Associations;Collectivités - Institutions - GIP", "temporalite": "Temporaire", "date_de_debut": "2026-01-01",
    "date_de_fin": LATER, "type_de_subvention": "Subvention", "thematique_libelle": "Sport;Ruralité", "contact_nom": "MARTIN",
    "contact_prenom": "Jeanne", "contact_email": "jeanne.martin@exemple.org", "tel": "06 12 34 56 78",
    "montantintervmini": "0", "montant_interv_max": "5 000",
}  # fmt: skip


def pdl(**changes: Any) -> Any:
    return only("pays-de-la-loire-aides", {**PDL, **changes})


def test_an_aid_of_the_region_is_an_offer_for_the_region_without_the_person_who_answers():
    found = pdl()
    (offer,) = found.offers
    assert not found.unknown
    assert not found.review
    assert offer["legal_forms"] == ["association", "association-rup", "collectivite", "etablissement-public"]
    assert (offer["closes"], offer["recurrence"], offer["amount_max"]) == (LATER, "ponctuelle", 5000)
    assert "amount_min" not in offer
    assert offer["sectors"] == ["sport"]
    assert not {"MARTIN", "Jeanne", "06 12"} & set(str(found).split())
    assert "jeanne" not in str(found).lower()


def test_the_dates_of_a_permanent_aid_are_not_those_of_a_call():
    offer = pdl(temporalite="Permanent", date_de_fin="2020-01-01").offers[0]
    assert "closes" not in offer
    assert offer["recurrence"] == "permanent"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        (
            {"aid_benef": "Collectivités - Institutions - GIP;Lycées et centres de formation"},
            "réservée à des personnes publiques",
        ),
        ({"date_de_fin": "2020-01-01"}, "close depuis le 2020-01-01"),
        ({"actif": "Non"}, "n’est plus active"),
    ],
)
def test_an_aid_out_of_scope_says_why(changes: dict[str, str], why: str):
    assert why in pdl(**changes).left_out


@pytest.mark.parametrize("wrap", [lambda one: [one], lambda one: {"results": [one]}, lambda one: {"records": [{"fields": one}]}])
def test_both_versions_of_the_portal_are_read(wrap: Any, tmp_path: Path):
    (tmp_path / "aides.json").write_text(json.dumps(wrap(PDL)), encoding="utf-8-sig")
    assert list(through("pays-de-la-loire-aides", tmp_path / "aides.json").mapped) == ["900"]


# --- the feeds, with their real records brought to today


def test_the_aids_of_the_ademe_are_offers_as_long_as_they_are_open():
    for record in feed("ademe_agir_data.json", "ListeDispositifs"):
        found = only("flux-ademe", {**record, "date_fin": f"{LATER}T12:00:00+01:00"})
        assert not found.unknown
        assert not found.review
        (offer,) = found.offers
        assert offer["coverage"] == [{"level": "france", "code": "france"}]
        assert offer["url"].startswith("https://agirpourlatransition.ademe.fr/")
        assert "<" not in offer["description"]


def test_a_regional_aid_of_the_ademe_covers_its_regions():
    record = feed("ademe_agir_data.json", "ListeDispositifs")[0]
    regional = {**record, "date_fin": LATER, "couverture_geo": {"code": "2", "libelle": "Régional"}, "regions": ["Bretagne"]}
    assert only("flux-ademe", regional).offers[0]["coverage"] == [{"level": "region", "code": "53"}]


def test_a_european_call_open_to_france_is_an_offer_and_one_for_uganda_is_not():
    uganda, market = feed("welcom_europe_data.json")
    open_ = {"deadline1": LATER.replace("-", "")}
    assert only("flux-europe", {**uganda, **open_}).left_out == "Les actions doivent avoir lieu hors de France."
    found = only("flux-europe", {**market, **open_})
    assert not found.unknown
    assert found.offers[0]["closes"] == LATER
    assert found.structures[0]["nonprofit"] == "public"


def test_no_named_person_of_the_feeds_comes_in():
    names = ("Jeannie", "Coquin", "mluce", "durant", "ingenieriepublique@")
    for code, path in (
        ("flux-ile-de-france", "ile_de_france"),
        ("flux-drome", "departement_drome"),
        ("flux-manche", "departement_manche"),
    ):
        report = through(code, real(f"aides_flux_source/{path}_data.json"))
        said = str(report.mapped)
        assert not [name for name in names if name in said]


def test_an_aid_for_public_bodies_alone_is_left_out_and_one_open_to_associations_is_not():
    record = feed("departement_drome_data.json", "results")[0]
    assert only("flux-drome", record).offers
    assert "personnes publiques" in only("flux-drome", {**record, "targeted_audiences": ["Communes", "Régions"]}).left_out


# --- Transition écologique des entreprises


def programme(**changes: str) -> Any:
    record = {
        "id": "1", "titre": "Programme d’essai", "promesse": "Créez", "description": "Un texte.\n\nMontant de l'aide ou cout: Gratuit\n",
        "eligibilite": "Secteurs principalement concernés par le dispositif : A|I\n", "types_aides": "étude",
        "porteurs": '[{"nom":"ADEME","siren":"385290309","roles":["diffuseur"]},{"nom":"REGION BRETAGNE","siren":"","roles":["instructeur"]}]',
        "url_source": "https://exemple.org/aide?utm_campaign=openData", "cibles": "professionnels",
        "eligibilite_geographique": "REG-53|COM-987", "eligibilite_geographique_exclusions": "", "date_ouverture": "", "date_cloture": "",
        "date_mise_a_jour": "2025-10-06T13:54:53.602Z",
    }  # fmt: skip
    return only("aides-entreprises-mte", {**record, **changes})


def test_the_operator_in_charge_hosts_the_programme_and_every_operator_is_a_structure():
    found = programme()
    assert [one["id"] for one in found.structures] == ["siren-385290309", "region-bretagne"]
    (offer,) = found.offers
    assert offer["structure_id"] == "region-bretagne"
    assert (offer["kind"], offer["cost"]) == ("conseil", "gratuit")
    assert offer["coverage"] == [{"level": "region", "code": "53"}]
    assert "Polynésie française" in offer["description"]
    assert offer["url"] == "https://exemple.org/aide"
    assert offer["sectors"] == ["agriculture-alimentation", "environnement", "tourisme-social"]
    assert set(found.deduced["offer:1"]) == {"sectors", "stages"}


def test_money_and_study_together_are_money():
    offer = programme(types_aides="financement|étude", description="Montant de l'aide ou cout: Jusqu'à 50 %\n").offers[0]
    assert (offer["kind"], offer["instrument"], offer["rate_max"]) == ("financement", "subvention", 50)


@pytest.mark.parametrize(
    ("written", "closes", "doubt"),
    [
        ("2027-01-09T23:00:00.000Z", None, "ce serait le 01/10/2027"),
        ("2027-04-03T22:00:00.000Z", "2027-04-04", ""),
        ("2027-04-19T22:00:00.000Z", "2027-04-20", ""),
    ],
)
def test_a_date_whose_day_and_month_may_be_swapped_waits_for_a_person(written: str, closes: str | None, doubt: str):
    found = programme(date_cloture=written)
    assert found.offers[0].get("closes") == closes
    assert doubt in " ".join(found.review)


def test_no_date_of_the_real_export_has_a_day_above_twelve():
    """The reason for the doubt: the day this fails, the producer has put his export right and the rule may go."""
    report = through("aides-entreprises-mte", real("aides_entreprises_mte_opendata_190.csv"))
    dates = {
        offer[key]
        for mapped in report.mapped.values()
        for offer in mapped.offers
        for key in ("opens", "closes")
        if offer.get(key)
    }
    assert dates == {"2018-01-01", "2023-01-01", "2024-01-01", "2025-01-01"}  # what is left once the doubtful ones wait


def test_a_territory_code_that_does_not_exist_is_reported():
    found = programme(eligibilite_geographique="REG-53|REG-99")
    assert [(one.field, one.value) for one in found.unknown] == [("eligibilite_geographique", "REG-99")]


@pytest.mark.parametrize(
    "code",
    ["flux-manche", "flux-drome", "aides-entreprises", "pays-de-la-loire-aides", "data-inclusion", "lieux-mediation-numerique"],
)
def test_records_that_are_not_objects_are_refused_one_by_one(code: str, tmp_path: Path):
    key = {"flux-manche": "aides", "flux-drome": "results"}.get(code)
    path = tmp_path / "essai.json"
    path.write_text(json.dumps({key: [1, None, "x", []]} if key else [1, None, "x", []]))
    one = source(code)
    report = understood(one, one.read(path, {}))
    assert (report.counts["records"], report.counts["refused"]) == (4, 4)
