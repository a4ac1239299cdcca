"""What may leave under which licence, from what each sheet says of its own (docs/guides/open-data.md#licences).

Facts are nobody's; a base is its producer's. A sheet written here, or taken under a licence that lets it, leaves under Licence Ouverte
2.0. A sheet under another open licence leaves apart, under its own. A sheet that says nothing stays: nobody told us that we may.
"""

from __future__ import annotations

import re
from functools import lru_cache

from maillage.catalogue.actions.sheets import OFFICE
from maillage.catalogue.rows import Row
from maillage.interop.starter import SOURCE as STARTER
from maillage.territories.names import fold

OPEN, OTHER, UNKNOWN = "licence-ouverte", "autre-licence", "licence-inconnue"
#: Sheets written with Maillage or in its office.
OURS = frozenset({STARTER, OFFICE})
#: Licences that let a sheet leave under Licence Ouverte 2.0 (the attribution is in the sheet: source, page, date). Folded spelling.
_RELICENSABLE = re.compile(r"\b(?:licence ouverte|open licence|etalab|lov? ?[12]|cc ?0|cc zero|domaine public|public domain)\b")
#: Open licences that only let it leave under themselves.
_KEPT = re.compile(r"\b(?:odbl|open database|cc by|creative commons attribution)\b")
_CLOSED = re.compile(r"\b(?:nc|nd|non commercial|pas d utilisation commerciale|no derivatives|pas de modification)\b")


def licence_class(row: Row) -> str:
    """OPEN, OTHER or UNKNOWN for a row of the catalogue."""
    return OPEN if row["source"] in OURS else class_of(row["licence"])


@lru_cache(maxsize=1024)
def class_of(licence: str) -> str:
    """The class of a licence as its source writes it."""
    said = fold(licence)
    if _CLOSED.search(said):
        return UNKNOWN  # not open: nobody may pass it on freely
    if _RELICENSABLE.search(said):
        return OPEN
    return OTHER if _KEPT.search(said) else UNKNOWN
