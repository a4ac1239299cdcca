"""Random walks of a visitor: whatever the order of links, filters, Back, Forward, reload and new tabs, an address always shows the same."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request

from tests.browser.checks import main_text
from tests.browser.conftest import Site, Visit
from tests.browser.pages import AT_CRAON

pytestmark = pytest.mark.browser

#: Pages of the orientation; the rest (office, error report, claims, files) has its own journeys.
ORIENTATION = re.compile(
    r"^(?!.*/c-est-ma-structure/)(/en)?/((questions|offres|structures|reseaux-et-relais|resultats|territoires|parcours|plan-du-site)/[^.]*)?$"
)
STARTS = ("/", f"/resultats/?{AT_CRAON}", "/resultats/?etape=difficultes", "/reseaux-et-relais/", "/en/")
#: Links that can be followed from here, by their rank among all links.
LINKS = """() => [...document.links].map((e, rank) => [rank, e.href])
  .filter(([rank]) => document.links[rank].checkVisibility())"""
#: One box or list of the filters, changed; then the form is sent.
FILTER = """choice => {
  const form = document.querySelector('.filters form');
  const fields = [...form.querySelectorAll('input[type=checkbox], select')];
  const field = fields[choice % fields.length];
  if (field.type === 'checkbox') field.checked = !field.checked;
  else field.selectedIndex = choice % field.options.length;
  form.requestSubmit();
}"""


@dataclass
class Walker:
    """A visitor who remembers what each address showed, and the addresses gone through."""

    page: Page
    site: Site
    chance: random.Random
    seen: dict[str, str] = field(default_factory=dict)
    past: list[str] = field(default_factory=list)
    at: int = -1
    steps: list[str] = field(default_factory=list)

    def here(self) -> str:
        """The address shown, without its anchor."""
        return self.page.url.split("#")[0]

    def look(self, step: str, expected: str | None = None) -> None:
        """Compare what is shown with what this address showed before."""
        self.steps.append(f"{step} → {self.here().removeprefix(self.site.url)}")
        trail = "\n".join(self.steps[-8:])
        if expected is not None:
            assert self.here() == expected, f"not where the history says ({expected}):\n{trail}"
        text = main_text(self.page)
        assert text, f"nothing is shown:\n{trail}"
        assert self.page.locator("header").count() == 1, f"a piece of a page instead of a page:\n{trail}"
        assert self.seen.setdefault(self.here(), text) == text, f"the same address shows something else:\n{trail}"

    def arrive(self, step: str) -> None:
        """A new entry of the history: what came after the current one is gone."""
        self.past[self.at + 1 :] = [self.here()]
        self.at += 1
        self.look(step)

    def follow_a_link(self) -> None:
        """Follow one of the links of the orientation at random."""
        links = [
            (rank, url)
            for rank, url in self.page.evaluate(LINKS)
            if url.startswith(self.site.url + "/") and ORIENTATION.match(urlsplit(url).path) and "#" not in url
        ]
        if not links:
            return
        rank, url = self.chance.choice(links)
        same = url == self.page.url
        with self.page.expect_navigation():
            self.page.evaluate("rank => document.links[rank].click()", rank)
        if same:
            self.look("the same link")  # a browser replaces the entry
        else:
            self.arrive(f"link {url.removeprefix(self.site.url)}")

    def filter(self) -> None:
        """Change one filter of the results; the script replaces the list and writes the address."""
        if not self.page.locator(".filters form").count():
            self.follow_a_link()
            return
        before = self.here()
        self.page.evaluate(
            "() => { window.settled = new Promise(done => document.body.addEventListener('htmx:afterSettle', done, {once: true})) }"
        )
        self.page.evaluate(FILTER, self.chance.randrange(10_000))
        self.page.evaluate("() => window.settled.then(() => true)")
        if self.here() == before:
            self.past[self.at + 1 :] = [before]
            self.at += 1
            self.look("the same filter")
        else:
            self.arrive("filter")

    def back(self) -> None:
        """Back, when there is somewhere to go back to."""
        if self.at > 0:
            self.at -= 1
            self._leave(self.page.go_back)
            self.look("Back", self.past[self.at])

    def forward(self) -> None:
        """Forward, when one has come back."""
        if self.at < len(self.past) - 1:
            self.at += 1
            self._leave(self.page.go_forward)
            self.look("Forward", self.past[self.at])

    def _leave(self, move: Callable[[], object]) -> None:
        """Move in the history, until another document is there: between two filters the script asks for the whole page again."""
        self.page.evaluate("() => { window.left = true }")
        move()
        self.page.wait_for_function("() => !window.left && document.readyState === 'complete'")

    def reload(self) -> None:
        """Reload."""
        self.page.reload()
        self.look("reload", self.past[self.at])

    def open_in_a_new_tab(self) -> None:
        """The address, copied in a new tab, shows the same."""
        address, here = self.page.url, self.page
        self.page = here.context.new_page()
        self.page.goto(address)
        self.look("new tab")
        self.page.close()
        self.page = here


def walk(visit: Visit, site: Site, seed: int, steps: int) -> Walker:
    """A walk of so many steps; the seed gives it again."""
    chance = random.Random(seed)
    page = visit(chance.choice(STARTS))
    posted: list[str] = []

    def asked(request: Request) -> None:
        if request.method != "GET":
            posted.append(f"{request.method} {request.url}")

    page.context.on("request", asked)
    walker = Walker(page, site, chance)
    walker.arrive("start")
    acts = (walker.follow_a_link, walker.filter, walker.back, walker.forward, walker.reload, walker.open_in_a_new_tab)
    for _step in range(steps):
        chance.choices(acts, weights=(8, 3, 5, 3, 1, 1))[0]()
        assert not posted, posted
    assert page.context.cookies() == []
    return walker


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_order_an_address_always_shows_the_same(visit: Visit, site: Site, places: dict[str, str], seed: int) -> None:
    walker = walk(visit, site, seed, 50)
    assert len(walker.seen) > 8, "the walk went somewhere"


@pytest.mark.epreuve
@pytest.mark.parametrize("seed", range(100, 110))
def test_five_thousand_steps_lose_nothing(visit: Visit, site: Site, places: dict[str, str], seed: int) -> None:
    walk(visit, site, seed, 500)
