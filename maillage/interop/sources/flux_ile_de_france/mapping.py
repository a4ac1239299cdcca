"""An aid of the Région Île-de-France → one offer for the région."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from maillage.interop.sources import aids, contacts, feeds, figures
from maillage.interop.sources.contract import Mapped, Raw
from maillage.interop.sources.funders import structure
from maillage.interop.sources.maps import Findings, labels

_FOLDER = Path(__file__).parent
_FUNDER = structure("Région Île-de-France", "237500079", website="https://www.iledefrance.fr")
_COVERAGE = [{"level": "region", "code": "11"}]
_TEXTS = ("entete", "objectif", "publicsBeneficiairePrecision", "modalite", "demarches")


def clean(raw: Raw) -> Raw:
    """Texts tidied; internal notes (`informationNonPubliee`, `notes`) are not read. Raises ValueError for a broken record."""
    title = feeds.refuse(raw, "title")
    return Raw(raw.ref, {**raw.payload, **{key: aids.text(raw.payload.get(key)) for key in _TEXTS}, "title": title}, raw.revision)


def map(raw: Raw) -> Mapped:
    """One offer: published records that are open, or that say no date."""
    record, findings = raw.payload, Findings()
    if findings.one(labels(_FOLDER, "statut"), str(record.get("statut") or "")) != "publiee":
        return aids.left_out("Le producteur ne publie pas cette aide.")
    forms = findings.several(labels(_FOLDER, "publics"), aids.named(record.get("publicsBeneficiaire"), "title"))
    if aids.for_public_bodies_only(forms):
        return aids.left_out("L’aide est réservée à des personnes publiques.")
    closes = findings.kept(figures.day, str(record.get("dateFinCampagne") or ""))
    if reason := aids.closed_for_long(closes):
        return aids.left_out(reason)
    documents = record.get("documentsPublics")
    phone, email = contacts.in_html(str(record.get("contact") or ""))
    offer: dict[str, Any] = {
        "id": raw.ref,
        "structure_id": _FUNDER["id"],
        "name": record["title"],
        "summary": aids.summary(record["entete"], record["objectif"]),
        "description": aids.sections(
            ("", record["entete"]),
            ("Objectif", record["objectif"]),
            ("Pour qui", record["publicsBeneficiairePrecision"]),
            ("Modalités", record["modalite"]),
        ),
        "kind": "financement",
        "legal_forms": forms,
        "sectors": findings.several(labels(_FOLDER, "competences"), aids.named(record.get("competences"), "title")),
        "coverage": _COVERAGE,
        "documents": aids.named(documents.get("documentsNecessaires"), "title") if isinstance(documents, dict) else [],
        "how_to_apply": record["demarches"],
        "opens": findings.kept(figures.day, str(record.get("dateOuvertureCampagne") or "")),
        "closes": closes,
        "updated": findings.kept(figures.day, str(record.get("date") or "")),
        "phone": phone,
        "email": email,
        "source_url": "https://www.iledefrance.fr/aides-et-appels-a-projets",
    }
    findings.infer(f"offer:{raw.ref}", "kind", "le guide est un guide d’aides financières")
    aids.add_stages(findings, offer, record["title"], record["entete"])
    return findings.mapped(structures=[_FUNDER], offers=[offer])
