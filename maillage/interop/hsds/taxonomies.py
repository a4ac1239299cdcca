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
    """One taxonomy: its code, its French name, what it is, and the list of the vocabulary behind it."""

    code: str
    name: str
    description: str
    source: str


_EVERY = (
    Taxonomy("stage", "Étapes du projet", "Où en est le projet, de l’idée aux difficultés.", "stage"),
    Taxonomy("need", "Besoins", "Ce que le projet cherche.", "need"),
    Taxonomy("kind", "Natures d’offre", "Ce que l’offre est : conseil, financement, formation…", "kind"),
    Taxonomy("instrument", "Instruments financiers", "La forme d’un financement.", "instrument"),
    Taxonomy("sector", "Secteurs", "Le secteur du projet.", "sector"),
    Taxonomy("legal_form", "Formes juridiques", "La forme du porteur.", "legal_form"),
    Taxonomy("audience", "Publics", "Les personnes visées.", "audience"),
    Taxonomy("mode", "Façons d’être accueilli", "Sur place ou à distance.", "mode"),
    Taxonomy("level", "Niveaux d’aide", "Ce qu’un lieu d’accueil peut faire.", "level"),
    Taxonomy("role", "Rôles dans un réseau", "Ce qu’une structure fait pour un territoire.", "role"),
    Taxonomy("label", "Labels", "Rôles que seule une autorité accorde (PIVA, Guid’Asso, DLA…).", "role"),
    Taxonomy("amount", "Montants", "La valeur est en euros, ou en pour cent pour le taux.", ""),
    Taxonomy("zoning", "Zonages", "L’offre est réservée aux communes de l’un de ces zonages.", "zoning"),
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


def attribute(link_id: str, taxonomy: str, code: str, value: str = "") -> dict[str, Any] | None:
    """A term that says something of the record it is nested in; None for a code that the vocabulary does not know."""
    term = term_records().get((taxonomy, code))
    if term is None:
        return None
    found = {
        "id": uuid_of("attribute", link_id, taxonomy, code, value),
        "taxonomy_term_id": term["id"],
    }
    if value:
        found["value"] = value
    return found


def with_terms(record: dict[str, Any]) -> dict[str, Any]:
    """The record with the whole term in each of its attributes, for whoever reads one record alone."""
    by_id = _terms_by_id()
    attributes = [each | {"taxonomy_term": by_id[each["taxonomy_term_id"]]} for each in record.get("attributes", ())]
    return record | ({"attributes": attributes} if attributes else {})


@cache
def _terms_by_id() -> dict[str, dict[str, Any]]:
    return {term["id"]: term for term in term_records().values()}
