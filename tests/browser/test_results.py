"""The results page: filters without a whole reload, what a first visit costs, what the printer gets."""

from __future__ import annotations

import gzip
import re

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.checks import main_text
from tests.browser.conftest import Site, Visit
from tests.browser.hands import Keyboard, Pointer
from tests.browser.pages import AT_CRAON

pytestmark = pytest.mark.browser

RESULTS = f"/resultats/?{AT_CRAON}"
#: Bytes on the wire of a first visit, headers included, and what each part may weigh, compressed.
REQUESTS, ALL, HTML, STYLE, SCRIPT = 4, 40_000, 14_000, 12_000, 18_000


def _filter_by_need(hands: Pointer) -> None:
    if hands.page.viewport_size == {"width": 390, "height": 900}:
        hands.unfold("Filtres")
    hands.unfold("Besoins")
    hands.choose(re.compile("^Juridique et statuts"), within=".filters")
    expect(hands.page.get_by_role("status")).to_have_text("")  # nothing moves before the form is sent
    hands.press("Appliquer")
    expect(hands.page.locator(".tag-drop").filter(has_text="Juridique et statuts")).to_be_visible()


@pytest.mark.parametrize(("hands", "width"), [(Pointer, 390), (Keyboard, 1280)], ids=["finger", "keyboard"])
def test_a_filter_gives_the_page_that_a_whole_load_gives(
    visit: Visit, places: dict[str, str], hands: type[Pointer], width: int
) -> None:
    page = visit(RESULTS, width=width)
    loads: list[str] = []
    page.on("domcontentloaded", lambda loaded: loads.append(loaded.url))
    status = page.get_by_role("status")
    expect(status).to_have_count(1)
    expect(status).to_have_text("")  # there before anything changes, so that a change is read aloud
    _filter_by_need(hands(page))
    heading = page.locator("#resultats")
    expect(heading).to_be_focused()
    expect(status).to_have_text(heading.inner_text())
    assert not loads, "the list was replaced, the page was not loaded again"
    assert "besoin=juridique" in page.url
    assert "forme=" not in page.url, "fields left empty are not in the address"
    whole = visit(page.url, width=width)
    assert main_text(page) == main_text(whole)
    assert page.title() == whole.title()


@pytest.mark.parametrize("width", [390, 1280])
def test_back_after_a_filter_restores_a_whole_page(visit: Visit, places: dict[str, str], width: int) -> None:
    page = visit(RESULTS, width=width)
    before = main_text(page)
    hands = Pointer(page)
    _filter_by_need(hands)
    filtered, address = main_text(page), page.url
    page.go_back()
    expect(page.locator(".tag-drop").filter(has_text="Juridique et statuts")).to_have_count(0)
    expect(page.get_by_role("banner")).to_have_count(1)
    assert main_text(page) == before
    page.go_forward()
    expect(page.locator(".tag-drop").filter(has_text="Juridique et statuts")).to_be_visible()
    assert page.url == address
    assert main_text(page) == filtered
    hands.follow(re.compile("Aide aux essais"))
    hands.arrive("Aide aux essais")
    page.go_back()
    expect(page.get_by_role("banner")).to_have_count(1)
    assert main_text(page) == filtered, "coming back from an offer finds the filtered list"


def test_a_piece_of_a_page_is_never_kept_for_the_page(visit: Visit, site: Site) -> None:
    page = visit("/")
    piece = page.context.request.get(site.url + RESULTS, headers={"HX-Request": "true"})
    assert "<header" not in piece.text()
    assert "no-store" in piece.headers["cache-control"]
    whole = page.context.request.get(site.url + RESULTS)
    assert "<header" in whole.text()
    restored = page.context.request.get(site.url + RESULTS, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<header" in restored.text()
    for answer in (piece, whole, restored):
        assert "hx-request" in answer.headers["vary"].lower()


def _first_visit(page: Page, url: str) -> list[tuple[str, int, int, str]]:
    """What a browser that never came asks for: type, bytes of the content as compressed, bytes with the headers, address."""
    asked: list[Request] = []
    page.on("requestfinished", lambda request: asked.append(request) if not request.url.startswith("data:") else None)
    page.goto(url, wait_until="networkidle")
    sizes = [(request, request.sizes()) for request in asked]
    return [(r.resource_type, s["responseBodySize"], s["responseBodySize"] + s["responseHeadersSize"], r.url) for r, s in sizes]


def test_a_first_visit_is_light(visit: Visit, site: Site) -> None:
    asked = _first_visit(visit("about:blank"), site.url + RESULTS)
    told = "\n".join(str(request) for request in asked)
    assert len(asked) <= REQUESTS, told
    assert all(content for _kind, content, _all, _url in asked), f"every request is counted:\n{told}"
    assert sum(whole for _kind, _content, whole, _url in asked) <= ALL, told
    for name, most in (("document", HTML), ("stylesheet", STYLE), ("script", SCRIPT)):
        assert sum(content for kind, content, _all, _url in asked if kind == name) <= most, told
    assert "font" not in {kind for kind, _content, _all, _url in asked}, told


def test_the_list_of_a_kind_with_twenty_results_fits_the_first_packets(visit: Visit, site: Site) -> None:
    answer = visit("/").context.request.get(site.url + "/resultats/?nature=financement")
    assert answer.text().count('class="card"') == 20
    assert len(gzip.compress(answer.body(), 6)) <= HTML


@pytest.mark.parametrize(
    "path",
    [
        RESULTS,
        f"/offres/{{offer}}/?{AT_CRAON}",
        f"/parcours/?{AT_CRAON}",
        "/structures/{structure}/",
        "/territoires/commune/53084/",
        "/observatoire/",
        "/observatoire/territoires/departement/53/",
    ],
)
def test_paper_shows_the_content_without_menus(visit: Visit, places: dict[str, str], path: str) -> None:
    page = visit(path.format(**places), width=794)  # A4 at 96 points an inch
    page.emulate_media(media="print")
    for hidden in ("header nav", "footer", ".skip", "main form", ".pager", ".no-print"):
        for part in page.locator(hidden).all():
            expect(part).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_paper_shows_where_links_lead(visit: Visit, places: dict[str, str]) -> None:
    page = visit("/offres/{offer}/".format(**places), width=794)
    page.emulate_media(media="print")
    link = page.get_by_role("link", name=re.compile("La page de l’offre"))
    shown = link.evaluate("e => getComputedStyle(e, '::after').content")
    assert "https://example.org/une-page-assez-longue" in shown
