"""The loader of the starter catalogue, on regions made for the test."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from maillage.catalogue import revision
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.interop import starter
from maillage.interop.starter import SOURCE, load_starter, read_starter
from maillage.journal.models import Entry
from tests.interop.dump import dump

FILE = """
[structure]
id = "essai"
name = "Structure d’essai"
phone = "+33199000001"

[[relays]]
id = "essai-relais"
name = "Permanence d’essai"
level = "information"

[[offers]]
id = "essai-offre"
name = "Offre d’essai"
kind = "conseil"
coverage = [ { level = "departement", code = "53" } ]
notes = "Horaires à vérifier."

[[sources]]
url = "https://essai.example.org/"
read_on = 2026-11-20
licence = "Licence Ouverte 2.0"
supports = ["structure.name", "structure.phone", "relay:essai-relais.name"]

[[sources]]
url = "https://essai.example.org/offre"
read_on = 2026-11-22
"""


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one region, the only one that the loader sees."""
    folder = tmp_path / "essai"
    (folder / "catalogue").mkdir(parents=True)
    monkeypatch.setattr(starter, "region_folders", lambda: iter([folder]))
    (folder / "catalogue" / "essai.toml").write_text(FILE, encoding="utf-8")
    return folder / "catalogue"


@pytest.mark.django_db
def test_a_file_becomes_published_sheets_that_nobody_verified(catalogue: Path) -> None:
    loaded = load_starter()
    assert not loaded.refusals
    made = Offer.objects.visible().get()
    assert (made.source, made.ref, made.structure.ref, made.notes) == (SOURCE, "essai-offre", "essai", "Horaires à vérifier.")
    assert made.verified_on is None
    assert not made.is_confirmed()
    assert Structure.objects.visible().count() == Relay.objects.visible().count() == 1


@pytest.mark.django_db
def test_each_sheet_keeps_the_sources_that_support_it(catalogue: Path) -> None:
    load_starter()
    structure, offer = Structure.objects.get(), Offer.objects.get()
    assert structure.sources == [
        {
            "url": "https://essai.example.org/",
            "read_on": "2026-11-20",
            "licence": "Licence Ouverte 2.0",
            "supports": ["name", "phone"],
        },
        {"url": "https://essai.example.org/offre", "read_on": "2026-11-22"},
    ]
    assert [source["url"] for source in offer.sources] == ["https://essai.example.org/offre"]
    assert (offer.updated, offer.source_url) == (date(2026, 11, 22), "https://essai.example.org/offre")


@pytest.mark.django_db
def test_loading_again_changes_nothing(catalogue: Path) -> None:
    load_starter()
    before = dump(), revision.current(), Entry.objects.count()
    load_starter()
    assert (dump(), revision.current(), Entry.objects.count()) == before


@pytest.mark.django_db
def test_a_changed_file_changes_its_sheets_but_not_what_a_person_edited(catalogue: Path) -> None:
    load_starter()
    Offer.objects.update(name="Nom d’ici", kept_fields=["name"])
    (catalogue / "essai.toml").write_text(
        FILE.replace("Offre d’essai", "Autre").replace("conseil", "formation"), encoding="utf-8"
    )
    load_starter()
    assert (Offer.objects.get().name, Offer.objects.get().kind) == ("Nom d’ici", "formation")


@pytest.mark.django_db
def test_what_left_the_files_is_withdrawn_and_comes_back(catalogue: Path) -> None:
    load_starter()
    path = catalogue / "essai.toml"
    path.write_text(FILE.replace("essai-offre", "essai-autre"), encoding="utf-8")
    assert load_starter().withdrawn == 1
    assert Offer.objects.visible().get().ref == "essai-autre"
    path.write_text(FILE, encoding="utf-8")
    load_starter()
    assert Offer.objects.visible().get().ref == "essai-offre"


@pytest.mark.django_db
def test_one_region_loads_without_withdrawing_the_others(catalogue: Path) -> None:
    load_starter()
    (catalogue / "essai.toml").write_text(FILE.replace("essai-offre", "essai-autre"), encoding="utf-8")
    out = StringIO()
    call_command("load-regions", "--region", "essai", stdout=out)
    assert Offer.objects.visible().count() == 2
    assert "Offres : 1 créées" in out.getvalue()


@pytest.mark.django_db
def test_an_unknown_region_is_an_error_of_usage() -> None:
    with pytest.raises(CommandError, match="Région inconnue : atlantide"):
        call_command("load-regions", "--region", "atlantide")


@pytest.mark.django_db
def test_a_defect_refuses_its_sheet_and_withdraws_nothing(catalogue: Path) -> None:
    load_starter()
    broken = FILE.replace('kind = "conseil"', 'kind = "rien"')
    (catalogue / "essai.toml").write_text(broken, encoding="utf-8")
    err = StringIO()
    with pytest.raises(SystemExit):
        call_command("load-regions", stdout=StringIO(), stderr=err)
    assert "essai/catalogue/essai.toml, fiche « essai-offre », champ « kind », valeur « rien »" in err.getvalue()
    assert Offer.objects.visible().count() == 1


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[structure]", "[organisme]", "la section « organisme » n’existe pas"),
        ("[structure]\nid", "[structure]\nidentifiant", "il faut une section [structure] avec un « id »"),
        ('id = "essai-offre"\n', "", "chaque entrée de « offers » a un « id »"),
        ("read_on = 2026-11-22", 'read_on = "hier"', "une date s’écrit AAAA-MM-JJ"),
        ("read_on = 2026-11-22\n", "", "le jour où elle a été lue"),
        ("licence =", "license =", "une source n’a pas de clé « license »"),
        ("structure.phone", "offer:inconnue.phone", "« offer:inconnue.phone », qui n’est pas dans ce fichier"),
        ("[structure]", "[structure", "n’est pas du TOML lisible"),
        ('code = "53"', 'code = "00"', "n’existe pas au niveau « departement »"),
    ],
)
def test_every_defect_is_a_sentence_that_names_the_file(catalogue: Path, old: str, new: str, words: str) -> None:
    assert old in FILE
    (catalogue / "essai.toml").write_text(FILE.replace(old, new, 1), encoding="utf-8")
    said = [str(problem) for problem in read_starter().refusals]
    assert any(words in sentence for sentence in said), said
    assert all(sentence.startswith("essai/catalogue/essai.toml") for sentence in said)


def test_a_sheet_without_source_is_a_defect(catalogue: Path) -> None:
    alone = FILE.rsplit("[[sources]]", 1)[0]
    (catalogue / "essai.toml").write_text(alone, encoding="utf-8")
    assert [str(problem) for problem in read_starter().refusals] == [
        "essai/catalogue/essai.toml, fiche « essai-offre », champ « sources » : aucune source n’appuie cette fiche."
    ]


def test_an_id_is_given_once_in_the_whole_catalogue(catalogue: Path) -> None:
    (catalogue / "second.toml").write_text(FILE, encoding="utf-8")
    said = [str(problem) for problem in read_starter().refusals]
    assert len(said) == 3
    assert "déjà pris dans essai/catalogue/essai.toml" in said[0]
