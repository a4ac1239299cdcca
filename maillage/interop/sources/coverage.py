"""Territory codes that producers give → the coverage of a sheet, and back.

Some producers have no régions (data.inclusion): a région is the list of its départements. Coming in, such a list becomes the
région that it makes, so that people read « Pays de la Loire »; going out, `in_departements` explodes it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from maillage.territories import queries
from maillage.territories.queries import Territory
from maillage.territories.values import FRANCE

#: Overseas collectivities: real territories, outside our reference (docs/data/territories.md). They add nothing to a coverage.
COLLECTIVITIES = frozenset({"975", "977", "978", "984", "986", "987", "988", "989"})
_DEPARTEMENT = re.compile(r"\d{2}|2[AB]|97\d")
_COMMUNE = re.compile(r"\d{5}|2[AB]\d{3}")


def place(code: str) -> Territory | None:
    """The territory of a code of data.inclusion: `france` or 99100, a département (2–3), a commune (5), an EPCI (9).

    None when the code is none of these, or is that of no territory. A former commune gives its successor.
    """
    code = code.strip().upper()
    if code in ("FRANCE", "99100"):
        return FRANCE
    if _DEPARTEMENT.fullmatch(code):
        found = Territory("departement", code)
        return found if queries.exists(found) else None
    if _COMMUNE.fullmatch(code):
        commune = queries.commune(code)
        return Territory("commune", commune.code) if commune else None
    if len(code) == 9 and code.isdigit():
        found = Territory("epci", code)
        return found if queries.exists(found) else None
    return None


def gathered(territories: Iterable[Territory]) -> list[Territory]:
    """The same communes in as few territories: départements that make a région become it, régions that make France become it."""
    found = dict.fromkeys(territories)
    if FRANCE in found:
        return [FRANCE]
    for whole, parts in _regions().items():
        if whole in found or all(part in found for part in parts):
            for part in parts:
                found.pop(part, None)
            found[whole] = None
    if all(whole in found for whole in _regions()):
        return [FRANCE]
    return list(found)


@cache
def _regions() -> dict[Territory, tuple[Territory, ...]]:
    """Each région and its départements."""
    return {
        Territory("region", region.code): tuple(
            Territory("departement", part.code) for part in queries.departements_of_region(region.code)
        )
        for region in queries.places("region")
    }


def in_departements(territories: Iterable[Territory]) -> list[Territory]:
    """Régions exploded into départements; the rest as it is. What `gathered` joined comes back, each once, in order."""
    found: dict[Territory, None] = {}
    for one in territories:
        if one.level == "region":
            found.update(dict.fromkeys(_regions().get(one, ())))
        else:
            found[one] = None
    return list(found)


def written(territories: Iterable[Territory]) -> list[dict[str, str]]:
    """Territories as Maillage JSONL 1 writes them."""
    return [{"level": one.level, "code": one.code or one.level} for one in territories]


def keys(found: Iterable[str]) -> list[dict[str, str]]:
    """Territory keys (« departement:53 ») as Maillage JSONL 1 writes them."""
    return written(queries.parse_key(key) for key in found)


def departement_of(commune: str) -> Territory | None:
    """The département of a commune's code; None for an unknown code."""
    found = queries.commune(commune)
    return Territory("departement", found.departement) if found else None
