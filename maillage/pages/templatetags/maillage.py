"""Template tags and filters available in every template (a builtin: nothing to load)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.urls import reverse, translate_url
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from maillage.kit import typography
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
def accessibility_state() -> str:
    """What the law wants on every page: « non conforme », « partiellement conforme » or « totalement conforme »."""
    return statement().state_label


@register.simple_tag(takes_context=True)
def other_languages(context: Context) -> list[dict[str, str]]:
    """The same page in the other languages: [{code, name, url}]; the address keeps everything that was chosen."""
    request = context.get("request")
    if request is None:
        return []
    current, here = get_language(), request.get_full_path()
    return [
        {"code": code, "name": name, "url": translate_url(here, code)} for code, name in settings.LANGUAGES if code != current
    ]


@register.filter
def under(row: Iterable[Any], columns: Iterable[str]) -> list[tuple[str, Any]]:
    """The cells of a table row, each with the heading of its column."""
    return list(zip(columns, row, strict=True))


@register.filter
def items(texts: Iterable[str], classes: str) -> SafeString:
    """`texts|items:"i i-check"`: one `<li>` per text."""
    return format_html_join("", '<li class="{}">{}</li>', ((classes, text) for text in texts))


@register.simple_tag
def check_boxes(parameter: str, options: Iterable[Any], kind: str = "checkbox") -> SafeString:
    """One labelled box (or `radio` button) per option: `code`, `label`, `chosen`, `count` (the number of results).

    Written here rather than in a template loop because a results page holds about eighty.
    """
    return format_html_join(
        "\n",
        '<label class="check"><input type="{}" name="{}" value="{}"{}><span>{} <span class="count">{}</span></span></label>',
        (
            (kind, parameter, each.code, _CHECKED if each.chosen else "", each.label, typography.number(each.count))
            for each in options
        ),
    )


@register.simple_tag
def choice_options(options: Iterable[Any]) -> SafeString:
    """The `<option>` of each option: `code`, `label`, `chosen`, `count`."""
    return format_html_join(
        "",
        '<option value="{}"{}>{} ({})</option>',
        ((each.code, _SELECTED if each.chosen else "", each.label, typography.number(each.count)) for each in options),
    )


_CHECKED, _SELECTED = SafeString(" checked"), SafeString(" selected")
