"""Words of a table that no list knows: each asked once, with what it may mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from maillage.interop.table_imports import cells
from maillage.interop.table_imports.fields import targets
from maillage.interop.table_imports.guessing import proposal, split
from maillage.interop.table_imports.matching import SEPARATORS, Matching
from maillage.interop.table_imports.reading import Line
from maillage.territories.names import fold

#: Words asked about at most: beyond, the column is most likely matched to the wrong field.
MOST = 200
#: Unknown words of one column after which the rest of it is not looked at: it is a text, and each word costs milliseconds.
_ENOUGH = 1_000


@dataclass(slots=True)
class Question:
    """One unknown word of a field: how many rows hold it, the first of them, and the codes or territories it may mean."""

    key: str
    word: str
    count: int = 1
    line: int = 0
    proposed: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For the database."""
        return {"key": self.key, "word": self.word, "count": self.count, "line": self.line, "proposed": list(self.proposed)}


@dataclass(slots=True)
class _Asked:
    """A column whose words are looked at."""

    key: str
    name: str
    place: int
    sign: str
    read: Callable[[str], object]
    fine: set[str] = field(default_factory=set)
    unknown: int = 0


def questions(lines: Iterable[Line], columns: list[str], matching: Matching, kind: str) -> list[Question]:
    """The unknown words of the coded fields and of the territories of a table, most frequent first, `MOST` at most."""
    places = {name: place for place, name in enumerate(columns)}
    asked = []
    for key, target in targets(kind).items():
        if not (target.coded or target.sort == "territory"):
            continue
        said = matching.values.get(key, {})
        for name in matching.columns_of(key):
            if name in places:
                sign = SEPARATORS.get(matching.separators.get(name, "aucun"), "")
                read = cells.code_reader(key, said) if target.coded else cells.territory_reader(said, name)
                asked.append(_Asked(key, name, places[name], sign, read))
    found: dict[tuple[str, str], Question] = {}
    for line, row in lines:
        for one in asked:
            if one.place >= len(row) or not row[one.place] or one.unknown > _ENOUGH:
                continue
            for item in split(row[one.place], one.sign):
                if item in one.fine:
                    continue
                word = (one.key, fold(item) or item)
                if word in found:
                    found[word].count += 1
                    continue
                try:
                    one.read(item)
                    one.fine.add(item)
                except cells.UnknownValue:
                    one.unknown += 1
                    found[word] = Question(one.key, item[:200], 1, line)
    kept = sorted(found.values(), key=lambda one: (-one.count, one.line, one.key))[:MOST]
    scales = {one.key: one.name for one in asked}
    known = targets(kind)
    for question in kept:
        if known[question.key].coded:
            code = proposal(question.key, question.word)
            question.proposed = (code,) if code else ()
        else:
            question.proposed = cells.territory_candidates(question.word, scales[question.key])
    return kept
