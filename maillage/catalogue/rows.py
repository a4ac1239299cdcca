"""Sheets as plain rows, for whatever leaves in bulk: every column by its name, in an order that does not depend on the database.

Ten times lighter than model instances. A row of an offer or of a relay also holds the columns of its structure that exports
need, as `structure__name`. Lists in a row are shared between rows: nobody changes them.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db import connection, models
from django.db.models import TextField
from django.db.models.functions import Cast, Collate

from maillage.catalogue.enums import Status
from maillage.catalogue.models import Offer, Relay, Structure

Row = Mapping[str, Any]
AnySheet = Structure | Offer | Relay
Model = type[Structure] | type[Offer] | type[Relay]

#: Rows per statement. Each statement is short: on SQLite a long read would make writers wait.
BATCH = 2_000
#: What a row says of its structure.
OF_STRUCTURE = (
    *("source", "ref", "uid", "name", "licence", "phone", "email", "website"),
    *("address", "commune", "postcode", "lon", "lat"),
)
#: Never leaves: bookkeeping of the office, and above all contacts that are shown only to those who ask.
_LEFT_OUT = frozenset({"kept_fields", "created_at", "hidden_contact", "silent_since", "silence", "rhythm_months", "reminded_on"})


def visible(model: Model) -> Any:
    """The sheets that visitors may see: published, not withdrawn, and whose structure is too. A queryset."""
    found: Any = model._default_manager.visible()
    if model is Structure:
        return found
    return found.filter(structure__status=Status.PUBLISHED, structure__withdrawn_on__isnull=True)


def keys(model: Model, among: Any = None) -> array[int]:
    """Primary keys of the visible sheets (or of the queryset `among`), by (source, ref).

    In the order of bytes, on every database (PostgreSQL's usual collation puts É and - elsewhere), read as it comes: eight bytes a sheet.
    """
    found = visible(model) if among is None else among
    order = ("source", "ref") if connection.vendor == "sqlite" else (Collate("source", "C"), Collate("ref", "C"))
    return array("q", found.order_by(*order).values_list("pk", flat=True).iterator(chunk_size=BATCH))


def rows(model: Model, wanted: Iterable[int] | None = None) -> Iterator[Row]:
    """The rows of these sheets (primary keys) in the order given; by default every visible sheet in the order of `keys`.

    A sheet that visitors may no longer see is left out. One statement for each `BATCH` rows.
    """
    order = iter(keys(model) if wanted is None else wanted)
    names, lists, columns = _columns(model)
    found = visible(model).order_by("pk").values_list(*columns)
    while batch := list(islice(order, BATCH)):
        by_key = {values[0]: values for values in found.filter(pk__in=batch)}
        for key in batch:
            if key in by_key:  # it may have been unpublished since
                yield _row(names, lists, by_key[key])


def row_of(sheet: AnySheet) -> Row:
    """The row of one sheet, whatever its state."""
    row = {name: getattr(sheet, name) for name in _own(type(sheet))}
    if not isinstance(sheet, Structure):
        row |= {f"structure__{name}": getattr(sheet.structure, name) for name in OF_STRUCTURE}
    return row


def _row(names: Sequence[str], lists: Sequence[int], values: Sequence[Any]) -> Row:
    row = dict(zip(names, values, strict=True))
    for at in lists:
        row[names[at]] = _read(values[at])
    return row


@lru_cache(maxsize=65_536)
def _read(text: str | None) -> list[Any]:
    found: list[Any] = json.loads(text) if text else []
    return found


def _own(model: Model) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if field.attname not in _LEFT_OUT]


@lru_cache(maxsize=3)
def _columns(model: Model) -> tuple[tuple[str, ...], tuple[int, ...], tuple[Any, ...]]:
    """The names of the columns, which of them hold JSON lists, and what to select. Lists come as text: most of them repeat."""
    names = _own(model)
    json_columns = {field.attname for field in model._meta.concrete_fields if isinstance(field, models.JSONField)}
    lists = tuple(at for at, name in enumerate(names) if name in json_columns)
    columns: list[Any] = [Cast(name, TextField()) if name in json_columns else name for name in names]
    if model is not Structure:
        names += [f"structure__{name}" for name in OF_STRUCTURE]
        columns += [f"structure__{name}" for name in OF_STRUCTURE]
    return tuple(names), lists, tuple(columns)
