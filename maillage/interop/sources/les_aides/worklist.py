"""The work list of les-aides.fr: what is left to ask, what was found, how many calls were made today. A folder of JSON files.

A file and not a table: it is a conversation of this installation with the producer, not a part of the catalogue. It is written
at each call (a table would want a transaction of its own in the middle of the reader's), and restoring a backup of the catalogue
must not give back calls that were spent (docs/decisions/0014-les-aides-work-list.md).

Each change is written whole to a new file, then put in place: a kill leaves the state before or the state after.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

VERSION = 1


@dataclass(slots=True)
class Search:
    """One search to make: a département, a domaine, an activity, and a moyen when the search without it was truncated."""

    departement: str
    domaine: int
    ape: str
    moyen: int | None = None
    failures: int = 0


@dataclass(slots=True)
class Sheet:
    """One sheet to fetch while its search is alive, and the search to make again when it no longer is."""

    numero: str
    idr: int
    search: Search
    failures: int = 0


@dataclass(slots=True)
class Found:
    """What the searches of the round said of an aid."""

    revision: str
    departements: list[str]
    summary: dict[str, Any]
    search: Search


@dataclass(slots=True)
class Round:
    """One turn of every search. It takes several days; its records are given when it is over."""

    started: str
    filiere: int
    domaines: dict[str, str]
    moyens: dict[str, str]
    departements: list[str]
    searches: list[Search]
    sheets: list[Sheet] = field(default_factory=list)
    found: dict[str, Found] = field(default_factory=dict)
    naf: dict[str, list[str]] = field(default_factory=dict)
    done: int = 0
    unanswered: list[str] = field(default_factory=list)


class WorkList:
    """The state on the disk. Every method that changes something writes it before it returns."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "fiches").mkdir(parents=True, exist_ok=True)
        self.day, self.calls = "", 0
        self.round: Round | None = None
        self._load()

    def spend(self, today: date) -> None:
        """Count one call of this day, before it is made: a kill never forgets a call."""
        self.calls = self.spent(today) + 1
        self.day = today.isoformat()
        self._put("calls.json", {"day": self.day, "calls": self.calls})

    def spent(self, today: date) -> int:
        """The calls already made this day."""
        return self.calls if self.day == today.isoformat() else 0

    def exhaust(self, today: date, calls: int) -> None:
        """The producer says that the day is spent, whatever we counted (another programme uses the same key)."""
        self.day, self.calls = today.isoformat(), max(calls, self.spent(today))
        self._put("calls.json", {"day": self.day, "calls": self.calls})

    def save(self) -> None:
        """Write the round."""
        self._put("work.json", {"version": VERSION, "round": asdict(self.round) if self.round else None})

    def close_round(self) -> None:
        """Forget a round whose records were all given, and the sheets of aids that it did not find."""
        if self.round:
            for path in self._sheets():
                if path.stem not in self.round.found:
                    path.unlink()
        self.round = None
        self.save()

    def keep_sheet(self, numero: str, revision: str, sheet: dict[str, Any]) -> None:
        """Keep the full sheet of an aid, as it was given."""
        self._put(f"fiches/{numero}.json", {"revision": revision, "fiche": sheet})

    def sheet(self, numero: str, revision: str) -> dict[str, Any] | None:
        """The sheet kept for this revision, or None."""
        kept = self._get(f"fiches/{numero}.json")
        return kept["fiche"] if kept and kept.get("revision") == revision else None

    def _sheets(self) -> Iterator[Path]:
        yield from sorted((self.folder / "fiches").glob("*.json"))

    def _load(self) -> None:
        calls = self._get("calls.json") or {}
        self.day, self.calls = str(calls.get("day", "")), int(calls.get("calls", 0))
        work = self._get("work.json")
        if work and work.get("version") == VERSION and work.get("round"):
            kept = work["round"]
            self.round = Round(
                **{
                    **kept,
                    "searches": [Search(**one) for one in kept["searches"]],
                    "sheets": [Sheet(**{**one, "search": Search(**one["search"])}) for one in kept["sheets"]],
                    "found": {key: Found(**{**one, "search": Search(**one["search"])}) for key, one in kept["found"].items()},
                }
            )

    def _get(self, name: str) -> Any:
        try:
            return json.loads((self.folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):  # absent, or spoilt by a hand: the work starts again, the catalogue loses nothing
            return None

    def _put(self, name: str, value: Any) -> None:
        path = self.folder / name
        fresh = path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(value, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
