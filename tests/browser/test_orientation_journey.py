"""A project holder in a browser: with a thumb, without JavaScript, with the keyboard alone, with Back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
LIMIT = 40_000


@pytest.mark.parametrize("width", [390, 1280])
def test_from_the_home_page_to_an_offer_without_javascript(visit: Visit, width: int) -> None:
    page = visit("/", width=width, javascript=False)
    page.get_by_label("Création").check()
    page.locator("#commune").fill("Craon")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Où se trouve le projet")
    page.get_by_label("Craon (Mayenne, 53400)").check()
    for question in ("De quoi avez-vous besoin", "Quelle est la forme juridique", "Dans quel secteur"):
        page.get_by_role("button", name="Continuer").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(question)
    page.get_by_role("button", name="Voir les résultats").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Création à Craon")
    people, offers = page.locator(".contact").first, page.locator(".offers .card").first
    assert people.bounding_box()["y"] < offers.bounding_box()["y"]  # type: ignore[index]
    offers.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Création à Craon")


def test_suggestions_are_chosen_with_the_keyboard(visit: Visit) -> None:
    page = visit("/")
    field = page.locator("#commune")
    field.press_sequentially("chateau-gont")
    expect(page.get_by_role("option").first).to_contain_text("Château-Gontier")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_count(1)
    field.press("Enter")
    expect(field).to_have_value("Château-Gontier-sur-Mayenne 53200")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("x")
    field.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)


def test_filters_replace_the_results_say_the_count_and_take_the_reader_there(visit: Visit) -> None:
    page = visit("/resultats/?etape=creation&commune=53084", width=390)
    before = page.title()
    page.locator("details.filters > summary").click()
    page.locator("summary", has_text="Besoins").click()
    page.locator("input[name=besoin]").first.check()
    expect(page.locator("#annonce")).to_be_empty()  # nothing moves before the submit
    page.get_by_role("button", name="Appliquer").click()
    expect(page.locator("#resultats")).to_be_focused()
    expect(page.locator("#annonce")).to_have_text(page.locator("#resultats").inner_text())
    assert "besoin=" in page.url
    assert "forme=" not in page.url  # fields left empty are not in the address
    page.go_back()
    expect(page).to_have_title(before)
    expect(page.locator("header.site-header")).to_be_visible()
    page.reload()
    expect(page).to_have_title(before)


def test_the_whole_page_can_be_used_at_320_pixels_and_with_wide_letters(visit: Visit) -> None:
    page = visit("/", width=320)
    spacing = "* {line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important}"
    for path in (
        "/",
        "/questions/commune/?commune=craon",
        "/questions/besoins/",
        "/resultats/?etape=creation&commune=53084",
        "/resultats/?etape=difficultes&commune=53084",
    ):
        page.goto(path)
        page.evaluate(
            "css => {const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]}", spacing
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_a_first_visit_of_the_results_is_four_requests_and_forty_kilobytes(visit: Visit) -> None:
    page = visit("about:blank")
    seen: list[int] = []
    page.on("response", lambda answer: seen.append(int(answer.headers.get("content-length", "0"))))
    page.goto("/resultats/?etape=creation&commune=53084")
    page.wait_for_load_state("networkidle")
    assert len(seen) <= 4
    assert all(seen)
    assert sum(seen) <= LIMIT


def test_every_stop_of_the_keyboard_is_seen_and_nothing_traps_it(visit: Visit) -> None:
    page = visit("/questions/forme/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    reached: list[str] = []
    for _ in range(60):
        style = page.evaluate(
            """() => {
              const here = document.activeElement, box = here.closest(".stop") ?? here, style = getComputedStyle(box);
              return here === document.body ? null : [here.outerHTML.slice(0, 80), style.outlineStyle, parseFloat(style.outlineWidth)];
            }"""
        )
        if style is None:
            break
        assert style[1] == "solid", style
        assert style[2] >= 2, style
        reached.append(style[0])
        page.keyboard.press("Tab")
    assert any("submit" in html for html in reached)
    assert any("English" in html or "hreflang" in html for html in reached)
