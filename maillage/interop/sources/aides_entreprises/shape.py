"""The two shapes of a record: JSON, where lists are objects under `cache_indexation`, and CSV, where a list is one cell.

How the CSV writes a list in a cell is not documented (exchange-formats.md §5.3 is second-hand): JSON, « | » and commas are read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_LINK = re.compile(r"https?://[^\s\"'<>|]+")
#: Our name of a list → (its key in `cache_indexation` or its column, the label's key in its objects).
_LISTS = {
    "natures": "typ_libelle",
    "profils": "tut_libelle",
    "projets": "proj_libelle",
    "territoires": "ter_libelle",
    "financeurs": "org_nom",
}
_LINKS = {"source": "complements_sources", "formulaire": "complements_formulaires", "reglement": "complements_reglements"}


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """Lists of labels by name, links by sort, INSEE codes of communes under `communes`."""
    index = record.get("cache_indexation")
    index = index if isinstance(index, Mapping) else {}
    found: dict[str, Any] = {name: _labels(index.get(name, record.get(name)), key) for name, key in _LISTS.items()}
    places = index.get("territoires", record.get("territoires"))
    found["communes"] = [str(one["insee"]) for one in _objects(places) if one.get("insee")]
    found["territoires"] = [
        *(str(one["ter_libelle"]) for one in _objects(places) if one.get("ter_libelle") and not one.get("insee")),
        *([] if _objects(places) else found["territoires"]),
    ]
    complements = record.get("complements")
    complements = complements if isinstance(complements, Mapping) else {}
    for sort, column in _LINKS.items():
        said = complements.get(sort)
        found[sort] = [str(one.get("lien") or "") for one in _objects(said)] or _LINK.findall(str(record.get(column) or ""))
    return found


def _objects(value: Any) -> list[Mapping[str, Any]]:
    value = _parsed(value)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _labels(value: Any, key: str) -> list[str]:
    value = _parsed(value)
    if isinstance(value, list):
        return [label for one in value if (label := str(one.get(key) or "") if isinstance(one, Mapping) else str(one))]
    return [part.strip() for part in re.split(r"\|" if "|" in str(value or "") else r",", str(value or "")) if part.strip()]


def _parsed(value: Any) -> Any:
    if isinstance(value, str) and value.strip().startswith("["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
