"""A service of the Drôme (fields of Aides-territoires) → one offer of the body that the record names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from maillage.interop.sources import aids, contacts, coverage, feeds, figures
from maillage.interop.sources.contract import Mapped, Raw
from maillage.interop.sources.funders import structure
from maillage.interop.sources.maps import Findings, labels
from maillage.interop.sources.perimeters import territory

_FOLDER = Path(__file__).parent


def clean(raw: Raw) -> Raw:
    """Texts tidied. Raises ValueError for a broken record, or one without title or funder."""
    title = feeds.refuse(raw, "name")
    funder = aids.line(raw.payload.get("financers"))
    if not funder:
        raise ValueError("cette aide ne dit pas qui la porte.")
    texts = {key: aids.text(raw.payload.get(key)) for key in ("description", "eligibility")}
    return Raw(raw.ref, {**raw.payload, **texts, "name": title, "financers": funder}, raw.revision)


def map(raw: Raw) -> Mapped:
    """One offer. The feed is made for the collectivités: most of its records are left out."""
    record, findings = raw.payload, Findings()
    forms = findings.several(labels(_FOLDER, "publics"), aids.listed(record.get("targeted_audiences")))
    if aids.for_public_bodies_only(forms):
        return aids.left_out("L’aide est réservée à des personnes publiques.")
    closes = findings.kept(figures.day, str(record.get("submission_deadline") or ""))
    if reason := aids.closed_for_long(closes):
        return aids.left_out(reason)
    where = territory(str(record.get("perimeter") or ""), "département")
    if not where.coverage:
        findings.review.append(
            f"Le territoire « {record.get('perimeter')} » n’a pas été reconnu : la Drôme est inscrite en attendant, corrigez-la."
        )
    funder = structure(record["financers"])
    kinds = findings.several(labels(_FOLDER, "types"), aids.listed(record.get("aid_types")))
    phone, email = contacts.in_html(str(record.get("contact") or ""))
    offer: dict[str, Any] = {
        "id": raw.ref,
        "structure_id": funder["id"],
        "name": record["name"],
        "summary": aids.summary(record["description"]),
        "description": aids.sections(("", record["description"]), ("Conditions", record["eligibility"])),
        "kind": aids.first_kind(kinds),
        "needs": findings.several(labels(_FOLDER, "besoins"), aids.listed(record.get("aid_types"))),
        "legal_forms": forms,
        "sectors": findings.several(labels(_FOLDER, "categories"), aids.listed(record.get("categories"))),
        "coverage": coverage.keys(where.coverage or ("departement:26",)),
        "excluded": coverage.keys(where.excluded),
        "opens": findings.kept(figures.day, str(record.get("start_date") or "")),
        "closes": closes,
        "recurrence": findings.one(labels(_FOLDER, "recurrence"), str(record.get("recurrence") or "")),
        "url": aids.http(record.get("application_url")),
        "source_url": aids.http(record.get("origin_url")),
        "phone": phone,
        "email": email,
    }
    aids.add_stages(findings, offer, record["name"], offer["summary"])
    return findings.mapped(structures=[funder], offers=[offer])
