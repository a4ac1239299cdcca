"""Filters for the pages of sheets: `{% load sheets %}`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from django import template
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from maillage.catalogue.models import CheckedLink
from maillage.catalogue.models.link import digest_of
from maillage.catalogue.models.sheet import Sheet
from maillage.kit import typography

register = template.Library()


@dataclass(frozen=True, slots=True)
class SourceRead:
    """A page that somebody read to write a sheet: its address, whose it is, the day it was read, its licence."""

    url: str
    site: str
    read_on: date | None
    licence: str


@register.filter
def web(address: str) -> str:
    """The address when it is one of the web (http or https), else nothing: data never makes another kind of link."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:  # « http://[ »
        return ""
    return address.strip() if parts.scheme in {"http", "https"} and parts.netloc else ""


@register.filter
def flagged(address: str) -> bool:
    """Did the weekly check find this address broken (`catalogue.links`)? One read by a unique key; none for an empty address."""
    if not web(address):
        return False
    return CheckedLink.objects.filter(digest=digest_of(address), flagged_at__isnull=False).exists()


@register.filter
def site(address: str) -> str:
    """Whose page it is, for people: « www.insee.fr » without the www."""
    return urlsplit(address).netloc.removeprefix("www.") if web(address) else address


@register.filter
def origin(source: str) -> str:
    """What a source is called: the code of `Sheet.source`, or words for the catalogue shipped with Maillage."""
    return _("catalogue de départ, écrit avec Maillage") if source == "depart" else source


@register.filter
def tongues(languages: Iterable[str]) -> str:
    """The languages spoken: the name of each code (« fr »), or what the sheet says, separated by commas."""
    return ", ".join(_tongue(str(language)) for language in languages)


def _tongue(language: str) -> str:
    try:
        return str(get_language_info(language.lower())["name_translated"]).lower()
    except KeyError:
        return language


@register.filter
def sources_read(sheet: Sheet) -> list[SourceRead]:
    """The pages read for a sheet, each once, in the order of the sheet; the source's own page comes first."""
    found: dict[str, SourceRead] = {}
    if sheet.source_url:
        found[sheet.source_url] = SourceRead(sheet.source_url, site(sheet.source_url), sheet.updated, sheet.licence)
    for entry in sheet.sources:
        url = str(entry.get("url") or "")
        if url:
            found[url] = SourceRead(url, site(url), _day(entry.get("read_on")), str(entry.get("licence") or ""))
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Voice:
    """What one source says of a field, in words, and the day it was read."""

    source: str
    value: str
    on: date | None


#: What a visitor decides with: when sources do not say the same of it, the page tells what each says.
_MATTERS = ("opens", "closes", "amount_min", "amount_max", "rate_max")


@register.filter
def deduced_fields(sheet: Sheet) -> str:
    """The names of the fields that a rule inferred, in the order of the alphabet, separated by commas."""
    return ", ".join(sorted(_field_name(sheet, name) for name in sheet.deduced))


@register.filter
def disagreements(sheet: Sheet) -> list[tuple[str, list[Voice]]]:
    """(field, what each source says) for the dates and amounts on which sources disagree."""
    names = {mention["source"]: mention["name"] for mention in sheet.attributions}
    return [
        (
            _field_name(sheet, name),
            [
                Voice(
                    names.get(voice["source"]) or origin(voice["source"]), _value_words(name, voice["value"]), _day(voice["on"])
                )
                for voice in sheet.disagreements[name]
            ],
        )
        for name in _MATTERS
        if name in sheet.disagreements
    ]


def _field_name(sheet: Sheet, name: str) -> str:
    return str(getattr(sheet._meta.get_field(name), "verbose_name", name))


def _value_words(name: str, value: object) -> str:
    if name in ("opens", "closes"):
        found = _day(value)
        return typography.day(found) if found else str(value)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    return f"{typography.number(number)}\u202f%" if name == "rate_max" else typography.money(number)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
