"""One cell as people write it → the raw value that `interop.cleaning` takes, or `Wrong` with a French reason.

« 10 000 € », « 1er mars 2026 », « oui », « CC du Pays de Craon »: a cell that can mean two things is refused, never guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from maillage.interop.problems import Wrong
from maillage.interop.sources import perimeters, texts
from maillage.interop.table_imports.fields import codes_by_label, languages
from maillage.interop.values import territory_parts
from maillage.kit.remembered import remembered
from maillage.territories import queries
from maillage.territories.names import fold

Reader = Callable[[str], Any]


class UnknownValue(Wrong):
    """A word that no list holds: a person may say what it means, once for the whole table."""


_PARIS = ZoneInfo("Europe/Paris")
_MONTHS = [
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
]
_SHORT_MONTHS = {
    "janv": 1,
    "jan": 1,
    "fevr": 2,
    "fev": 2,
    "avr": 4,
    "juil": 7,
    "sept": 9,
    "sep": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
_MONTH = {name: number for number, name in enumerate(_MONTHS, 1)} | _SHORT_MONTHS
_SLASHED = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})")
_WRITTEN = re.compile(r"(?:\w+ )?(\d{1,2})(?:er)? ([a-z]+) (\d{4})")
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_CLOCK = re.compile(r"(\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}) \d{1,2}[:h]\d{2}(?::\d{2})?")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
#: Day zero of spreadsheets; a serial number is taken for a date between 1954 and 2099 only.
_EPOCH, _SERIALS = date(1899, 12, 30), range(20_000, 73_050)
_MONEY = re.compile(
    r"(?P<prefix>jusqu[’']?\s?[àa]|maximum|max\.?|plafond(?: de)?)?\s*(?:€|eur)?\s*(?P<number>\d[\d \u00a0\u202f.,'’]*)\s*"
    r"(?P<unit>k|m|millions?(?: d[’']?)?|milliers?(?: d[’']?)?)?\s*(?:€|euros?|eur)?\s*(?:ht|ttc|net)?\.?",
    re.IGNORECASE,
)
_RATE = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*(%|pour cent)?", re.IGNORECASE)
_DEGREES = re.compile(r"[+-]?\d{1,3}(?:[.,]\d+)?")
_SPACES = str.maketrans("", "", " \u00a0\u202f'’")
_YES, _NO = {"oui", "o", "vrai", "true", "yes", "y", "x", "1"}, {"non", "n", "faux", "false", "no", "0"}
_SCALES = {"commune", "epci", "departement", "region"}
_KEY = re.compile(r"(commune|epci|departement|region):\s*([0-9AB]{2,9})")


def text(cell: str) -> str:
    """A free text; HTML becomes readable text."""
    return texts.tidy(cell) if "<" in cell or "&" in cell else cell


def day(cell: str) -> str:
    """A date: 31/12/2026, 2026-12-31, 1er mars 2026, an instant (its day in Paris), or the serial number of a spreadsheet."""
    try:
        if found := _ISO.fullmatch(cell):
            return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
        if clock := _CLOCK.fullmatch(cell):
            cell = clock[1]
        if found := _SLASHED.fullmatch(cell):
            year = int(found[3]) if len(found[3]) == 4 else 2000 + int(found[3])
            return date(year, int(found[2]), int(found[1])).isoformat()
        if (found := _SERIAL.fullmatch(cell)) and int(found[1]) in _SERIALS:
            return (_EPOCH + timedelta(days=int(found[1]))).isoformat()
        if (found := _WRITTEN.fullmatch(fold(cell))) and found[2] in _MONTH:
            return date(int(found[3]), _MONTH[found[2]], int(found[1])).isoformat()
        if len(cell) > 10 and _ISO.match(cell):
            instant = datetime.fromisoformat(cell)
            return (instant.astimezone(_PARIS) if instant.tzinfo else instant).date().isoformat()
    except (ValueError, OverflowError):
        pass
    raise Wrong("cette date n’est pas comprise : écrivez-la JJ/MM/AAAA, par exemple 31/12/2026.")


def amount(cell: str, *, most: bool) -> Decimal:
    """Euros: « 10 000 € », « 10 k€ », « 1,5 million », and « jusqu’à 5 000 € » when the field is a maximum."""
    found = _MONEY.fullmatch(cell)
    if not found or (found["prefix"] and not most):
        raise Wrong("ce montant n’est pas compris : écrivez un seul nombre, par exemple 10 000 €.")
    value = _number(found["number"].translate(_SPACES).rstrip(".,"), cell)
    unit = (found["unit"] or "").lower()
    return value * (1 if not unit else 1_000 if unit.startswith(("k", "millier")) else 1_000_000)


def _number(digits: str, cell: str) -> Decimal:
    commas, dots = digits.count(","), digits.count(".")
    if commas and dots:  # the last one is the decimal sign
        thousands = "." if digits.rfind(",") > digits.rfind(".") else ","
        digits = digits.replace(thousands, "").replace(",", ".")
    elif commas > 1 or dots > 1:
        digits = digits.replace(",", "").replace(".", "")
    elif (commas or dots) and len(re.split("[.,]", digits)[1]) == 3:
        whole = digits.replace(",", "").replace(".", "")
        raise Wrong(f"« {cell} » peut se lire de deux façons : écrivez {whole} sans point ni virgule, ou deux décimales.")
    try:
        return Decimal(digits.replace(",", "."))
    except InvalidOperation as error:
        raise Wrong("ce nombre n’est pas compris.") from error


def rate(cell: str) -> Decimal:
    """Per cent: « 80 % » or « 80 ». A number under 1 without its sign is refused: spreadsheets write 80 % so."""
    found = _RATE.fullmatch(cell)
    if not found:
        raise Wrong("ce taux n’est pas compris : écrivez par exemple 80 %.")
    value = Decimal(found[1].replace(",", "."))
    if 0 < value <= 1 and not found[2]:
        raise Wrong(f"« {cell} » peut se lire de deux façons : ajoutez le signe %, par exemple 80 %.")
    return value


def degrees(cell: str) -> float:
    """Decimal degrees, with a point or a comma."""
    if not _DEGREES.fullmatch(cell):
        raise Wrong("il faut un nombre de degrés, par exemple -0,7669.")
    return float(cell.replace(",", "."))


def flag(cell: str) -> bool:
    """« oui » or « non » in the ways people write them."""
    word = fold(cell)
    if word in _YES or word in _NO:
        return word in _YES
    raise UnknownValue("il faut « oui » ou « non ».")


def digits(cell: str) -> str:
    """A number whose spaces do not count."""
    plain = cell.translate(_SPACES)
    if re.search(r"\de\+?\d", plain, re.IGNORECASE):
        raise Wrong(
            "un tableur a remplacé ce numéro par une puissance de dix : mettez la colonne au format Texte et ressaisissez-le."
        )
    return plain


def digits_only(cell: str) -> str:
    """The 14 digits of a cell that holds a SIRET; "" otherwise."""
    plain = cell.translate(_SPACES)
    return plain if len(plain) == 14 and plain.isascii() and plain.isdecimal() else ""


def postcode(cell: str) -> str:
    """Five digits; the zero that spreadsheets take away is put back."""
    plain = cell.translate(_SPACES)
    return plain.zfill(5) if len(plain) == 4 and plain.isdecimal() else plain


def phone(cell: str) -> str:
    """As written; the first zero that spreadsheets take away is put back."""
    return f"0{cell}" if len(cell) == 9 and cell.isdecimal() and cell[0] != "0" else cell


def url(cell: str) -> str:
    """An address of the web; « www. » alone is https."""
    return f"https://{cell}" if re.match(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/|$)", cell, re.IGNORECASE) else cell


def language(cell: str) -> str:
    """A language by its name or its code."""
    return languages().get(fold(cell), cell)


def slug(cell: str) -> str:
    """A code of a list that nobody closed."""
    found = slugify(cell.replace("_", " "))[:60].strip("-")
    if not found:
        raise Wrong("ce texte ne donne aucun code : il faut des lettres ou des chiffres.")
    return found


def structured(cell: str) -> Any:
    """A list written in JSON, as our own tables write roles and conditions."""
    try:
        return json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise Wrong("ce champ s’écrit en JSON, comme dans les tableaux exportés d’ici.") from error


def code_reader(key: str, said: Mapping[str, tuple[str, ...]]) -> Callable[[str], tuple[str, ...]]:
    """Reads the codes of a field: what a person `said` of a word, then the code or the label of the list."""
    known = codes_by_label(key)

    def read(cell: str) -> tuple[str, ...]:
        word = fold(cell) or cell
        if word in said:
            return said[word]
        if word in known:
            return (known[word],)
        raise UnknownValue("cette valeur n’est pas dans la liste du champ : dites ce qu’elle signifie, ou corrigez-la.", cell)

    return read


def territory_reader(said: Mapping[str, tuple[str, ...]], scale: str) -> Callable[[str], tuple[str, ...]]:
    """Reads the keys of territories from names or codes; `scale`: what the heading says of their level (« département »)."""

    def read(cell: str) -> tuple[str, ...]:
        word = fold(cell) or cell
        if word in said:
            return said[word]
        found = territories_named(cell, scale)
        if not found:
            raise UnknownValue(
                "ce territoire n’est pas reconnu, ou plusieurs portent ce nom : dites lequel, ou corrigez-le.", cell
            )
        return found

    return read


@remembered(20_000)
def territories_named(cell: str, scale: str) -> tuple[str, ...]:
    """The keys of the territories that a cell names, when it names them for sure."""
    if (key := _KEY.fullmatch(cell)) and queries.place(key[1], key[2]):
        return (f"{key[1]}:{key[2]}",)
    code = cell.translate(_SPACES).upper()
    level = fold(scale)
    level = next((one for one in _SCALES if one in level.split()), "")
    if code.isascii() and re.fullmatch(r"\d[\dAB]?\d{0,7}", code):
        for one in (level,) if level else ("epci", "commune", "departement") if len(code) != 2 else ("departement",):
            padded = code.zfill(2) if one == "departement" else code.zfill(5) if one == "commune" and len(code) == 4 else code
            if found := queries.place(one, padded):
                return (found.key,)
        return ()
    meant = perimeters.territory(cell, level)
    if not meant.excluded:
        return meant.coverage
    # « France métropolitaine »: France less some régions is the other régions
    return tuple(place.key for place in queries.places("region") if place.key not in meant.excluded)


def territory_candidates(cell: str, scale: str) -> tuple[str, ...]:
    """The keys of the territories that a cell may name."""
    return perimeters.territory(cell, next((one for one in _SCALES if one in fold(scale).split()), "")).candidates


def territory_object(key: str) -> dict[str, str]:
    """A key as `cleaning` takes it."""
    return territory_parts(key)


READERS: Mapping[str, Reader] = {
    "text": text,
    "word": text,
    "lines": text,
    "day": day,
    "rate": rate,
    "degrees": degrees,
    "flag": flag,
    "digits": digits,
    "postcode": postcode,
    "phone": phone,
    "url": url,
    "language": language,
    "slug": slug,
    "json": structured,
}
