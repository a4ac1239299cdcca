"""What may leave under which licence, from what each sheet says of its own (docs/guides/open-data.md#licences).

Facts are nobody's; a base is its producer's. A sheet written here, or taken under a licence that lets it, leaves under Licence Ouverte
2.0. A sheet under another open licence leaves apart, under its own. A sheet that says nothing stays: nobody told us that we may. So does
a sheet of a source that may not be relicensed (`relicensable = false`), whatever its licence says: it is presumed, or not the producer's to give.
"""

from __future__ import annotations

import re
from functools import cache

from maillage.catalogue.actions.sheets import OFFICE
from maillage.catalogue.rows import Row
from maillage.interop.sources.registry import registry
from maillage.interop.starter import SOURCE as STARTER
from maillage.kit.remembered import remembered
from maillage.territories.names import fold

OPEN, OTHER, UNKNOWN, HELD = "licence-ouverte", "autre-licence", "licence-inconnue", "source-non-redistribuable"
#: Sheets written with Maillage or in its office.
OURS = frozenset({STARTER, OFFICE})
#: Licences that let a sheet leave under Licence Ouverte 2.0 (the attribution is in the sheet: source, page, date). Folded spelling.
_RELICENSABLE = re.compile(r"\b(?:licence ouverte|open licence|etalab|lov? ?[12]|cc ?0|cc zero|domaine public|public domain)\b")
#: Open licences that only let it leave under themselves.
_KEPT = re.compile(r"\b(?:odbl|open database|cc by|creative commons attribution)\b")
_CLOSED = re.compile(r"\b(?:nc|nd|non commercial|pas d utilisation commerciale|no derivatives|pas de modification)\b")


def licence_class(row: Row) -> str:
    """OPEN, OTHER, UNKNOWN or HELD for a row of the catalogue."""
    return _class(row["source"], row["licence"])


def class_of_structure(row: Row) -> str:
    """The class of the structure on which an offer or a relay hangs."""
    return _class(row["structure__source"], row["structure__licence"])


def _class(source: str, licence: str) -> str:
    """An open licence that is not Licence Ouverte still lets a sheet of a held source leave under itself: nothing is relicensed then."""
    if source in OURS:
        return OPEN
    said = class_of(licence)
    return HELD if said == OPEN and source in held_sources() else said


@cache
def held_sources() -> frozenset[str]:
    """The sources whose sheets may not be relicensed. Read once per process: folders do not change while it runs."""
    return frozenset(code for code, one in registry().sources.items() if not one.relicensable)


@remembered(1_024)
def class_of(licence: str) -> str:
    """The class of a licence as its source writes it."""
    said = fold(licence)
    if _CLOSED.search(said):
        return UNKNOWN  # not open: nobody may pass it on freely
    if _RELICENSABLE.search(said):
        return OPEN
    return OTHER if _KEPT.search(said) else UNKNOWN
