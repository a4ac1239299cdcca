"""The quality score of a data.inclusion service: how well a sheet says what a person needs. Pure.

The formula is data.inclusion's (v1): the mean of the criteria that apply, each from 0 to 1. Each criterion here also knows what would
raise it, which the office shows as a check-list. Source and worked example: docs/algorithms/quality-score.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

#: Days (months of 30 days and years of 365, as data.inclusion counts): fresh below the first, worth nothing from the second on.
FRESH, STALE = 180, 730
#: Lengths of a description: below the first 0, below the second 0.5, below the third 1, beyond 0.5.
SHORT, GOOD, LONG = 50, 200, 2_000
#: Producers whose date of change says nothing (data.inclusion leaves the criterion out for them).
UNDATED = frozenset({"agefiph", "france-travail"})


@dataclass(frozen=True, slots=True)
class Described:
    """What the score looks at, in the codes of data.inclusion. An empty text or tuple is something that is not said."""

    description: str
    updated: date | None
    themes: tuple[str, ...] = ()
    publics: tuple[str, ...] = ()
    welcomes: tuple[str, ...] = ()  # modes_accueil
    means: tuple[str, ...] = ()  # modes_mobilisation
    open_to: tuple[str, ...] = ()  # mobilisable_par
    address: str = ""
    phone: str = ""
    email: str = ""
    link: str = ""  # lien_mobilisation
    cost: str = ""  # frais
    cost_detail: str = ""  # frais_precisions
    source: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion that applies: data.inclusion's name for it, and its value from 0 to 1."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Score:
    """The mean of the criteria that apply (0 to 1, two decimals), and these criteria in data.inclusion's order."""

    value: float
    criteria: tuple[Criterion, ...]

    @property
    def to_raise(self) -> tuple[Criterion, ...]:
        """The criteria that are not full, those that would raise the score most first."""
        return tuple(sorted((one for one in self.criteria if one.value < 1), key=lambda one: one.value))


def score(sheet: Described, today: date) -> Score:
    """The score of a sheet on a day."""
    values = ((name, measure(sheet, today)) for name, measure in CRITERIA.items())
    criteria = tuple(Criterion(name, round(value, 2)) for name, value in values if value is not None)
    return Score(round(sum(one.value for one in criteria) / len(criteria), 2), criteria)


def _address(sheet: Described, today: date) -> float | None:
    applies = "en-presentiel" in sheet.welcomes or "se-presenter" in sheet.means
    return float(bool(sheet.address)) if applies else None


def _means(sheet: Described, today: date) -> float:
    return (bool(sheet.means) + bool(sheet.open_to)) / 2


def _public(sheet: Described, today: date) -> float:
    return float(bool(sheet.publics))


def _theme(sheet: Described, today: date) -> float:
    return float(bool(sheet.themes))


def _contact(sheet: Described, today: date) -> float:
    return float(bool(sheet.email or sheet.link or sheet.phone))


def _email(sheet: Described, today: date) -> float | None:
    return float(bool(sheet.email)) if "envoyer-un-courriel" in sheet.means else None


def _recent(sheet: Described, today: date) -> float | None:
    if sheet.source in UNDATED:
        return None
    if sheet.updated is None:
        return 0.0
    age = (today - sheet.updated).days
    if age < FRESH:
        return 1.0
    return max(0.0, (STALE - age) / (STALE - FRESH))


def _cost(sheet: Described, today: date) -> float:
    if sheet.cost == "payant":
        return 1.0 if sheet.cost_detail else 0.5
    return float(bool(sheet.cost))


def _description(sheet: Described, today: date) -> float:
    length = len(sheet.description)
    if length < SHORT:
        return 0.0
    return 1.0 if GOOD <= length < LONG else 0.5


def _phone(sheet: Described, today: date) -> float | None:
    return float(bool(sheet.phone)) if "telephoner" in sheet.means else None


#: Name → measure; None when the criterion does not apply to the sheet.
CRITERIA: dict[str, Callable[[Described, date], float | None]] = {
    "adresse_bien_definie": _address,
    "modes_mobilisation_bien_definis": _means,
    "au_moins_un_public": _public,
    "au_moins_une_thematique": _theme,
    "au_moins_un_moyen_de_contact": _contact,
    "courriel_bien_defini": _email,
    "date_maj_recente": _recent,
    "frais_bien_definis": _cost,
    "description_bien_definie": _description,
    "telephone_bien_defini": _phone,
}
