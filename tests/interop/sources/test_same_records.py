"""A real file saved otherwise gives the same records: rows permuted, columns reordered, BOM, CRLF, Windows-1252, another separator."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from maillage.interop.sources.contract import Mapped
from tests.interop.sources.reading import real, through
from tests.interop.sources.test_real_files import FILES

TABLES = [name for name in FILES if name.endswith(".csv")]
LISTS = {
    "aides_flux_source/departement_manche_data.json": "aides",
    "aides_flux_source/departement_drome_data.json": "results",
    "aides_flux_source/ademe_agir_data.json": "ListeDispositifs",
    "aides_flux_source/ile_de_france_data.json": "",
    "aides_flux_source/welcom_europe_data.json": "",
}


def rows(name: str) -> list[dict[str, str]]:
    with real(name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def saved(some: list[dict[str, str]], path: Path, *, encoding: str = "utf-8", separator: str = ",", ending: str = "\n") -> Path:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(some[0]), delimiter=separator, lineterminator=ending)
    writer.writeheader()
    writer.writerows(some)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def mapped(name: str, path: Path) -> dict[str, Mapped]:
    return through(FILES[name][0], path).mapped


SAVINGS: dict[str, Callable[[list[dict[str, str]], Path], Path]] = {
    "rows permuted": lambda some, path: saved(random.Random(4).sample(some, len(some)), path),
    "columns reordered": lambda some, path: saved([dict(sorted(row.items())) for row in some], path),
    "a byte-order mark": lambda some, path: saved(some, path, encoding="utf-8-sig"),
    "CRLF": lambda some, path: saved(some, path, ending="\r\n"),
    "semicolons": lambda some, path: saved(some, path, separator=";"),
    "tabs and UTF-16": lambda some, path: saved(some, path, separator="\t", encoding="utf-16"),
    "a column more": lambda some, path: saved([{**row, "remarque": "vu"} for row in some], path),
}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("how", SAVINGS)
def test_a_real_table_saved_otherwise_gives_the_same_sheets(name: str, how: str, tmp_path: Path):
    assert mapped(name, SAVINGS[how](rows(name), tmp_path / "essai.csv")) == mapped(name, real(name))


def _fits(row: dict[str, str]) -> bool:
    try:
        "".join(row.values()).encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.parametrize("name", TABLES)
def test_a_real_table_in_windows_1252_gives_the_same_sheets(name: str, tmp_path: Path):
    some = [row for row in rows(name) if _fits(row)]
    assert len(some) > 0.5 * len(rows(name))
    found = mapped(name, saved(some, tmp_path / "essai.csv", encoding="cp1252", separator=";", ending="\r\n"))
    assert found == {ref: one for ref, one in mapped(name, real(name)).items() if ref in found}
    assert len(found) == len(some)


@pytest.mark.parametrize("name", LISTS)
def test_a_real_feed_reversed_or_one_record_per_line_gives_the_same_sheets(name: str, tmp_path: Path):
    value = json.loads(real(name).read_text(encoding="utf-8-sig"))
    records = value[LISTS[name]] if LISTS[name] else value
    backwards, lines = tmp_path / "envers.json", tmp_path / "lignes.json"
    backwards.write_text(json.dumps(records[::-1]), encoding="utf-8-sig")
    lines.write_text("\r\n".join(json.dumps(one, ensure_ascii=False) for one in records), encoding="utf-8")
    assert mapped(name, backwards) == mapped(name, lines) == mapped(name, real(name))
