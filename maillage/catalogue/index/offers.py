"""Reads from the database what the index needs of the visible offers, and says what each of them states."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from maillage.catalogue.enums import Status
from maillage.catalogue.index.conditions import condition
from maillage.catalogue.index.reach import current_key, departements_served
from maillage.catalogue.models import Offer
from maillage.vocabulary.words import vocabulary

#: Rows per query. Each query is short: on SQLite a long read would make writers wait.
PAGE = 5_000

#: Facet → the field of an offer that states it. A list or a text; empty restricts nothing.
FACET_FIELDS = {
    "kind": "kind",
    "stage": "stages",
    "need": "needs",
    "sector": "sectors",
    "legal_form": "legal_forms",
    "audience": "audiences",
    "mode": "modes",
    "cost": "cost",
    "instrument": "instrument",
}
#: The codes of the facet "freshness": has somebody of the structure ever confirmed the sheet?
CONFIRMED, UNCONFIRMED = "confirmee", "a-confirmer"

#: Fields that hold lists, last in a row.
_LISTS = ("stages", "needs", "sectors", "legal_forms", "audiences", "modes", "coverage", "excluded", "zonings", "conditions")


class OfferRow(NamedTuple):
    """What the index reads of one offer. Lists come as the JSON text that the database keeps: most of them repeat."""

    pk: int
    structure: int
    structure_name: str
    structure_modified: datetime
    modified_at: datetime
    name: str
    summary: str
    description: str
    kind: str
    cost: str
    instrument: str
    opens: date | None
    closes: date | None
    updated: date | None
    verified_on: date | None
    silence: int
    lon: float | None
    lat: float | None
    stages: str
    needs: str
    sectors: str
    legal_forms: str
    audiences: str
    modes: str
    coverage: str
    excluded: str
    zonings: str
    conditions: str

    def items(self, field: str) -> tuple[Any, ...]:
        """The values of a field: a list as a tuple, a text as a tuple of one, or of none when it is blank."""
        value = getattr(self, field)
        if field in _LISTS:
            return read_list(value)
        return (value,) if value else ()

    def keys(self, field: str) -> tuple[str, ...]:
        """The territory keys of `coverage` or `excluded`, in today's geographic code."""
        return _read_keys(getattr(self, field))


@lru_cache(maxsize=65_536)
def read_list(text: str) -> tuple[Any, ...]:
    """The JSON list of a column."""
    return tuple(json.loads(text)) if text else ()


@lru_cache(maxsize=65_536)
def _read_keys(text: str) -> tuple[str, ...]:
    return tuple(current_key(key) for key in read_list(text))


@lru_cache(maxsize=65_536)
def _read_labels(name: str, text: str) -> str:
    """The labels of a list of codes of the vocabulary."""
    words = vocabulary()
    return "\n".join(words.label(name, code) for code in read_list(text))


def offer_rows(which: Q | None = None) -> Iterator[OfferRow]:
    """The visible offers of visible structures that answer reminders, in order of primary key: all of them, or those of `which`."""
    visible = Offer.objects.answering().filter(structure__status=Status.PUBLISHED, structure__withdrawn_on__isnull=True)
    if which is not None:
        visible = visible.filter(which)
    plain = ["pk", "structure_id", "structure__name", "structure__modified_at", *OfferRow._fields[4 : -len(_LISTS)]]
    rows = visible.order_by("pk").values_list(*plain, *(Cast(field, TextField()) for field in _LISTS))
    last = 0
    while True:
        page = list(rows.filter(pk__gt=last)[:PAGE])
        yield from map(OfferRow._make, page)
        if len(page) < PAGE:
            return
        last = page[-1][0]


def statements(row: OfferRow) -> Iterator[tuple[str, Iterable[Hashable]]]:
    """What an offer states, as (table, keys): its facets, its territories, its conditions, and marks that queries need."""
    stated = [(facet, row.items(field)) for facet, field in FACET_FIELDS.items()]
    yield from stated
    yield "freshness", (CONFIRMED if row.verified_on else UNCONFIRMED,)
    yield "unrestricted", [facet for facet, codes in stated if not codes]
    coverage, excluded, zonings = row.keys("coverage"), row.keys("excluded"), row.items("zonings")
    yield "coverage", coverage
    yield "excluded", excluded
    yield "zoning", zonings
    yield "departement", departements_served(coverage, excluded)
    yield "condition", {condition(entry) for entry in read_list(row.conditions)}
    yield "mark", _marks(row, coverage, bool(excluded), bool(zonings))


def _marks(row: OfferRow, coverage: tuple[str, ...], excludes: bool, zoned: bool) -> Iterator[str]:
    if row.opens or row.closes:
        yield "dated"
    if zoned:
        yield "zoned"
    if "france" in coverage and not excludes and not zoned:
        yield "everywhere"


#: Tables with so many keys that looking for a dead position in each would cost most of the time of a change: dead positions stay
#: in them until the next building, and `Snapshot.covering`, the only reader, looks at live offers only.
KEEP_THE_DEAD = frozenset({"coverage", "excluded", "zoning"})
#: Every table that `statements` fills.
TABLES = (*FACET_FIELDS, "freshness", "unrestricted", "coverage", "excluded", "zoning", "departement", "condition", "mark")


def searched_text(row: OfferRow) -> str:
    """What free text looks at: the offer's words, the name of its structure, and the labels of its needs and sectors."""
    labels = _read_labels("need", row.needs), _read_labels("sector", row.sectors)
    return "\n".join((row.name, row.summary, row.description, row.structure_name, *labels))
