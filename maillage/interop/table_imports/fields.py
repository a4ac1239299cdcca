"""The fields that a column may go to, for each kind of sheet: what sort of value each takes, how tables call it, its codes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from maillage.catalogue.enums import Nonprofit, Recurrence
from maillage.catalogue.office.sentences import field_label
from maillage.interop.formats import FORMATS, Format
from maillage.territories.names import fold
from maillage.vocabulary.labels import label
from maillage.vocabulary.words import vocabulary

FORMS: Mapping[str, Format] = {form.kind: form for form in FORMATS}

#: Sort of value of each key of Maillage JSONL that is not a free text.
_SORTS = {
    "opens": "day", "closes": "day", "updated": "day", "verified_on": "day", "mark_until": "day",
    "amount_min": "amount", "amount_max": "amount", "rate_max": "rate", "lon": "degrees", "lat": "degrees",
    "coverage": "territory", "excluded": "territory", "commune": "commune", "postcode": "postcode",
    "phone": "phone", "website": "url", "url": "url", "source_url": "url", "siren": "digits", "siret": "digits", "rna": "digits",
    "email": "word", "opening_hours": "word", "licence": "word",
    "by_appointment": "flag", "languages": "language", "types": "slug", "networks": "slug", "roles": "json", "conditions": "json",
}  # fmt: skip
#: Which lists of the vocabulary hold the codes of a key.
_LISTS: Mapping[str, tuple[str, ...]] = {
    "legal_form": ("legal_form",), "kind": ("kind",), "stages": ("stage",), "needs": ("need",), "sectors": ("sector",),
    "legal_forms": ("legal_form",), "audiences": ("audience",), "modes": ("mode",), "cost": ("cost",), "zonings": ("zoning",),
    "instrument": ("instrument",), "level": ("level",), "network": ("role",), "specialities": ("need", "sector"),
}  # fmt: skip
_CHOICES: Mapping[str, Any] = {"nonprofit": Nonprofit, "recurrence": Recurrence}
_SEVERAL = {
    "types", "networks", "roles", "languages", "stages", "needs", "sectors", "legal_forms", "audiences", "modes", "coverage",
    "excluded", "zonings", "conditions", "documents", "specialities",
}  # fmt: skip
#: Texts that keep their lines: two columns that go to one of them are put one under the other.
_LINES = {"description", "how_to_apply", "itinerant", "services"}
#: Chosen elsewhere on the screen, not column by column.
_APART = ("id", "source", "structure_id")


@dataclass(frozen=True, slots=True)
class Target:
    """A field that a column may go to. `sort`: text (two columns may be joined), word, lines, code, day, amount, territory…; `several`: it holds a list."""

    key: str
    column: str  # of the database, for its label
    sort: str
    several: bool
    required: bool

    @property
    def takes_many_columns(self) -> bool:
        """May two columns go to it?"""
        return self.several or self.sort in ("text", "lines")

    @property
    def may_be_split(self) -> bool:
        """May a cell hold several values? A coded field that takes one keeps the first it knows, with a warning."""
        return self.several or self.coded

    @property
    def coded(self) -> bool:
        """Does it take codes of a closed list?"""
        return self.sort == "code"


@cache
def targets(kind: str) -> Mapping[str, Target]:
    """The fields of a kind of sheet, by key, in the order of the format; then « departement », which only helps to find communes."""
    form = FORMS[kind]
    found = {
        one.key: Target(one.key, one.name, _sort(one.key), one.key in _SEVERAL, one.required)
        for one in form.fields
        if one.key not in _APART
    }
    return {**found, "departement": Target("departement", "departement", "word", False, False)}


def _sort(key: str) -> str:
    if key in _LISTS or key in _CHOICES:
        return "code"
    return _SORTS.get(key, "lines" if key in _LINES else "text")


def target_label(kind: str, key: str) -> str:
    """The French name of a field, as the office shows it."""
    if key == "departement":
        return _("Département (aide à reconnaître la commune)")
    if key == "commune":
        return _("Commune (code INSEE ou nom)")
    if key == "id":
        return _("Identifiant")
    if key in ("structure_id", "structure"):
        return _("Structure")
    known = FORMS[kind].by_key.get(key)
    return field_label(kind, known.name) if known else key


def codes_of(key: str) -> dict[str, str]:
    """code → label of what a coded field takes."""
    if key in _CHOICES:
        return {code: str(text) for code, text in _CHOICES[key].choices}
    return {code: label(name, code) for name in _LISTS[key] for code in vocabulary().codes(name)}


@cache
def codes_by_label(key: str) -> Mapping[str, str]:
    """Folded code or French label → code, for what needs no person: a list says it in one way."""
    if key in _CHOICES:
        pairs = [(code, code) for code in _CHOICES[key].values]
        pairs += [(_FRENCH[code], code) for code in _CHOICES[key].values if code in _FRENCH]
    else:
        pairs = [(code, code) for name in _LISTS[key] for code in vocabulary().codes(name)]
        pairs += [(vocabulary().label(name, code), code) for name in _LISTS[key] for code in vocabulary().codes(name)]
    found: dict[str, str] = {}
    for text, code in pairs:
        found.setdefault(fold(text), code)
    return found


#: The French words of the two lists that are not in the vocabulary (their labels follow the language of the page).
_FRENCH = {
    "public": "Public ou parapublic", "ess": "Économie sociale et solidaire", "autre": "Autre", "permanent": "Toute l’année",
    "ponctuelle": "Une seule fois", "recurrente": "À dates régulières",
}  # fmt: skip


@cache
def _file() -> dict[str, dict[str, Any]]:
    return tomllib.loads((Path(__file__).parent / "fields.toml").read_text(encoding="utf-8"))


def languages() -> Mapping[str, str]:
    """Folded name of a language → its code."""
    return _file()["languages"]


@cache
def names(kind: str) -> Mapping[str, tuple[str, ...]]:
    """Key → the folded names that tables give it; includes id, structure_id and structure_name."""
    form = FORMS[kind]
    own, common = _file().get(kind, {}), _file()["common"]
    known = [*(one.key for one in form.fields if one.key != "source"), "departement"]
    if kind != "structure":
        known.append("structure_name")
    found = {}
    for key in known:
        field = form.by_key.get(key)
        labels = [key] if field is None else [key, _verbose(form, field.name)]
        found[key] = tuple(dict.fromkeys(fold(text) for text in [*labels, *own.get(key, common.get(key, ()))]))
    return found


def _verbose(form: Format, column: str) -> str:
    with override("fr"):
        return str(getattr(form.model._meta.get_field(column), "verbose_name", column))
