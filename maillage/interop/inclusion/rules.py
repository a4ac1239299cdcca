"""The rules of data.inclusion v1 for one structure or one service, and what is wrong with a record, in French sentences.

Ours and not the producer's package, which stays a tool of the tests: see docs/decisions/0019-data-inclusion-rules.md. A test compares
the two verdicts on thousands of broken records.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, HttpUrl, StringConstraints, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from maillage.catalogue.described import electronic
from maillage.interop.inclusion import codes
from maillage.interop.problems import shown
from maillage.territories import queries as territories

FIRST_DAY = date(2000, 1, 1)


def _known(allowed: frozenset[str]) -> AfterValidator:
    def check(value: str) -> str:
        if value not in allowed:
            few = f" Valeurs possibles : {', '.join(sorted(allowed))}." if len(allowed) < 20 else ""
            raise PydanticCustomError(
                "maillage", "{reason}", {"reason": f"cette valeur n’est pas dans la liste de data.inclusion.{few}"}
            )
        return value

    return AfterValidator(check)


def _refuse(reason: str) -> PydanticCustomError:
    return PydanticCustomError("maillage", "{reason}", {"reason": reason})


def _day(value: date) -> date:
    if value < FIRST_DAY:
        raise _refuse("la date de mise à jour doit être au 21e siècle.")
    if value > date.today():
        raise _refuse("la date de mise à jour ne peut pas être dans le futur.")
    return value


def _email(value: str) -> str:
    if not electronic(value.strip()):
        raise _refuse("ce n’est pas une adresse électronique.")
    return value


def _publics(value: set[str]) -> set[str]:
    if "tous-publics" in value and len(value) > 1:
        raise _refuse("« tous-publics » ne va pas avec d’autres publics.")
    return value


Type = Annotated[str, _known(codes.TYPES)]
Theme = Annotated[str, _known(codes.THEMES)]
Cost = Annotated[str, _known(codes.COSTS)]
Public = Annotated[str, _known(codes.PUBLICS)]
Welcome = Annotated[str, _known(codes.WELCOMES)]
Means = Annotated[str, _known(codes.MEANS)]
OpenTo = Annotated[str, _known(codes.OPEN_TO)]
Network = Annotated[str, _known(codes.NETWORKS)]
Name = Annotated[str, StringConstraints(min_length=3, max_length=150)]
Text = Annotated[str, StringConstraints(min_length=5, max_length=10_000)]
Updated = Annotated[date, AfterValidator(_day)]
Email = Annotated[str, AfterValidator(_email)]
Postcode = Annotated[str, StringConstraints(min_length=5, max_length=5, pattern=r"^\d{5}$")]
Commune = Annotated[str, StringConstraints(min_length=5, max_length=5, pattern=r"^\w{5}$")]
Siret = Annotated[str, StringConstraints(min_length=14, max_length=14, pattern=r"^\d{14}$")]
#: Commune, département, EPCI (SIREN), country, or `france`.
Zone = Annotated[str, StringConstraints(pattern=r"^(?:\w{5}|\w{2,3}|\d{9}|france)$")]


class _Record(BaseModel):
    """What structures and services have in common."""

    source: str
    id: str
    nom: Name
    date_maj: Updated
    lien_source: HttpUrl | None = None
    commune: str | None = None
    code_postal: Postcode | None = None
    code_insee: Commune | None = None
    adresse: str | None = None
    complement_adresse: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    telephone: str | None = None
    courriel: Email | None = None
    horaires_accueil: str | None = None


class Structure(_Record):
    """A structure of data.inclusion v1."""

    description: Text | None = None
    siret: Siret | None = None
    site_web: HttpUrl | None = None
    accessibilite_lieu: HttpUrl | None = None
    reseaux_porteurs: set[Network] | None = None


class Service(_Record):
    """A service of data.inclusion v1."""

    structure_id: str
    description: Text
    type: Type | None = None
    thematiques: set[Theme] | None = None
    frais: Cost | None = None
    frais_precisions: str | None = None
    publics: Annotated[set[Public], Field(min_length=1), AfterValidator(_publics)] | None = None
    publics_precisions: str | None = None
    conditions_acces: str | None = None
    modes_accueil: set[Welcome] | None = None
    zone_eligibilite: Annotated[list[Zone], Field(min_length=1)] | None = None
    contact_nom_prenom: str | None = None
    lien_mobilisation: HttpUrl | None = None
    modes_mobilisation: Annotated[set[Means], Field(min_length=1)] | None = None
    mobilisable_par: Annotated[set[OpenTo], Field(min_length=1)] | None = None
    mobilisation_precisions: str | None = None
    volume_horaire_hebdomadaire: Annotated[float, Field(ge=0)] | None = None
    nombre_semaines: Annotated[int, Field(ge=1)] | None = None


MODELS: Mapping[str, type[Structure] | type[Service]] = {"structures": Structure, "services": Service}
Kind = Literal["structures", "services"]

#: What pydantic says, and how we say it. `{}` are the numbers of the rule.
_SENTENCES = {
    "missing": "ce champ est obligatoire, et il manque.",
    "string_type": "il faut un texte.",
    "string_too_short": "ce texte est trop court : {min_length} signes au moins.",
    "string_too_long": "ce texte est trop long : {max_length} signes au plus.",
    "too_short": "il faut au moins une valeur.",
    "set_type": "il faut une liste.",
    "list_type": "il faut une liste.",
    "greater_than_equal": "ce nombre doit être au moins {ge}.",
}
_BEGINNINGS = {
    "date": "une date s’écrit AAAA-MM-JJ, par exemple 2026-11-23.",
    "url": "une adresse web commence par https:// ou http://.",
    "float": "il faut un nombre.",
    "int": "il faut un nombre entier.",
    "finite": "il faut un nombre.",
}
_PATTERNS = {
    "code_postal": "un code postal a cinq chiffres.",
    "code_insee": "un code INSEE de commune a cinq signes.",
    "siret": "un SIRET a quatorze chiffres.",
    "zone_eligibilite": "il faut un code de commune, de département, d’EPCI, de pays, ou « france ».",
}


def refusals(record: Mapping[str, Any], kind: Kind) -> list[tuple[str, Any, str]]:
    """What makes a record invalid: (field, value, reason). Empty when the rules accept it."""
    try:
        MODELS[kind].model_validate(record)
    except ValidationError as errors:
        return [_said(error) for error in errors.errors(include_url=False)]
    return []


def _said(error: ErrorDetails) -> tuple[str, Any, str]:
    field, sort = str(error["loc"][0]), error["type"]
    value = None if sort == "missing" else error["input"]
    if sort == "maillage":
        reason = str(error["ctx"]["reason"])
    elif field in _PATTERNS and sort.startswith("string"):
        reason = _PATTERNS[field]
    elif sort in _SENTENCES:
        reason = _SENTENCES[sort].format(**error.get("ctx", {}))
    else:
        reason = next((said for start, said in _BEGINNINGS.items() if sort.startswith(start)), "cette valeur ne convient pas.")
    return field, value, reason


def warnings(record: Mapping[str, Any], kind: Kind) -> list[tuple[str, Any, str]]:
    """What is valid but would be better otherwise: (field, value, advice)."""
    found: list[tuple[str, Any, str]] = []
    name = record.get("nom")
    if isinstance(name, str) and name.endswith(".") and not name.endswith("etc."):
        found.append(("nom", name, "un nom ne se termine pas par un point."))
    for key in record:
        if key not in MODELS[kind].model_fields and key not in _ADDED:
            found.append((shown(key), None, "ce champ n’existe pas dans data.inclusion v1 ; il est ignoré."))
    for code in record.get("zone_eligibilite") or () if isinstance(record.get("zone_eligibilite"), list) else ():
        if isinstance(code, str) and not _exists(code):
            found.append(("zone_eligibilite", code, "ce code n’est pas dans le code géographique ; data.inclusion l’enlève."))
    code = record.get("code_insee")
    if isinstance(code, str) and len(code) == 5 and territories.commune(code) is None:
        found.append(("code_insee", code, "cette commune n’est pas dans le code géographique."))
    identifier, source = record.get("id"), record.get("source")
    if isinstance(identifier, str) and isinstance(source, str) and not identifier.startswith(f"{source}--"):
        found.append(("id", identifier, "un identifiant commence par la source et deux tirets, par exemple « source--42 »."))
    return found


#: Fields that the API adds: they come back in files taken from it.
_ADDED = frozenset({"adresse_certifiee", "score_qualite", "doublons", "extra", "_di_surrogate_id", "courriel_verifie"})


def _exists(code: str) -> bool:
    if code == "france" or (len(code) == 5 and code.startswith("99") and code.isdigit()):
        return True
    level = {5: "commune", 9: "epci"}.get(len(code), "departement")
    return territories.place(level, code) is not None
