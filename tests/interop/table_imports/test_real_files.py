"""Files that administrations publish, through the matching screen: each row is accounted for, and a second import changes nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from maillage.catalogue.models import Offer, Relay, Structure
from maillage.interop.table_imports.corrections import groups
from maillage.interop.table_imports.matching import Host, Matching
from maillage.interop.table_imports.models import TableImport
from tests.interop.table_imports.makers import counts, imported, matched, uploaded, written

pytestmark = pytest.mark.django_db


def real(repository: Path, name: str) -> bytes:
    path = repository.parent / "shared" / "data" / name
    if not path.is_file():
        pytest.skip(f"{path.name} is not beside the project")
    return path.read_bytes()


def accounted(table: TableImport) -> dict[str, int]:
    """The counts, once they add up to the rows of the file."""
    found = counts(table)
    assert sum(found.get(key, 0) for key in ("created", "changed", "unchanged", "repeated", "refused")) == table.rows
    return found


def test_prescribers_as_structures(repository: Path) -> None:
    data = real(repository, "structures_prescripteurs_1003.csv")
    table = imported(data, kind="structure", name="structures.csv")
    assert (table.rows, accounted(table)) == (1003, {"created": 950, "refused": 53})
    refused = {(group.field, re.split(r"\s:", group.reason)[0]): group.count for group in groups(table)}
    assert refused == {
        ("siret", "ce numéro n’existe pas"): 43,
        ("commune", "cette commune n’est pas reconnue"): 11,
    }  # one row has both
    assert counts(imported(data, kind="structure", name="structures.csv")) == {"unchanged": 950, "refused": 53}


def test_prescribers_as_relays_of_their_own(repository: Path) -> None:
    data = real(repository, "structures_prescripteurs_1003.csv")
    table = imported(data, kind="relay", name="relais.csv", constants={"level": "orientation"})
    assert accounted(table) == {"created": 992, "refused": 11, "structures": 957}
    relay = Relay.objects.select_related("structure").get(name="MISSION LOCALE - ARRAS")
    assert (relay.commune, relay.structure.name, relay.phone) == ("62041", "MISSION LOCALE - ARRAS", "0311452459")
    assert counts(imported(data, kind="relay", name="relais.csv")) == {"unchanged": 992, "refused": 11}


#: What a person answers to the words of Aides-territoires that no list of ours holds.
SAID: dict[str, dict[str, tuple[str, ...]]] = {
    "legal_forms": {
        "communes": ("collectivite",), "intercommunalites pays": ("collectivite",), "departements": ("collectivite",),
        "regions": ("collectivite",), "collectivites d outre mer a statuts particuliers": ("collectivite",),
        "etablissements publics ecoles bibliotheques services de l etat": ("etablissement-public",), "associations": ("association",),
        "entreprises privees": ("societe",), "entreprises publiques locales sem spl semop": ("societe",), "particuliers": (),
        "agriculteurs": ("entreprise-individuelle",), "recherche": (),
    },
    "recurrence": {"permanente": ("permanent",)},
    "instrument": {
        "ingenierie technique": (), "ingenierie financiere": (), "ingenierie juridique administrative": (), "autre aide financiere": (),
        "certificat d economie d energie cee": (), "avance recuperable": ("avance-remboursable",),
    },
}  # fmt: skip


def test_aides_territoires_as_offers(repository: Path) -> None:
    data = real(repository, "aides_territoires_extrait.csv")
    table = uploaded(data, kind="offer", name="aides.csv")
    proposed = Matching.from_json(table.matching)
    assert {name: key for name, key in proposed.columns.items() if key} == {
        "Nom": "name", "Lien": "url", "Bénéficiaire": "legal_forms", "Types d'aides": "instrument", "Récurrence": "recurrence",
        "Descriptif": "description", "Date Clôture": "closes",
    }  # fmt: skip
    assert proposed.host == Host("name", "Financeurs")
    changes: dict[str, Any] = {"constants": {"kind": "financement", "coverage": "France"}, "identity": "Lien"}
    matched(table, **changes)
    assert len(table.questions) == 19
    matched(table, values=SAID)
    assert not table.questions
    written(table)
    assert (table.rows, accounted(table)) == (274, {"created": 274, "structures": 89})
    assert sum("association" in offer.legal_forms for offer in Offer.objects.order_by("pk")) == 41
    assert [(key, count) for key, _, count, _ in table.counts["warnings"]] == []
    assert counts(imported(data, kind="offer", name="aides.csv")) == {"unchanged": 274}


def test_communes_are_no_structures_and_nothing_of_them_is_written_by_mistake(repository: Path) -> None:
    """A file of another sort: it is read, and it is the person who says that it is the wrong one; nothing is written meanwhile."""
    table = uploaded(real(repository, "communes_2026.csv"), kind="structure", name="communes.csv")
    assert table.rows > 34_000
    assert not Structure.objects.exists()
