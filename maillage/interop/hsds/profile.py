"""The French profile of HSDS 3.0: which fields we give, what they hold, what they lose. Data for its page, its JSON and the tests."""

from __future__ import annotations

from typing import Any

from maillage.interop.hsds.ids import NAMESPACE
from maillage.interop.hsds.taxonomies import VERSION, taxonomy_records, term_records

#: Object → field → where it comes from. What is not here is not given.
FIELDS: dict[str, dict[str, str]] = {
    "organization": {
        "id": "UUIDv5 de l’identifiant public de la structure",
        "name": "nom",
        "description": "présentation, à défaut le nom",
        "email": "adresse électronique",
        "website": "site",
        "tax_status": "public, ESS ou autre, en mots",
        "legal_status": "forme juridique, en mots",
        "uri": "page de la structure sur ce site",
        "organization_identifiers": "SIREN, SIRET, RNA",
        "phones": "un numéro, E.164",
        "locations": "le siège ou l’accueil, si sa commune ou son point est connu",
        "attributes": "rôles et labels ; la valeur est le territoire du rôle (niveau:code)",
        "services": "seulement dans /organizations/{id} : les services, sans ce qui est emboîté",
    },
    "service": {
        "id": "UUIDv5 de l’identifiant public de l’offre ou du relais",
        "organization_id": "sa structure",
        "organization": "sa structure, en bref (pas dans l’export de la nuit)",
        "name": "nom",
        "description": "résumé et description, puis en mots ce qu’aucun champ ne dit : étapes, besoins, instrument, montants, dates",
        "url": "page de l’offre chez sa structure, à défaut sur ce site",
        "email": "celle de l’offre, à défaut de la structure",
        "status": "active ; temporarily closed avant l’ouverture ou entre deux ouvertures ; inactive après la fin",
        "application_process": "comment faire ; « Sur rendez-vous. » pour un relais",
        "fees_description": "précisions sur le coût",
        "eligibility_description": "publics, formes, secteurs, conditions, zonages, pièces",
        "assured_date": "jour de la dernière vérification par la structure",
        "last_modified": "dernier changement de la fiche ici",
        "phones": "un numéro, E.164",
        "service_areas": "les territoires servis, par codes INSEE ; une région devient ses départements ; ce qui est exclu est ôté",
        "attributes": "étapes, besoins, nature, instrument, secteurs, formes, publics, accueil, zonages, montants, niveau, label",
        "cost_options": "coût, en mots ; montant 0 quand c’est gratuit",
        "funding": "pour un financement : qui finance",
        "required_documents": "pièces à fournir",
        "languages": "langues de l’accueil d’un relais",
        "schedules": "horaires d’un relais ; par semaine quand elle se répète, sinon le texte OSM",
        "service_at_locations": "le lieu de l’offre sur place, ou du relais",
    },
    "service_at_location": {
        "id": "UUIDv5",
        "service_id": "le service, dans /service_at_locations",
        "location_id": "le lieu",
        "location": "le lieu",
        "service": "le service, dans /service_at_locations",
    },
    "location": {
        "id": "UUIDv5",
        "location_type": "toujours physical",
        "name": "nom de la structure ou du relais",
        "latitude": "degrés, WGS 84",
        "longitude": "degrés, WGS 84",
        "external_identifier": "code INSEE de la commune",
        "external_identifier_type": "insee",
        "addresses": "seulement quand la voie, la commune et le code postal sont connus",
        "accessibility": "accessibilité du lieu, en mots",
    },
    "address": {
        "id": "UUIDv5",
        "address_1": "numéro et voie",
        "city": "commune",
        "region": "région",
        "state_province": "département",
        "postal_code": "code postal",
        "country": "FR",
        "address_type": "physical",
    },
    "phone": {
        "id": "UUIDv5",
        "number": "E.164, ou numéro court",
        "type": "voice",
        "service_id": "le service",
        "organization_id": "la structure",
    },
    "schedule": {
        "id": "UUIDv5",
        "freq": "WEEKLY",
        "byday": "jours, séparés par des virgules",
        "opens_at": "HH:MM, heure du lieu",
        "closes_at": "HH:MM, heure du lieu",
        "description": "les horaires en syntaxe OSM",
    },
    "service_area": {
        "id": "UUIDv5",
        "name": "nom du territoire",
        "extent": "code INSEE ou SIREN de l’EPCI",
        "extent_type": "insee",
        "uri": "adresse du territoire chez l’Insee",
    },
    "cost_option": {
        "id": "UUIDv5",
        "option": "coût",
        "currency": "EUR",
        "amount": "0 quand c’est gratuit",
        "amount_description": "précisions",
    },
    "funding": {"id": "UUIDv5", "source": "nom de la structure"},
    "required_document": {"id": "UUIDv5", "document": "pièce"},
    "language": {"id": "UUIDv5", "name": "code BCP 47", "code": "code BCP 47"},
    "accessibility": {"id": "UUIDv5", "description": "texte"},
    "organization_identifier": {
        "id": "UUIDv5",
        "identifier_scheme": "SIREN, SIRET ou RNA",
        "identifier_type": "SIREN, SIRET ou RNA",
        "identifier": "numéro",
    },
    "attribute": {
        "id": "UUIDv5",
        "taxonomy_term_id": "le terme",
        "taxonomy_term": "le terme entier (pas dans l’export de la nuit)",
        "value": "montant, territoire du rôle, ou fin du label",
    },
    "taxonomy": {"id": "UUIDv5", "name": "nom", "description": "ce que c’est", "version": "version de la liste"},
    "taxonomy_term": {
        "id": "UUIDv5",
        "code": "code stable",
        "name": "mot",
        "description": "en clair",
        "taxonomy": "nom de la taxonomie",
        "taxonomy_id": "la taxonomie",
        "language": "fr",
    },
}


def profile_record() -> dict[str, Any]:
    """The profile as JSON."""
    return {
        "name": "Profil français de HSDS pour l’appui aux projets de l’économie sociale et solidaire",
        "version": VERSION,
        "hsds": "3.0",
        "identifiers": {
            "algorithm": "UUIDv5",
            "namespace": str(NAMESPACE),
            "name": "objet:identifiant public de la fiche (douze signes), par exemple service:k3j5m2p9q4ab",
        },
        "service_area": {"extent_type": "insee", "codes": "commune (5), EPCI (9), département (2 ou 3), ou france"},
        "objects": FIELDS,
        "taxonomies": taxonomy_records(),
        "taxonomy_terms": list(term_records().values()),
    }
