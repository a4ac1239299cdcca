"""Lines of Maillage JSONL for tests: right by default, wrong where a test says so. Names and numbers are invented."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

SOURCE = "essai"

STRUCTURE: dict[str, Any] = {
    "id": "s1",
    "source": SOURCE,
    "name": "Maison des projets inventée",
    "description": "Elle accueille.\nSur deux lignes, avec « guillemets ».",
    "types": ["reseau-accompagnement"],
    "siren": "732829320",
    "siret": "73282932000074",
    "rna": "W530000001",
    "legal_form": "association",
    "networks": ["reseau-inventé".replace("é", "e")],
    "roles": [{"role": "reseau-local-ess", "territory": {"level": "departement", "code": "53"}, "authority": "CRESS inventée"}],
    "nonprofit": "ess",
    "address": "1 rue de l’Essai",
    "commune": "53130",
    "postcode": "53000",
    "lon": -0.7669,
    "lat": 48.0706,
    "phone": "+33199000001",
    "email": "accueil@s1.example.org",
    "website": "https://s1.example.org/",
    "opening_hours": "Mo-Fr 09:00-12:00,14:00-17:30; PH off",
    "accessibility": "Plain-pied",
    "languages": ["fr", "en"],
    "licence": "Licence Ouverte 2.0",
    "source_url": "https://s1.example.org/source",
    "updated": "2026-10-01",
    "verified_on": "2026-10-02",
}

OFFER: dict[str, Any] = {
    "id": "o1",
    "source": SOURCE,
    "structure_id": "s1",
    "name": "Prêt d’essai",
    "summary": "Un prêt pour essayer.",
    "description": "Première ligne.\nSeconde ligne.",
    "kind": "financement",
    "stages": ["creation", "developpement"],
    "needs": ["recherche-financement"],
    "sectors": ["culture"],
    "legal_forms": ["association", "scop"],
    "audiences": ["jeunes"],
    "modes": ["presentiel", "distance"],
    "cost": "gratuit",
    "cost_detail": "Sans frais de dossier",
    "coverage": [
        {"level": "departement", "code": "53"},
        {"level": "region", "code": "52"},
        {"level": "france", "code": "france"},
    ],
    "excluded": [{"level": "commune", "code": "53130"}],
    "zonings": ["frr"],
    "conditions": [{"field": "salaries", "operator": ">=", "value": 1, "label": "Employer quelqu’un"}],
    "documents": ["Statuts"],
    "how_to_apply": "Téléphoner.",
    "instrument": "pret",
    "amount_min": 500,
    "amount_max": 1200.5,
    "rate_max": 50,
    "opens": "2026-01-15",
    "closes": "2027-01-15",
    "recurrence": "recurrente",
    "address": "1 rue de l’Essai",
    "commune": "53130",
    "postcode": "53000",
    "lon": -0.7669,
    "lat": 48.0706,
    "phone": "01 99 00 00 01",
    "email": "pret@s1.example.org",
    "url": "https://s1.example.org/pret",
    "source_url": "https://s1.example.org/source",
    "licence": "Licence Ouverte 2.0",
    "updated": "2026-10-01",
    "verified_on": "2026-10-02",
}

RELAY: dict[str, Any] = {
    "id": "r1",
    "source": SOURCE,
    "structure_id": "s1",
    "name": "Permanence d’essai",
    "level": "information",
    "network": "piva",
    "specialities": ["juridique", "culture"],
    "coverage": [{"level": "epci", "code": "200083392"}],
    "by_appointment": True,
    "commune": "53130",
    "postcode": "53000",
    "opening_hours": "Mo 09:00-12:00",
}


def structure(**changes: Any) -> dict[str, Any]:
    """A structure with some keys changed; a key set to ... is removed."""
    return _changed(STRUCTURE, changes)


def offer(**changes: Any) -> dict[str, Any]:
    """An offer with some keys changed; a key set to ... is removed."""
    return _changed(OFFER, changes)


def relay(**changes: Any) -> dict[str, Any]:
    """A relay with some keys changed; a key set to ... is removed."""
    return _changed(RELAY, changes)


def _changed(sample: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**sample, **changes}.items() if value is not ...}


def line(value: Any) -> bytes:
    """One line of JSONL."""
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def write_folder(
    folder: Path,
    *,
    structures: Iterable[Any] = (STRUCTURE,),
    offers: Iterable[Any] = (OFFER,),
    relays: Iterable[Any] = (),
) -> Path:
    """A folder to import; an item that is bytes is written as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, items in (("structures.jsonl", structures), ("offers.jsonl", offers), ("relays.jsonl", relays)):
        content = b"".join(item if isinstance(item, bytes) else line(item) for item in items)
        if content or name != "relays.jsonl":
            (folder / name).write_bytes(content)
    return folder
