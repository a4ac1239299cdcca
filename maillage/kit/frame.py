"""Pages whose body is ready, put in the frame of the site: header, menu, footer.

Everything of the frame but a few places is decided by the portal, the section and the language. Django's template is therefore
rendered once for each of these, with marks at the places; a page then costs a join of strings (docs/decisions/0042).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from maillage.kit import linked_data
from maillage.kit.absolute import site_root
from maillage.kit.linked_data import script_text

#: What changes from one page to the next, in frame.html.
PLACES = ("title", "head", "trail", "body", "languages", "about", "scripts")
_MARK = re.compile("\ue000([a-z]+)\ue001")


class Site(Protocol):
    """What the frame knows of a portal."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names that are its own."""


def framed(
    request: HttpRequest,
    body: str,
    *,
    title: str,
    section: str = "",
    head: str = "",
    trail: Sequence[tuple[str, str]] = (),
    scripts: str = "",
) -> HttpResponse:
    """The page. `body`, `head` and `scripts` are safe HTML; `title` is text, escaped here; `trail` as in ui/breadcrumb.html."""
    portal, language = getattr(request, "portal", None), get_language()
    root = site_root(request, portal.hosts if portal else ())
    places = {
        "title": conditional_escape(title),
        "head": head,
        "trail": _trail(tuple(trail), root, language) if trail else "",
        "body": body,
        "languages": _languages(request, language),
        "about": page_data(root, request.path, portal.name, language) if portal else "",
        "scripts": scripts,
    }
    parts = _frame(portal, section, language)
    written = [parts[0]]
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        written += (places[name], text)
    return HttpResponse("".join(written))


def page_data(root: str, path: str, site: str, language: str | None) -> SafeString:
    """What every page says of itself to machines, in its element. `root` is the whole address of the site, without the last slash."""
    data = script_text(linked_data.page(f"{root}{iri_to_uri(path)}", language or "fr", site, f"{root}{_home(language)}"))
    return mark_safe(f'<script type="application/ld+json">{data}</script>\n')  # noqa: S308  # escaped by script_text


def kept(template: str, portal: Any, section: str) -> SafeString:
    """A part that only the portal, the section and the language decide: rendered once."""
    return _kept(template, portal, section, get_language())


def other_languages(request: HttpRequest, language: str | None) -> list[dict[str, str]]:
    """The same page in the other languages: [{code, name, url}]; the address keeps everything that was chosen."""
    here = request.get_full_path()
    path = here.removeprefix(f"/{language}")  # the language of the source has no prefix: `i18n_patterns` in config/urls.py
    return [
        {"code": code, "name": name, "url": path if code == settings.LANGUAGE_CODE else f"/{code}{path}"}
        for code, name in settings.LANGUAGES
        if code != language
    ]


@lru_cache(maxsize=512)
def _kept(template: str, portal: Any, section: str, language: str | None) -> SafeString:
    return render_to_string(template, {"portal": portal, "section": section})


@lru_cache(maxsize=512)
def _frame(portal: Site | None, section: str, language: str | None) -> list[str]:
    """The text of the frame, then the name of a place and the text that follows it, for each place."""
    marks = {name: mark_safe(f"\ue000{name}\ue001") for name in PLACES}  # noqa: S308  # letters only
    return _MARK.split(render_to_string("frame.html", {"portal": portal, "section": section, "places": marks}))


@lru_cache(maxsize=16)
def _home(language: str | None) -> str:
    return reverse("home")


@lru_cache(maxsize=1024)
def _trail(trail: tuple[tuple[str, str], ...], root: str, language: str | None) -> str:
    whole = [(gettext("Accueil"), reverse("home")), *trail]
    data = script_text(linked_data.breadcrumb(whole, lambda path: f"{root}{path}"))
    return render_to_string("ui/breadcrumb_lines.html", {"trail": trail, "data": data})


def _languages(request: HttpRequest, language: str | None) -> str:
    return "".join(
        f'<li><a href="{escape(other["url"])}" hreflang="{other["code"]}" lang="{other["code"]}">{other["name"]}</a></li>\n'
        for other in other_languages(request, language)
    )
