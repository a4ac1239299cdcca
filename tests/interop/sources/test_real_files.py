"""Each real file beside the project becomes offers, structures and relays; what does not says why, and the counts add up."""

from __future__ import annotations

import pytest

from maillage.catalogue.models import Offer, Relay, Structure
from maillage.interop.models import RawRecord, Run
from maillage.interop.sources.registry import source
from maillage.interop.steps.run import sync
from tests.interop.sources.reading import Report, real, through

#: file → (source, what became of its records, sheets given)
FILES = {
    "relais_france_services_908.csv": (
        "france-services",
        {"records": 908, "ready": 896, "review": 12},
        {"structures": 908, "relays": 908},
    ),
    "structures_prescripteurs_1003.csv": (
        "agences-emploi",
        {"records": 1003, "ready": 914, "review": 11, "left_out": 78},
        {"structures": 925, "relays": 925},
    ),
    "aides_entreprises_mte_opendata_190.csv": (
        "aides-entreprises-mte",
        {"records": 190, "ready": 164, "review": 25, "left_out": 1},
        {"structures": 230, "offers": 189},
    ),
    "data_inclusion_services_demo.json": (
        "data-inclusion",
        {"records": 24, "ready": 2, "review": 5, "left_out": 17},
        {"structures": 3, "offers": 4},
    ),
    "aides_flux_source/departement_manche_data.json": (
        "flux-manche",
        {"records": 10, "review": 2, "left_out": 8},
        {"structures": 2, "offers": 2},
    ),
    "aides_flux_source/ile_de_france_data.json": (
        "flux-ile-de-france",
        {"records": 3, "ready": 2, "left_out": 1},
        {"structures": 2, "offers": 2},
    ),
    "aides_flux_source/departement_drome_data.json": (
        "flux-drome",
        {"records": 3, "ready": 1, "left_out": 2},
        {"structures": 1, "offers": 1},
    ),
    "aides_flux_source/ademe_agir_data.json": ("flux-ademe", {"records": 5, "left_out": 5}, {}),
    "aides_flux_source/welcom_europe_data.json": ("flux-europe", {"records": 2, "left_out": 2}, {}),
}


def read(name: str) -> Report:
    return through(FILES[name][0], real(name))


@pytest.mark.parametrize("name", FILES)
def test_no_record_of_a_real_file_is_lost_and_each_one_says_what_became_of_it(name: str, capsys: pytest.CaptureFixture[str]):
    _, outcomes, sheets = FILES[name]
    report = read(name)
    with capsys.disabled():
        print(f"\n{name}: {report.lines() if len(report.reasons) < 8 else report.lines().splitlines()[0]}")
    assert {key: report.counts[key] for key in outcomes} == outcomes
    assert {key: report.counts[key] for key in ("structures", "relays", "offers") if report.counts[key]} == sheets
    assert report.counts["records"] == sum(report.counts[key] for key in ("ready", "review", "left_out", "refused"))


@pytest.mark.parametrize("name", FILES)
def test_every_entry_of_a_real_file_is_one_that_the_format_takes(name: str):
    assert read(name).refused_entries == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", FILES)
def test_the_steps_give_every_record_an_outcome_and_a_second_read_changes_nothing(name: str):
    code, outcomes, sheets = FILES[name]
    path = real(name)
    first = sync(source(code), path)
    assert first.state == Run.State.DONE, first.reason
    kept = RawRecord.objects.filter(source=code)
    by_outcome = {value: kept.filter(outcome=value).count() for value in RawRecord.Outcome.values}
    assert sum(by_outcome.values()) == outcomes["records"]
    assert by_outcome["refused"] == outcomes.get("refused", 0)
    assert by_outcome["left-out"] == outcomes.get("left_out", 0)
    assert Relay.objects.filter(source=code).count() == sheets.get("relays", 0)
    assert Offer.objects.filter(source=code).count() == sheets.get("offers", 0)
    assert Structure.objects.filter(source=code).count() <= sheets.get("structures", 0)
    before = list(kept.order_by("ref").values_list("ref", "digest", "outcome"))
    second = sync(source(code), path)
    assert not any(second.counts[key] for key in ("created", "changed", "restored", "missing", "withdrawn"))
    assert list(kept.order_by("ref").values_list("ref", "digest", "outcome")) == before
