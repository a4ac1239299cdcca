"""The fields of Maillage JSONL 1, in the order in which files are written (docs/algorithms/imports.md).

One table per file: the key in the file, the column in the database, how a raw value becomes a clean one, and back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from maillage.catalogue.enums import Nonprofit, Recurrence
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.interop import values
from maillage.interop.values import Cleaner

AnySheet = type[Structure] | type[Offer] | type[Relay]


def same(value: Any) -> Any:
    """Written as it is kept."""
    return value


def written_number(value: Decimal) -> int | float:
    """A number of euros or per cent: whole when it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)


def written_territories(keys: list[str]) -> list[dict[str, str]]:
    """Territory keys as files write them."""
    return [values.territory_parts(key) for key in keys]


def written_objects(*keys: str) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    """Objects with their keys in this order, whatever the order of the database (PostgreSQL keeps its own)."""

    def write(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {key: written_territory(each[key]) if key == "territory" else each[key] for key in keys if key in each}
            for each in objects
        ]

    return write


def written_territory(parts: dict[str, str]) -> dict[str, str]:
    """A territory with its level first."""
    return {key: parts[key] for key in ("level", "code") if key in parts}


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One field: `empty` is what the column holds when the file says nothing."""

    key: str
    clean: Cleaner
    column: str = ""
    empty: Any = ""
    required: bool = False
    write: Callable[[Any], Any] = same
    name: str = field(init=False)  # the column that keeps it

    def __post_init__(self) -> None:
        """The column has the key's name unless it has its own."""
        object.__setattr__(self, "name", self.column or self.key)

    def nothing(self) -> Any:
        """A fresh empty value for the column."""
        return [] if self.empty == [] else self.empty


@dataclass(frozen=True, eq=False)
class Format:
    """One file: its name, the table it fills, its fields in order."""

    file: str
    model: AnySheet
    fields: tuple[Field, ...]

    @cached_property
    def by_key(self) -> dict[str, Field]:
        """The fields by the key that the file uses."""
        return {one.key: one for one in self.fields}

    @cached_property
    def required(self) -> tuple[Field, ...]:
        """The fields without which a line is refused."""
        return tuple(one for one in self.fields if one.required)

    @cached_property
    def nothing(self) -> dict[str, Any]:
        """Every column with its empty value. Copy it; its lists are shared and never changed."""
        return {one.name: one.nothing() for one in self.fields}

    @property
    def kind(self) -> str:
        """structure, offer or relay."""
        return self.model.KIND


def _text(key: str, limit: int, *, lines: bool = False, required: bool = False, column: str = "") -> Field:
    return Field(key, values.text(limit, lines=lines), column=column, required=required)


def _codes(key: str, name: str) -> Field:
    return Field(key, values.several(values.code(name)), empty=[])


def _day(key: str, *, past: bool = False) -> Field:
    return Field(key, values.past_day if past else values.day, empty=None, write=date.isoformat)


def _euros(key: str) -> Field:
    return Field(key, values.amount("999999999999", unit="euros"), empty=None, write=written_number)


def _territories(key: str, *, required: bool = False) -> Field:
    return Field(key, values.several(values.territory), empty=[], required=required, write=written_territories)


_KEY = (_text("id", 200, column="ref", required=True), _text("source", 60, required=True))
_HOST = (_text("structure_id", 200, column="structure", required=True),)
_NAME = (_text("name", 300, required=True),)
_PLACE = (
    _text("address", 300),
    Field("commune", values.commune),
    Field("postcode", values.postcode),
    Field("lon", values.degrees(180), empty=None),
    Field("lat", values.degrees(90), empty=None),
)
_CONTACT = (Field("phone", values.phone), Field("email", values.email))
_WELCOME = (
    Field("opening_hours", values.hours),
    _text("accessibility", 1000),
    Field("languages", values.several(values.language), empty=[]),
)
_LICENCE, _SOURCE_URL = _text("licence", 120), Field("source_url", values.url)
_DATES = (_day("updated", past=True), _day("verified_on", past=True))

STRUCTURES = Format(
    "structures.jsonl",
    Structure,
    (
        *_KEY,
        *_NAME,
        _text("description", 20_000, lines=True),
        Field("types", values.several(values.slug), empty=[]),
        Field("siren", values.siren),
        Field("siret", values.siret),
        Field("rna", values.rna),
        Field("legal_form", values.code("legal_form")),
        Field("networks", values.several(values.slug), empty=[]),
        Field("roles", values.roles, empty=[], write=written_objects("role", "territory", "since", "until", "authority")),
        Field("nonprofit", values.choice(Nonprofit.values)),
        *_PLACE,
        *_CONTACT,
        Field("website", values.url),
        *_WELCOME,
        _LICENCE,
        _SOURCE_URL,
        *_DATES,
    ),
)

OFFERS = Format(
    "offers.jsonl",
    Offer,
    (
        *_KEY,
        *_HOST,
        *_NAME,
        _text("summary", 500),
        _text("description", 20_000, lines=True),
        Field("kind", values.code("kind"), required=True),
        _codes("stages", "stage"),
        _codes("needs", "need"),
        _codes("sectors", "sector"),
        _codes("legal_forms", "legal_form"),
        _codes("audiences", "audience"),
        _codes("modes", "mode"),
        Field("cost", values.code("cost")),
        _text("cost_detail", 500),
        _territories("coverage", required=True),
        _territories("excluded"),
        _codes("zonings", "zoning"),
        Field("conditions", values.conditions, empty=[], write=written_objects("field", "operator", "value", "label")),
        Field("documents", values.several(values.text(500)), empty=[]),
        _text("how_to_apply", 20_000, lines=True),
        Field("instrument", values.code("instrument")),
        _euros("amount_min"),
        _euros("amount_max"),
        Field("rate_max", values.amount("100", unit="%"), empty=None, write=written_number),
        _day("opens"),
        _day("closes"),
        Field("recurrence", values.choice(Recurrence.values)),
        *_PLACE,
        *_CONTACT,
        Field("url", values.url),
        _SOURCE_URL,
        _LICENCE,
        *_DATES,
    ),
)

#: Our extension of the format: relays, in a third file that exists only when there are relays.
RELAYS = Format(
    "relays.jsonl",
    Relay,
    (
        *_KEY,
        *_HOST,
        *_NAME,
        Field("level", values.code("level"), required=True),
        Field("network", values.code("role")),
        Field(
            "specialities",
            values.several(values.speciality),
            empty=[],
        ),
        _territories("coverage"),
        Field("by_appointment", values.flag, empty=False),
        _text("itinerant", 5_000, lines=True),
        _text("services", 5_000, lines=True),
        _day("mark_until"),
        *_PLACE,
        *_CONTACT,
        *_WELCOME,
        _LICENCE,
        _SOURCE_URL,
        *_DATES,
    ),
)

#: In the order in which they are read: a structure comes before what hangs on it.
FORMATS = (STRUCTURES, RELAYS, OFFERS)
