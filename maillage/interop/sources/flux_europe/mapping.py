"""A European call → one offer, for France. A call whose actions must take place elsewhere is left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any

from maillage.interop.sources import aids, contacts, coverage, feeds, figures
from maillage.interop.sources.contract import Mapped, Raw
from maillage.interop.sources.funders import structure
from maillage.interop.sources.maps import Findings, labels
from maillage.territories.values import FRANCE

_FOLDER = Path(__file__).parent
_TEXTS = ("banner_chapeau", "info_priories", "info_amount", "info_info-regions", "info_utile", "info_responsible")
_DEADLINES = ("deadline1", "dates_deadline-2", "dates_deadline-3", "dates_deadline-4")
_ABROAD = re.compile(r"actions doivent avoir lieu (?:en|au|aux|dans) (?!France|Union|l’Union|l'Union|un )", re.IGNORECASE)


def clean(raw: Raw) -> Raw:
    """Texts tidied, lists split. Raises ValueError for a broken record, or one without title."""
    title = feeds.refuse(raw, "post_title")
    texts = {key: aids.text(raw.payload.get(key)) for key in _TEXTS}
    lists = {
        key: [part.strip() for part in unescape(str(raw.payload.get(key) or "")).split(";") if part.strip()]
        for key in ("filtres_sectors", "filtres_beneficiaries")
    }
    return Raw(raw.ref, {**raw.payload, **texts, **lists, "post_title": title}, raw.revision)


def map(raw: Raw) -> Mapped:
    """One offer: the last deadline is the one that closes."""
    record, findings = raw.payload, Findings()
    forms = findings.several(labels(_FOLDER, "beneficiaires"), record["filtres_beneficiaries"])
    sectors = findings.several(labels(_FOLDER, "secteurs"), record["filtres_sectors"])
    findings.several(labels(_FOLDER, "categories"), [str(record.get("info_categorie") or "")])
    if _ABROAD.search(record["info_info-regions"]):
        return aids.left_out("Les actions doivent avoir lieu hors de France.")
    if aids.for_public_bodies_only(forms):
        return aids.left_out("L’appel est réservé à des personnes publiques.")
    closes = max((findings.kept(figures.day, str(record.get(key) or "")) for key in _DEADLINES), default="")
    if reason := aids.closed_for_long(closes):
        return aids.left_out(reason)
    funder = structure(record["info_responsible"] or "Commission européenne")
    page = aids.http(record.get("permalink"))
    offer: dict[str, Any] = {
        "id": raw.ref,
        "structure_id": funder["id"],
        "name": record["post_title"][:300],
        "summary": aids.summary(record["banner_chapeau"]),
        "description": _description(record),
        "kind": "financement",
        "instrument": "subvention",
        "legal_forms": forms,
        "sectors": sectors,
        "coverage": coverage.written([FRANCE]),
        "opens": findings.kept(figures.day, str(record.get("dates_open-1") or "")),
        "closes": closes,
        "recurrence": "ponctuelle",
        "url": page,
        "source_url": page,
        "email": contacts.in_text(str(record.get("info_contact") or ""))[1],
    }
    findings.infer(f"offer:{raw.ref}", "instrument", "un appel à propositions européen donne une subvention")
    aids.add_stages(findings, offer, record["post_title"], record["banner_chapeau"])
    return findings.mapped(structures=[funder], offers=[offer])


def _description(record: Mapping[str, Any]) -> str:
    return aids.sections(
        ("", record["banner_chapeau"]),
        ("Objectifs et conditions", record["info_priories"]),
        ("Montants", record["info_amount"]),
        ("Territoires", record["info_info-regions"]),
        ("Pour en savoir plus", record["info_utile"]),
    )
