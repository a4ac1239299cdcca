"""Dates, amounts and funders: taken when they can mean one thing only."""

from __future__ import annotations

import csv
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.interop.sources import figures, funders
from tests.interop.sources.reading import real


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-12-31", "2026-12-31"),
        ("2022-12-31T23:00:00.000Z", "2023-01-01"),  # midnight in Paris, winter
        ("2023-06-01T22:00:00.000Z", "2023-06-02"),  # summer
        ("2023-12-31T23:59:59+01:00", "2023-12-31"),
        ("2023-08-03T16: 08: 40.000Z", "2023-08-03"),  # spaces, as one feed writes them
        ("20230214", "2023-02-14"),
        ("14/02/2023", "2023-02-14"),
        ("0000-00-00 00:00:00", ""),
        ("", ""),
    ],
)
def test_a_date_is_the_day_in_paris(written: str, day: str):
    assert figures.day(written) == day


@pytest.mark.parametrize("written", ["2023-02-30", "31/02/2023", "bientôt", "2023", "14-02-2023"])
def test_what_is_no_date_is_told(written: str):
    with pytest.raises(ValueError, match="n’est pas une date lisible"):
        figures.day(written)


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)))
def test_every_way_to_write_a_day_is_the_same_day(day: date):
    said = day.isoformat()
    assert {figures.day(text) for text in (said, f"{said}T10:00:00Z", f"{day:%Y%m%d}", f"{day:%d/%m/%Y}")} == {said}


def test_an_aid_is_history_a_year_after_it_closed():
    assert not figures.is_history("2026-01-01", date(2026, 12, 31))
    assert figures.is_history("2026-01-01", date(2027, 1, 2))
    assert not figures.is_history("")


@pytest.mark.parametrize(
    ("written", "least", "most", "rate"),
    [
        ("Jusqu'à 70% du coût de l'étude, dans un maximum de 100 000 €", None, 100_000, 70),
        ("De 10 000 € à 500 000 €", 10_000, 500_000, None),
        ("de 100 000 à 800 000 €, selon projet", 100_000, 800_000, None),
        ("Jusqu’à 55 % des coûts d'investissement", None, None, 55),
        ("jusqu'à 9 000 €", None, 9_000, None),
        ("1,5 M€ d’aide maximale par site, selon la nature du projet", None, None, None),
        ("Jusqu'à 80% du coût de l'étude ou 60% de l'investissement", None, None, None),
        ("financement de 4 000 à 100 000 €, prêt de 8 000 à 300 000 €", None, None, None),
        ("De 10 à 20", None, None, None),
        ("De 500 000 € à 10 €", None, None, None),
        ("Jusqu'à 180 %", None, None, None),
        ("Variable selon projet", None, None, None),
        ("", None, None, None),
    ],
)
def test_an_amount_is_taken_when_the_whole_sentence_says_one_thing(written, least, most, rate):
    assert figures.amount(written) == figures.Amount(least, most, rate)


#: What each sub-category of the real file must give; None: it holds both sorts, each group is named below.
NATURES = {
    "Autres collectivités (métropole, communautés d'agglomération communautés urbaines et communes)": "public",
    "Conseils départementaux (CD)": "public",
    "Conseils régionaux (CR)": "public",
    "Pays OU Pôle d'équilibre territorial et rural (PETR)": "public",
    "Syndicats (mixtes et intercommunaux)": "public",
    "Commission européenne": "public",
    "Établissements publics nationaux": "public",
    "Commissariat de massif": "public",
    "Service de l'état région": "public",
    "Service de l'état departement": "public",
    "Ministères": "public",
    "Associations": "ess",
    "Entreprises publiques locales (EPL)": "public",
    "Caisse de retraite OU de prévoyance": "ess",
    "Bailleurs sociaux": "",
    "Entreprises privées": None,
    "Agences et établissements locaux": None,
    "Chambres": None,
}
ESS = ("ADIL", "urbanisme", "ALEC", "CPIE", "CAUE", "CRESS", "Fondation")
OTHER = ("Banque", "Bureau d'étude", "Entreprise")


def test_the_nature_of_each_of_the_109_real_funder_groups_is_known():
    with real("porteurs_sous_categories.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 109
    for row in rows:
        name, expected = row["Groupe AT"], NATURES[row["Sous-catégories"].strip()]
        if expected is None:
            expected = "ess" if any(word in name for word in ESS) else "public"
            if row["Sous-catégories"] == "Entreprises privées" and "Fondation" not in name:
                expected = "public" if "BPI" in name else "autre"
        assert funders.nature(name) == expected, name


def test_a_funder_is_one_structure_however_its_name_is_written():
    one = funders.structure("AGENCE DE L&#039;EAU", "385290309")
    assert one["id"] == "siren-385290309"
    assert funders.structure("Région  Bretagne")["id"] == funders.structure("REGION BRETAGNE")["id"] == "region-bretagne"
    assert funders.structure("Une société inconnue", "123456789")["siren"] == ""
