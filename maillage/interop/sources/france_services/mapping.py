"""A France services place → one relay, under one structure that stands for the network: the file does not say who runs it."""

from __future__ import annotations

import re
from pathlib import Path

from maillage.interop.sources import files, places
from maillage.interop.sources.aids import left_out
from maillage.interop.sources.contract import Mapped, Raw
from maillage.interop.sources.maps import Findings, labels

_FOLDER = Path(__file__).parent
_NETWORK = {
    "id": "france-services",
    "name": "France services",
    "description": "Le réseau des espaces où l’on est reçu et aidé dans ses démarches, près de chez soi.",
    "nonprofit": "public",
    "website": "https://www.france-services.gouv.fr",
    "types": ["france-services"],
}
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")
_UNSAID = "Horaires non communiqués"
_WORDS = re.compile(r"[A-Za-zÀ-ÿ]{3}")
_LABELLED = re.compile(r"(?:(\d{2})/)?(\d{2})/(\d{4})$")


def clean(raw: Raw) -> Raw:
    """Cells as text, tidied. Raises ValueError for a line that its file broke, or without a name."""
    files.refuse_broken(raw.payload)
    cells = {key: places.cell(value) for key, value in raw.payload.items()}
    if not cells.get("nom"):
        raise ValueError("ce lieu n’a pas de nom.")
    return Raw(raw.ref, cells, raw.revision)


def map(raw: Raw) -> Mapped:
    """One relay. Hours come in OSM syntax; what the published ones say besides (by appointment, one week in two) is kept as text."""
    cells, findings = raw.payload, Findings()
    if cells["departement"].zfill(2) in places.OUTSIDE:
        return left_out(places.SAID_OUTSIDE)
    name = cells["nom"]
    itinerant = findings.one(labels(_FOLDER, "itinerance"), cells.get("itinerance", "")) == "oui"
    findings.several(labels(_FOLDER, "format"), [cells.get("format", "")])
    besides = _besides(cells.get("horaires_brut", ""))
    relay = {
        "id": raw.ref,
        "structure_id": _NETWORK["id"],
        "name": name if "service" in name.lower() else f"France services {name}",
        "level": "information",
        "services": "" if itinerant else besides,
        "itinerant": f"Service itinérant. {besides}".strip() if itinerant else "",
        **places.where(
            findings,
            code=cells["code_insee"],
            name=cells["commune"],
            postcode=cells["code_postal"],
            departement=cells["departement"],
            address=", ".join(part for part in (cells["adresse"], cells.get("complement", "")) if part),
            lon=cells["lon"],
            lat=cells["lat"],
        ),
        **places.reach(findings, cells, phone="telephone", email="courriel"),
        "opening_hours": places.hours(findings, cells["horaires_osm"]),
        "updated": _labelled(cells.get("labellisation", "")),
    }
    return findings.mapped(structures=[_NETWORK], relays=[relay])


def _besides(published: str) -> str:
    """The published hours, day by day, when they say more than hours; empty otherwise."""
    days = [day.strip() for day in published.split("|")]
    said = [(name, day) for name, day in zip(_DAYS, days, strict=False) if day not in ("", "-", _UNSAID)]
    if not any(_WORDS.search(day) for _, day in said):
        return ""
    return "Horaires annoncés : " + " ; ".join(f"{name}, {day}" for name, day in said) + "."


def _labelled(written: str) -> str:
    """The day or month of the label (« Espace labellisé 01/09/2020 »): the only date that the line carries."""
    found = _LABELLED.search(written)
    return f"{found[3]}-{found[2]}-{found[1] or '01'}" if found else ""
