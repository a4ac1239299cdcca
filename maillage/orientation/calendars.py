"""The deadlines of an offer as a calendar file (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maillage.catalogue.models import Offer

if TYPE_CHECKING:
    from icalendar import Calendar, Event

#: How long before a closing day the calendar reminds.
REMINDER = timedelta(days=14)


def has_deadlines(offer: Offer, today: date) -> bool:
    """Is there a day worth keeping: an opening or a closing that has not passed?"""
    return any(day is not None and day >= today for day in (offer.opens, offer.closes))


def offer_calendar(offer: Offer, url: str) -> bytes:
    """The opening and closing days of an offer as whole-day events, with a reminder before the closing.

    The same sheet always gives the same bytes, so that a calendar that reads it again changes nothing.
    """
    calendar = _calendar()
    if offer.opens:
        calendar.add_component(
            _event(offer, url, "ouverture", offer.opens, _("Ouverture\u202f: %(name)s") % {"name": offer.name})
        )
    if offer.closes:
        calendar.add_component(_closing(offer, url, offer.closes))
    content: bytes = calendar.to_ical()
    return content


def deadlines_calendar(offers: Iterable[tuple[Offer, str]], name: str) -> bytes:
    """The closing days of several offers (each with its whole address) in one calendar called `name`; the same uids as offer by offer."""
    calendar = _calendar()
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)  # what most programs read instead
    for offer, url in offers:
        if offer.closes:
            calendar.add_component(_closing(offer, url, offer.closes))
    content: bytes = calendar.to_ical()
    return content


def _calendar() -> Calendar:
    from icalendar import Calendar  # not above: a process that writes no such file does without its memory

    calendar = Calendar()
    calendar.add("prodid", f"-//Maillage//{(get_language() or 'fr').upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    return calendar


def _closing(offer: Offer, url: str, closes: date) -> Event:
    """The closing day, with a reminder."""
    from icalendar import Alarm  # as above

    closing = _event(offer, url, "cloture", closes, _("Date limite\u202f: %(name)s") % {"name": offer.name})
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", closing["summary"])
    alarm.add("trigger", -REMINDER)
    closing.add_component(alarm)
    return closing


def _event(offer: Offer, url: str, what: str, day: date, summary: str) -> Event:
    from icalendar import Event  # as above

    event = Event()
    event.add("uid", f"{offer.uid}-{what}@maillage")
    event.add("dtstamp", offer.modified_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", summary)
    event.add("description", "\n".join(part for part in (offer.structure.name, offer.summary, url) if part))
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    return event
