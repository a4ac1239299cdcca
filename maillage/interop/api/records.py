"""Sheets as the API writes them: the fields of Maillage JSONL 1, all of them, then who made the sheet and when it changed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from pydantic import BaseModel, Field, create_model

from maillage.catalogue.models import Offer, Relay, Structure
from maillage.interop.api.fields import MEANINGS, PROVENANCE
from maillage.interop.formats import OFFERS, RELAYS, STRUCTURES, Format


def _record(sheet: Structure | Offer | Relay, form: Format) -> dict[str, Any]:
    written: dict[str, Any] = {"uid": sheet.uid}
    for one in form.fields:
        if one.name == "structure":
            assert not isinstance(sheet, Structure), "a structure hangs on nobody"
            written[one.key] = sheet.structure.ref
            continue
        value = getattr(sheet, one.name)
        written[one.key] = value if value is None or value == one.empty else one.write(value)
    written["sources"] = sheet.sources
    written["attributions"], written["deduced"], written["disagreements"] = sheet.attributions, sheet.deduced, sheet.disagreements
    written["silent_since"] = sheet.silent_since.isoformat() if sheet.silent_since else None
    written["created_at"] = sheet.created_at.isoformat(timespec="seconds")
    written["modified_at"] = sheet.modified_at.isoformat(timespec="seconds")
    return written


def structure_record(structure: Structure) -> dict[str, Any]:
    """A structure."""
    return {**_record(structure, STRUCTURES), "page": settings.SITE_URL + structure.get_absolute_url()}


def offer_record(offer: Offer) -> dict[str, Any]:
    """An offer, with who makes it. Reads `offer.structure`."""
    return {
        **_record(offer, OFFERS),
        "structure_uid": offer.structure.uid,
        "structure_name": offer.structure.name,
        "page": settings.SITE_URL + offer.get_absolute_url(),
    }


def relay_record(relay: Relay) -> dict[str, Any]:
    """A relay, with whose it is. Reads `relay.structure`."""
    page = reverse("structure", args=(relay.structure.handle,))
    return {
        **_record(relay, RELAYS),
        "structure_uid": relay.structure.uid,
        "structure_name": relay.structure.name,
        "page": f"{settings.SITE_URL}{page}#{relay.uid}",
    }


def _model(name: str, form: Format, *more: str) -> type[BaseModel]:
    keys = ("uid", *(one.key for one in form.fields), *PROVENANCE, *more, "page")
    fields: dict[str, Any] = {}
    for key in keys:
        kind, meaning = MEANINGS[key]
        fields[key] = (kind, Field(description=meaning))
    return create_model(name, **fields)


#: The records for the documentation of the API; nothing is validated against them when the API answers.
StructureRecord = _model("Structure", STRUCTURES)
OfferRecord = _model("Offer", OFFERS, "structure_uid", "structure_name")
RelayRecord = _model("Relay", RELAYS, "structure_uid", "structure_name")
