"""Hands that use a page: a journey is written once and done with a pointer, with a pointer and no script, or by keyboard alone."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.checks import TAB_STOPS

#: More stops than any page has: reaching further means that the keyboard is trapped or the thing cannot be reached.
STOPS = 400
#: How many stops the document holds between what has the focus and the element.
STOPS_AHEAD = f"""e => {{
  const stops = ({TAB_STOPS})(), from = stops.indexOf(document.activeElement), to = stops.indexOf(e);
  return from >= 0 && to > from ? to - from : 0;
}}"""


class Pointer:
    """A finger or a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def _find(self, role: str, name: str | re.Pattern[str], within: str) -> Locator:
        scope = self.page.locator(within) if within else self.page
        return scope.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]  # a role of ARIA

    def arrive(self, heading: str | re.Pattern[str]) -> None:
        """Wait until the page has this title in its h1."""
        expect(self.page.locator("h1")).to_have_text(heading)

    def follow(self, name: str | re.Pattern[str], within: str = "") -> None:
        """Follow a link."""
        self.activate(self._find("link", name, within))

    def press(self, name: str | re.Pattern[str], within: str = "") -> None:
        """Press a button."""
        self.activate(self._find("button", name, within))

    def unfold(self, name: str | re.Pattern[str], within: str = "main") -> None:
        """Open what a summary hides."""
        self.activate(self.page.locator(within).locator("summary").filter(has_text=name).first)

    def choose(self, name: str | re.Pattern[str], within: str = "") -> None:
        """Choose a radio button or tick a box, by its label."""
        scope = self.page.locator(within) if within else self.page
        box = scope.get_by_label(name, exact=isinstance(name, str)).first
        self.tick(box)
        expect(box).to_be_checked()

    def write(self, name: str, text: str, within: str = "") -> None:
        """Write in a field, over what it held."""
        scope = self.page.locator(within) if within else self.page
        field = scope.get_by_label(name).first
        self.type(field, text)
        expect(field).to_have_value(text)

    def pick(self, name: str, option: str, within: str = "") -> None:
        """Pick an option of a list."""
        scope = self.page.locator(within) if within else self.page
        self.select(scope.get_by_label(name).first, option)

    # what differs from one kind of hands to another

    def activate(self, target: Locator) -> None:
        """Click."""
        target.click()

    def tick(self, box: Locator) -> None:
        """Click the box."""
        box.check()

    def type(self, field: Locator, text: str) -> None:
        """Click the field, then type key by key as a person does; suggestions that open are closed by touching the page elsewhere."""
        field.click()
        field.press("ControlOrMeta+a")
        field.press_sequentially(text)
        if field.get_attribute("role") == "combobox":
            self.page.locator("h1").click()

    def select(self, field: Locator, option: str) -> None:
        """Pick in the list."""
        field.select_option(label=option)


class Keyboard(Pointer):
    """Tab, Shift+Tab, Enter, Space and arrows; the pointer is never moved."""

    def reach(self, target: Locator) -> None:
        """Tab until the target has the focus."""
        expect(target).to_be_visible()
        wanted = target.element_handle()
        assert wanted
        for _stop in range(wanted.evaluate(STOPS_AHEAD)):  # only to ask the page less often whether we are there
            self.page.keyboard.press("Tab")
        for _stop in range(STOPS):
            if wanted.evaluate("e => e === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard never reaches {target}")

    def activate(self, target: Locator) -> None:
        """Tab to it, then Enter."""
        self.reach(target)
        self.page.keyboard.press("Enter")

    def tick(self, box: Locator) -> None:
        """Tab to it (to its group for a radio button, then arrows), then Space."""
        if box.get_attribute("type") != "radio":
            self.reach(box)
            if not box.is_checked():
                self.page.keyboard.press("Space")
            return
        expect(box).to_be_visible()
        wanted = box.element_handle()
        assert wanted
        same = "e => document.activeElement.type === 'radio' && document.activeElement.name === e.name && document.activeElement.form === e.form"
        for _stop in range(STOPS):
            if wanted.evaluate(same):
                break
            self.page.keyboard.press("Tab")
        for _stop in range(STOPS):
            if wanted.evaluate("e => e === document.activeElement"):
                self.page.keyboard.press("Space")
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the keyboard never reaches {box}")

    def type(self, field: Locator, text: str) -> None:
        """Tab to it, then type."""
        self.reach(field)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def select(self, field: Locator, option: str) -> None:
        """Tab to it, then arrows."""
        self.reach(field)
        for _stop in range(STOPS):
            if field.evaluate("e => e.selectedOptions[0].label.trim()") == option:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the list has no « {option} »")
