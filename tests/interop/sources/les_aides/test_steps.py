"""les-aides.fr through the steps: from its records to sheets."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from maillage.catalogue.models import Offer
from maillage.interop.models import RawRecord
from maillage.interop.sources.les_aides import mapping, reader
from maillage.interop.sources.registry import registry
from maillage.interop.steps import understand
from maillage.interop.steps.run import sync
from tests.interop.sources.les_aides.hands import mapped_of, read
from tests.interop.sources.les_aides.server import SHEETS, LesAides
from tests.servers import Said


def test_the_records_of_a_round_can_be_read_again_from_a_file(service: LesAides, tmp_path: Path) -> None:
    records = read()
    path = tmp_path / "les-aides.json"
    path.write_text(
        json.dumps([dict(raw.payload) for raw in records.values()] + ["abîmé", {"nom": "Sans numéro"}]), encoding="utf-8"
    )
    again = list(reader.read(path, {}))
    assert [raw.ref for raw in again] == ["101", "102", "103", "", ""]
    assert mapped_of(again[0]).offers == mapped_of(records["101"]).offers
    for broken in again[3:]:
        with pytest.raises(ValueError, match=r"objet|numéro"):
            mapping.clean(broken)


FIELDS = sorted(
    {
        *SHEETS["101"],
        "numero",
        "nom",
        "resume",
        "revision",
        "implantation",
        "domaines",
        "moyens",
        "departements",
        "uri",
        "validation",
        "sigle",
    }
)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        [],
        {},
        0,
        -1,
        "x",
        ["x", None, 3],
        [{"libelle": None}],
        {"adresses": [3]},
        {"pour": "x", "contre": {}},
        True,
        10**30,
    ],
)
def test_whatever_a_field_holds_the_record_gives_a_sheet_or_a_refusal(field: str, value: Any) -> None:
    summary = {"numero": 101, "nom": "Avance", "implantation": "N", "domaines": [{"numero": 790, "libelle": "Création Reprise"}], "moyens": [{"numero": 833, "libelle": "Subvention"}], "uri": "https://les-aides.fr/aide/101", "validation": "2026-09-01"}  # fmt: skip
    for place in ("dispositif", "fiche", ""):
        record: dict[str, Any] = {"dispositif": dict(summary), "fiche": dict(SHEETS["101"]), "departements": ["53"]}
        (record[place] if place else record)[field] = value
        meaning = understand.meaning(RawRecord(source="les-aides", ref="101", payload=record), registry().sources["les-aides"])
        assert meaning.entries or meaning.refused
        assert not any("forme attendue" in sentence for sentence in meaning.refused or ()), (place, meaning.refused)


@pytest.mark.django_db
def test_through_the_steps_a_night_without_end_loses_nothing_and_the_last_one_gives_the_sheets(
    service: LesAides, days: list[date], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = registry().sources["les-aides"]
    first = sync(source)
    assert (first.state, first.complete) == ("done", True)
    assert first.counts["read"] == first.counts["records"] == first.counts["waiting"] == 3
    assert Offer.objects.filter(source="les-aides").count() == 3
    days.append(date(2026, 11, 25))
    del service.aids["103"]
    monkeypatch.setenv("MAILLAGE_LES_AIDES_CALLS", "9")
    night = sync(source)
    assert (night.state, night.complete, night.counts["missing"]) == ("done", False, 0)
    monkeypatch.setenv("MAILLAGE_LES_AIDES_CALLS", "600")
    last = sync(source)
    assert (last.complete, last.counts["read"], last.counts["missing"], last.counts["changed"]) == (True, 2, 1, 0)


@pytest.mark.django_db
def test_a_broken_service_leaves_what_is_known_and_tells_a_person(service: LesAides) -> None:
    source = registry().sources["les-aides"]
    sync(source)
    service.fail = lambda asked: Said(500)
    run = sync(source)
    assert run.state == "quarantined"
    assert "les-aides.fr" in run.reason
    assert Offer.objects.filter(source="les-aides", withdrawn_on__isnull=True).count() == 3


def test_the_folder_is_a_source_that_the_registry_gives() -> None:
    source = registry().sources["les-aides"]
    assert source.code == "les-aides"
    assert source.needs == ("MAILLAGE_LES_AIDES_KEY",)
    assert "les-aides.fr" in source.attribution
    assert not source.relicensable
    assert set(SHEETS) == {"101", "102", "103"}
