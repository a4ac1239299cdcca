"""A dump of Dora's base (objects `model`, `pk`, `fields`, references by number) → records of data.inclusion v1.

The numbers are places in the list of reference values (`*referentiels*.json`, beside the dump). The commune's number is that of
a table that is not in the dump: the commune is found by its name and postal code. Names of persons are not taken over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from maillage.interop.sources import files
from maillage.interop.sources.contract import Unreadable

_POINT = re.compile(r"POINT ?\((-?[\d.]+) (-?[\d.]+)\)")
_SAME = {
    "name": "nom", "description": "description", "source_link": "lien_source", "siret": "siret", "city": "commune",
    "post_code": "code_postal", "address_line_1": "adresse", "address_line_2": "complement_adresse", "uid": "id",
    "opening_hours": "horaires_accueil", "updated_on": "date_maj", "website": "site_web", "fee_details": "frais_precisions",
    "publics_details": "publics_precisions", "mobilizations_details": "mobilisation_precisions",
    "description_short": "presentation_resume", "opening_hours_text": "horaires_precisions", "reseaux_porteurs": "reseaux_porteurs",
    "mobilization_modes_beneficiaries_external_form_link": "lien_mobilisation",
}  # fmt: skip
_ONE = {"fee": "frais", "kind": "type", "source": "source"}
_SEVERAL = {
    "publics": "publics", "receptions": "modes_accueil", "thematics": "thematiques", "mobilizations": "modes_mobilisation",
    "mobilization_publics": "mobilisable_par",
}  # fmt: skip


def is_dump(structures: Iterable[Any], services: Iterable[Any]) -> bool:
    """Are these objects of a dump?"""
    return any(isinstance(one, Mapping) and "fields" in one and "model" in one for one in (*structures, *services))


def is_reference(path: Path) -> bool:
    """Is this file the list of reference values?"""
    return "referentiels" in path.name


def resolved(structures: list[Any], services: list[Any], path: Path) -> tuple[list[Any], list[Any]]:
    """The records of both lists as v1 writes them. Raises Unreadable when the reference values are not beside the dump."""
    beside = next((one for one in sorted(path.parent.glob("*.json")) if is_reference(one)), None)
    if beside is None:
        raise Unreadable(f"« {path.name} » renvoie à une liste de valeurs : mettez le fichier « referentiels » à côté.")
    values = [str(one.get("value", "")) for one in files.json_records(files.read(beside), beside.name)]
    uids = {
        one.get("pk"): one["fields"].get("uid")
        for one in structures
        if isinstance(one, Mapping) and isinstance(one.get("fields"), Mapping)
    }
    return (
        [_record(one, values) for one in structures],
        [_record(one, values, str(uids.get(one["fields"].get("structure"), ""))) for one in services],
    )


def _record(entry: Any, values: list[str], structure_id: str = "") -> Any:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("fields"), Mapping):
        return entry
    fields = entry["fields"]
    found: dict[str, Any] = {name: fields[key] for key, name in _SAME.items() if fields.get(key)}
    found |= {name: _value(values, fields[key]) for key, name in _ONE.items() if fields.get(key)}
    found |= {name: [_value(values, one) for one in fields[key]] for key, name in _SEVERAL.items() if fields.get(key)}
    if structure_id:
        found["structure_id"] = structure_id
    found["telephone"] = fields.get("phone") or fields.get("contact_phone") or ""
    found["courriel"] = fields.get("email") or fields.get("contact_email") or ""
    point = _POINT.search(str(fields.get("coordinates") or ""))
    if point:
        found["longitude"], found["latitude"] = float(point[1]), float(point[2])
    if fields.get("eligibility_zones"):
        found["zone_eligibilite"] = _texts(fields["eligibility_zones"])
    conditions = [*_lines(fields.get("access_conditions_di")), *_texts(fields.get("access_conditions_dora"))]
    if conditions:
        found["conditions_acces"] = "\n".join(conditions)
    if fields.get("credentials"):
        found["justificatifs"] = _texts(fields["credentials"])
    return found


def _value(values: list[str], number: Any) -> str:
    """The reference value of a number; the number itself, which no table knows, when it is out of the list."""
    return values[number - 1] if isinstance(number, int) and 0 < number <= len(values) else str(number)


def _texts(written: Any) -> list[str]:
    """A list, or the JSON of a list."""
    if isinstance(written, str):
        try:
            written = json.loads(written)
        except ValueError:
            return [written]
    return [str(one) for one in written] if isinstance(written, list) else []


def _lines(written: Any) -> list[str]:
    return [line for line in str(written or "").splitlines() if line.strip()]
