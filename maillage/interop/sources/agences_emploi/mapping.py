"""An office → one relay. France Travail is one structure with many offices; the others are each their own structure.

The columns `telephone` and `siret` are never read: in the file we have they are invented (43 of 45 SIRET have a wrong key, and
numbers of the north of France start with every digit). docs/data/sources.md tells how that was seen.
"""

from __future__ import annotations

import re
from pathlib import Path

from maillage.interop.sources import files, places
from maillage.interop.sources.aids import left_out
from maillage.interop.sources.contract import Mapped, Raw
from maillage.interop.sources.maps import MISSING, Findings, labels

_FOLDER = Path(__file__).parent
_FRANCE_TRAVAIL = {
    "id": "france-travail",
    "name": "France Travail",
    "description": "Le service public de l’emploi. Ses agences informent les demandeurs d’emploi sur la création d’activité.",
    "nonprofit": "public",
    "website": "https://www.francetravail.fr",
    "types": ["france-travail"],
}
#: Offices that receive nobody: regional and territorial directions, head offices, shared services.
_BACK_OFFICE = re.compile(r"France Travail - (?:DT|DR|DIRECTION|SI[EÈ]GE|A2S)\b")
_NATURE = {"CCAS": "public", "DEPT": "public"}


def clean(raw: Raw) -> Raw:
    """Cells as text, tidied. Raises ValueError for a line that its file broke, or without a name."""
    files.refuse_broken(raw.payload)
    cells = {key: places.cell(value) for key, value in raw.payload.items()}
    if not cells.get("nom"):
        raise ValueError("cette agence n’a pas de nom.")
    return Raw(raw.ref, cells, raw.revision)


def map(raw: Raw) -> Mapped:
    """One relay, and the structure that holds it."""
    cells, findings = raw.payload, Findings()
    levels = labels(_FOLDER, "type")
    level = findings.one(levels, cells["type"])
    if not level and levels.get(cells["type"]) is not MISSING:
        return left_out("Service de la justice : il n’accueille pas les porteurs de projet.")
    if _BACK_OFFICE.match(cells["nom"]):
        return left_out("Direction ou siège : aucun public n’y est accueilli.")
    if cells["departement"].zfill(2) in places.OUTSIDE:
        return left_out(places.SAID_OUTSIDE)
    place = places.where(
        findings,
        name=cells["commune"],
        postcode=cells["code_postal"],
        departement=cells["departement"],
        address=", ".join(part for part in (cells["adresse"], cells.get("complement", "")) if part),
        lon=cells["lon"],
        lat=cells["lat"],
    )
    reach = places.reach(findings, cells, website="site_web")
    own = {"id": raw.ref, "name": cells["nom"], "nonprofit": _NATURE.get(cells["type"], ""), **place, **reach}
    structure = _FRANCE_TRAVAIL if cells["type"] == "FT" else own
    relay = {
        "id": raw.ref,
        "structure_id": structure["id"],
        "name": cells["nom"],
        "level": level or "information",
        **place,
    }
    return findings.mapped(structures=[structure], relays=[relay])
