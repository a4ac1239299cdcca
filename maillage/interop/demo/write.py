"""Writes the fictitious region as a region's folder: portal, invented communes, and its catalogue in Maillage JSONL 1."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from maillage.interop.demo.generate import DemoRegion
from maillage.interop.demo.territory import REGION, REGION_NAME, as_csv

FOLDER = "valombre"

PORTAL = f"""# A fictitious region, written by `maillage demo-region`. Nothing here exists.
code = "{FOLDER}"
name = "Boussole"
tagline = "Démonstration : une région qui n’existe pas"
territory = "le {REGION_NAME} (région fictive)"
regions = ["{REGION}"]
hosts = ["{FOLDER}.localhost"]
order = 50
accent = "#5b3f8c"
organiser = "cress-valombre"
organiser_name = "CRESS Valombre (fictive)"
professional_network = "Boussole Pro"
example_commune = "Valbrume"

[texts]
welcome = "Tout ici est inventé : les communes, les structures, les aides. Essayez sans crainte."
human = "Dans une vraie région, le réseau local le plus proche vous écouterait, même sans dossier."

[legal]
publisher = "Personne (démonstration)"
address = "Nulle part"
phone = "02 61 91 00 00"
email = "personne@example.org"
director = "Personne"
hosting = "Cette machine"
"""


def _lines(records: list[dict[str, Any]]) -> str:
    kept = ({key: value for key, value in record.items() if value not in ("", [], None)} for record in records)
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in kept)


def write_region(region: DemoRegion, parent: Path) -> Path:
    """Write the region under `parent` (made if needed) and give its folder. Raises OSError when it cannot be written."""
    folder = parent / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "portal.toml").write_text(PORTAL, encoding="utf-8")
    (folder / "communes.csv").write_text(as_csv(region.territory), encoding="utf-8")
    (folder / "structures.jsonl").write_text(_lines(region.structures), encoding="utf-8")
    (folder / "relays.jsonl").write_text(_lines(region.relays), encoding="utf-8")
    (folder / "offers.jsonl").write_text(_lines(region.offers), encoding="utf-8")
    return folder
