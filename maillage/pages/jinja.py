"""The Jinja templates: for pages that must cost little (docs/decisions/0009). They say the same words, with the same filters, as Django's."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from maillage.catalogue.templatetags.sheets import web
from maillage.kit.typography import number
from maillage.pages.templatetags import maillage as filters


def environment(**options: Any) -> Environment:
    """What Django calls to make the environment. A variable that nobody gave is an error, here as in our other templates."""
    assert options["autoescape"], "what a template writes is escaped"
    made = Environment(  # noqa: S701  # asserted just above
        **{**options, "undefined": StrictUndefined},
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(_text, _counted, newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    for name in ("typo", "number", "money", "day", "km", "telephone", "dialled", "label"):
        made.filters[name] = getattr(filters, name)
    made.filters["web"] = web
    made.globals |= {"_": said, "url": url, "included": included, "check_boxes": check_boxes, "drop_down": drop_down}
    return made


def _text(text: str) -> str:
    return _text_in(text, get_language())


@cache
def _text_in(text: str, language: str | None) -> str:
    return gettext(text)


def _counted(one: str, several: str, count: int) -> str:
    return _counted_in(one, several, count, get_language())


@lru_cache(maxsize=4096)
def _counted_in(one: str, several: str, count: int, language: str | None) -> str:
    return ngettext(one, several, count)


def said(text: str) -> Markup:
    """A text of the interface in the reader's language, escaped. The same hundred come back on every page: each is made once."""
    return _said(text, get_language())


@cache
def _said(text: str, language: str | None) -> Markup:
    return escape(gettext(text))


def url(name: str, *arguments: str) -> str:
    """The address of a page that takes nothing, or a few fixed words, in the reader's language."""
    return _url(name, arguments, get_language())


@lru_cache(maxsize=256)
def _url(name: str, arguments: tuple[str, ...], language: str | None) -> str:
    return reverse(name, args=arguments)


def included(template: str, **context: Any) -> SafeString:
    """A part that is a Django template, for what is rare on the page and shared with the others."""
    return render_to_string(template, context)


def check_boxes(parameter: str, options: Iterable[Any]) -> Markup:
    """One labelled box per option: `code`, `label`, `chosen`, `count` (the number of results).

    Written here because a results page holds about eighty, of which only the counts change.
    """
    written = []
    for each in options:
        before, label = _box(parameter, each.code, each.label)
        checked = " checked" if each.chosen else ""
        written.append(f'{before}{checked}><span>{label} <span class="count">{number(each.count)}</span></span></label>')
    return Markup("\n".join(written))  # noqa: S704  # made of escaped parts


def drop_down(options: Iterable[Any]) -> Markup:
    """The `<option>` of each option: `code`, `label`, `chosen`, `count`."""
    written = []
    for each in options:
        before, label = _option(each.code, each.label)
        written.append(f"{before}{' selected' if each.chosen else ''}>{label} ({number(each.count)})</option>")
    return Markup("".join(written))  # noqa: S704  # made of escaped parts


@lru_cache(maxsize=2048)
def _box(parameter: str, code: str, label: str) -> tuple[str, str]:
    before = f'<label class="check"><input type="checkbox" name="{escape(parameter)}" value="{escape(code)}"'
    return before, str(escape(label))


@lru_cache(maxsize=2048)
def _option(code: str, label: str) -> tuple[str, str]:
    return f'<option value="{escape(code)}"', str(escape(label))
