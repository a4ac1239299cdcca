"""One reading of the visible catalogue: sets of offers as bitmaps, columns, words and contacts. Nothing in it ever changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from pyroaring import BitMap

from maillage.catalogue.index.bitmaps import Bitmaps, bitmap, positions
from maillage.catalogue.index.columns import Columns
from maillage.catalogue.index.conditions import Condition
from maillage.catalogue.index.contacts import Contacts, Entry, split
from maillage.catalogue.index.offers import CONFIRMED, FACET_FIELDS, UNCONFIRMED
from maillage.catalogue.index.text import Text
from maillage.vocabulary.words import vocabulary

FACETS = (*FACET_FIELDS, "freshness")


class Coverage(NamedTuple):
    """Offers that serve a place: `covered`, and among them those with a required zoning that could not be checked."""

    covered: BitMap
    zoning_unknown: BitMap


@dataclass(frozen=True)
class Snapshot:
    """The visible offers at one revision of the catalogue. Offers live at integer positions; sets of them are Roaring bitmaps.

    The bitmaps it gives may be shared: combine them with `&`, `|`, `-`, never change them in place.
    """

    revision: int
    built: int  # how many positions the last whole reading made; those after it came with changes
    alive: BitMap
    tables: Mapping[str, Bitmaps[Any]]  # table name → key → positions: see `offers.statements`
    columns: Columns
    words: Text
    entries: Mapping[int, tuple[Entry, ...]]  # contacts by the primary key of their structure

    def stating(self, facet: str, code: str) -> BitMap:
        """Offers whose list for this facet holds the code. Raises KeyError on an unknown facet."""
        return self.tables[facet].get(code)

    def unrestricted(self, facet: str) -> BitMap:
        """Offers whose list for this facet is empty: it restricts nothing."""
        return self.tables["unrestricted"].get(facet)

    def accepting(self, facet: str, codes: Iterable[str]) -> BitMap:
        """Offers that do not restrict this facet, or whose list holds at least one of the codes."""
        return self.unrestricted(facet) | self.tables[facet].union(codes)

    def codes(self, facet: str) -> tuple[str, ...]:
        """The codes of a facet: those of the vocabulary in its order, then the others that an offer states."""
        known = (CONFIRMED, UNCONFIRMED) if facet == "freshness" else vocabulary().codes(facet)
        return (*known, *sorted(set(self.tables[facet]) - set(known)))

    def covering(self, territory_keys: Iterable[str], zonings: Iterable[str], unknown_zonings: Iterable[str]) -> Coverage:
        """Offers that serve a place, known by the keys of the territories that contain it (`Territory.key`).

        An offer serves it when one of its coverage keys is among them and none of its excluded keys is, and, if it requires
        zonings, when the place is in one of them (`zonings`) or may be (`unknown_zonings`).
        """
        keys = tuple(territory_keys)
        named = (self.tables["coverage"].union(keys) & self.alive) - self.tables["excluded"].union(keys)
        to_hold = named & self.tables["mark"].get("zoned")
        if not to_hold:
            return Coverage(named, to_hold)
        holds = to_hold & self.tables["zoning"].union(zonings)
        unknown = (to_hold & self.tables["zoning"].union(unknown_zonings)) - holds
        return Coverage((named - to_hold) | holds | unknown, unknown)

    @property
    def everywhere(self) -> BitMap:
        """Offers that serve every commune: France, with no exclusion and no zoning."""
        return self.tables["mark"].get("everywhere")

    def touching(self, departements: Iterable[str]) -> BitMap:
        """Offers whose coverage, minus its exclusions, holds at least one commune of one of these départements (codes)."""
        return self.tables["departement"].union(departements)

    def open_on(self, day: date) -> BitMap:
        """Offers whose calendar is open that day (a missing date restricts nothing)."""
        dated = positions(self.tables["mark"].get("dated"))
        opens, closes, today = self.columns.opens[dated], self.columns.closes[dated], day.toordinal()
        return self.alive - bitmap(dated[(opens > today) | ((closes > 0) & (closes < today))])

    def text(self, query: str) -> BitMap | None:
        """Offers that hold every word of a query; None when it says nothing (see `text.Text.search`)."""
        return self.words.search(query, self.alive)

    @cached_property
    def conditions(self) -> tuple[tuple[Condition, BitMap], ...]:
        """Every distinct free condition, in a fixed order, with the offers that ask it."""
        return tuple(sorted(self.tables["condition"].items(), key=lambda pair: pair[0]))

    def position(self, pk: int) -> int | None:
        """Where the offer of this primary key is; None when it is not visible."""
        found = [int(at) for at in np.flatnonzero(self.columns.pk == pk) if int(at) in self.alive]
        return found[0] if found else None

    @property
    def wear(self) -> int:
        """Positions that a new building would save or put in order: dead ones, or those added since the last one."""
        return max(len(self.columns) - len(self.alive), len(self.columns) - self.built)

    @property
    def networks(self) -> Contacts:
        """Local networks of reference: structures with such a role. Look at `Entry.is_shown_on` before showing one."""
        return self._contacts[0]

    @property
    def relays(self) -> Contacts:
        """Places that welcome people: relays, and structures with a relay role and a place but no relay sheet."""
        return self._contacts[1]

    @cached_property
    def _contacts(self) -> tuple[Contacts, Contacts]:
        return split(self.entries)
