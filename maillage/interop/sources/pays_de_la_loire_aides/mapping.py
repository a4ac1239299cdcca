"""An aid of the Région Pays de la Loire → one offer for the région. Names in `contact_nom` and `contact_prenom` are never read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from maillage.interop.sources import aids, contacts, figures, files
from maillage.interop.sources.contract import Mapped, Raw
from maillage.interop.sources.funders import structure
from maillage.interop.sources.maps import Findings, labels

_FOLDER = Path(__file__).parent
_FUNDER = structure("Région des Pays de la Loire", "234400034", website="https://www.paysdelaloire.fr")
_COVERAGE = [{"level": "region", "code": "52"}]
_TEXTS = ("aid_objet", "aid_objet_court", "aid_operations_ei", "aidconditions", "conditions_de_versement")
_FLAGS = {"aide_femmes": "femmes", "aide_jeunes": "jeunes", "aide_handicapes": "handicap", "aid_demandeurs": "demandeurs-emploi"}


def clean(raw: Raw) -> Raw:
    """Texts tidied, lists split. Raises ValueError for a broken record, or one without name."""
    files.refuse_broken(raw.payload)
    name = aids.line(raw.payload.get("aide_nom"))
    if not name:
        raise ValueError("cette aide n’a pas de nom.")
    payload = {**raw.payload, "aide_nom": name, **{key: aids.text(raw.payload.get(key)) for key in _TEXTS}}
    for key in ("aid_benef", "type_de_subvention", "thematique_libelle", "type_aide"):
        payload[key] = [part.strip() for one in aids.listed(raw.payload.get(key)) for part in one.split(";") if part.strip()]
    return Raw(raw.ref, payload, raw.revision)


def map(raw: Raw) -> Mapped:
    """One offer: an aid that is active, not long closed, and not for public bodies alone."""
    record, findings = raw.payload, Findings()
    if findings.one(labels(_FOLDER, "actif"), str(record.get("actif") or "Oui")) != "oui":
        return aids.left_out("La Région dit que l’aide n’est plus active.")
    forms = findings.several(labels(_FOLDER, "beneficiaires"), record["aid_benef"])
    if aids.for_public_bodies_only(forms):
        return aids.left_out("L’aide est réservée à des personnes publiques.")
    recurrence = findings.one(labels(_FOLDER, "temporalite"), str(record.get("temporalite") or ""))
    dated = recurrence == "ponctuelle"  # dates of a permanent aid are those of its page, not of a call
    closes = findings.kept(figures.day, str(record.get("date_de_fin") or "")) if dated else ""
    if reason := aids.closed_for_long(closes):
        return aids.left_out(reason)
    types = [*record["type_de_subvention"], *record["type_aide"]]
    kind = aids.first_kind(findings.several(labels(_FOLDER, "types"), types))
    instruments = findings.several(labels(_FOLDER, "instruments"), types)
    page = aids.http(record.get("source_lien"))
    offer: dict[str, Any] = {
        "id": raw.ref,
        "structure_id": _FUNDER["id"],
        "name": record["aide_nom"][:300],
        "summary": aids.summary(record["aid_objet_court"], record["aid_objet"]),
        "description": aids.sections(
            ("", record["aid_objet"]),
            ("Opérations éligibles", record["aid_operations_ei"]),
            ("Conditions", record["aidconditions"]),
            ("Versement", record["conditions_de_versement"]),
        ),
        "kind": kind or "financement",
        "instrument": instruments[0] if instruments and kind == "financement" else "",
        "sectors": findings.several(labels(_FOLDER, "thematiques"), record["thematique_libelle"]),
        "legal_forms": forms,
        "audiences": [code for key, code in _FLAGS.items() if str(record.get(key) or "").strip().lower() in ("oui", "1", "true")],
        "coverage": _COVERAGE,
        "amount_min": _euros(record.get("montantintervmini")),
        "amount_max": _euros(record.get("montant_interv_max")),
        "opens": findings.kept(figures.day, str(record.get("date_de_debut") or "")) if dated else "",
        "closes": closes,
        "recurrence": recurrence,
        "phone": findings.kept(contacts.phone, str(record.get("tel") or "")),
        "email": findings.kept(contacts.email, str(record.get("contact_email") or "")),
        "url": page,
        "source_url": page,
    }
    if not kind:
        findings.infer(f"offer:{raw.ref}", "kind", "le référentiel est un référentiel d’aides")
    aids.add_stages(findings, offer, record["aide_nom"], record["aid_objet_court"])
    return findings.mapped(structures=[_FUNDER], offers=[offer])


def _euros(value: Any) -> int | None:
    """A whole number of euros above zero; nothing for « 0 », « - » or words."""
    text = str(value if value is not None else "").replace("\u202f", "").replace("\u00a0", "").replace(" ", "").removesuffix("€")
    text = text.removesuffix(".0")
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 10**12 else None
