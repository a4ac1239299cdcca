"""An offer in the words of data.inclusion v1: the fields that its quality score reads, and that its export writes.

Kept apart from the export (`maillage/interop/inclusion`) because the office shows the score of the sheet being kept, and what the
editor is shown must be what leaves. Rules and losses: docs/algorithms/quality-score.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import phonenumbers
from pydantic import HttpUrl, TypeAdapter, ValidationError

from maillage.catalogue.quality import Described
from maillage.catalogue.rows import Row
from maillage.territories import queries as territories
from maillage.territories.values import parse_key
from maillage.vocabulary.words import vocabulary

#: The stage ladder folded on the three themes of the field. Lossy: the stages stay in words in the description.
_THEME = "creer-une-entreprise--"
DEFINE, STRUCTURE, DEVELOP = (
    f"{_THEME}definir-son-projet-de-creation-dentreprise",
    f"{_THEME}structurer-son-projet-de-creation-dentreprise",
    f"{_THEME}developper-son-entreprise",
)
THEMES = {
    "idee": DEFINE,
    "faisabilite": DEFINE,
    "creation": STRUCTURE,
    "developpement": DEVELOP,
    "consolidation": DEVELOP,
    "difficultes": DEVELOP,
}
#: Audiences that have a public there. The others (volunteers, employing structures) stay in words in `publics_precisions`.
PUBLICS = {
    "demandeurs-emploi": "demandeurs-emploi",
    "jeunes": "jeunes",
    "femmes": "femmes",
    "handicap": "personnes-en-situation-de-handicap",
    "quartiers-prioritaires": "residents-qpv-frr",
    "ruralite": "residents-qpv-frr",
    "beneficiaires-minima": "beneficiaires-des-minimas-sociaux",
    "salaries": "actifs",
}
EVERYBODY = "tous-publics"
WELCOMES = {"presentiel": "en-presentiel", "distance": "a-distance"}
#: « Sous conditions » is free for those who meet them; « adhésion » is a price. The label is kept in `frais_precisions`.
COSTS = {"gratuit": "gratuit", "sous-conditions": "gratuit", "adhesion": "payant", "payant": "payant"}
TEXT_AT_MOST = 10_000
_FIRST_DAY = date(2000, 1, 1)
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL = re.compile(
    rf"(?=[^@]{{1,64}}@)[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+)*@(?:{_LABEL}\.)+[A-Za-z](?:[A-Za-z0-9-]{{0,61}}[A-Za-z])",
)
#: Domains that exist for nobody (RFC 2606, RFC 6761).
RESERVED = re.compile(r"[@.](?:test|invalid|localhost|local|onion|arpa|localdomain)$", re.IGNORECASE)
_USUAL_PHONE = re.compile(r"(?:0|\+33 ?)([1-9](?:[ .]?\d\d){4})", re.ASCII)
_URL: TypeAdapter[HttpUrl] = TypeAdapter(HttpUrl)


def described(row: Row, today: date) -> Described:
    """What the quality score looks at, for the row of an offer."""
    place = place_of(row)
    return Described(
        description=description(row),
        updated=updated(row, today),
        themes=themes(row),
        publics=publics(row),
        welcomes=welcomes(row),
        means=means(row),
        open_to=OPEN_TO,
        address=place["address"],
        phone=phone(row),
        email=email(row),
        link=web(row["url"]),
        cost=COSTS.get(row["cost"], ""),
        cost_detail=cost_detail(row),
    )


#: Every offer of the catalogue is for the people who carry the project: they call by themselves.
OPEN_TO = ("usagers",)


def description(row: Row) -> str:
    """The text of the sheet, then in words what no field of data.inclusion can hold. Empty when the sheet tells nothing."""
    told = [text for text in (row["summary"], row["description"]) if text]
    if not told:
        return ""
    if len(told) == 2 and told[1].startswith(told[0].rstrip("…")):
        told = told[1:]
    words = vocabulary()
    stages = _labels("stage", row["stages"])
    told.append(f"Étapes du projet : {stages}." if stages else "Étapes du projet : toutes.")
    if row["needs"]:
        told.append(f"Besoins : {_labels('need', row['needs'])}.")
    if row["instrument"]:
        told.append(f"Instrument : {words.label('instrument', row['instrument'])}.")
    amounts = _amounts(row)
    if amounts:
        told.append(amounts)
    if row["opens"] or row["closes"]:
        opens = f" du {row['opens']:%d/%m/%Y}" if row["opens"] else ""
        closes = f" jusqu’au {row['closes']:%d/%m/%Y}" if row["closes"] else ""
        told.append(f"Ouvert{opens}{closes}.")
    return cut("\n\n".join(told), TEXT_AT_MOST)


def _amounts(row: Row) -> str:
    least, most, rate = row["amount_min"], row["amount_max"], row["rate_max"]
    said = []
    if least is not None:
        said.append(f"à partir de {least:f} €")
    if most is not None:
        said.append(f"jusqu’à {most:f} €")
    if rate is not None:
        said.append(f"{rate:f} % au plus")
    return f"Montant : {', '.join(said)}.".replace(".00 ", " ") if said else ""


def updated(row: Row, today: date) -> date:
    """The last day on which the sheet is known to have been right: said by its source, verified, or changed here."""
    modified = row["modified_at"]
    days = [row["updated"], row["verified_on"], modified.date() if isinstance(modified, datetime) else modified]
    return max((day for day in days[:2] if day and _FIRST_DAY <= day <= today), default=min(days[2] or today, today))


def themes(row: Row) -> tuple[str, ...]:
    """The themes of its stages; no stage is every stage."""
    stages = row["stages"] or THEMES
    return tuple(sorted({THEMES[stage] for stage in stages if stage in THEMES}))


def publics(row: Row) -> tuple[str, ...]:
    """Its publics: everybody when the sheet restricts nothing; none when no value there says what it says."""
    if not row["audiences"]:
        return (EVERYBODY,)
    return tuple(sorted({PUBLICS[code] for code in row["audiences"] if code in PUBLICS}))


def welcomes(row: Row) -> tuple[str, ...]:
    """On the spot, at a distance."""
    return tuple(sorted(WELCOMES[code] for code in row["modes"] if code in WELCOMES))


def means(row: Row) -> tuple[str, ...]:
    """How to ask for it: by what the sheet, else its structure, gives to reach them. Turning up is never assumed."""
    found = {
        "envoyer-un-courriel": email(row),
        "telephoner": phone(row),
        "utiliser-lien-mobilisation": web(row["url"]),
    }
    return tuple(way for way, value in found.items() if value)


def email(row: Row) -> str:
    """Its address, else its structure's; one that nobody could write to is nothing."""
    return electronic(row["email"]) or electronic(row.get("structure__email", ""))


def electronic(address: str) -> str:
    """The text when it is one plain e-mail address (RFC 5322 without its quotes and comments), else nothing."""
    return address if len(address) <= 254 and EMAIL.fullmatch(address) and not RESERVED.search(address) else ""


@lru_cache(maxsize=65_536)
def web(address: str) -> str:
    """The text when it is an http or https address that readers of data.inclusion take, else nothing."""
    try:
        _URL.validate_python(address)
    except ValidationError:
        return ""
    return address


def phone(row: Row) -> str:
    """One number, in E.164 (short numbers as they are dialled); the structure's when the offer has none."""
    return one_number(row["phone"]) or one_number(row.get("structure__phone", ""))


@lru_cache(maxsize=65_536)
def one_number(written: str) -> str:
    """What is dialled, if the text is one French or international number: « 02 43 00 00 00 » → « +33243000000 »."""
    if not written:
        return ""
    if usual := _USUAL_PHONE.fullmatch(written):  # nearly all of them: the library takes a hundred times longer
        return "+33" + re.sub(r"\D", "", usual[1])
    try:
        number = phonenumbers.parse(written, "FR")
    except phonenumbers.NumberParseException:
        return ""
    if phonenumbers.is_possible_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    digits = "".join(sign for sign in written if sign.isdigit())
    return digits if 2 < len(digits) < 5 and digits == written.replace(" ", "") else ""


def cost_detail(row: Row) -> str:
    """What its code loses, then what the sheet says."""
    lost = vocabulary().label("cost", row["cost"]) + "." if row["cost"] in ("sous-conditions", "adhesion") else ""
    return " ".join(text for text in (lost, row["cost_detail"]) if text)


def place_of(row: Row, prefix: str = "") -> dict[str, Any]:
    """Where it happens: its own place, else its structure's. Keys: address, commune (INSEE), postcode, lon, lat."""
    own = {name: row[f"{prefix}{name}"] for name in ("address", "commune", "postcode", "lon", "lat")}
    if not prefix and not own["address"] and not own["commune"] and "structure__address" in row:
        return place_of(row, "structure__")
    return own


def publics_detail(row: Row) -> str:
    """Who it is for, in words: audiences, legal forms and sectors of the project."""
    said = [
        f"{title} : {_labels(name, row[field])}."
        for title, name, field in (
            ("Publics", "audience", "audiences"),
            ("Formes juridiques", "legal_form", "legal_forms"),
            ("Secteurs", "sector", "sectors"),
        )
        if row[field]
    ]
    return " ".join(said)


def access_conditions(row: Row) -> str:
    """What it asks: conditions, zonings, documents."""
    words = vocabulary()
    said = [str(condition.get("label") or words.label("fact", condition["field"])) for condition in row["conditions"]]
    if row["zonings"]:
        said.append(f"Être dans l’un de ces zonages : {_labels('zoning', row['zonings'])}")
    if row["documents"]:
        said.append(f"Pièces à fournir : {', '.join(row['documents'])}")
    return "\n".join(said)


def zone(row: Row) -> tuple[str, ...]:
    """The codes of the communes, EPCI and départements that it serves, or `france`; empty when none exists today.

    A région becomes its départements. What is excluded is taken away exactly: the territory that holds it becomes its parts.
    """
    return _zone(tuple(row["coverage"]), tuple(row["excluded"]))


@lru_cache(maxsize=4096)
def _zone(coverage: tuple[str, ...], excluded: tuple[str, ...]) -> tuple[str, ...]:
    gone = frozenset(code for key in excluded if (found := _today(key)) for code in territories.commune_codes_of(*found))
    codes: dict[str, None] = {}
    for key in coverage:
        found = _today(key)
        if found:
            codes |= dict.fromkeys(_without(*found, gone))
    return tuple(codes)


@lru_cache(maxsize=65_536)
def _today(key: str) -> tuple[str, str] | None:
    try:
        place = territories.place(*parse_key(key))
    except ValueError:
        return None
    return (place.level, place.code) if place else None


def _without(level: str, code: str, gone: frozenset[str]) -> Iterator[str]:
    """The code of a territory, or those of its parts when some of its communes are gone; a région always becomes its départements."""
    mine = territories.commune_codes_of(level, code) if gone else ()
    kept = [commune for commune in mine if commune not in gone]
    if mine and not kept:
        return
    whole = len(kept) == len(mine)
    if whole and level != "region":
        yield code or level
    elif level in ("france", "region"):
        for part in _departements(code):
            yield from _without("departement", part, frozenset() if whole else gone)
    else:
        yield from kept


@lru_cache(maxsize=32)
def _departements(region: str) -> tuple[str, ...]:
    """The codes of the départements of a région; of the whole country when it is empty."""
    places = territories.departements_of_region(region) if region else territories.places("departement")
    return tuple(place.code for place in places)


def _labels(name: str, codes: Iterable[str]) -> str:
    return _joined(name, tuple(codes))


@lru_cache(maxsize=16_384)
def _joined(name: str, codes: tuple[str, ...]) -> str:
    words = vocabulary()
    return ", ".join(words.label(name, code) for code in words.codes(name) if code in codes)


def cut(text: str, limit: int) -> str:
    """The text, cut at a word and marked « … » when it is longer than `limit`."""
    if len(text) <= limit:
        return text
    short = text[: limit - 1]
    return (short.rsplit(" ", 1)[0] if " " in short[limit // 2 :] else short).rstrip() + "…"
