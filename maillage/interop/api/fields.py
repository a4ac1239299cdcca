"""What each field of a record is and means, for the documentation of the API (French source texts)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop
from pydantic import BaseModel, Field


class TerritoryKey(BaseModel):
    level: str = Field(description=gettext_noop("Niveau\u202f: commune, epci, departement, region ou france."))
    code: str = Field(description=gettext_noop("Code de l’Insee\u202f; vide pour la France."))


class Condition(BaseModel):
    field: str = Field(
        description=gettext_noop("Ce qui est comparé\u202f: un code de la liste «\u202ffact\u202f» du vocabulaire.")
    )
    operator: str = Field(description=gettext_noop("=, !=, >=, <= ou in."))
    value: Any = Field(description=gettext_noop("La valeur demandée."))
    label: str = Field(description=gettext_noop("La condition en une phrase."))


class Role(BaseModel):
    role: str = Field(description=gettext_noop("Code de la liste «\u202frole\u202f» du vocabulaire."))
    territory: TerritoryKey | None = Field(default=None, description=gettext_noop("Où ce rôle vaut."))
    since: str | None = Field(default=None, description=gettext_noop("Premier jour (AAAA-MM-JJ)."))
    until: str | None = Field(default=None, description=gettext_noop("Dernier jour (AAAA-MM-JJ)."))
    authority: str | None = Field(default=None, description=gettext_noop("Qui l’accorde."))


#: Fields of every record about where it comes from, after its own.
PROVENANCE = ("sources", "attributions", "deduced", "disagreements", "silent_since", "created_at", "modified_at")

_DAY = str | None

#: Key of a record → its type and its meaning.
MEANINGS: dict[str, tuple[Any, str]] = {
    "uid": (str, gettext_noop("Identifiant public, stable, de la fiche.")),
    "id": (str, gettext_noop("Identifiant de la fiche dans sa source.")),
    "source": (str, gettext_noop("Catalogue d’origine. (source, id) désigne une seule fiche.")),
    "structure_id": (str, gettext_noop("Identifiant, dans sa source, de la structure qui porte la fiche.")),
    "structure_uid": (str, gettext_noop("Identifiant public de cette structure.")),
    "structure_name": (str, gettext_noop("Nom de cette structure.")),
    "page": (str, gettext_noop("Adresse de la page de ce site.")),
    "name": (str, gettext_noop("Nom.")),
    "summary": (str, gettext_noop("L’essentiel en une phrase.")),
    "description": (str, gettext_noop("Description.")),
    "types": (list[str], gettext_noop("Types de structure.")),
    "siren": (str, gettext_noop("Numéro SIREN.")),
    "siret": (str, gettext_noop("Numéro SIRET.")),
    "rna": (str, gettext_noop("Numéro RNA.")),
    "legal_form": (str, gettext_noop("Forme juridique (liste «\u202flegal_form\u202f»).")),
    "networks": (list[str], gettext_noop("Réseaux auxquels la structure adhère.")),
    "roles": (list[Role], gettext_noop("Rôles et labels, datés, avec l’autorité qui les accorde.")),
    "nonprofit": (str, gettext_noop("public, ess ou autre.")),
    "kind": (str, gettext_noop("Nature de l’offre (liste «\u202fkind\u202f»).")),
    "stages": (list[str], gettext_noop("Étapes (liste «\u202fstage\u202f»)\u202f; vide\u202f: toutes.")),
    "needs": (list[str], gettext_noop("Besoins (liste «\u202fneed\u202f»).")),
    "sectors": (list[str], gettext_noop("Secteurs (liste «\u202fsector\u202f»)\u202f; vide\u202f: tous.")),
    "legal_forms": (
        list[str],
        gettext_noop("Formes juridiques acceptées (liste «\u202flegal_form\u202f»)\u202f; vide\u202f: toutes."),
    ),
    "audiences": (list[str], gettext_noop("Publics (liste «\u202faudience\u202f»)\u202f; vide\u202f: tous.")),
    "modes": (list[str], gettext_noop("Façons d’accueillir (liste «\u202fmode\u202f»).")),
    "cost": (str, gettext_noop("Coût (liste «\u202fcost\u202f»).")),
    "cost_detail": (str, gettext_noop("Précisions sur le coût.")),
    "coverage": (list[TerritoryKey], gettext_noop("Territoires servis.")),
    "excluded": (list[TerritoryKey], gettext_noop("Territoires exclus.")),
    "zonings": (list[str], gettext_noop("Zonages exigés (liste «\u202fzoning\u202f»).")),
    "conditions": (list[Condition], gettext_noop("Conditions qu’un programme peut vérifier.")),
    "documents": (list[str], gettext_noop("Pièces à fournir.")),
    "how_to_apply": (str, gettext_noop("Comment faire.")),
    "instrument": (str, gettext_noop("Instrument financier (liste «\u202finstrument\u202f»).")),
    "amount_min": (float | None, gettext_noop("Montant minimum, en euros.")),
    "amount_max": (float | None, gettext_noop("Montant maximum, en euros.")),
    "rate_max": (float | None, gettext_noop("Taux maximum, en pour cent.")),
    "opens": (_DAY, gettext_noop("Premier jour (AAAA-MM-JJ).")),
    "closes": (_DAY, gettext_noop("Dernier jour (AAAA-MM-JJ).")),
    "recurrence": (str, gettext_noop("permanent, ponctuelle ou recurrente.")),
    "address": (str, gettext_noop("Adresse, sans le code postal.")),
    "commune": (str, gettext_noop("Code INSEE de la commune.")),
    "postcode": (str, gettext_noop("Code postal.")),
    "lon": (float | None, gettext_noop("Longitude, en degrés (WGS 84).")),
    "lat": (float | None, gettext_noop("Latitude, en degrés (WGS 84).")),
    "phone": (str, gettext_noop("Téléphone.")),
    "email": (str, gettext_noop("Adresse électronique.")),
    "website": (str, gettext_noop("Site.")),
    "url": (str, gettext_noop("Page de l’offre chez qui la propose.")),
    "level": (str, gettext_noop("Niveau d’aide (liste «\u202flevel\u202f»).")),
    "network": (str, gettext_noop("Réseau (liste «\u202frole\u202f»).")),
    "specialities": (list[str], gettext_noop("Spécialités (listes «\u202fneed\u202f» et «\u202fsector\u202f»).")),
    "by_appointment": (bool, gettext_noop("Sur rendez-vous\u202f?")),
    "itinerant": (str, gettext_noop("Permanences itinérantes.")),
    "services": (str, gettext_noop("Services sur place.")),
    "mark_until": (_DAY, gettext_noop("Dernier jour du label (AAAA-MM-JJ).")),
    "opening_hours": (str, gettext_noop("Horaires, dans la syntaxe d’OpenStreetMap.")),
    "accessibility": (str, gettext_noop("Accessibilité du lieu.")),
    "languages": (list[str], gettext_noop("Langues parlées.")),
    "licence": (str, gettext_noop("Licence de la fiche\u202f; vide\u202f: la source ne la dit pas.")),
    "source_url": (str, gettext_noop("Page de la source.")),
    "updated": (_DAY, gettext_noop("Jour où la source l’a mise à jour.")),
    "verified_on": (_DAY, gettext_noop("Jour où la structure l’a confirmée\u202f; null\u202f: jamais.")),
    "sources": (
        list[dict[str, Any]],
        gettext_noop("Pages lues pour écrire la fiche\u202f: adresse, jour, licence, ce qu’elles établissent."),
    ),
    "attributions": (
        list[dict[str, str]],
        gettext_noop("Mentions que les producteurs demandent\u202f: à reproduire avec la fiche."),
    ),
    "deduced": (
        dict[str, str],
        gettext_noop("Champs qu’une règle a déduits et qu’aucune source ne dit\u202f: champ → règle."),
    ),
    "disagreements": (
        dict[str, list[dict[str, Any]]],
        gettext_noop("Champs dont les sources ne disent pas toutes la même chose\u202f: champ → ce que dit chacune."),
    ),
    "silent_since": (
        _DAY,
        gettext_noop("Depuis quel jour la structure ne répond plus aux demandes de confirmation\u202f; null\u202f: elle répond."),
    ),
    "created_at": (str, gettext_noop("Quand la fiche est entrée au catalogue (ISO 8601).")),
    "modified_at": (str, gettext_noop("Quand la fiche a changé (ISO 8601)\u202f: à comparer à modified_since.")),
}
