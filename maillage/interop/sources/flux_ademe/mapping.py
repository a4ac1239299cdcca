"""An aid of the ADEME → one offer. Its codes are short words of the producer; the tables of `maps/` say them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from maillage.interop.sources import aids, coverage, feeds, figures
from maillage.interop.sources.contract import Mapped, Raw
from maillage.interop.sources.funders import structure
from maillage.interop.sources.maps import Findings, labels
from maillage.interop.sources.perimeters import territory
from maillage.territories import queries
from maillage.territories.values import FRANCE

_FOLDER = Path(__file__).parent
_FUNDER = structure("ADEME", "385290309", website="https://www.ademe.fr")


def clean(raw: Raw) -> Raw:
    """Texts tidied. Raises ValueError for a broken record, or one without title."""
    title = feeds.refuse(raw, "titre")
    return Raw(
        raw.ref,
        {**raw.payload, "titre": title, "description_longue": aids.text(raw.payload.get("description_longue"))},
        raw.revision,
    )


def map(raw: Raw) -> Mapped:
    """One offer: a counter that is always open (GAG) or a call (AAP)."""
    record, findings = raw.payload, Findings()
    closes = findings.kept(figures.day, str(record.get("date_fin") or ""))
    forms = findings.several(labels(_FOLDER, "cibles"), aids.listed(record.get("cible_projet")))
    recurrence = findings.one(labels(_FOLDER, "types"), str(record.get("type") or ""))
    themes = aids.listed(record.get("thematiques"))
    sectors = findings.several(labels(_FOLDER, "thematiques"), themes)
    if aids.for_public_bodies_only(forms):
        return aids.left_out("L’aide est réservée à des personnes publiques.")
    if reason := aids.closed_for_long(closes):
        return aids.left_out(reason)
    page = aids.http(record.get("url_agir"))
    offer: dict[str, Any] = {
        "id": raw.ref,
        "structure_id": _FUNDER["id"],
        "name": record["titre"],
        "summary": aids.summary(record["description_longue"]),
        "description": record["description_longue"],
        "kind": "financement",
        "needs": ["transition-ecologique"],
        "legal_forms": forms,
        "sectors": sectors,
        "coverage": _coverage(record, findings),
        "opens": findings.kept(figures.day, str(record.get("date_debut") or "")),
        "closes": closes,
        "recurrence": recurrence,
        "url": page,
        "source_url": page,
        "updated": findings.kept(figures.day, str(record.get("date_derniere_modification") or "")),
    }
    aids.add_stages(findings, offer, record["titre"], offer["summary"])
    return findings.mapped(structures=[_FUNDER], offers=[offer])


def _coverage(record: Mapping[str, Any], findings: Findings) -> list[dict[str, str]]:
    """France, or the régions that the record names."""
    where = record.get("couverture_geo")
    label = str(where.get("libelle") or "") if isinstance(where, Mapping) else ""
    regions = record.get("regions")
    names = aids.listed(regions) or aids.named(regions, "libelle")
    if not names and findings.one(labels(_FOLDER, "couverture"), label) == "france":
        return coverage.written([FRANCE])
    keys = [key for name in names for key in territory(name, "région").coverage]
    if not keys:
        findings.review.append(
            f"Le territoire « {label or ', '.join(names)} » n’a pas été reconnu : la France est inscrite en attendant."
        )
        return coverage.written([FRANCE])
    return coverage.written(coverage.gathered(queries.parse_key(key) for key in keys))
