"""A place of the mediation-numérique schema → one relay and the structure that holds it (its parent when it names one)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stdnum.fr import siret as siret_rules

from maillage.interop.sources import figures, files, places
from maillage.interop.sources.aids import left_out, line, listed, sections, text
from maillage.interop.sources.contract import Mapped, Raw
from maillage.interop.sources.funders import nature, slug
from maillage.interop.sources.maps import Findings, labels
from maillage.interop.sources.texts import tidy

_FOLDER = Path(__file__).parent
_RNA = re.compile(r"W[0-9][0-9A-Z][0-9]{7}")


def clean(raw: Raw) -> Raw:
    """Every field as tidy text, lists joined with « | ». Raises ValueError for a broken line, or a place without a name."""
    files.refuse_broken(raw.payload)
    cells = {key: _cell(value) for key, value in raw.payload.items()}
    if not cells.get("nom", "").strip():
        raise ValueError("ce lieu n’a pas de nom.")
    return Raw(raw.ref, cells, raw.revision)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "|".join(places.cell(one) for one in listed(value))
    return "" if value is None or isinstance(value, dict) else tidy(str(value))


def map(raw: Raw) -> Mapped:
    """One relay of level « information », and its structure."""
    cells, findings = raw.payload, Findings()
    if cells.get("code_postal", "")[:3] in places.OUTSIDE:
        return left_out(places.SAID_OUTSIDE)
    fees = findings.several(labels(_FOLDER, "frais"), _split(cells.get("frais_a_charge", "")))
    modes = findings.several(labels(_FOLDER, "modalites"), _split(cells.get("modalites_accompagnement", "")))
    place = places.where(
        findings,
        code=cells.get("code_insee", ""),
        name=cells.get("commune", ""),
        postcode=cells.get("code_postal", ""),
        address=", ".join(part for part in (cells.get("adresse", ""), cells.get("complement_adresse", "")) if part),
        lon=cells.get("longitude", ""),
        lat=cells.get("latitude", ""),
    )
    reach = places.reach(findings, cells, phone="telephone", email="courriels", website="site_web")
    structure = _structure(raw, cells, place, reach, findings)
    wandering = findings.several(labels(_FOLDER, "itinerance"), _split(cells.get("itinerance", "")))
    relay = {
        "id": raw.ref,
        "structure_id": structure["id"],
        "name": line(cells["nom"]),
        "level": "information",
        "specialities": ["numerique"],
        "services": sections(
            ("", text(cells.get("presentation_resume", "") or cells.get("presentation_detail", ""))),
            ("Services", ", ".join(_split(cells.get("services", "")))),
            ("Accompagnement", ", ".join(modes)),
            ("Frais", ", ".join(fees)),
        )[:5000],
        "itinerant": "Service itinérant." if "itinerant" in wandering else "",
        "by_appointment": bool(cells.get("prise_rdv")),
        **place,
        **{key: value for key, value in reach.items() if key != "website"},
        "opening_hours": places.hours(findings, cells.get("horaires", "")),
        "accessibility": cells.get("fiche_acces_libre", ""),
        "updated": findings.kept(figures.day, cells.get("date_maj", "")),
        "source_url": reach["website"],
    }
    return findings.mapped(structures=[structure], relays=[relay])


def _structure(
    raw: Raw, cells: Mapping[str, str], place: Mapping[str, Any], reach: Mapping[str, str], findings: Findings
) -> Mapping[str, Any]:
    """The parent when the place names one: nothing but its name is known of it. Otherwise the place is its own structure."""
    parent = line(cells.get("structure_parente", ""))
    if parent:
        return {"id": slug(parent), "name": parent, "nonprofit": nature(parent)}
    number = re.sub(r"\s", "", cells.get("pivot", "") or cells.get("siret", "") or cells.get("rna", ""))
    known: dict[str, str] = {}
    if re.fullmatch(r"0*", number):
        pass  # producers fill « 00000000000000 » when they do not know
    elif siret_rules.is_valid(number):
        known = {"siret": number, "siren": number[:9]}
    elif _RNA.fullmatch(number):
        known = {"rna": number}
    else:
        findings.review.append(f"« {number[:20]} » n’est ni un SIRET ni un numéro RNA : il n’a pas été repris.")
    types = [code for one in _split(cells.get("typologies", "")) if (code := slug(one, 60))]
    name = line(cells["nom"])
    return {"id": raw.ref, "name": name, "nonprofit": nature(name), "types": types, **known, **place, **reach}


def _split(written: str) -> list[str]:
    return [part.strip() for part in written.split("|") if part.strip()]
