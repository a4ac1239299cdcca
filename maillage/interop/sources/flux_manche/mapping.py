"""An aid of the Manche → one offer of its Conseil départemental, for the département."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from maillage.interop.sources import aids, contacts, feeds, figures
from maillage.interop.sources.contract import Mapped, Raw
from maillage.interop.sources.funders import structure
from maillage.interop.sources.maps import Findings, labels

_FOLDER = Path(__file__).parent
_FUNDER = structure("Conseil départemental de la Manche", website="https://www.manche.fr")
_COVERAGE = [{"level": "departement", "code": "50"}]
_TEST = re.compile(r"(?:test\b|ancienne aide$)", re.IGNORECASE)


def clean(raw: Raw) -> Raw:
    """Texts tidied. Raises ValueError for a broken record, or one without title."""
    title = feeds.refuse(raw, "name")
    texts = {key: aids.text(raw.payload.get(key)) for key in ("description", "eligibility")}
    return Raw(raw.ref, {**raw.payload, **texts, "name": title}, raw.revision)


def map(raw: Raw) -> Mapped:
    """One offer. Test records, which this feed holds, are left out."""
    record, findings = raw.payload, Findings()
    if aids.is_filler(record["description"], record["eligibility"]) or _TEST.match(record["name"]):
        return aids.left_out("C’est un enregistrement d’essai du producteur.")
    forms = findings.several(labels(_FOLDER, "publics"), aids.listed(record.get("targeted_audiences")))
    if aids.for_public_bodies_only(forms):
        return aids.left_out("L’aide est réservée à des personnes publiques.")
    closes = findings.kept(figures.day, str(record.get("submission_deadline") or ""))
    if reason := aids.closed_for_long(closes):
        return aids.left_out(reason)
    if not record["description"]:
        findings.review.append("Le producteur ne donne pas de description : lisez sa page avant de publier.")
    kinds = findings.several(labels(_FOLDER, "types"), aids.listed(record.get("aid_types")))
    findings.several(labels(_FOLDER, "depenses"), aids.listed(record.get("destinations")))
    page = aids.http(record.get("origin_url"))
    if "//test." in page:
        findings.review.append("L’adresse de la page est celle d’un site d’essai : cherchez la bonne.")
        page = ""
    said_phone = str(record.get("contact_phone") or "").split(" - ")[0]
    offer: dict[str, Any] = {
        "id": raw.ref,
        "structure_id": _FUNDER["id"],
        "name": record["name"],
        "summary": aids.summary(record["description"]),
        "description": aids.sections(("", record["description"]), ("Conditions", record["eligibility"])),
        "kind": aids.first_kind(kinds) or "financement",
        "legal_forms": forms,
        "sectors": findings.several(labels(_FOLDER, "categories"), aids.listed(record.get("categories"))),
        "coverage": _COVERAGE,
        "opens": findings.kept(figures.day, str(record.get("start_date") or "")),
        "closes": closes,
        "recurrence": findings.one(labels(_FOLDER, "recurrence"), str(record.get("recurrence") or "")),
        "url": aids.http(record.get("application_url")) or page,
        "source_url": page,
        "updated": findings.kept(figures.day, str(record.get("date_updated") or "")),
        "phone": findings.kept(contacts.phone, said_phone),
        "email": contacts.in_text(str(record.get("contact") or ""))[1],
    }
    if not kinds:
        findings.infer(f"offer:{raw.ref}", "kind", "le guide est un guide d’aides financières")
    aids.add_stages(findings, offer, record["name"], offer["summary"])
    return findings.mapped(structures=[_FUNDER], offers=[offer])
