"""The taxonomies of the profile: the region's vocabulary, one taxonomy per list, as HSDS taxonomies, terms and attributes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from maillage.interop.hsds.ids import uuid_of
from maillage.vocabulary.words import Term, vocabulary

VERSION = "1"


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """One taxonomy: its code, its French name, what it is, the list behind it, and what its terms say of a service."""

    code: str
    name: str
    description: str
    source: str
    link_type: str


_EVERY = (
    Taxonomy("stage", "Étapes du projet", "Où en est le projet, de l’idée aux difficultés.", "stage", "eligibility"),
    Taxonomy("need", "Besoins", "Ce que le projet cherche.", "need", "service focus"),
    Taxonomy("kind", "Natures d’offre", "Ce que l’offre est : conseil, financement, formation…", "kind", "service focus"),
    Taxonomy("instrument", "Instruments financiers", "La forme d’un financement.", "instrument", "service focus"),
    Taxonomy("sector", "Secteurs", "Le secteur du projet.", "sector", "eligibility"),
    Taxonomy("legal_form", "Formes juridiques", "La forme du porteur.", "legal_form", "eligibility"),
    Taxonomy("audience", "Publics", "Les personnes visées.", "audience", "audience"),
    Taxonomy("mode", "Façons d’être accueilli", "Sur place ou à distance.", "mode", "service focus"),
    Taxonomy("level", "Niveaux d’aide", "Ce qu’un lieu d’accueil peut faire.", "level", "service focus"),
    Taxonomy("role", "Rôles dans un réseau", "Ce qu’une structure fait pour un territoire.", "role", "role"),
    Taxonomy("label", "Labels", "Rôles que seule une autorité accorde (PIVA, Guid’Asso, DLA…).", "role", "label"),
    Taxonomy("amount", "Montants", "La valeur est en euros, ou en pour cent pour le taux.", "", "amount"),
    Taxonomy("zoning", "Zonages", "L’offre est réservée aux communes de l’un de ces zonages.", "zoning", "eligibility"),
)
TAXONOMIES = {taxonomy.code: taxonomy for taxonomy in _EVERY}
_AMOUNTS = (Term("minimum", "Montant minimum"), Term("maximum", "Montant maximum"), Term("rate", "Taux maximum"))


def taxonomy_id(code: str) -> str:
    """The id of a taxonomy."""
    return uuid_of("taxonomy", code)


def term_id(taxonomy: str, code: str) -> str:
    """The id of a term."""
    return uuid_of("term", taxonomy, code)


def taxonomy_records() -> list[dict[str, Any]]:
    """Every taxonomy as HSDS writes it."""
    return [
        {"id": taxonomy_id(one.code), "name": one.name, "description": one.description, "version": VERSION}
        for one in TAXONOMIES.values()
    ]


@cache
def term_records() -> dict[tuple[str, str], dict[str, Any]]:
    """Every term as HSDS writes it, by (taxonomy, code)."""
    return {
        (one.code, term.code): {
            "id": term_id(one.code, term.code),
            "code": term.code,
            "name": term.label,
            "description": term.plain or term.label,
            "taxonomy": one.name,
            "taxonomy_id": taxonomy_id(one.code),
            "language": "fr",
        }
        for one in TAXONOMIES.values()
        for term in _terms(one)
    }


def _terms(one: Taxonomy) -> Iterable[Term]:
    if not one.source:
        return _AMOUNTS
    terms = vocabulary().terms(one.source).values()
    if one.code == "label":
        return [term for term in terms if term.extra.get("granted")]
    if one.code == "role":
        return [term for term in terms if not term.extra.get("granted")]
    return terms


def role_taxonomy(role: str) -> str:
    """Is this role a label (granted by an authority), or a role that a structure takes?"""
    return "label" if ("label", role) in term_records() else "role"


def attribute(link_id: str, entity: str, taxonomy: str, code: str, value: str = "") -> dict[str, Any] | None:
    """A term that says something of a record; None for a code that the vocabulary does not know."""
    term = term_records().get((taxonomy, code))
    if term is None:
        return None
    found = {
        "id": uuid_of("attribute", link_id, taxonomy, code, value),
        "link_id": link_id,
        "link_type": TAXONOMIES[taxonomy].link_type,
        "link_entity": entity,
        "taxonomy_term_id": term["id"],
        "taxonomy_term": term,
    }
    if value:
        found["value"] = value
    return found
