"""The fictitious region: drawn at the article's scale, always the same, and a third region that needs no code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from maillage.interop.demo.generate import WITHOUT_INCUBATION, make_region
from maillage.interop.demo.write import write_region
from maillage.territories.queries import commune, place

ROOT = Path(__file__).resolve().parent.parent.parent


def test_it_has_the_article_s_figures() -> None:
    region = make_region()
    kinds = Counter(offer["kind"] == "financement" for offer in region.offers)
    assert kinds == {False: 200, True: 545}
    assert Counter(role["role"] for made in region.structures for role in made["roles"])["membre-connect"] == 100
    assert Counter(role["role"] for made in region.structures for role in made["roles"])["cercle-1"] == 17
    assert Counter(relay["network"] for relay in region.relays) == {"piva": 54, "piva-plus": 26}


def test_the_scale_multiplies_it() -> None:
    assert len(make_region(scale=3).offers) == 3 * 745


def test_the_same_seed_gives_the_same_region_and_another_seed_another() -> None:
    assert make_region(seed=5) == make_region(seed=5)
    assert make_region(seed=5).offers != make_region(seed=6).offers


def test_two_departements_have_no_place_to_start_in() -> None:
    region = make_region(scale=4)
    served = {covered["code"] for offer in region.offers if offer["kind"] == "hebergement" for covered in offer["coverage"]}
    assert served == set(region.territory.departements) - set(WITHOUT_INCUBATION)


def test_nothing_of_it_can_be_taken_for_real() -> None:
    region = make_region()
    assert all(commune(made.code) is None for made in region.territory.communes)
    assert all(place("departement", code) is None for code in region.territory.departements)
    assert all(place("epci", code) is None for code in region.territory.epci)
    for record in (*region.structures, *region.relays):
        assert record["phone"].startswith("02 61 91 "), "numbers that the regulator keeps for fiction"
        assert record["email"].endswith(".example.org")


@pytest.fixture
def third_region_process(tmp_path: Path) -> Callable[..., str]:
    """Run `maillage …` in a process of its own that knows the third region, on a database of its own (SQLite)."""
    folder = write_region(make_region(), tmp_path / "regions")
    kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "MAILLAGE_PORTAL"}}
    environment = {
        **kept,
        "MAILLAGE_REGIONS": str(folder.parent),
        "MAILLAGE_DATA": str(tmp_path / "data"),
        "MAILLAGE_LOG_LEVEL": "ERROR",
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [str(Path(sys.executable).parent / "maillage"), *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("migrate", "--verbosity", "0")
    run("collectstatic", "--noinput", "--verbosity", "0")
    run("import", "jsonl", str(folder))
    return run


def test_a_third_region_is_served_without_a_line_of_code(third_region_process: Callable[..., str]) -> None:
    town = max(make_region().territory.communes, key=lambda made: made.population)
    answer = json.loads(
        third_region_process("orienter", "--etape", "creation", "--commune", town.name, "--format", "json", "--limite", "5")
    )
    assert answer["situation"]["codes"][:5] == [town.code, town.epci, town.departement, "99", "france"]
    assert answer["total"] > 50
    assert len(answer["results"]) == 5
    assert any("fictif" in contact["name"] for contact in answer["contacts"])
    by_code = json.loads(
        third_region_process("orienter", "--etape", "creation", "--commune", town.code, "--format", "json", "--limite", "0")
    )
    assert by_code["situation"] == answer["situation"]
    home = third_region_process(
        "shell",
        "-c",
        "from django.test import Client; print(Client().get('/', headers={'host': 'valombre.localhost:8000'}).content.decode())",
    )
    assert "Boussole" in home
    assert "Essor" not in home.split("<main")[1].split("</main>")[0]


def test_search_as_you_type_finds_invented_communes_beside_the_real_ones(third_region_process: Callable[..., str]) -> None:
    town = max(make_region().territory.communes, key=lambda made: made.population)
    found = third_region_process(
        "shell",
        "-c",
        f"from maillage.territories.queries import search; print([f.commune.code for f in search({town.name!r})], search('Laval')[0].commune.code)",
    )
    assert town.code in found
    assert "53130" in found
