"""Rows → HSDS records. A structure is an organization, an offer a service, a relay the service of welcoming at a location.

Which field comes from what, and what is lost: docs/data/hsds-profile.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from maillage.catalogue import described
from maillage.catalogue.enums import Nonprofit
from maillage.catalogue.hours import usual_week
from maillage.catalogue.models import Relay
from maillage.catalogue.quality import Described
from maillage.catalogue.rows import Row
from maillage.interop.addresses import Addresses
from maillage.interop.hsds.ids import uuid_of
from maillage.interop.hsds.taxonomies import attribute, role_taxonomy
from maillage.territories import queries as territories
from maillage.vocabulary.words import vocabulary

#: Records of INSEE's geographic code on the web, by level.
INSEE = "http://id.insee.fr/geo/"
_INSEE_LEVELS = {"commune": "commune", "epci": "intercommunalite", "departement": "departement"}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: Taxonomy → the field of an offer that holds its codes.
_LISTS = {
    "stage": "stages",
    "need": "needs",
    "sector": "sectors",
    "legal_form": "legal_forms",
    "audience": "audiences",
    "mode": "modes",
    "zoning": "zonings",
}
_AMOUNTS = {"minimum": "amount_min", "maximum": "amount_max", "rate": "rate_max"}
#: Fields of a list item: those that are one to one. `minimal` keeps the first and the last.
ONE_TO_ONE = (
    *("id", "organization_id", "name", "description", "url", "email", "status", "application_process"),
    *("fees_description", "eligibility_description", "assured_date", "last_modified"),
)
MINIMAL = ("id", "last_modified")


def organization_id(uid: str) -> str:
    """The id of a structure."""
    return uuid_of("organization", uid)


def service_id(uid: str) -> str:
    """The id of an offer or of a relay."""
    return uuid_of("service", uid)


def organization(row: Row, addresses: Addresses) -> dict[str, Any]:
    """A structure, with everything that is nested under it."""
    own = organization_id(row["uid"])
    words = vocabulary()
    place = location(own, described.place_of(row), row["name"])
    attributes = [_role(own, role) for role in row["roles"]]
    return _said(
        {
            "id": own,
            "name": row["name"],
            "description": row["description"] or row["name"],
            "email": described.electronic(row["email"]),
            "website": described.web(row["website"]),
            "tax_status": str(Nonprofit(row["nonprofit"]).label) if row["nonprofit"] else "",
            "legal_status": words.label("legal_form", row["legal_form"]) if row["legal_form"] else "",
            "uri": addresses.structure(row),
            "phones": _phones("organization_id", own, row["phone"]),
            "locations": [place] if place else [],
            "organization_identifiers": [
                {
                    "id": uuid_of("identifier", own, scheme),
                    "identifier_scheme": scheme,
                    "identifier_type": scheme,
                    "identifier": value,
                }
                for scheme, value in (("SIREN", row["siren"]), ("SIRET", row["siret"]), ("RNA", row["rna"]))
                if value
            ],
            "attributes": [one for one in attributes if one],
        }
    )


def short_organization(row: Row) -> dict[str, Any]:
    """The organization of a service, as much as the row of the service says."""
    return _said(
        {
            "id": organization_id(row["structure__uid"]),
            "name": row["structure__name"],
            "description": row["structure__name"],
            "email": described.electronic(row["structure__email"]),
            "website": described.web(row["structure__website"]),
        }
    )


def _role(own: str, role: dict[str, Any]) -> dict[str, Any] | None:
    territory = role.get("territory") or {}
    level = territory.get("level", "")
    value = level if level == "france" else f"{level}:{territory.get('code', '')}" if level else ""
    return attribute(own, role_taxonomy(role["role"]), role["role"], value)


def offer_service(
    row: Row, today: date, addresses: Addresses, *, full: bool = True, told: Described | None = None
) -> dict[str, Any]:
    """An offer; with `full`, with everything that is nested under it. `told`: what `described` says of it, if somebody has it."""
    told = told or described.described(row, today)
    own = service_id(row["uid"])
    found = {
        "id": own,
        "organization_id": organization_id(row["structure__uid"]),
        "name": row["name"],
        "description": told.description or row["name"],
        "url": told.link or addresses.offer(row),
        "email": told.email,
        "status": status(row, today),
        "application_process": row["how_to_apply"],
        "fees_description": told.cost_detail,
        "eligibility_description": "\n".join(
            text for text in (described.publics_detail(row), described.access_conditions(row)) if text
        ),
        "assured_date": row["verified_on"].isoformat() if row["verified_on"] else "",
        "last_modified": row["modified_at"].isoformat(timespec="seconds"),
    }
    if full:
        found["phones"] = _phones("service_id", own, told.phone)
        found["service_areas"] = _areas(own, row)
        found["attributes"] = list(_offer_attributes(own, row))
        found["cost_options"] = _costs(own, row)
        if row["kind"] == "financement":
            found["funding"] = [{"id": uuid_of("funding", own), "source": row["structure__name"]}]
        found["required_documents"] = [{"id": uuid_of("document", own, text), "document": text} for text in row["documents"]]
        if "presentiel" in row["modes"] or row["commune"] or row["address"]:
            found["service_at_locations"] = _at_location(own, described.place_of(row), row["structure__name"])
    return _said(found)


def relay_service(row: Row, today: date, addresses: Addresses, *, full: bool = True) -> dict[str, Any]:
    """A relay: the service of being welcomed there; with `full`, with the place, its hours and its languages."""
    own = service_id(row["uid"])
    words = vocabulary()
    level = words.label("level", row["level"])
    told = [text for text in (row["services"], row["itinerant"]) if text]
    found = {
        "id": own,
        "organization_id": organization_id(row["structure__uid"]),
        "name": row["name"],
        "description": "\n\n".join([*told, f"Lieu d’accueil. Niveau : {level}."]),
        "url": addresses.relay(row),
        "email": described.email(row),
        "status": "active",
        "application_process": "Sur rendez-vous." if row["by_appointment"] else "",
        "assured_date": row["verified_on"].isoformat() if row["verified_on"] else "",
        "last_modified": row["modified_at"].isoformat(timespec="seconds"),
    }
    if full:
        said = [attribute(own, "level", row["level"])]
        if row["network"]:
            until = row["mark_until"].isoformat() if row["mark_until"] else ""
            said.append(attribute(own, role_taxonomy(row["network"]), row["network"], until))
        for code in row["specialities"]:
            said.append(attribute(own, "need", code) or attribute(own, "sector", code))
        found["attributes"] = [one for one in said if one]
        found["phones"] = _phones("service_id", own, described.phone(row))
        found["service_areas"] = _areas(own, {**row, "excluded": []})
        found["languages"] = [{"id": uuid_of("language", own, code), "name": code, "code": code} for code in row["languages"]]
        found["schedules"] = schedules(own, row["opening_hours"], today)
        found["service_at_locations"] = _at_location(own, described.place_of(row), row["name"], row["accessibility"])
    return _said(found)


def service_of(row: Row, kind: str, today: date, addresses: Addresses, *, full: bool = True) -> dict[str, Any]:
    """The service of a row of this kind (offer or relay)."""
    make = relay_service if kind == Relay.KIND else offer_service
    return make(row, today, addresses, full=full)


def status(row: Row, today: date) -> str:
    """active; temporarily closed before it opens, or between two openings; inactive once closed for good."""
    if row["opens"] and today < row["opens"]:
        return "temporarily closed"
    if row["closes"] and row["closes"] < today:
        return "temporarily closed" if row["recurrence"] == "recurrente" else "inactive"
    return "active"


def _offer_attributes(own: str, row: Row) -> Iterable[dict[str, Any]]:
    said = [attribute(own, "kind", row["kind"])]
    if row["instrument"]:
        said.append(attribute(own, "instrument", row["instrument"]))
    for taxonomy, field in _LISTS.items():
        said += [attribute(own, taxonomy, code) for code in row[field]]
    for code, field in _AMOUNTS.items():
        if row[field] is not None:
            said.append(attribute(own, "amount", code, f"{row[field]:f}"))
    return (one for one in said if one)


def _costs(own: str, row: Row) -> list[dict[str, Any]]:
    if not row["cost"]:
        return []
    cost = {
        "id": uuid_of("cost", own),
        "option": vocabulary().label("cost", row["cost"]),
        "currency": "EUR",
        "amount_description": row["cost_detail"],
    }
    return [_said(cost) | ({"amount": 0} if row["cost"] == "gratuit" else {})]


def _areas(own: str, row: Row) -> list[dict[str, Any]]:
    return [
        {"id": uuid_of("area", own, code), "name": name, "extent": code, "extent_type": "insee", "uri": uri}
        for code in described.zone(row)
        for name, uri in [_area(code)]
    ]


@lru_cache(maxsize=65_536)
def _area(code: str) -> tuple[str, str]:
    """The name and the INSEE address of a code of a zone."""
    if code == "france":
        return "France", f"{INSEE}pays/france"
    level = {5: "commune", 9: "epci"}.get(len(code), "departement")
    place = territories.place(level, code)
    return place.name if place else code, f"{INSEE}{_INSEE_LEVELS[level]}/{code}"


def _phones(parent: str, own: str, number: str) -> list[dict[str, Any]]:
    dialled = described.one_number(number)
    return [{"id": uuid_of("phone", own), parent: own, "number": dialled, "type": "voice"}] if dialled else []


def _at_location(own: str, place: dict[str, Any], name: str, accessibility: str = "") -> list[dict[str, Any]]:
    found = location(own, place, name)
    if found is None:
        return []
    if accessibility:
        found["accessibility"] = [{"id": uuid_of("accessibility", own), "description": accessibility}]
    return [{"id": uuid_of("service_at_location", own), "location_id": found["id"], "location": found}]


def location(own: str, place: dict[str, Any], name: str) -> dict[str, Any] | None:
    """The place of a record; None when neither a commune nor a point is known. The address only when it is whole."""
    commune = territories.commune(place["commune"]) if place["commune"] else None
    if commune is None and place["lon"] is None:
        return None
    identifier = uuid_of("location", own)
    departement = territories.place("departement", commune.departement) if commune else None
    region = territories.place("region", commune.region) if commune else None
    found = {
        "id": identifier,
        "location_type": "physical",
        "name": name,
        "latitude": place["lat"],
        "longitude": place["lon"],
        "external_identifier": commune.code if commune else "",
        "external_identifier_type": "insee" if commune else "",
    }
    postcode = place["postcode"] or (commune.postcode if commune else "")
    if place["address"] and commune and departement and region and postcode:
        found["addresses"] = [
            {
                "id": uuid_of("address", own),
                "address_1": place["address"],
                "city": commune.name,
                "region": region.name,
                "state_province": departement.name,
                "postal_code": postcode,
                "country": "FR",
                "address_type": "physical",
            }
        ]
    return _said(found)


def schedules(own: str, hours: str, today: date) -> list[dict[str, Any]]:
    """The hours, one record per time of day when they are the same every week, else their text alone."""
    if not hours:
        return []
    week = usual_week(hours, today)
    if week is None:
        return [{"id": uuid_of("schedule", own, hours), "description": hours}]
    days: dict[tuple[str, str], list[str]] = {}
    for day, ranges in zip(_DAYS, week, strict=True):
        for opens, closes, _remark in ranges:
            days.setdefault((f"{opens:%H:%M}", f"{closes:%H:%M}"), []).append(day)
    return [
        {
            "id": uuid_of("schedule", own, opens, closes, *open_on),
            "freq": "WEEKLY",
            "byday": ",".join(open_on),
            "opens_at": opens,
            "closes_at": closes,
            "description": hours,
        }
        for (opens, closes), open_on in days.items()
    ]


def _said(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if value is not None and value not in ("", [])}
