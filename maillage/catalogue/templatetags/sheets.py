"""Filters for the pages of sheets: `{% load sheets %}`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django import template
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from maillage.catalogue.models.sheet import Sheet

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


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
