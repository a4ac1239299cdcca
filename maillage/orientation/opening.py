"""Is a place open, and when does it open next? OSM hours, French public holidays, the clock of the place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]  # its stubs forget it

PARIS = ZoneInfo("Europe/Paris")
#: Overseas départements have their own clock; the first three figures of an INSEE code say which.
_OVERSEAS = {
    "971": ZoneInfo("America/Guadeloupe"),
    "972": ZoneInfo("America/Martinique"),
    "973": ZoneInfo("America/Cayenne"),
    "974": ZoneInfo("Indian/Reunion"),
    "976": ZoneInfo("Indian/Mayotte"),
}
#: An opening further away than this is not announced.
DAYS_AHEAD = 60


@dataclass(frozen=True, slots=True)
class Opening:
    """The state of a place at a moment. `open_now` is None when its hours are unknown or cannot be read."""

    open_now: bool | None = None
    next_opening: datetime | None = None
    words: str = ""


UNKNOWN = Opening()


def opening(hours: str, commune: str, now: datetime) -> Opening:
    """Whether a place with these OSM hours is open at `now` (aware), and its next opening in its own time zone.

    Hours that say nothing of public holidays (PH) are read as closed on those days: better a day too few than a closed door.
    Hours that cannot be read say nothing, and never break a page.
    """
    zone = zone_of(commune)
    parsed = _parsed(hours.strip(), zone)
    if parsed is None:
        return UNKNOWN
    local = now.astimezone(zone)
    if parsed.is_unknown(local):
        return UNKNOWN
    change = parsed.next_change(local)
    if change is not None and change > local + timedelta(days=DAYS_AHEAD):
        change = None
    if parsed.is_open(local):
        words = _("Ouvert jusqu’à %(hour)s") % {"hour": _hour(change)} if change and _within_a_day(change, local) else _("Ouvert")
        return Opening(True, None, words)
    if change is None or not parsed.is_open(change):
        return Opening(False, None, _("Fermé"))
    return Opening(False, change, _("Ouvre %(moment)s") % {"moment": _moment(change, local.date())})


def zone_of(commune: str) -> ZoneInfo:
    """The clock of a commune (INSEE code); Paris when it is not known."""
    return _OVERSEAS.get(commune[:3], PARIS)


@lru_cache(maxsize=4096)
def _parsed(hours: str, zone: ZoneInfo) -> OpeningHours | None:
    if not hours:
        return None
    text = hours if "PH" in hours or hours == "24/7" else f"{hours}; PH off"
    try:
        # max_interval_days: the search for the next change gives up after a year, hours such as « 2019 Mo-Fr » must cost nothing
        return OpeningHours(text, timezone=zone, country="FR", max_interval_days=366)
    except ParserError:
        return None


def _within_a_day(change: datetime, local: datetime) -> bool:
    return change - local < timedelta(days=1)


def _hour(moment: datetime) -> str:
    if (get_language() or "fr").startswith("fr"):
        return f"{moment.hour}\u202fh" + (f"\u202f{moment.minute:02d}" if moment.minute else "")
    return date_format(moment, "P", use_l10n=False)


def _moment(moment: datetime, today: date) -> str:
    hour = {"hour": _hour(moment)}
    if moment.date() == today:
        return _("aujourd’hui à %(hour)s") % hour
    if moment.date() == today + timedelta(days=1):
        return _("demain à %(hour)s") % hour
    day = date_format(moment.date(), "l j F")
    if (get_language() or "fr").startswith("fr"):
        day = day.replace(" 1 ", " 1er ")
    return _("%(day)s à %(hour)s") % {"day": day, **hour}
