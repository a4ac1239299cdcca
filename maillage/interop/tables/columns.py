"""The columns of our tables: French heading ↔ key of Maillage JSONL, how a value becomes a cell, and a cell a value again.

Cells hold the codes of the vocabulary, so that a table can come back (the validator reads it); the codebook says what they mean.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from maillage.catalogue.rows import Row
from maillage.interop.addresses import Addresses
from maillage.interop.formats import OFFERS, RELAYS, STRUCTURES, Field, Format
from maillage.territories import queries as territories
from maillage.vocabulary.words import vocabulary

#: What separates the items of a list in one cell.
SEPARATOR = " | "
#: Key → (heading, what it holds). The headings are French and stable: they are how a table is recognised when it comes back.
HEADINGS = {
    "id": ("Identifiant", "identifiant de la fiche dans sa source"),
    "source": ("Source", "catalogue qui tient la fiche"),
    "structure_id": ("Identifiant de la structure", "identifiant, dans la même source, de la structure qui propose"),
    "name": ("Nom", "nom de la fiche"),
    "summary": ("Résumé", "l’offre en une phrase"),
    "description": ("Description", "texte long"),
    "types": ("Types", "types de structure, codes"),
    "siren": ("SIREN", "neuf chiffres"),
    "siret": ("SIRET", "quatorze chiffres"),
    "rna": ("RNA", "numéro au répertoire national des associations"),
    "legal_form": ("Forme juridique", "code de la liste « legal_form »"),
    "networks": ("Réseaux", "réseaux dont la structure est membre, codes"),
    "roles": ("Rôles", "rôles datés et leurs territoires, en JSON"),
    "nonprofit": ("Nature juridique", "public, ess ou autre"),
    "kind": ("Nature", "code de la liste « kind »"),
    "stages": ("Étapes", "codes de la liste « stage » ; vide : toutes"),
    "needs": ("Besoins", "codes de la liste « need »"),
    "sectors": ("Secteurs", "codes de la liste « sector » ; vide : tous"),
    "legal_forms": ("Formes juridiques", "codes de la liste « legal_form » ; vide : toutes"),
    "audiences": ("Publics", "codes de la liste « audience » ; vide : tous"),
    "modes": ("Accueil", "codes de la liste « mode »"),
    "cost": ("Coût", "code de la liste « cost »"),
    "cost_detail": ("Précisions sur le coût", "texte"),
    "coverage": ("Territoires couverts", "niveau:code, par exemple departement:53 ; ou france"),
    "excluded": ("Territoires exclus", "niveau:code"),
    "zonings": ("Zonages exigés", "codes de la liste « zoning » ; l’un d’eux suffit"),
    "conditions": ("Conditions", "ce que l’offre demande au projet, en JSON"),
    "documents": ("Pièces à fournir", "textes"),
    "how_to_apply": ("Comment faire", "texte"),
    "instrument": ("Instrument", "code de la liste « instrument »"),
    "amount_min": ("Montant minimum (€)", "nombre"),
    "amount_max": ("Montant maximum (€)", "nombre"),
    "rate_max": ("Taux maximum (%)", "nombre"),
    "opens": ("Ouvre le", "AAAA-MM-JJ"),
    "closes": ("Ferme le", "AAAA-MM-JJ"),
    "recurrence": ("Calendrier", "permanent, ponctuelle ou recurrente"),
    "level": ("Niveau", "code de la liste « level »"),
    "network": ("Réseau", "code de la liste « role »"),
    "specialities": ("Spécialités", "codes des listes « need » et « sector »"),
    "by_appointment": ("Sur rendez-vous", "oui ou vide"),
    "itinerant": ("Permanences itinérantes", "texte"),
    "services": ("Services sur place", "texte"),
    "mark_until": ("Label valable jusqu’au", "AAAA-MM-JJ"),
    "address": ("Adresse", "numéro et voie"),
    "commune": ("Code INSEE de la commune", "cinq signes"),
    "postcode": ("Code postal", "cinq chiffres"),
    "lon": ("Longitude", "degrés, WGS 84"),
    "lat": ("Latitude", "degrés, WGS 84"),
    "phone": ("Téléphone", "tel qu’écrit par la source"),
    "email": ("Courriel", "adresse électronique"),
    "website": ("Site", "adresse web"),
    "url": ("Page de l’offre", "adresse web"),
    "opening_hours": ("Horaires", "syntaxe OSM opening_hours"),
    "accessibility": ("Accessibilité du lieu", "texte"),
    "languages": ("Langues", "codes BCP 47"),
    "licence": ("Licence", "licence de la fiche"),
    "source_url": ("Page de la source", "adresse web"),
    "updated": ("Mise à jour par la source", "AAAA-MM-JJ"),
    "verified_on": ("Vérifiée le", "AAAA-MM-JJ ; vide : à confirmer par la structure"),
}
_OBJECTS = frozenset({"roles", "conditions"})
_TERRITORIES = frozenset({"coverage", "excluded"})
_NUMBERS = frozenset({"amount_min", "amount_max", "rate_max", "lon", "lat"})
_FLAGS = frozenset({"by_appointment"})

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` of the JSONL field, empty for what only helps to read (the name of the commune, the public page)."""

    key: str
    heading: str
    holds: str
    cell: Callable[[Row], Cell]


@dataclass(frozen=True)
class Table:
    """One table: `name` as in file names, `title` as on the tab of a workbook, and the format whose fields it carries."""

    name: str
    title: str
    form: Format

    @cached_property
    def by_heading(self) -> Mapping[str, Field]:
        """The fields of the format by their heading."""
        return {HEADINGS[one.key][0]: one for one in self.form.fields}

    def columns(self, addresses: Addresses) -> list[Column]:
        """Every column, in order: the fields of the format, then what helps to read."""
        found = [Column(one.key, *HEADINGS[one.key], _cell(one)) for one in self.form.fields]
        if self.form is not STRUCTURES:
            found.append(Column("", "Nom de la structure", "pour lire ; non repris", lambda row: row["structure__name"]))
        found.append(Column("", "Nom de la commune", "pour lire ; non repris", _commune_name))
        page = {OFFERS: addresses.offer, RELAYS: addresses.relay, STRUCTURES: addresses.structure}[self.form]
        found.append(Column("", "Page publique", "adresse de la fiche sur ce site", page))
        return found


STRUCTURE_TABLE = Table("structures", "Structures", STRUCTURES)
RELAY_TABLE = Table("relais", "Relais", RELAYS)
OFFER_TABLE = Table("offres", "Offres", OFFERS)
TABLES = {table.name: table for table in (OFFER_TABLE, STRUCTURE_TABLE, RELAY_TABLE)}


def _commune_name(row: Row) -> str:
    commune = territories.commune(row["commune"]) if row["commune"] else None
    return commune.name if commune else ""


def _cell(one: Field) -> Callable[[Row], Cell]:
    name = "structure__ref" if one.name == "structure" else one.name
    if one.key in _OBJECTS:
        return lambda row: json.dumps(one.write(row[name]), ensure_ascii=False) if row[name] else ""
    if one.empty == []:
        return lambda row: _list(row[name]) if row[name] else ""
    if one.key in _FLAGS:
        return lambda row: "oui" if row[name] else ""
    if one.empty is None:  # a date or a number
        return lambda row: None if row[name] is None else one.write(row[name])
    return lambda row: row[name]


def _list(items: list[str]) -> str:
    text = SEPARATOR.join(items)
    if text.count("|") != len(items) - 1:  # an item holds the sign that separates: it becomes a broken bar
        text = SEPARATOR.join(item.replace("|", "¦") for item in items)
    return text


def entry_of(cells: Mapping[str, str], form: Format) -> dict[str, Any]:
    """Cells by key → an object of Maillage JSONL. What cannot be read stays text: the cleaner of its field says what is wrong."""
    known = form.by_key
    entry: dict[str, Any] = {}
    for key, text in cells.items():
        if text == "":
            continue
        one = known[key]
        if key in _OBJECTS:
            entry[key] = _json(text)
        elif key in _TERRITORIES:
            entry[key] = [_territory(item) for item in _items(text)]
        elif one.empty == []:
            entry[key] = _items(text)
        elif key in _FLAGS:
            entry[key] = {"oui": True, "non": False}.get(text.lower(), text)
        elif key in _NUMBERS:
            entry[key] = _number(text)
        else:
            entry[key] = text
    return entry


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split("|") if item.strip()]


def _territory(item: str) -> Any:
    level, separator, code = item.partition(":")
    if item == "france":
        return {"level": "france", "code": "france"}
    return {"level": level, "code": code} if separator else item


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _number(text: str) -> Any:
    try:
        return float(text.replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", "."))
    except ValueError:
        return text


def codebook() -> Iterator[tuple[str, str, str]]:
    """(list, code, label) for every code that cells may hold."""
    words = vocabulary()
    for name in words.lists:
        for code, term in words.terms(name).items():
            yield name, code, term.label
