"""What the API answers, for its documentation (French source texts). Answers are not validated against it when they are made."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from django.utils.translation import gettext_noop
from pydantic import BaseModel, Field

Record = TypeVar("Record")


class Page(BaseModel, Generic[Record]):
    total: int = Field(description=gettext_noop("Combien il y en a en tout, quelle que soit la page."))
    items: list[Record] = Field(description=gettext_noop("Les éléments de cette page."))
    next: str | None = Field(description=gettext_noop("Adresse de la page suivante\u202f; null à la dernière."))


class Reason(BaseModel):
    code: str = Field(description=gettext_noop("Code stable."))
    label: str = Field(description=gettext_noop("La phrase à montrer."))


class Result(BaseModel):
    id: str = Field(description=gettext_noop("Identifiant de la fiche dans sa source."))
    source: str = Field(description=gettext_noop("Catalogue d’origine. (source, id) désigne une seule fiche."))
    name: str = Field(description=gettext_noop("Nom."))
    kind: str = Field(description=gettext_noop("Nature de l’offre (liste «\u202fkind\u202f»)."))
    structure: str = Field(description=gettext_noop("Nom de la structure."))
    structure_id: str = Field(description=gettext_noop("Identifiant de la structure dans sa source."))
    verdict: str = Field(description=gettext_noop("oui, ou a-verifier\u202f; non pour ce qui manque de peu."))
    reasons: list[Reason] = Field(description=gettext_noop("Pourquoi cette offre est montrée."))
    to_check: list[Reason] = Field(description=gettext_noop("Ce qui reste à vérifier."))
    distance_km: float | None = Field(description=gettext_noop("À vol d’oiseau\u202f; null si un lieu manque."))
    url: str = Field(description=gettext_noop("Adresse de la page de ce site."))


class NearMiss(Result):
    blocking: list[Reason] = Field(description=gettext_noop("Le seul point qui bloque."))


class Contact(BaseModel):
    kind: str = Field(description=gettext_noop("network ou relay."))
    name: str = Field(description=gettext_noop("Nom."))
    structure: str = Field(description=gettext_noop("Nom de la structure."))
    role: str = Field(description=gettext_noop("Code de la liste «\u202frole\u202f» du vocabulaire."))
    level: str = Field(description=gettext_noop("Niveau d’aide (liste «\u202flevel\u202f»)."))
    reason: str = Field(description=gettext_noop("Pourquoi cet interlocuteur est montré."))
    distance_km: float | None = Field(description=gettext_noop("À vol d’oiseau\u202f; null si un lieu manque."))
    phone: str = Field(description=gettext_noop("Téléphone."))
    email: str = Field(description=gettext_noop("Adresse électronique."))
    website: str = Field(description=gettext_noop("Site."))
    address: str = Field(description=gettext_noop("Adresse, sans le code postal."))
    opening_hours: str = Field(description=gettext_noop("Horaires, dans la syntaxe d’OpenStreetMap."))
    open_now: bool | None = Field(description=gettext_noop("Ouvert maintenant\u202f? null\u202f: on ne sait pas."))
    next_opening: str | None = Field(description=gettext_noop("Prochaine ouverture (ISO 8601)."))
    url: str = Field(description=gettext_noop("Adresse de la page de ce site."))


class SituationEcho(BaseModel):
    stage: str | None = Field(description=gettext_noop("Étape comprise."))
    commune: str | None = Field(description=gettext_noop("Code INSEE de la commune comprise."))
    commune_name: str | None = Field(description=gettext_noop("Nom de la commune comprise."))
    needs: list[str] = Field(description=gettext_noop("Besoins compris."))
    sectors: list[str] = Field(description=gettext_noop("Secteurs compris."))
    legal_form: str | None = Field(description=gettext_noop("Forme juridique comprise."))
    audiences: list[str] = Field(description=gettext_noop("Publics compris."))
    modes: list[str] = Field(description=gettext_noop("Façons d’être accueilli comprises."))
    costs: list[str] = Field(description=gettext_noop("Coûts compris."))
    kinds: list[str] = Field(description=gettext_noop("Natures comprises."))
    text: str = Field(description=gettext_noop("Mots cherchés."))
    facts: dict[str, int | bool] = Field(description=gettext_noop("Faits dits de la structure."))
    codes: list[str] = Field(
        description=gettext_noop("Codes des territoires de la commune, du plus proche au plus large, puis ses zonages.")
    )


class Question(BaseModel):
    field: str = Field(description=gettext_noop("Ce qu’il faudrait dire."))
    settles: int = Field(description=gettext_noop("Combien de résultats cela précise."))


class Relaxation(BaseModel):
    field: str = Field(description=gettext_noop("Le critère à retirer."))
    code: str = Field(description=gettext_noop("Sa valeur\u202f; vide\u202f: tout le critère."))
    total: int = Field(description=gettext_noop("Combien de résultats sans lui."))


class Choice(BaseModel):
    value: str = Field(description=gettext_noop("La valeur à écrire."))
    label: str = Field(description=gettext_noop("Ce qu’elle veut dire."))


class NotUnderstood(BaseModel):
    field: str = Field(description=gettext_noop("Ce dont il s’agit."))
    parameter: str = Field(description=gettext_noop("Le paramètre."))
    value: str = Field(description=gettext_noop("Ce qui a été écrit."))
    sentence: str = Field(description=gettext_noop("Une phrase à montrer."))
    choices: list[Choice] = Field(description=gettext_noop("Ce qu’on peut écrire à la place."))


class Orientation(BaseModel):
    situation: SituationEcho = Field(description=gettext_noop("Ce qui a été compris."))
    total: int = Field(description=gettext_noop("Nombre de résultats, tous comptés."))
    by_kind: dict[str, int] = Field(description=gettext_noop("Résultats par nature."))
    facets: dict[str, dict[str, int]] = Field(
        description=gettext_noop("Pour chaque critère, combien de résultats chaque code donnerait.")
    )
    results: list[Result] = Field(description=gettext_noop("Les offres, les mieux placées d’abord."))
    near_misses: list[NearMiss] = Field(description=gettext_noop("Ce qu’un seul point bloque."))
    near_total: int = Field(description=gettext_noop("Combien d’offres un seul point bloque."))
    contacts: list[Contact] = Field(description=gettext_noop("Réseaux locaux, puis lieux proches."))
    question: Question | None = Field(description=gettext_noop("La question qui préciserait le plus de résultats."))
    relaxations: list[Relaxation] = Field(description=gettext_noop("Sans résultat\u202f: quoi retirer."))
    problems: list[NotUnderstood] = Field(description=gettext_noop("Ce qui n’a pas été compris."))


class CommuneFound(BaseModel):
    code: str = Field(description=gettext_noop("Code INSEE."))
    name: str = Field(description=gettext_noop("Nom."))
    postcodes: list[str] = Field(description=gettext_noop("Codes postaux."))
    departement: str = Field(description=gettext_noop("Code du département."))
    label: str = Field(description=gettext_noop("La ligne à montrer."))


class Communes(BaseModel):
    communes: list[CommuneFound] = Field(description=gettext_noop("Les communes, les plus probables d’abord."))


class Territory(BaseModel):
    level: str = Field(description=gettext_noop("Niveau\u202f: commune, epci, departement, region ou france."))
    code: str = Field(description=gettext_noop("Code de l’Insee\u202f; vide pour la France."))
    key: str = Field(description=gettext_noop("Ce qu’attend le paramètre territoire."))
    name: str = Field(description=gettext_noop("Nom."))
    long_name: str = Field(description=gettext_noop("Nom sans abréviation."))
    population: int = Field(description=gettext_noop("Habitants."))
    communes: int = Field(description=gettext_noop("Nombre de communes."))
    departements: list[str] = Field(description=gettext_noop("Codes des départements qu’il touche."))
    regions: list[str] = Field(description=gettext_noop("Codes des régions qu’il touche."))


class TerritoryInFull(Territory):
    postcodes: list[str] = Field(description=gettext_noop("Codes postaux (communes)."))
    former_codes: list[str] = Field(description=gettext_noop("Anciens codes de communes (communes)."))
    epci: str | None = Field(description=gettext_noop("Code de l’intercommunalité (communes)."))
    zonings: list[str] = Field(description=gettext_noop("Zonages certains (communes)."))
    lon: float | None = Field(description=gettext_noop("Longitude, en degrés (WGS 84)."))
    lat: float | None = Field(description=gettext_noop("Latitude, en degrés (WGS 84)."))
    members: list[Territory] = Field(description=gettext_noop("Les territoires qui le composent."))


class Term(BaseModel):
    code: str = Field(description=gettext_noop("Code stable."))
    label: str = Field(description=gettext_noop("Libellé."))
    plain: str = Field(description=gettext_noop("Ce que cela veut dire, en mots simples."))


class TermList(BaseModel):
    name: str = Field(description=gettext_noop("Nom de la liste."))
    terms: list[Term] = Field(description=gettext_noop("Ses codes, dans l’ordre où on les montre."))


class Vocabularies(BaseModel):
    lists: list[TermList] = Field(description=gettext_noop("Toutes les listes de codes."))


class Cell(BaseModel):
    stage: str = Field(description=gettext_noop("Étape (liste «\u202fstage\u202f»)."))
    kind: str = Field(description=gettext_noop("Nature de l’offre (liste «\u202fkind\u202f»)."))
    offers: int = Field(description=gettext_noop("Offres distinctes, ouvertes aujourd’hui."))
    local: int = Field(description=gettext_noop("Parmi elles, celles qui ne couvrent pas toute la France."))


class TerritorySupply(BaseModel):
    territory: Territory = Field(description=gettext_noop("Le territoire."))
    offers: int = Field(description=gettext_noop("Offres distinctes, ouvertes aujourd’hui."))
    structures: int = Field(description=gettext_noop("Structures qui les proposent."))
    cells: list[Cell] = Field(description=gettext_noop("Une case par étape et par nature."))
    gaps: list[str] = Field(description=gettext_noop("Ce qui manque, en phrases."))


class CoverageStatistics(BaseModel):
    day: str = Field(description=gettext_noop("Le jour des comptes (AAAA-MM-JJ)."))
    items: list[TerritorySupply] = Field(description=gettext_noop("Un élément par territoire."))


class MatrixCell(BaseModel):
    stage: str = Field(description=gettext_noop("L’étape."))
    kind: str | None = Field(
        description=gettext_noop("La nature, ou «\u202fincubation\u202f»\u202f; null\u202f: toutes ensemble.")
    )
    offers: int = Field(description=gettext_noop("Offres distinctes ouvertes aujourd’hui."))
    structures: int = Field(description=gettext_noop("Structures distinctes qui les proposent."))
    local: int = Field(description=gettext_noop("Offres qui ne couvrent pas toute la France."))
    free: int = Field(description=gettext_noop("Offres qui se disent gratuites."))
    on_site: int = Field(description=gettext_noop("Offres qui reçoivent sur place."))
    remote: int = Field(description=gettext_noop("Offres qui reçoivent à distance."))
    specialised: int = Field(description=gettext_noop("Offres réservées à des secteurs ou à des publics."))
    people_without: int = Field(description=gettext_noop("Habitants des communes que rien n’atteint."))


class MatrixRow(BaseModel):
    territory: Territory = Field(description=gettext_noop("Le territoire."))
    structures: int = Field(description=gettext_noop("Structures qui déclarent une offre ici."))
    last_verified: str | None = Field(description=gettext_noop("Dernière vérification d’une de ces offres (AAAA-MM-JJ)."))
    cells: list[MatrixCell] = Field(description=gettext_noop("Une case par étape et par nature."))


class ObservatoryAnswer(BaseModel):
    day: str = Field(description=gettext_noop("Le jour des comptes (AAAA-MM-JJ)."))
    licence: str = Field(description=gettext_noop("La licence de ces nombres."))
    attribution: str = Field(description=gettext_noop("La source à nommer."))


class ObservatoryMatrix(ObservatoryAnswer):
    items: list[MatrixRow] = Field(description=gettext_noop("Un élément par territoire."))


class ObservatoryGap(BaseModel):
    territory: Territory = Field(description=gettext_noop("Le territoire."))
    kind: str = Field(description=gettext_noop("Ce qui manque."))
    stages: list[str] = Field(description=gettext_noop("Les étapes où cela manque."))
    partial: bool = Field(description=gettext_noop("Vrai quand cela ne manque qu’à une partie des habitants."))
    people_without: int = Field(description=gettext_noop("Habitants des communes que rien n’atteint."))
    structures: int = Field(description=gettext_noop("Structures qui déclarent une offre ici."))
    last_verified: str | None = Field(description=gettext_noop("Dernière vérification d’une de ces offres (AAAA-MM-JJ)."))
    sentence: str = Field(description=gettext_noop("Le manque en une phrase."))
    caution: str = Field(description=gettext_noop("Pourquoi il peut s’agir de données manquantes."))


class ObservatoryGaps(ObservatoryAnswer):
    items: list[ObservatoryGap] = Field(description=gettext_noop("Les manques, des plus peuplés aux moins peuplés."))


class DemandCount(BaseModel):
    line: str = Field(
        description=gettext_noop(
            "Le territoire (niveau:code), ou «\u202ftout\u202f», «\u202failleurs\u202f», «\u202fsans-commune\u202f»."
        )
    )
    stage: str | None = Field(
        description=gettext_noop("L’étape, vide si elle n’est pas dite\u202f; null\u202f: toutes ensemble.")
    )
    searches: int | None = Field(description=gettext_noop("Nombre de recherches\u202f; null\u202f: masqué."))


class DemandNeed(BaseModel):
    need: str | None = Field(description=gettext_noop("Le besoin, vide s’il n’est pas dit\u202f; null\u202f: tous ensemble."))
    searches: int | None = Field(description=gettext_noop("Nombre de recherches\u202f; null\u202f: masqué."))
    nothing_found: int | None = Field(description=gettext_noop("Recherches qui n’ont rien trouvé\u202f; null\u202f: masqué."))
    few_found: int | None = Field(
        description=gettext_noop("Recherches qui ont trouvé une ou deux offres\u202f; null\u202f: masqué.")
    )


class DemandMonth(BaseModel):
    month: str = Field(description=gettext_noop("Le mois (AAAA-MM)."))
    searches: int | None = Field(description=gettext_noop("Nombre de recherches\u202f; null\u202f: masqué."))


class DemandOfYear(BaseModel):
    year: int = Field(description=gettext_noop("L’année."))
    first_month: str = Field(description=gettext_noop("Le premier mois compté."))
    last_month: str = Field(
        description=gettext_noop("Le dernier mois compté\u202f: une année en cours s’arrête au dernier trimestre clos.")
    )
    upstream_share: float | None = Field(
        description=gettext_noop("Part de l’amont et de la création, parmi les recherches qui disent l’étape.")
    )
    development_share: float | None = Field(
        description=gettext_noop("Part du développement, parmi les recherches qui disent l’étape.")
    )
    territories: list[DemandCount] = Field(description=gettext_noop("Recherches par territoire et par étape."))
    needs: list[DemandNeed] = Field(description=gettext_noop("Recherches par besoin."))
    months: list[DemandMonth] = Field(
        description=gettext_noop("Recherches par mois\u202f; vide quand les montrer rendrait un nombre masqué.")
    )


class ObservatoryDemand(ObservatoryAnswer):
    years: list[int] = Field(description=gettext_noop("Les années montrées, la dernière d’abord."))
    demand: DemandOfYear | None = Field(
        description=gettext_noop("Les recherches de l’année\u202f; null quand rien n’est encore montré.")
    )


class ProblemError(BaseModel):
    parameter: str = Field(description=gettext_noop("Le paramètre."))
    value: str = Field(description=gettext_noop("Ce qui a été écrit."))
    sentence: str = Field(description=gettext_noop("Une phrase à montrer."))
    choices: list[Choice] = Field(default=[], description=gettext_noop("Ce qu’on peut écrire à la place."))


class Problem(BaseModel):
    type: str = Field(description=gettext_noop("about:blank\u202f: le statut HTTP dit tout (RFC 9457)."))
    title: str = Field(description=gettext_noop("Le nom du statut HTTP."))
    status: int = Field(description=gettext_noop("Le statut HTTP."))
    detail: str = Field(description=gettext_noop("Ce qui ne va pas et que faire, en une phrase."))
    errors: list[ProblemError] = Field(default=[], description=gettext_noop("Ce qui ne va pas, paramètre par paramètre."))


class Document(BaseModel):
    openapi: str = Field(description=gettext_noop("La version d’OpenAPI."))
    info: dict[str, Any] = Field(description=gettext_noop("Ce que cette API est."))
    paths: dict[str, Any] = Field(description=gettext_noop("Les adresses."))
