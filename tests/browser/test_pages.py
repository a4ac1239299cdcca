"""Every page, in every state, on a phone and on a desk: axe is silent, headings are in order, nothing sticks out, no cookie."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.urls import get_resolver
from playwright.sync_api import Page

from tests.browser.checks import TEXT_SPACING, add_style, axe_violations, heading_problems, overflow, remove_styles
from tests.browser.conftest import Open, Site
from tests.browser.pages import FAMILIES, NOT_PAGES, SCREENS, WIDTHS, Screen
from tests.whole.test_permissions import named

pytestmark = pytest.mark.browser

SITES = {"essor": "Essor", "tremplin": "Tremplin"}
#: The start of the title when something of the address or of the form was not understood.
MARKED = re.compile(r"(Erreur|À préciser)\s:\s")


def _problems_of(screen: Screen, page: Page) -> list[str]:
    problems = heading_problems(page)
    language = page.evaluate("document.documentElement.lang")
    if language != screen.language:
        problems.append(f"lang is {language}")
    title = page.title()
    if screen.status != 400 and not title.endswith(f" – {SITES[screen.portal]}"):
        problems.append(f"the title does not end with the name of the site: {title}")
    if screen.state.startswith("error") and screen.status == 200 and not MARKED.match(title) and screen.name != "office-list":
        problems.append(f"the title does not say that something is wrong: {title}")
    if not screen.state.startswith(("error", "choice", "refused")) and MARKED.match(title):
        problems.append(f"the title says that something is wrong: {title}")
    if not screen.office and not screen.name.startswith("sign-in"):
        stored = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
        problems += [
            f"kept on the visitor’s device: {what}" for what in (*stored, *(cookie["name"] for cookie in page.context.cookies()))
        ]
    return problems


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_page_is_sound(screen: Screen, width: int, show: Open) -> None:
    page = show(screen, width)
    problems = [*axe_violations(page), *_problems_of(screen, page), *overflow(page)]
    if screen.is_family and width == WIDTHS[-1]:
        page.emulate_media(forced_colors="active")
        problems += [f"forced colours: {problem}" for problem in axe_violations(page)]
        page.emulate_media(forced_colors="none")
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_page_reflows(screen: Screen, show: Open) -> None:
    page = show(screen, 320)
    problems = [f"320 px: {problem}" for problem in overflow(page)]
    add_style(page, TEXT_SPACING)
    problems += [f"320 px, wide spacing: {problem}" for problem in overflow(page)]
    page.set_viewport_size({"width": 1280, "height": 900})
    problems += [f"1280 px, wide spacing: {problem}" for problem in overflow(page)]
    remove_styles(page)
    page.set_viewport_size({"width": 640, "height": 450})
    problems += [f"1280 px, zoom 200 %: {problem}" for problem in overflow(page)]
    assert not problems, "\n".join(problems)


def test_no_two_pages_share_a_title(visit: Callable[..., Page], site: Site, places: dict[str, str]) -> None:
    page = visit("/")
    titles: dict[str, str] = {}
    for screen in FAMILIES:
        if screen.office:
            continue
        page.goto(screen.path.format(**places))
        title = page.title()
        assert title not in titles, f"{screen.path} and {titles[title]} are both « {title} »"
        titles[title] = screen.path


def test_no_page_is_forgotten() -> None:
    visited = {screen.name for screen in SCREENS}
    forgotten = set(named(get_resolver().url_patterns)) - visited - set(NOT_PAGES)
    assert not forgotten, f"add these addresses to tests/browser/pages.py: {sorted(forgotten)}"


def test_each_exception_still_exists() -> None:
    gone = set(NOT_PAGES) - set(named(get_resolver().url_patterns))
    assert not gone, f"these addresses of NOT_PAGES no longer exist: {sorted(gone)}"
