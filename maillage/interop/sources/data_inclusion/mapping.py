"""data.inclusion v1: a structure → a structure, a service → an offer. What is not for people with a project is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from stdnum.fr import siret as siret_rules

from maillage.interop.sources import aids, coverage, figures, files, places
from maillage.interop.sources.contract import Mapped, Raw, Unknown
from maillage.interop.sources.data_inclusion.reader import ENTITY, THEMES
from maillage.interop.sources.funders import nature, slug
from maillage.interop.sources.maps import MISSING, Findings, labels
from maillage.territories.queries import Territory
from maillage.vocabulary.words import vocabulary

_FOLDER = Path(__file__).parent
_OUT = "ne concerne pas la création ou la conduite d’une activité"
_TEXTS = (
    "description",
    "presentation_resume",
    "conditions_acces",
    "frais_precisions",
    "publics_precisions",
    "mobilisation_precisions",
)


def clean(raw: Raw) -> Raw:
    """Texts tidied, Markdown signs out. Raises ValueError for a broken record, or one without id or name."""
    files.refuse_broken(raw.payload)
    payload = dict(raw.payload)
    payload["nom"] = aids.line(payload.get("nom"))
    if not payload["nom"] or not payload.get("id"):
        raise ValueError("cet enregistrement n’a pas de nom ou pas d’identifiant.")
    if payload[ENTITY] == "service" and not payload.get("structure_id"):
        raise ValueError("ce service ne dit pas quelle structure le porte.")
    for key in _TEXTS:
        payload[key] = aids.plain(aids.text(payload.get(key)))
    return Raw(raw.ref, payload, raw.revision)


def map(raw: Raw) -> Mapped:
    """One structure, or one offer."""
    return _structure(raw.payload) if raw.payload[ENTITY] == "structure" else _service(raw.payload)


def _relevant(themes: Iterable[str], findings: Findings) -> list[str]:
    """The themes that are for people with a project: those that have a stage."""
    stages = labels(_FOLDER, "etapes")
    found = []
    for theme in themes:
        known = stages.get(theme)
        if known is MISSING:
            findings.unknown.append(Unknown("thematiques", theme))
        elif known:
            found.append(theme)
    return found


def _structure(record: Mapping[str, Any]) -> Mapped:
    findings = Findings()
    if not _relevant(aids.listed(record.get(THEMES)), findings) and not findings.unknown:
        return aids.left_out(f"Aucun des services de la structure {_OUT.replace('ne concerne pas', 'ne concerne')}.")
    number = str(record.get("siret") or "")
    if number and not siret_rules.is_valid(number):
        findings.review.append(f"Le SIRET {number} n’existe pas : il n’a pas été repris.")
        number = ""
    structure = {
        "id": record["id"],
        "name": record["nom"],
        "description": record["description"],
        "types": [slug(str(record["source"]), 60)] if record.get("source") else [],
        "siret": number,
        "siren": number[:9],
        "networks": aids.listed(record.get("reseaux_porteurs")),
        "nonprofit": nature(record["nom"]),
        **_place(record, findings),
        **_reach(record, findings),
        "opening_hours": places.hours(findings, str(record.get("horaires_accueil") or "")),
        "accessibility": aids.http(record.get("accessibilite_lieu")),
        "source_url": aids.http(record.get("lien_source")),
        "updated": findings.kept(figures.day, str(record.get("date_maj") or "")),
    }
    return findings.mapped(structures=[structure])


def _service(record: Mapping[str, Any]) -> Mapped:
    findings = Findings()
    themes = _relevant(aids.listed(record.get("thematiques")), findings)
    if not themes and not findings.unknown:
        return aids.left_out(f"Le service {_OUT}.")
    kind = findings.one(labels(_FOLDER, "types"), str(record.get("type") or ""))
    ways = findings.several(labels(_FOLDER, "mobilisation"), aids.listed(record.get("modes_mobilisation")))
    by = findings.several(labels(_FOLDER, "mobilisable_par"), aids.listed(record.get("mobilisable_par")))
    reach = _reach(record, findings)
    offer: dict[str, Any] = {
        "id": record["id"],
        "structure_id": record["structure_id"],
        "name": record["nom"],
        "summary": aids.summary(record["presentation_resume"], record["description"]),
        "description": aids.sections(
            ("", record["description"]),
            ("Conditions d’accès", record["conditions_acces"]),
            ("Publics", record["publics_precisions"]),
        ),
        "kind": kind or "information",
        "stages": [
            stage for stage in vocabulary().codes("stage") if stage in findings.several(labels(_FOLDER, "etapes"), themes)
        ],
        "needs": findings.several(labels(_FOLDER, "besoins"), themes),
        "audiences": _audiences(aids.listed(record.get("publics")), findings),
        "modes": findings.several(labels(_FOLDER, "modes_accueil"), aids.listed(record.get("modes_accueil"))),
        "cost": findings.one(labels(_FOLDER, "frais"), str(record.get("frais") or "")),
        "cost_detail": aids.summary(record["frais_precisions"]),
        "documents": [aids.line(one)[:500] for one in aids.listed(record.get("justificatifs"))],
        "how_to_apply": aids.sections(("", " ".join(by)), ("", " ".join(ways)), ("", record["mobilisation_precisions"])),
        **_place(record, findings),
        "phone": reach["phone"],
        "email": reach["email"],
        "url": aids.http(record.get("lien_mobilisation")),
        "source_url": aids.http(record.get("lien_source")),
        "updated": findings.kept(figures.day, str(record.get("date_maj") or "")),
    }
    offer["coverage"] = coverage.written(_coverage(record, offer, findings))
    entry = f"offer:{record['id']}"
    findings.infer(entry, "stages", "d’après les thématiques de data.inclusion")
    if offer["needs"]:
        findings.infer(entry, "needs", "d’après les thématiques de data.inclusion")
    if not kind:
        findings.infer(entry, "kind", "le type de service n’est pas dit")
    return findings.mapped(offers=[offer])


def _audiences(publics: list[str], findings: Findings) -> list[str]:
    """Our audiences, or none as soon as one public has no equivalent: a short list would shut people out."""
    table = labels(_FOLDER, "publics")
    found = findings.several(table, publics)
    return [] if any(table.get(public) == [] for public in publics) else found


def _coverage(record: Mapping[str, Any], offer: dict[str, Any], findings: Findings) -> list[Territory]:
    """The zone of eligibility; départements that make a région become it. Without a known zone, the département of the place."""
    found = []
    for code in aids.listed(record.get("zone_eligibilite")):
        place = coverage.place(code)
        if place is None:
            findings.unknown.append(Unknown("zone_eligibilite", code))
        else:
            found.append(place)
    if found:
        return coverage.gathered(found)
    departement = coverage.departement_of(str(offer.get("commune") or ""))
    if departement is None:
        findings.review.append("Le service ne dit pas quel territoire il couvre : indiquez-le.")
        return []
    findings.infer(f"offer:{record['id']}", "coverage", "le territoire n’est pas dit : le département du lieu")
    return [departement]


def _place(record: Mapping[str, Any], findings: Findings) -> dict[str, Any]:
    if not record.get("commune") and not record.get("code_insee"):
        return {}
    parts = (record.get("adresse"), record.get("complement_adresse"))
    return places.where(
        findings,
        code=str(record.get("code_insee") or ""),
        name=str(record.get("commune") or ""),
        postcode=str(record.get("code_postal") or ""),
        address=", ".join(str(part) for part in parts if part),
        lon=str(record.get("longitude") or ""),
        lat=str(record.get("latitude") or ""),
    )


def _reach(record: Mapping[str, Any], findings: Findings) -> dict[str, str]:
    """Telephone, e-mail, website, by the rule on contacts. `contact_nom_prenom` is never read."""
    cells = {key: str(record.get(key) or "") for key in ("telephone", "courriel", "site_web")}
    return places.reach(findings, cells, phone="telephone", email="courriel", website="site_web")
