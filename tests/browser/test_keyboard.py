"""Every page family by keyboard alone: everything is reached once, in order, visibly, without a trap; the skip link skips."""

from __future__ import annotations

import pytest

from tests.browser.checks import keyboard_problems
from tests.browser.conftest import Open
from tests.browser.pages import FAMILIES, Screen

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("screen", FAMILIES, ids=str)
def test_tab_reaches_everything_once_in_order_and_visibly(screen: Screen, show: Open) -> None:
    page = show(screen, 1280)
    assert not (problems := keyboard_problems(page)), "\n".join(problems)


@pytest.mark.parametrize("screen", [screen for screen in FAMILIES if screen.name in {"home", "results", "relays"}], ids=str)
def test_a_phone_with_a_keyboard_reaches_everything_too(screen: Screen, show: Open) -> None:
    page = show(screen, 390)
    assert not (problems := keyboard_problems(page)), "\n".join(problems)


@pytest.mark.parametrize("screen", [screen for screen in FAMILIES if screen.name != "widget"], ids=str)  # a frame has no menu
def test_the_skip_link_leads_past_the_menu(screen: Screen, show: Open) -> None:
    page = show(screen, 390)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Aller au contenu")
    box = skip.bounding_box()
    assert skip.evaluate("e => e === document.activeElement"), "the first stop is the skip link"
    assert box
    assert box["x"] >= 0, "it is seen when it has the focus"
    assert box["y"] >= 0, "it is seen when it has the focus"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"
    page.keyboard.press("Tab")
    assert (
        page.evaluate("document.querySelector('main').contains(document.activeElement)")
        or not page.locator("main").locator("a[href], button, input:not([type=hidden]), select, textarea, summary").count()
    ), "after it, Tab goes on inside the content"
