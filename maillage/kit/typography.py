"""French typography for texts that come from data: apostrophes, no-break spaces, numbers, dates, distances, telephones.

Pure functions; templates use them through `templatetags/maillage.py`. Rules: Lexique des règles typographiques en usage à
l'Imprimerie nationale, except that every no-break space is the narrow one (U+202F), which reads better on screens.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

import phonenumbers
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

NARROW = "\u202f"
_RULES = (
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
    (re.compile(r"[ \u00a0]+(?=[;:!?»%€])"), NARROW),
    (re.compile(r"«[ \u00a0]*(?=\S)"), "«" + NARROW),
    (re.compile(r"(?<=[^\s\u202f])»"), NARROW + "»"),
    (re.compile(r"(?<=\d) (?=\d{3}\b)"), NARROW),
)


def _in_french() -> bool:
    return (get_language() or "fr").startswith("fr")


@lru_cache(maxsize=8192)
def typographic(text: str) -> str:
    """The same words with French apostrophes and no-break spaces. Applying it twice changes nothing more."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def number(value: int | float | Decimal) -> str:
    """A whole number as the reader writes it: « 1 234 » in French, "1,234" in English."""
    whole = round(value)
    return str(whole) if -1000 < whole < 1000 else _grouped(whole, _in_french())


def _grouped(whole: int, french: bool) -> str:
    text = f"{whole:,}"
    return text.replace(",", NARROW) if french else text


def money(value: int | float | Decimal) -> str:
    """An amount in euros, cents only when there are some: « 10 000 € »."""
    return _money(Decimal(value), get_language())


def money_writer() -> Callable[[Decimal], str]:
    """`money` for the many amounts of one page: the language is asked once."""
    language = get_language()
    return lambda amount: _money(amount, language)


@lru_cache(maxsize=4096)
def _money(amount: Decimal, language: str | None) -> str:
    whole, french = int(amount), (language or "fr").startswith("fr")
    cents = "" if amount == whole else f"{amount % 1:.2f}"[1:]
    if french:
        return f"{_grouped(whole, french)}{cents.replace('.', ',')}{NARROW}€"
    return f"€{_grouped(whole, french)}{cents}"


def size(count: int) -> str:
    """A number of bytes as one says it: « 940 octets », « 32 ko », « 1,4 Mo » (powers of ten)."""
    if count < 1_000:
        return gettext("%(count)d octets") % {"count": count}
    value, unit = (count / 1_000, gettext("ko")) if count < 1_000_000 else (count / 1_000_000, gettext("Mo"))
    text = f"{value:.1f}" if value < 10 else f"{value:.0f}"
    return f"{text.replace('.', ',') if _in_french() else text}\u00a0{unit}"


def day(value: date) -> str:
    """A date in words: « 1er décembre 2026 », "1 December 2026". A moment gives its day in Paris, as `hour` gives its hour there."""
    return _day(timezone.localtime(value).date() if isinstance(value, datetime) else value, get_language())


@lru_cache(maxsize=4096)
def _day(value: date, language: str | None) -> str:
    text = date_format(value, "j F Y")
    return f"1er{text[1:]}" if _in_french() and text.startswith("1 ") else text


def hour(value: datetime) -> str:
    """A time of day in Paris: « 14 h », « 9 h 30 », "2.30 pm"."""
    local = timezone.localtime(value)
    if _in_french():
        return f"{local.hour}{NARROW}h" + (f"{NARROW}{local.minute:02d}" if local.minute else "")
    return date_format(local, "g.i a" if local.minute else "g a").replace("a.m.", "am").replace("p.m.", "pm")


def moment(value: datetime, now: datetime | None = None) -> str:
    """When something happens, as one says it: « aujourd’hui à 14 h », « demain à 9 h », « mardi 1er décembre à 9 h »."""
    local, today = timezone.localtime(value), timezone.localtime(now).date()
    time = hour(value)
    if local.date() == today:
        return gettext("aujourd’hui à %(time)s") % {"time": time}
    if local.date() == today + timedelta(days=1):
        return gettext("demain à %(time)s") % {"time": time}
    words = date_format(local, "l j F")
    return gettext("%(day)s à %(time)s") % {"day": words.replace(" 1 ", " 1er ") if _in_french() else words, "time": time}


def distance(km: float) -> str:
    """A distance as the crow flies: « moins de 1 km », « 12 km »."""
    if km < 1:
        return gettext("moins de 1\u00a0km")
    return gettext("%(km)s\u00a0km") % {"km": number(km)}


def _parsed(raw: str) -> phonenumbers.PhoneNumber | None:
    """The number, or None for a text that is not one and for short numbers (3114, 115), which have no international form."""
    try:
        parsed = phonenumbers.parse(raw, "FR")
    except phonenumbers.NumberParseException:
        return None
    return parsed if phonenumbers.is_possible_number(parsed) else None


#: An ordinary French number as people write it. Numbers that begin with 08 have groups of their own: the library knows them.
_ORDINARY = re.compile(r"(?:\+33[ .]?|0)([1-79])" + r"[ .]?(\d\d)" * 4, re.ASCII)


@lru_cache(maxsize=4096)
def telephone(raw: str) -> str:
    """A telephone number in groups that do not break; what is not a whole number (a short one, a sentence) stays as it was written."""
    ordinary = _ORDINARY.fullmatch(raw)
    if ordinary:  # nearly all of them: the library takes a hundred times longer to say the same (a test compares)
        return "0" + "\u00a0".join(ordinary.groups())
    parsed = _parsed(raw)
    if parsed is None:
        return raw
    style = phonenumbers.PhoneNumberFormat.NATIONAL if parsed.country_code == 33 else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style).replace(" ", "\u00a0")


@lru_cache(maxsize=4096)
def dialled(raw: str) -> str:
    """What `tel:` needs: +33243000000; the digits alone for a short number; empty when nothing can be dialled."""
    ordinary = _ORDINARY.fullmatch(raw)
    if ordinary:
        return "+33" + "".join(ordinary.groups())
    parsed = _parsed(raw)
    if parsed is None:
        return re.sub(r"[^\d+]", "", raw)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
