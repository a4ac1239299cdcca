"""One cleaner per sort of value: what a file holds → what the tables keep, or `Wrong` with a French reason.

A cleaner gets the raw value (never None nor empty) and the list of warnings of its line, to which it may add.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import opening_hours
from stdnum.exceptions import ValidationError
from stdnum.fr import siren as siren_rules
from stdnum.fr import siret as siret_rules

from maillage.catalogue.enums import Operator
from maillage.interop.problems import Wrong, shown
from maillage.kit.remembered import remembered
from maillage.territories import queries
from maillage.territories.queries import LEVELS, Territory
from maillage.vocabulary.words import vocabulary

Warnings = list[tuple[str, str, str]]  # (field, value, reason)
Cleaner = Callable[[Any, Warnings], Any]

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_EMAIL = re.compile(r"[^@\s<>(),;:\"]+@[^@\s<>(),;:\"]+\.[^@\s<>(),;:\".]{2,}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_PHONE = re.compile(r"\+?[0-9][0-9 .()/\-]{1,58}")
_RNA = re.compile(r"W[0-9][0-9A-Z][0-9]{7}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ONE_LINE = str.maketrans("\n\t", "  ")


def text(limit: int, *, lines: bool = False) -> Cleaner:
    """Text of at most `limit` characters, in NFC; on one line unless `lines`."""

    def clean(raw: Any, warnings: Warnings) -> str:
        if not isinstance(raw, str):
            raise Wrong("il faut un texte entre guillemets.")
        value = unicodedata.normalize("NFC", raw)
        if not raw.isprintable():  # most texts are: three passes saved on each
            if _CONTROL.search(raw):
                raise Wrong("ce texte contient un caractère de contrôle ou un caractère illisible : retirez-le.")
            value = value.replace("\r\n", "\n").replace("\r", "\n")
            if not lines:
                value = value.translate(_ONE_LINE)
        value = value.strip()
        if len(value) > limit:
            raise Wrong(f"ce texte a {len(value)} caractères, il en faut {limit} au plus.")
        return value

    return clean


def code(name: str) -> Cleaner:
    """A code of the list `name` of the vocabulary."""

    def clean(raw: Any, warnings: Warnings) -> str:
        if not isinstance(raw, str) or not vocabulary().knows(name, raw):
            raise Wrong(unknown_code(name, raw), raw)
        return raw

    return clean


def unknown_code(name: str, raw: Any) -> str:
    """The sentence that refuses a code, with the nearest codes of the list."""
    known = vocabulary().codes(name)
    near = difflib.get_close_matches(str(raw), known, n=2, cutoff=0.6) if len(str(raw)) < 100 else []
    hint = (
        f" Vouliez-vous dire {' ou '.join(f'« {one} »' for one in near)} ?" if near else f" Codes possibles : {', '.join(known)}."
    )
    return f"ce code n’est pas dans la liste « {name} » du vocabulaire.{hint}"


def _a_list(raw: Any) -> list[Any]:
    if not isinstance(raw, list):
        raise Wrong("il faut une liste entre crochets.")
    return raw


def several(one: Cleaner) -> Cleaner:
    """A list whose items are cleaned one by one; repeated items are kept once, in the order given."""

    def clean(raw: Any, warnings: Warnings) -> list[Any]:
        found: dict[Any, None] = {}
        for item in _a_list(raw):
            try:
                found[one(item, warnings)] = None
            except Wrong as wrong:
                raise Wrong(wrong.reason, item) from wrong
        return list(found)

    return clean


def choice(known: Iterable[str]) -> Cleaner:
    """One word of a closed list."""
    allowed = tuple(known)

    def clean(raw: Any, warnings: Warnings) -> str:
        if raw not in allowed:
            raise Wrong(f"valeurs possibles : {', '.join(allowed)}.", raw)
        return str(raw)

    return clean


def slug(raw: Any, warnings: Warnings) -> str:
    """A code of a list that nobody closed (types, networks): lower-case letters, digits and hyphens."""
    if not isinstance(raw, str) or len(raw) > 60 or not _SLUG.fullmatch(raw):
        raise Wrong("un code s’écrit en minuscules sans accent, avec des traits d’union.", raw)
    return raw


def speciality(raw: Any, warnings: Warnings) -> str:
    """What a relay knows best: a code of the needs or of the sectors."""
    if not isinstance(raw, str) or not (vocabulary().knows("need", raw) or vocabulary().knows("sector", raw)):
        raise Wrong("ce code n’est ni un besoin ni un secteur du vocabulaire.", raw)
    return raw


def language(raw: Any, warnings: Warnings) -> str:
    """A language code (BCP 47): fr, en, lsf…"""
    if not isinstance(raw, str) or not _LANGUAGE.fullmatch(raw):
        raise Wrong("une langue s’écrit par son code, par exemple « fr » ou « en ».", raw)
    return raw


def day(raw: Any, warnings: Warnings) -> date:
    """A date written AAAA-MM-JJ, from 1900 to 2100."""
    if type(raw) is date:  # a TOML date; a datetime is not a day
        return raw
    if not isinstance(raw, str) or not _DAY.fullmatch(raw):
        raise Wrong("une date s’écrit AAAA-MM-JJ, par exemple 2026-11-23.")
    try:
        found = date.fromisoformat(raw)
    except ValueError as error:
        raise Wrong("cette date n’existe pas dans le calendrier.") from error
    if not 1900 <= found.year <= 2100:
        raise Wrong("l’année doit être comprise entre 1900 et 2100.")
    return found


def past_day(raw: Any, warnings: Warnings) -> date:
    """A date that should not be to come; a warning when it is."""
    found = day(raw, warnings)
    if found > date.today():
        warnings.append(("", found.isoformat(), "cette date est dans l’avenir ; elle est gardée, vérifiez-la."))
    return found


def amount(most: str, *, unit: str) -> Cleaner:
    """A number from 0 to `most` with at most two decimals (euros, per cent)."""
    ceiling = Decimal(most)

    def clean(raw: Any, warnings: Warnings) -> Decimal:
        if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
            raise Wrong(f"il faut un nombre, sans guillemets ni unité ({unit}).")
        try:
            value = Decimal(str(raw))
        except InvalidOperation as error:
            raise Wrong("ce nombre n’est pas lisible.") from error
        if not value.is_finite() or not 0 <= value <= ceiling:
            raise Wrong(f"ce nombre doit être compris entre 0 et {most} ({unit}).")
        rounded = value.quantize(Decimal("0.01"))
        if rounded != value:
            raise Wrong("ce nombre a plus de deux décimales.")
        return rounded

    return clean


def degrees(limit: int) -> Cleaner:
    """Decimal degrees (WGS 84) between -limit and limit."""

    def clean(raw: Any, warnings: Warnings) -> float:
        if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
            raise Wrong("il faut un nombre de degrés, par exemple -0.7669.")
        if not -limit <= raw <= limit:
            raise Wrong(f"une coordonnée est comprise entre -{limit} et {limit} degrés.")
        return float(raw) + 0.0  # -0.0 becomes 0.0, as SQLite keeps it

    return clean


def flag(raw: Any, warnings: Warnings) -> bool:
    """true or false."""
    if not isinstance(raw, bool):
        raise Wrong("il faut true ou false.")
    return raw


_address = text(1000)


def url(raw: Any, warnings: Warnings) -> str:
    """An http or https address with a host name."""
    value: str = _address(raw, warnings)
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme.lower() not in {"http", "https"} or any(sign in value for sign in " <>\"'`\\"):
        raise Wrong("une adresse web commence par https:// ou http:// et n’a pas d’espace.")
    return value


_short = text(254)


def email(raw: Any, warnings: Warnings) -> str:
    """An e-mail address."""
    value: str = _short(raw, warnings)
    if not _EMAIL.fullmatch(value):
        raise Wrong("ce n’est pas une adresse électronique.")
    return value


_phone_text = text(60)


def phone(raw: Any, warnings: Warnings) -> str:
    """A telephone number, kept as written; a warning when it does not look like one."""
    value: str = _phone_text(raw, warnings)
    if not _PHONE.fullmatch(value):
        warnings.append(("", value, "cela ne ressemble pas à un seul numéro de téléphone ; le texte est gardé."))
    return value


def _number(rules: Any, raw: Any, digits: int) -> str:
    if not isinstance(raw, str):
        raise Wrong(f"il faut {digits} chiffres entre guillemets.")
    try:
        return str(rules.validate(raw))
    except ValidationError as error:
        raise Wrong(f"ce numéro n’existe pas : il faut {digits} chiffres dont la clé de contrôle est juste.") from error


def siren(raw: Any, warnings: Warnings) -> str:
    """A SIREN: 9 digits with a right check digit (Luhn)."""
    return _number(siren_rules, raw, 9)


def siret(raw: Any, warnings: Warnings) -> str:
    """A SIRET: 14 digits with a right check digit (Luhn; La Poste has its own rule)."""
    return _number(siret_rules, raw, 14)


def rna(raw: Any, warnings: Warnings) -> str:
    """A number of the national register of associations: W and nine signs."""
    if not isinstance(raw, str) or not _RNA.fullmatch(raw.strip().upper()):
        raise Wrong("un numéro RNA s’écrit W suivi de neuf chiffres.")
    return raw.strip().upper()


def postcode(raw: Any, warnings: Warnings) -> str:
    """Five digits."""
    if not isinstance(raw, str) or len(raw) != 5 or not (raw.isascii() and raw.isdigit()):
        raise Wrong("un code postal s’écrit avec cinq chiffres entre guillemets.")
    return raw


def commune(raw: Any, warnings: Warnings) -> str:
    """The INSEE code of a commune; a former code becomes its successor's."""
    found = queries.commune(raw) if isinstance(raw, str) else None
    if found is None:
        raise Wrong("cette commune est inconnue : il faut son code INSEE de cinq signes, pas son code postal.")
    return found.code


_hours_text = text(500)


@remembered(4_096)
def _readable_hours(value: str) -> bool:
    return bool(opening_hours.validate(value))


def hours(raw: Any, warnings: Warnings) -> str:
    """Opening hours in OSM syntax. Hours that cannot be read are kept with a warning: people still can read them."""
    value: str = _hours_text(raw, warnings)
    if not _readable_hours(value):
        warnings.append(
            (
                "",
                value,
                "ces horaires ne suivent pas la syntaxe OSM ; le texte est gardé, « ouvert en ce moment » ne le sera pas.",
            )
        )
    return value


def _parts(raw: Any, known: tuple[str, ...], warnings: Warnings) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise Wrong(f"il faut un objet entre accolades, avec {', '.join(f'« {key} »' for key in known)}.", raw)
    warnings.extend((key, "", "cette clé n’est pas connue ; elle est ignorée.") for key in raw if key not in known)
    return raw


@lru_cache(maxsize=65536)
def _territory(level: str, territory: str) -> str:
    """The key of a territory that exists today ("departement:53"); Wrong otherwise."""
    if level not in LEVELS:
        raise Wrong(f"le niveau « {shown(level)} » n’existe pas ; niveaux possibles : {', '.join(LEVELS)}.")
    if level == "france":
        if territory not in ("", "france"):
            raise Wrong("le niveau « france » a pour code « france ».")
        return "france"
    found = queries.place(level, territory)
    if found is None:
        raise Wrong(f"le code « {shown(territory)} » n’existe pas au niveau « {level} ».")
    return found.key


def territory(raw: Any, warnings: Warnings) -> str:
    """{level, code} → the key of a territory; a former commune becomes its successor."""
    parts = _parts(raw, ("level", "code"), warnings)
    level, place = parts.get("level"), parts.get("code", "")
    if not isinstance(level, str) or not isinstance(place, str):
        raise Wrong('un territoire s’écrit {"level": "departement", "code": "53"}.', raw)
    return _territory(level, place)


def territory_parts(key: str) -> dict[str, str]:
    """The key of a territory → {level, code}, as files write it."""
    found: Territory = queries.parse_key(key)
    return {"level": found.level, "code": found.code or found.level}


_name = text(300)


def role(raw: Any, warnings: Warnings) -> dict[str, Any]:
    """{role, territory, since, until, authority}: a role of a structure, with dates as text."""
    parts = _parts(raw, ("role", "territory", "since", "until", "authority"), warnings)
    word = parts.get("role")
    if not isinstance(word, str) or not vocabulary().knows("role", word):
        raise Wrong(unknown_code("role", word), word)
    found: dict[str, Any] = {"role": word}
    if parts.get("territory"):
        found["territory"] = territory_parts(territory(parts["territory"], warnings))
    for key in ("since", "until"):
        if parts.get(key):
            found[key] = day(parts[key], warnings).isoformat()
    if parts.get("authority"):
        found["authority"] = _name(parts["authority"], warnings)
    elif vocabulary().terms("role")[word].extra.get("granted"):
        warnings.append(("authority", "", f"le rôle « {word} » est accordé par une autorité : dites laquelle."))
    return found


def roles(raw: Any, warnings: Warnings) -> list[dict[str, Any]]:
    """The roles of a structure, each once."""
    found: list[dict[str, Any]] = []
    for item in _a_list(raw):
        cleaned = role(item, warnings)
        if cleaned not in found:
            found.append(cleaned)
    return found


def _condition_value(fact: str, operator: str, raw: Any) -> Any:
    kind = vocabulary().terms("fact")[fact].extra.get("kind")

    def fits(value: Any) -> bool:
        return isinstance(value, bool) if kind == "yes-no" else isinstance(value, int) and not isinstance(value, bool)

    if operator == Operator.ONE_OF:
        if isinstance(raw, list) and raw and all(fits(value) for value in raw):
            return raw
        raise Wrong("l’opérateur « in » attend une liste de valeurs.", raw)
    if kind == "yes-no" and operator not in (Operator.EQUAL, Operator.DIFFERENT):
        raise Wrong(f"« {fact} » se répond par oui ou non : l’opérateur est « = » ou « != ».", operator)
    if not fits(raw):
        wanted = "true ou false" if kind == "yes-no" else "un nombre entier"
        raise Wrong(f"« {fact} » se compare avec {wanted}.", raw)
    if isinstance(raw, int) and abs(raw) > 10**12:
        raise Wrong("ce nombre est trop grand.", raw)
    return raw


def condition(raw: Any, warnings: Warnings) -> dict[str, Any]:
    """{field, operator, value, label}: what an offer asks of the project."""
    parts = _parts(raw, ("field", "operator", "value", "label"), warnings)
    fact, operator = parts.get("field"), parts.get("operator")
    if not isinstance(fact, str) or not vocabulary().knows("fact", fact):
        raise Wrong(unknown_code("fact", fact), fact)
    if operator not in Operator.values:
        raise Wrong(f"opérateurs possibles : {', '.join(Operator.values)}.", operator)
    found = {"field": fact, "operator": operator, "value": _condition_value(fact, operator, parts.get("value"))}
    if parts.get("label"):
        found["label"] = _name(parts["label"], warnings)
    return found


def conditions(raw: Any, warnings: Warnings) -> list[dict[str, Any]]:
    """The conditions of an offer."""
    return [condition(item, warnings) for item in _a_list(raw)]
