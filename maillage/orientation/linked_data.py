"""An offer told to machines: JSON-LD with the words of schema.org (Service, GovernmentService)."""

from __future__ import annotations

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from maillage.catalogue.coverage import places_of
from maillage.catalogue.enums import Nonprofit
from maillage.catalogue.models import Offer
from maillage.catalogue.templatetags.sheets import web
from maillage.vocabulary.labels import label

#: Characters that could end a <script> element or a line of JavaScript, written as JSON escapes (as Django's json_script does).
_ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}


def offer_as_linked_data(offer: Offer, url: str, structure_url: str) -> dict[str, Any]:
    """What schema.org can say of an offer. `url` and `structure_url` are whole addresses. Nothing that the sheet does not say."""
    structure = offer.structure
    public = structure.nonprofit == Nonprofit.PUBLIC
    provider = {
        "@type": "GovernmentOrganization" if public else "Organization",
        "name": structure.name,
        "url": structure_url,
        "telephone": structure.phone,
        "email": structure.email,
    }
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentService" if public else "Service",
        "@id": url,
        "url": url,
        "name": offer.name,
        "description": offer.summary,
        "serviceType": label("kind", offer.kind),
        "provider": _said(provider),
        "areaServed": [{"@type": "AdministrativeArea", "name": place.name} for _, place in places_of(offer.coverage) if place],
        "audience": [{"@type": "Audience", "audienceType": label("audience", code)} for code in offer.audiences],
        "availableChannel": _channel(offer),
        "offers": {"@type": "Offer", "price": "0", "priceCurrency": "EUR"} if offer.cost == "gratuit" else None,
    }
    return _said(data)


def script_text(data: dict[str, Any]) -> SafeString:
    """The data as the text of a `<script type="application/ld+json">` element: nothing in it can close the element."""
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308  # every < > & is escaped above


def _channel(offer: Offer) -> dict[str, Any] | None:
    phone = offer.phone or offer.structure.phone
    channel = _said(
        {"serviceUrl": web(offer.url), "servicePhone": {"@type": "ContactPoint", "telephone": phone} if phone else None},
    )
    return {"@type": "ServiceChannel", **channel} if channel else None


def _said(data: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty."""
    return {key: value for key, value in data.items() if value not in ("", None, [], {})}
