"""A table of travel times between communes, when somebody loaded one: `maillage load-travel-times FILE`.

The file is a CSV with the columns from, to, minutes (INSEE codes; a former commune is its successor). It is kept in the data folder as
arrays. Pairs that are not in it are unknown, never zero; a commune is at 0 minutes from itself.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from maillage.observatory.access.ground import Floats, Ground
from maillage.territories import queries as territories

NAME = "travel-times.npz"
COLUMNS = ("from", "to", "minutes")
#: Longer trips are errors of the file.
LONGEST = 24 * 60


class TravelTimesError(ValueError):
    """The file cannot be taken; the message says which line, and why."""


@dataclass(frozen=True, slots=True, eq=False)
class TravelTimes:
    """Trips, as ranks in `codes` and minutes."""

    codes: tuple[str, ...]
    origin: NDArray[np.int32]
    target: NDArray[np.int32]
    minutes: NDArray[np.float32]


def path() -> Path:
    """Where the table is kept."""
    return Path(settings.MAILLAGE_DATA) / NAME


def load(file: Path) -> int:
    """Check a CSV file and keep it. Returns the number of trips. Raises TravelTimesError; the table kept before stays then."""
    ranks: dict[str, int] = {}
    origins, targets, minutes = [], [], []
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            if not set(COLUMNS) <= set(reader.fieldnames or ()):
                raise TravelTimesError(f"{file.name} : les colonnes {', '.join(COLUMNS)} sont attendues.")
            for number, row in enumerate(reader, start=2):
                origins.append(ranks.setdefault(_code(row["from"], number), len(ranks)))
                targets.append(ranks.setdefault(_code(row["to"], number), len(ranks)))
                minutes.append(_minutes(row["minutes"], number))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TravelTimesError(f"{file.name} ne peut pas être lu : {error}.") from error
    if not minutes:
        raise TravelTimesError(f"{file.name} ne contient aucun trajet.")
    kept = path()
    kept.parent.mkdir(parents=True, exist_ok=True)
    aside = kept.with_suffix(".tmp.npz")
    np.savez_compressed(
        aside, codes=np.array(list(ranks)), origin=np.array(origins, np.int32), target=np.array(targets, np.int32),
        minutes=np.array(minutes, np.float32),
    )  # fmt: skip
    aside.replace(kept)  # a reader sees the old table or the new one, never half of it
    return len(minutes)


def travel_times() -> TravelTimes | None:
    """The table that was loaded; None when there is none."""
    try:
        changed = path().stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _read(path(), changed)


@lru_cache(maxsize=1)
def _read(file: Path, _changed: int) -> TravelTimes:
    with np.load(file) as kept:
        codes = tuple(str(code) for code in kept["codes"])
        return TravelTimes(codes, kept["origin"], kept["target"], kept["minutes"])


def nearest_minutes(times: TravelTimes, ground: Ground, targets: Iterable[str]) -> Floats:
    """For each commune, the minutes to the nearest of these communes (INSEE codes); nan when no trip to any of them is known."""
    rank = {code: at for at, code in enumerate(times.codes)}
    among = set(targets)
    wanted = np.zeros(len(times.codes), dtype=bool)
    wanted[[rank[code] for code in among if code in rank]] = True
    best = np.full(len(times.codes), np.inf)
    trips = wanted[times.target]
    np.minimum.at(best, times.origin[trips], times.minutes[trips])
    found = np.array([best[rank[code]] if code in rank else np.inf for code in ground.codes])
    found[[at for at, code in enumerate(ground.codes) if code in among]] = 0.0
    return np.where(np.isinf(found), np.nan, found)


def _code(text: str | None, number: int) -> str:
    commune = territories.commune((text or "").strip().upper())
    if commune is None:
        raise TravelTimesError(f"ligne {number} : « {(text or '')[:20]} » n’est pas le code INSEE d’une commune.")
    return commune.code


def _minutes(text: str | None, number: int) -> float:
    try:
        value = float((text or "").replace(",", "."))
    except ValueError:
        value = float("nan")
    if not 0 <= value <= LONGEST:
        raise TravelTimesError(f"ligne {number} : « {(text or '')[:20]} » n’est pas un nombre de minutes entre 0 et {LONGEST}.")
    return value
