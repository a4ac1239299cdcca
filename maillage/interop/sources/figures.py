"""Dates and amounts that producers write for people → values, when they can mean one thing only. Otherwise nothing is taken."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from maillage.interop.sources.texts import folded

PARIS = ZoneInfo("Europe/Paris")
#: An aid that closed longer ago than this is history, not an offer (days).
HISTORY = 365

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_FRENCH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_INSTANT = re.compile(r"(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?")
_NOTHING = re.compile(r"0000-00-00(?:[T ]00:00:00)?|0|-")


def day(written: str) -> str:
    """A date as producers write it → AAAA-MM-JJ; empty when nothing is said (« 0000-00-00 »).

    An instant in another time zone becomes the day in Paris: midnight in Paris is the evening before in UTC.
    Raises ValueError, with a French sentence, for anything else.
    """
    text = re.sub(r"\s*:\s*", ":", written.strip())
    if not text or _NOTHING.fullmatch(text):
        return ""
    try:
        if found := _INSTANT.fullmatch(text):
            if not found[7]:
                return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
            return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(PARIS).date().isoformat()
        if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
        if found := _FRENCH.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
    except ValueError:
        pass
    raise ValueError(f"« {written.strip()} » n’est pas une date lisible : elle n’a pas été reprise.")


def is_history(closes: str, today: date | None = None) -> bool:
    """Did an aid close more than a year ago? Such a record is left out. `closes` is empty or a day of ours."""
    return bool(closes) and ((today or date.today()) - date.fromisoformat(closes)).days > HISTORY


_MONEY = (
    r"(\d{1,3}(?:[ .\u00a0\u202f]?\d{3})*(?:,\d+)?)\s*(k€|M€|millions? d(?:’|')?\s?euros|millions?|€|euros?)?(?:\s*(?:HT|TTC))?"
)
_RATE = r"(\d{1,3}(?:[,.]\d+)?)\s*%"
_RANGE = re.compile(
    rf"(?:de|entre|prêt de|subvention de)?\s*{_MONEY}\s*(?:à|et)\s*{_MONEY}(?:,? selon .{{1,60}})?", re.IGNORECASE
)
_MOST = re.compile(
    rf"(?:jusqu(?:’|')?à|maximum|plafonnée? à|dans (?:la limite|une limite|un maximum) de|plafond de)\s*{_MONEY}", re.IGNORECASE
)
_RATE_AND_MOST = re.compile(
    rf"(?:jusqu(?:’|')?à\s*)?{_RATE}(?:\s+(?:maximum\s+)?(?:du|des|de l(?:’|')?)\s?[^,%€\d]{{1,60}})?"
    rf"(?:,?\s*dans (?:la limite|une limite|un maximum) de\s*{_MONEY})?",
    re.IGNORECASE,
)
_UNITS = {"k€": 1_000, "m€": 1_000_000}


@dataclass(frozen=True, slots=True)
class Amount:
    """What a sentence says of the money: euros and per cent. None when it does not say, or not clearly."""

    least: int | None = None
    most: int | None = None
    rate: float | None = None


def amount(written: str) -> Amount:
    """« Jusqu’à 70 % du coût de l’étude, dans un maximum de 100 000 € » → rate 70, most 100,000.

    Strict: the whole sentence must be one of the forms known. « Jusqu’à 80 % de l’étude ou 60 % de l’investissement » says two
    things: nothing is taken, and the sentence stays in the text of the sheet.
    """
    text = written.strip().rstrip(".").strip()
    if found := _RANGE.fullmatch(text):
        least, most = _euros(found[1], found[2] or found[4]), _euros(found[3], found[4])
        if least is not None and most is not None and least <= most:
            return Amount(least=least, most=most)
    elif found := _MOST.fullmatch(text):
        return Amount(most=_euros(found[1], found[2]))
    elif (found := _RATE_AND_MOST.fullmatch(text)) and float(found[1].replace(",", ".")) <= 100:
        return Amount(rate=float(found[1].replace(",", ".")), most=_euros(found[2], found[3]) if found[2] else None)
    return Amount()


def _euros(number: str, unit: str | None) -> int | None:
    if not unit:
        return None  # a number without a unit may count anything
    value = float(re.sub(r"[ .\u00a0\u202f]", "", number).replace(",", "."))
    return round(value * (1_000_000 if folded(unit).startswith("million") else _UNITS.get(unit.lower(), 1)))


def is_free(written: str) -> bool:
    """Does a sentence about the cost say that it is free, and nothing else?"""
    return folded(written) in ("gratuit", "gratuite", "gratuitement", "accompagnement gratuit")
