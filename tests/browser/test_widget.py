"""The widget inside a page of another site: it takes the height of what it shows, refuses other sites, leads out of the frame."""

from __future__ import annotations

import http.server
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.checks import axe_violations
from tests.browser.conftest import ROOT, _free_port, _wait_for

pytestmark = pytest.mark.browser

HTML = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Un partenaire</title></head><body><main><h1>Un partenaire</h1>
<div data-maillage data-territoire="departement:53" data-etape="creation" data-nombre="{count}" data-titre="Les appuis en Mayenne"></div>
<p id="after">Après</p><script src="{site}/widget.js"></script></main></body></html>"""


@contextmanager
def partner(port: int, site: str) -> Iterator[str]:
    """A page of another origin, on this machine."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            count = self.path.removeprefix("/") or "3"
            body = HTML.format(site=site, count=count if count.isdigit() else 3).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def origins() -> Iterator[tuple[str, str, str]]:
    """A Maillage of its own, the origin that it allows, and another one."""
    with tempfile.TemporaryDirectory(prefix="maillage-widget-") as folder:
        allowed, other, port = _free_port(), _free_port(), _free_port()
        kept = {key: value for key, value in os.environ.items() if not key.startswith("MAILLAGE_") and key != "DATABASE_URL"}
        environment = {
            **kept,
            "MAILLAGE_DATA": folder,
            "MAILLAGE_WIDGET_PARENTS": f"http://127.0.0.1:{allowed},https://ailleurs.example.org",
        }
        log = Path(folder) / "log"
        with log.open("wb") as output:
            command = [str(Path(sys.executable).parent / "maillage"), "run", "--port", str(port)]
            server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
        site = f"http://127.0.0.1:{port}"
        try:
            _wait_for(f"{site}/readyz", server, log)
            with partner(allowed, site) as good, partner(other, site) as bad:
                yield site, good, bad
        finally:
            server.terminate()
            server.wait(timeout=20)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 800, "height": 900}, locale="fr-FR")
    yield context.new_page()
    context.close()


def _settled(page: Page) -> tuple[float, float]:
    """The height of the frame, and of what it shows, once they agree."""
    frame = page.frames[1]
    frame.wait_for_selector("h1")
    page.wait_for_function("() => document.querySelector('iframe').style.height.endsWith('px')")
    tall = frame.evaluate("Math.ceil(document.documentElement.getBoundingClientRect().height)")
    page.wait_for_function("tall => document.querySelector('iframe').clientHeight === tall", arg=tall)
    return page.evaluate("document.querySelector('iframe').clientHeight"), tall


def test_the_frame_takes_the_height_of_what_it_shows(page: Page, origins: tuple[str, str, str]) -> None:
    _site, good, _bad = origins
    heights = []
    for count in (1, 6):
        page.goto(f"{good}/{count}")
        outside, inside = _settled(page)
        assert outside == inside
        assert page.frames[1].locator("h2").count() == count
        heights.append(outside)
    assert heights[1] > heights[0] + 100
    page.set_viewport_size({"width": 330, "height": 900})
    narrow, inside = _settled(page)
    assert narrow == inside > heights[1]
    assert page.frames[1].evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_site_that_is_not_allowed_gets_an_empty_frame(page: Page, origins: tuple[str, str, str]) -> None:
    site, _good, bad = origins
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(f"{bad}/3")
    assert all(not frame.url.startswith(site) for frame in page.frames)
    assert page.evaluate("document.querySelector('iframe').style.height") == "30rem"


def test_only_the_frame_may_say_its_height(page: Page, origins: tuple[str, str, str]) -> None:
    _site, good, _bad = origins
    page.goto(f"{good}/2")
    before, _inside = _settled(page)
    page.evaluate("""() => new Promise(done => {
      addEventListener('message', done, {once: true});  // after the script's own listener
      window.postMessage({maillage: 'height', height: 5000}, '*');
    })""")
    assert page.evaluate("document.querySelector('iframe').clientHeight") == before


def test_links_open_in_the_whole_window_and_nothing_is_kept(page: Page, origins: tuple[str, str, str]) -> None:
    site, good, _bad = origins
    page.goto(f"{good}/2")
    _settled(page)
    assert page.context.cookies() == []
    assert page.frames[1].evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    page.frames[1].locator("h2 a").first.click()
    page.wait_for_url(f"{site}/offres/**")
    assert len(page.frames) == 1


def test_axe_is_silent_on_the_page_and_in_the_frame(page: Page, origins: tuple[str, str, str]) -> None:
    _site, good, _bad = origins
    page.goto(f"{good}/2")
    _settled(page)
    assert page.get_by_title("Les appuis en Mayenne").count() == 1
    assert axe_violations(page) == []
    for query in ("couleur=ffe600&theme=sombre", "couleur=ffe600&theme=clair", "couleur=101010&theme=sombre"):
        page.goto(f"{origins[0]}/widget/?commune=53084&{query}")
        assert axe_violations(page) == []
