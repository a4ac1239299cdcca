"""Prepares the sorted lists of `maillage.territories.search_index`, so that a process does not spend its first second on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from maillage.territories.names import fold, from_each_word
from maillage.territories.search_index import FORMER, START, STEP, WORD
from maillage.territories.values import Commune


def entries(communes: Iterable[Commune], former_names: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
    """The content of search.json.xz. `former_names` are (former code, name, code of the current commune)."""
    ordered = sorted(communes, key=lambda commune: (-commune.population, commune.code))
    rank = {commune.code: position for position, commune in enumerate(ordered)}
    found: list[tuple[str, int, str]] = []  # folded name from a word on, kind and rank as one number, former name
    for position, commune in enumerate(ordered):
        for rest, after_article in from_each_word(fold(commune.name)):
            found.append((rest, (START if after_article else WORD) * STEP + position, ""))
    for _, former_name, code in former_names:
        for name in _spellings(former_name):
            if name != fold(ordered[rank[code]].name):
                found += [(rest, FORMER * STEP + rank[code], former_name) for rest, _ in from_each_word(name)]
    found = sorted(set(found))
    return {
        "codes": [commune.code for commune in ordered],
        "regions": [int(commune.region) for commune in ordered],
        "names": [name for name, _, _ in found],
        "scores": [score for _, score, _ in found],
        "former": {str(position): former for position, (_, _, former) in enumerate(found) if former},
        "postcodes": sorted([postcode, rank[commune.code]] for commune in ordered for postcode in commune.postcodes),
    }


def _spellings(former_name: str) -> list[str]:
    """A former name; for « Paris 11e Arrondissement », « Paris 11e » and « Paris 11 » too."""
    name = fold(former_name)
    if not name.endswith(" arrondissement"):
        return [name]
    city, number, _ = name.rsplit(" ", 2)
    return [name, f"{city} {number}", f"{city} {''.join(filter(str.isdigit, number))}"]
