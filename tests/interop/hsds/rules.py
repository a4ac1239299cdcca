"""The rules of HSDS 3.0 as data, written from exchange-formats §5.4 and not from the exporter: object → fields, required ones, types."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from uuid import UUID

#: Object → (required fields, other fields). Items that 3.1 adds are absent on purpose: we say 3.0.
TABLES: dict[str, tuple[set[str], set[str]]] = {
    "organization": (
        {"id", "name", "description"},
        {
            "alternate_name",
            "email",
            "website",
            "tax_status",
            "tax_id",
            "year_incorporated",
            "legal_status",
            "logo",
            "uri",
            "parent_organization_id",
        },
    ),
    "service": (
        {"id", "name", "status"},
        {
            *("organization_id", "program_id", "alternate_name", "description", "url", "email", "interpretation_services"),
            *("application_process", "fees_description", "wait_time", "fees", "accreditations", "eligibility_description"),
            *("minimum_age", "maximum_age", "assured_date", "assurer_email", "licenses", "alert", "last_modified"),
        },
    ),
    "service_at_location": ({"id"}, {"service_id", "location_id", "description"}),
    "location": (
        {"id", "location_type"},
        {
            *("url", "organization_id", "name", "alternate_name", "description", "transportation", "latitude", "longitude"),
            *("external_identifier", "external_identifier_type"),
        },
    ),
    "address": (
        {"id", "address_1", "city", "state_province", "postal_code", "country", "address_type"},
        {"location_id", "attention", "address_2", "region"},
    ),
    "phone": (
        {"id", "number"},
        {
            "extension",
            "type",
            "description",
            "location_id",
            "service_id",
            "organization_id",
            "contact_id",
            "service_at_location_id",
        },
    ),
    "schedule": (
        {"id"},
        {
            *("valid_from", "valid_to", "dtstart", "timezone", "until", "count", "wkst", "freq", "interval", "byday", "byweekno"),
            *("bymonthday", "byyearday", "description", "opens_at", "closes_at", "schedule_link", "attending_type", "notes"),
            *("service_id", "location_id", "service_at_location_id"),
        },
    ),
    "service_area": ({"id"}, {"service_id", "name", "description", "extent", "extent_type", "uri"}),
    "cost_option": ({"id"}, {"service_id", "valid_from", "valid_to", "option", "currency", "amount", "amount_description"}),
    "funding": ({"id"}, {"source", "organization_id", "service_id"}),
    "required_document": ({"id"}, {"document", "uri", "service_id"}),
    "language": ({"id"}, {"name", "code", "note", "service_id", "location_id", "phone_id"}),
    "accessibility": ({"id"}, {"description", "details", "url", "location_id"}),
    "taxonomy": ({"id", "name", "description"}, {"uri", "version"}),
    "taxonomy_term": (
        {"id", "name", "description"},
        {"code", "parent_id", "taxonomy", "language", "taxonomy_id", "term_uri"},
    ),
    "attribute": ({"id"}, {"link_id", "taxonomy_term_id", "link_type", "link_entity", "value"}),
    "organization_identifier": ({"id", "identifier_type", "identifier"}, {"identifier_scheme", "organization_id"}),
}
#: What may be nested: object → field → the object, in a list when it is written [x].
NESTED: dict[str, dict[str, Any]] = {
    "organization": {
        "phones": ["phone"],
        "locations": ["location"],
        "organization_identifiers": ["organization_identifier"],
        "attributes": ["attribute"],
        "services": ["service"],
        "funding": ["funding"],
    },
    "service": {
        "organization": "organization",
        "phones": ["phone"],
        "schedules": ["schedule"],
        "service_areas": ["service_area"],
        "service_at_locations": ["service_at_location"],
        "languages": ["language"],
        "funding": ["funding"],
        "cost_options": ["cost_option"],
        "required_documents": ["required_document"],
        "attributes": ["attribute"],
    },
    "service_at_location": {"location": "location", "service": "service"},
    "location": {"addresses": ["address"], "accessibility": ["accessibility"], "languages": ["language"], "phones": ["phone"]},
    "attribute": {"taxonomy_term": "taxonomy_term"},
}
STATUSES = {"active", "inactive", "defunct", "temporarily closed"}
ENUMS = {
    ("service", "status"): STATUSES,
    ("location", "location_type"): {"physical", "postal", "virtual"},
    ("address", "address_type"): {"physical", "postal", "virtual"},
    ("schedule", "freq"): {"WEEKLY", "MONTHLY"},
}
NUMBERS = {("location", "latitude"): 90, ("location", "longitude"): 180, ("cost_option", "amount"): 10**12}
_DAYS = re.compile(r"(?:MO|TU|WE|TH|FR|SA|SU)(?:,(?:MO|TU|WE|TH|FR|SA|SU))*")
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")
_URL = re.compile(r"https?://[^\s]+")
_COUNTRY = re.compile(r"[A-Z]{2}")


def problems(record: Any, kind: str, where: str = "") -> list[str]:
    """What the rules refuse in a record and in all that is nested in it; empty when they accept it."""
    here = where or kind
    if not isinstance(record, dict):
        return [f"{here}: not an object"]
    required, others = TABLES[kind]
    nested = NESTED.get(kind, {})
    found = [f"{here}: {name} is missing" for name in sorted(required - record.keys())]
    found += [f"{here}: {name} is not a field" for name in sorted(record.keys() - required - others - nested.keys())]
    for name, value in record.items():
        place = f"{here}.{name}"
        if name in nested:
            inner = nested[name]
            items = value if isinstance(inner, list) else [value]
            if not isinstance(items, list):
                found.append(f"{place}: not a list")
                continue
            for each in items:
                found += problems(each, inner[0] if isinstance(inner, list) else inner, place)
        else:
            found += _value(kind, name, value, place)
    if (
        kind == "phone"
        and not {"location_id", "service_id", "organization_id", "contact_id", "service_at_location_id"} & record.keys()
    ):
        found.append(f"{here}: a phone of nothing")
    return found


def _value(kind: str, name: str, value: Any, place: str) -> list[str]:
    if (kind, name) in NUMBERS:
        good = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= NUMBERS[kind, name]
        return [] if good else [f"{place}: {value!r} is not a number"]
    if not isinstance(value, str) or not value:
        return [f"{place}: {value!r} is not a text"]
    if (name == "id" or name.endswith("_id")) and not _is_uuid(value):
        return [f"{place}: {value!r} is not a UUID"]
    if (kind, name) in ENUMS and value not in ENUMS[kind, name]:
        return [f"{place}: {value!r} is not one of the values"]
    checks = {
        "assured_date": lambda: date.fromisoformat(value),
        "last_modified": lambda: datetime.fromisoformat(value).utcoffset() is not None or 1 / 0,
        "byday": lambda: _DAYS.fullmatch(value) or 1 / 0,
        "opens_at": lambda: _TIME.fullmatch(value) or 1 / 0,
        "closes_at": lambda: _TIME.fullmatch(value) or 1 / 0,
        "country": lambda: _COUNTRY.fullmatch(value) or 1 / 0,
        "uri": lambda: _URL.fullmatch(value) or 1 / 0,
        "url": lambda: _URL.fullmatch(value) or 1 / 0,
        "website": lambda: _URL.fullmatch(value) or 1 / 0,
    }
    try:
        checks.get(name, lambda: None)()
    except (ValueError, ZeroDivisionError):
        return [f"{place}: {value!r} is not well written"]
    return []


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text and UUID(text).version == 5
    except ValueError:
        return False
