"""Invented territories: the `communes.csv` of a region's folder, for demonstrations, tests and benchmarks only.

Real territories come from the shipped file. This adds communes, EPCI, départements and a région that exist nowhere, so that a
fictitious catalogue never stands on a real place. There are no outlines: their maps show points only.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from typing import Any

from maillage.kit.regions import region_folders
from maillage.territories.names import fold, from_each_word

COLUMNS = (
    "code", "name", "population", "postcodes", "epci", "epci_name", "departement", "departement_name", "region", "region_name",
    "lon", "lat",
)  # fmt: skip
_VOWELS = "AEIOUYÉÈÊÎÔ"


class InventedError(ValueError):
    """A communes.csv cannot be read; the message says which file, which line and why."""


@cache
def rows() -> tuple[dict[str, str], ...]:
    """Every invented commune, one dict of `COLUMNS` each, in order of code; empty in a real installation."""
    found: dict[str, dict[str, str]] = {}
    for folder in region_folders():
        path = folder / "communes.csv"
        if not path.is_file():
            continue
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise InventedError(f"{folder.name}/communes.csv : les colonnes doivent être {', '.join(COLUMNS)}.")
            for line, row in enumerate(reader, start=2):
                if None in row or None in row.values():
                    raise InventedError(f"{folder.name}/communes.csv, ligne {line} : il y a trop ou trop peu de colonnes.")
                if len(row["code"]) != 5:
                    raise InventedError(f"{folder.name}/communes.csv, ligne {line} : « {row['code']} » doit avoir 5 caractères.")
                found[row["code"]] = row
    return tuple(found[code] for code in sorted(found))


@cache
def codes() -> frozenset[str]:
    """The codes of the invented communes."""
    return frozenset(row["code"] for row in rows())


def _article(name: str) -> int:
    """Article of a name as INSEE codes it (TNCC): 1 before a vowel, 0 elsewhere."""
    return int(name[:1].upper() in _VOWELS)


def lines() -> dict[str, str]:
    """The invented communes as lines of the shipped file, by code."""
    return {
        row["code"]: "\t".join(
            [
                row["code"],
                row["name"],
                str(_article(row["name"])),
                row["population"],
                row["postcodes"],
                row["epci"],
                row["departement"],
                row["region"],
                row["lon"],
                row["lat"],
                "interieur",
                "",
                "",
                "",
                "",
            ]
        )
        for row in rows()
    }


def places() -> Iterator[tuple[str, list[Any]]]:
    """(level, facts) of the invented EPCI, départements and régions; facts as places.json has them."""
    for level in ("epci", "departement", "region"):
        inside: dict[str, list[dict[str, str]]] = {}
        for row in rows():
            inside.setdefault(row[level], []).append(row)
        for code, members in inside.items():
            name = members[0][f"{level}_name"]
            population = sum(int(member["population"]) for member in members)
            touched = [sorted({member[key] for member in members}) for key in ("departement", "region")]
            yield level, [code, name, _article(name), population, len(members), *touched]


def neighbours() -> dict[str, dict[str, list[str]]]:
    """Which invented territories touch, by level: those of one région, since there are no outlines to look at."""
    around: dict[str, dict[str, list[str]]] = {}
    for level in ("epci", "departement"):
        codes: dict[str, set[str]] = {}
        for row in rows():
            codes.setdefault(row["departement" if level == "epci" else "region"], set()).add(row[level])
        around[level] = {code: sorted(group - {code}) for group in codes.values() for code in group}
    return around


def search_entries(first_rank: int) -> tuple[list[dict[str, str]], list[tuple[str, int, bool]]]:
    """What searching needs: the communes by falling population, and (folded name from a word on, rank, starts the name)."""
    ordered = sorted(rows(), key=lambda row: (-int(row["population"]), row["code"]))
    entries = [
        (rest, first_rank + position, after_article)
        for position, row in enumerate(ordered)
        for rest, after_article in from_each_word(fold(row["name"]))
    ]
    return ordered, entries
