"""Every file of the starter catalogue that we ship: readable, complete, sourced."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from maillage.interop.starter import SECTIONS, catalogue_files, read_starter
from maillage.kit.regions import SHIPPED_REGIONS
from maillage.territories import queries
from maillage.vocabulary.portals import portals

FILES = [path for path in catalogue_files() if path.is_relative_to(SHIPPED_REGIONS)]
#: Facts that mislead when they are wrong: each must be supported by a source by name.
HARD_FACTS = {
    "amount_min", "amount_max", "rate_max", "opens", "closes", "phone", "email", "address", "siren", "siret", "rna",
}  # fmt: skip


def entries(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    for section, word, _ in SECTIONS:
        found = content.get(section, [])
        for entry in [found] if isinstance(found, dict) else found:
            yield (word if word == "structure" else f"{word}:{entry['id']}"), entry


def test_there_is_a_catalogue() -> None:
    assert len(FILES) > 50


def test_no_file_has_a_defect() -> None:
    found = read_starter()
    assert [str(problem) for problem in found.refusals] == []


def test_no_file_has_a_field_that_nobody_reads() -> None:
    assert [str(problem) for problem in read_starter().warnings if "n’est pas connue" in problem.reason] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_amounts_dates_and_contacts_have_a_source(path: Path) -> None:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    supported = {fact for source in content["sources"] for fact in source.get("supports", ())}
    everything = any(not source.get("supports") for source in content["sources"])
    missing = [
        f"{name}.{key}"
        for name, entry in entries(path)
        for key in sorted(HARD_FACTS & entry.keys())
        if f"{name}.{key}" not in supported
    ]
    assert everything or not missing, f"{path.parent.parent.name}/{path.name}: no source supports {', '.join(missing)}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_a_postcode_is_one_of_its_commune(path: Path) -> None:
    for _, entry in entries(path):
        if "postcode" in entry and "cedex" not in entry.get("address", "").lower():
            commune = queries.commune(entry["commune"])
            assert commune is not None
            assert entry["postcode"] in commune.postcodes, f"{path.name}: {entry['postcode']} is not in {commune.name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_nothing_is_shipped_as_verified(path: Path) -> None:
    assert not [name for name, entry in entries(path) if "verified_on" in entry or "status" in entry]


def test_the_organiser_of_each_portal_is_in_the_catalogue() -> None:
    known = {record.key[1] for record in read_starter().records["structure"]}
    assert {portal.organiser for portal in portals().values()} <= known
