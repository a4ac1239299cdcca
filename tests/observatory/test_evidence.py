"""The article's finding, computed: in a region with two départements deliberately left without incubation, exactly these two are found."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from maillage.interop.demo.generate import WITHOUT_INCUBATION, make_region
from maillage.interop.demo.write import write_region


@pytest.fixture(scope="module")
def found(tmp_path_factory, repository):
    """What the observatory says of the fictitious region, read in a process apart."""
    folder = tmp_path_factory.mktemp("valombre")
    region = write_region(make_region(seed=3), folder)  # seed 1 leaves a third one by chance
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "MAILLAGE_PORTAL")}
    environment = kept | {
        "MAILLAGE_REGIONS": str(folder),
        "MAILLAGE_DATA": str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": "maillage.config.settings",
        "MAILLAGE_LOG_LEVEL": "WARNING",
        "PYTHONPATH": str(repository),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.observatory.valombre", str(region)],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_exactly_the_two_departements_left_without_incubation_are_found(found):
    assert found["without_incubation"] == sorted(WITHOUT_INCUBATION)
    assert found["without_premises"] == sorted(WITHOUT_INCUBATION)


def test_they_are_said_in_words(found):
    assert any(text.startswith("Aucune offre d’incubation déclarée pour Plateau-Gris (") for text in found["sentences"])
    assert any(text.startswith("Aucune offre d’incubation déclarée pour Val-d’Ambre (") for text in found["sentences"])
    assert all(text.endswith(" habitants).") for text in found["sentences"])  # no zoning is known there: none is said


def test_every_cell_of_the_region_is_what_a_slow_reading_finds(found):
    assert found["different"] == []
