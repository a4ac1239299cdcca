"""Optional zonings: FRR, QPV and the density grid, from a CSV file that the developer gives, with its date and source.

No package of npm or PyPI carries them (searched in November 2026). The file, comma-separated, UTF-8, has a header line:
`commune` (INSEE code, current), then any of `frr` (non, frr, frr-plus or partiel: only a part of the commune is classed),
`qpv` (oui or non), `densite` (1 to 7). An empty cell says unknown. Beside it, `<name>.toml` gives for each column a table with
`date` (ISO) and `source`, for example `[frr]`, `date = "2025-07-10"`, `source = "DGCL, liste des communes FRR"`.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Collection
from datetime import date
from pathlib import Path

ALLOWED = {
    "frr": ("non", "frr", "frr-plus", "partiel"),
    "qpv": ("oui", "non"),
    "densite": ("1", "2", "3", "4", "5", "6", "7"),
}


def read(path: Path, communes: Collection[str]) -> tuple[dict[str, dict[str, str]], list[list[str]]]:
    """The columns of each commune, and the (zoning, date, source) of each column.

    Raises ValueError with the file, line, column and value when something is not understood.
    """
    credits = _credits(path.with_suffix(".toml"))
    found: dict[str, dict[str, str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        columns = [name for name in reader.fieldnames or [] if name != "commune"]
        unknown = [name for name in columns if name not in ALLOWED]
        if "commune" not in (reader.fieldnames or []) or unknown:
            raise ValueError(
                f"{path.name}, ligne 1 : colonnes attendues « commune », {', '.join(ALLOWED)} ; lu {reader.fieldnames}."
            )
        for name in columns:
            if name not in credits:
                raise ValueError(f"{path.with_suffix('.toml').name} : il manque la date et la source de « {name} ».")
        for line, row in enumerate(reader, start=2):
            if row["commune"] not in communes:
                raise ValueError(f"{path.name}, ligne {line}, commune : « {row['commune']} » n’est pas une commune actuelle.")
            for name in columns:
                if row[name] and row[name] not in ALLOWED[name]:
                    raise ValueError(
                        f"{path.name}, ligne {line}, {name} : « {row[name]} » n’est pas une valeur admise ({', '.join(ALLOWED[name])})."
                    )
            found[row["commune"]] = {name: row[name] for name in columns}
    return found, [[name, *credits[name]] for name in columns]


def _credits(path: Path) -> dict[str, tuple[str, str]]:
    with path.open("rb") as file:
        tables = tomllib.load(file)
    found = {}
    for name, table in tables.items():
        day = str(table.get("date", ""))
        try:
            date.fromisoformat(day)
        except ValueError as error:
            raise ValueError(f"{path.name}, [{name}] : la date « {day} » doit s’écrire comme 2025-07-10.") from error
        if not table.get("source"):
            raise ValueError(f"{path.name}, [{name}] : il manque la source.")
        found[name] = (day, str(table["source"]))
    return found
