"""A structure and its places told to machines: Organization, NGO or GovernmentOrganization, and Place, with the words of schema.org."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from maillage.catalogue.enums import Nonprofit
from maillage.catalogue.hours import usual_week
from maillage.catalogue.models import Relay, Structure
from maillage.catalogue.templatetags.sheets import web
from maillage.kit.linked_data import CONTEXT, said
from maillage.territories import queries as territories

_TYPES = {Nonprofit.PUBLIC: "GovernmentOrganization", Nonprofit.ESS: "NGO"}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def organisation_type(structure: Structure) -> str:
    """What schema.org calls a structure of this nature."""
    return _TYPES.get(Nonprofit(structure.nonprofit), "Organization") if structure.nonprofit else "Organization"


def structure_as_linked_data(structure: Structure, relays: Iterable[Relay], url: str, today: date) -> dict[str, Any]:
    """What schema.org can say of a structure and of where it welcomes people. `url` is the whole address of its page."""
    here = place_as_linked_data(
        name=structure.name,
        url="",
        phone="",
        address=structure.address,
        postcode=structure.postcode,
        commune=structure.commune,
        lon=structure.lon,
        lat=structure.lat,
        opening_hours=structure.opening_hours,
        today=today,
    )
    places = [
        place_as_linked_data(
            name=relay.name,
            url=f"{url}#{relay.uid}",
            phone=relay.phone,
            address=relay.address,
            postcode=relay.postcode,
            commune=relay.commune,
            lon=relay.lon,
            lat=relay.lat,
            opening_hours=relay.opening_hours,
            today=today,
        )
        for relay in relays
    ]
    data: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": organisation_type(structure),
        "@id": url,
        "url": url,
        "name": structure.name,
        "description": structure.description,
        "telephone": structure.phone,
        "email": structure.email,
        "sameAs": web(structure.website),
        "identifier": {"@type": "PropertyValue", "propertyID": "SIREN", "value": structure.siren} if structure.siren else None,
        "address": here.get("address"),
        "location": [*([here] if "openingHoursSpecification" in here else []), *places],
    }
    return said(data)


def place_as_linked_data(
    *,
    name: str,
    url: str,
    phone: str,
    address: str,
    postcode: str,
    commune: str,
    lon: float | None,
    lat: float | None,
    opening_hours: str,
    today: date,
) -> dict[str, Any]:
    """A place where people are welcomed: its address, its point, its usual hours (those that change from week to week are left out)."""
    town = territories.commune(commune) if commune else None
    postal = said({"streetAddress": address, "postalCode": postcode, "addressLocality": town.name if town else ""})
    data: dict[str, Any] = {
        "@type": "Place",
        "name": name,
        "url": url,
        "telephone": phone,
        "address": {"@type": "PostalAddress", **postal, "addressCountry": "FR"} if postal else None,
        "geo": {"@type": "GeoCoordinates", "latitude": lat, "longitude": lon} if lat is not None and lon is not None else None,
        "openingHoursSpecification": _hours(opening_hours, today),
    }
    return said(data)


def _hours(text: str, today: date) -> list[dict[str, Any]]:
    week = usual_week(text, today) or ()
    by_range: dict[tuple[str, str], list[str]] = {}
    for day, ranges in zip(_DAYS, week, strict=False):
        for opens, closes, _remark in ranges:
            by_range.setdefault((f"{opens:%H:%M}", f"{closes:%H:%M}"), []).append(day)
    return [
        # a day that ends at midnight closes at 23:59 for schema.org: 00:00 would be closed
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": days,
            "opens": opens,
            "closes": "23:59" if closes == "00:00" else closes,
        }
        for (opens, closes), days in by_range.items()
    ]
