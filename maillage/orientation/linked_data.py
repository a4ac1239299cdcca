"""Offers, places and territories told to machines: JSON-LD with the words of schema.org."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from maillage.catalogue.coverage import places_of
from maillage.catalogue.enums import Nonprofit
from maillage.catalogue.index import Entry
from maillage.catalogue.linked_data import organisation_type, place_as_linked_data
from maillage.catalogue.models import Offer
from maillage.catalogue.templatetags.sheets import web
from maillage.kit.linked_data import CONTEXT, said
from maillage.territories.queries import Commune
from maillage.territories.values import Place
from maillage.vocabulary.labels import label


def offer_as_linked_data(offer: Offer, url: str, structure_url: str) -> dict[str, Any]:
    """What schema.org can say of an offer. `url` and `structure_url` are whole addresses. Nothing that the sheet does not say."""
    structure = offer.structure
    public = structure.nonprofit == Nonprofit.PUBLIC
    provider = {
        "@type": organisation_type(structure),
        "name": structure.name,
        "url": structure_url,
        "telephone": structure.phone,
        "email": structure.email,
    }
    data: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "GovernmentService" if public else "Service",
        "@id": url,
        "url": url,
        "name": offer.name,
        "description": offer.summary,
        "serviceType": label("kind", offer.kind),
        "provider": said(provider),
        "areaServed": [{"@type": "AdministrativeArea", "name": place.name} for _, place in places_of(offer.coverage) if place],
        "audience": [{"@type": "Audience", "audienceType": label("audience", code)} for code in offer.audiences],
        "availableChannel": _channel(offer),
        "offers": {"@type": "Offer", "price": "0", "priceCurrency": "EUR"} if offer.cost == "gratuit" else None,
    }
    return said(data)


def _channel(offer: Offer) -> dict[str, Any] | None:
    phone = offer.phone or offer.structure.phone
    channel = said(
        {"serviceUrl": web(offer.url), "servicePhone": {"@type": "ContactPoint", "telephone": phone} if phone else None},
    )
    return {"@type": "ServiceChannel", **channel} if channel else None


def places_as_linked_data(entries: Iterable[tuple[Entry, str]], today: date) -> dict[str, Any]:
    """The places and networks of a page, each with its whole address."""
    places = [
        place_as_linked_data(
            name=entry.name,
            url=url,
            phone=entry.phone,
            address=entry.address,
            postcode=entry.postcode,
            commune=entry.commune,
            lon=entry.lon,
            lat=entry.lat,
            opening_hours=entry.opening_hours,
            today=today,
        )
        for entry, url in entries
    ]
    return {"@context": CONTEXT, "@graph": places}


def territory_as_linked_data(
    place: Place, url: str, above: Iterable[tuple[Place, str]], commune: Commune | None
) -> dict[str, Any]:
    """A territory: its name, its code, what contains it (each with its whole address), and the point of a commune."""
    data: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "AdministrativeArea",
        "@id": url,
        "url": url,
        "name": place.long_name,
        "identifier": {
            "@type": "PropertyValue",
            "propertyID": "SIREN" if place.level == "epci" else "INSEE",
            "value": place.code,
        },
        "geo": {"@type": "GeoCoordinates", "latitude": commune.lat, "longitude": commune.lon} if commune else None,
        "containedInPlace": [{"@type": "AdministrativeArea", "name": up.long_name, "url": address} for up, address in above],
    }
    return said(data)
