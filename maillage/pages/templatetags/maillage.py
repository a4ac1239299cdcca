"""Template tags and filters available in every template (a builtin: nothing to load)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from maillage.accompaniment.queries import Delay, delay_of
from maillage.catalogue.models import Structure
from maillage.kit import frame, linked_data, typography
from maillage.kit.absolute import absolute_url, site_root
from maillage.kit.linked_data import script_text
from maillage.pages.accessibility import statement
from maillage.pages.stylesheet import stylesheet
from maillage.vocabulary import labels

register = template.Library()


@register.filter
def typo(text: str | None) -> str:
    """A text from data, with French apostrophes and no-break spaces."""
    return typography.typographic(text) if text else ""


@register.filter
def number(value: int | float | Decimal) -> str:
    """1234 → « 1 234 »."""
    return typography.number(value)


@register.filter
def money(value: int | float | Decimal) -> str:
    """10000 → « 10 000 € »."""
    return typography.money(value)


@register.filter
def size(value: int) -> str:
    """31900 → « 32 ko »."""
    return typography.size(value)


@register.filter
def day(value: date | None) -> str:
    """A date in words; empty when there is none."""
    return typography.day(value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """When, as one says it: « demain à 9 h 30 »."""
    return typography.moment(value) if value else ""


@register.filter
def km(value: float | None) -> str:
    """A distance: « 12 km »; empty when unknown."""
    return "" if value is None else typography.distance(value)


@register.filter
def telephone(value: str) -> str:
    """A telephone number in groups, to read."""
    return typography.telephone(value)


@register.filter
def dialled(value: str) -> str:
    """A telephone number for `href="tel:…"`."""
    return typography.dialled(value)


@register.filter
def label(code: str, name: str) -> str:
    """`code|label:"stage"`: the label of a vocabulary code in the reader's language."""
    return labels.label(name, code)


@register.filter
def labelled(codes: Iterable[str], name: str) -> str:
    """`codes|labelled:"need"`: the labels of several codes, separated by commas."""
    return ", ".join(labels.labels(name, codes))


@register.simple_tag
def stylesheet_url() -> str:
    """The address of the stylesheet: holds the digest of its content."""
    return reverse("stylesheet", args=(stylesheet().digest,))


@register.simple_tag
def response_delay(structure: Structure) -> Delay | None:
    """How long a structure takes to answer requests, for its sheet: the catalogue stands below and may not ask."""
    return delay_of(structure)


@register.simple_tag
def accessibility_state() -> str:
    """What the law wants on every page: « non conforme », « partiellement conforme » or « totalement conforme »."""
    return statement().state_label


@register.simple_tag(takes_context=True)
def kept(context: Context, template: str) -> SafeString:
    """A part of the frame that only the portal, the language and the section of the page decide: written once for all the pages."""
    return frame.kept(template, context.get("portal"), context.get("section") or "")


@register.simple_tag(takes_context=True)
def other_languages(context: Context) -> list[dict[str, str]]:
    """The same page in the other languages: [{code, name, url}]; the address keeps everything that was chosen."""
    request = context.get("request")
    if request is None:
        return []
    return frame.other_languages(request, get_language())


@register.simple_tag(takes_context=True)
def page_data(context: Context) -> SafeString | str:
    """What every page says of itself to machines (schema.org); empty for a page made without a request or a portal."""
    request, portal = context.get("request"), context.get("portal")
    if request is None or portal is None:
        return ""
    return frame.page_data(site_root(request, portal.hosts), request.path, portal.name, get_language())


@register.simple_tag(takes_context=True)
def breadcrumb_data(context: Context, trail: Iterable[tuple[str, str]]) -> SafeString | str:
    """Where a page is, for machines: the trail that people see, from the home page."""
    request, portal = context.get("request"), context.get("portal")
    if request is None or portal is None:
        return ""
    whole = [(gettext("Accueil"), reverse("home")), *trail]
    return script_text(linked_data.breadcrumb(whole, lambda path: absolute_url(request, path, portal.hosts)))


@register.filter
def under(row: Iterable[Any], columns: Iterable[str]) -> list[tuple[str, Any]]:
    """The cells of a table row, each with the heading of its column."""
    return list(zip(columns, row, strict=True))


@register.simple_tag
def downloads(query: str) -> SafeString:
    """The offers that these parameters choose, as files."""
    return mark_safe(render_to_string("ui/downloads.jinja", {"query": query}, using="jinja"))  # noqa: S308  # escaped by Jinja


@register.simple_tag
def contact_card(contact: Any) -> SafeString:
    """Somebody to call or visit (orientation.answer.Contact), as on the results page."""
    return mark_safe(render_to_string("ui/contact.jinja", {"contact": contact}, using="jinja"))  # noqa: S308  # escaped by Jinja
