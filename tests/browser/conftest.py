"""A real Maillage served by granian for the whole session, and Debian's Chromium to visit it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, sync_playwright

from tests.browser.pages import Screen

ROOT = Path(__file__).resolve().parent.parent.parent
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


#: Chromium's own pages, such as its PDF viewer: nothing leaves the machine.
BROWSER_PARTS = ("chrome-extension://", "chrome://", "chrome-untrusted://")


@dataclass(frozen=True)
class Site:
    """A running Maillage: its address, its data folder, and the environment its commands need."""

    url: str
    data: Path
    environment: dict[str, str]

    def command(self, *arguments: str) -> str:
        """Run `maillage ARGUMENTS…` on the same data; gives what it prints."""
        done = subprocess.run(
            [str(Path(sys.executable).parent / "maillage"), *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def sign_in_link(self) -> str:
        """A fresh single-use sign-in link (a path) for the first administrator."""
        printed = self.command("sign-in-link", "administration@localhost")
        address = next(word for word in printed.split() if word.startswith("http"))
        return "/" + address.split("/", 3)[3]

    @property
    def origins(self) -> tuple[str, str]:
        """Where the site answers: its own address, and the second portal's host."""
        return self.url + "/", self.of("tremplin") + "/"

    def of(self, portal: str) -> str:
        """The start of the addresses of a portal: the first one answers on any host, the other on its own."""
        return self.url if portal == "essor" else self.url.replace("127.0.0.1", f"{portal}.localhost")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"Maillage stopped at start: {log.read_text()}")
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"Maillage did not answer in {seconds} s: {log.read_text()}")


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """Maillage as a new user starts it: an empty data folder, `maillage run`, the starter catalogue."""
    folder = Path(tempfile.mkdtemp(prefix="maillage-site-"))
    port = _free_port()
    environment = {
        **{
            key: value
            for key, value in os.environ.items()
            if not key.startswith("MAILLAGE_") and key not in {"DATABASE_URL", "SECRET_KEY"}
        },
        "MAILLAGE_DATA": str(folder / "data"),
        "MAILLAGE_SECOND_FACTOR": "non",  # a demonstration; test_accounts.py sets the second factor up and uses it
    }
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [str(Path(sys.executable).parent / "maillage"), "run", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/readyz", server, log)
        yield Site(url, folder / "data", environment)
    finally:
        server.terminate()
        server.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(_playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    path = os.environ.get("MAILLAGE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is needed: `make test` finds or installs it"
    browser = _playwright.chromium.launch(executable_path=path, args=list(FLAGS))
    yield browser
    browser.close()


Visit = Callable[..., Page]
Open = Callable[[Screen, int], Page]


def _watch(page: Page, site: Site, problems: list[str]) -> None:
    """Note what no page may do: ask another site, fail in a script, be refused something by the security policy."""

    own = (*site.origins, "data:", "blob:", *BROWSER_PARTS)

    def asked(request: Request) -> None:
        if not request.url.startswith(own):
            problems.append(f"third party: {request.url}")

    def said(message: ConsoleMessage) -> None:
        if str(message.location.get("url", "")).startswith(BROWSER_PARTS) or "/favicon.ico" in str(
            message.location.get("url", "")
        ):
            return  # a PDF opened in a tab names no icon: Chromium tries the old address
        # Chromium also writes a line for each page whose status is an error, which some of ours are on purpose
        if message.type == "error" and message.location.get("url", "").split("#")[0] != page.url.split("#")[0]:
            problems.append(f"console: {message.text} ({message.location.get('url')})")
        elif message.type == "error" and "the server responded with a status of" not in message.text:
            problems.append(f"console: {message.text}")

    page.on("request", asked)
    page.on("pageerror", lambda error: problems.append(f"script error on {page.url}: {error.stack or error}"))
    page.on("console", said)


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Visit]:
    """`visit(path, width=1280, javascript=True)`: a new page on the site; anything it asks elsewhere, or an error, fails the test."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(
        path: str = "/", *, width: int = 1280, javascript: bool = True, context: BrowserContext | None = None, **options: Any
    ) -> Page:
        if context is None:
            context = chromium.new_context(
                viewport={"width": width, "height": 900},
                java_script_enabled=javascript,
                locale="fr-FR",
                base_url=site.url,
                **options,
            )
            contexts.append(context)
        page = context.new_page()
        _watch(page, site, problems)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not problems, problems


@pytest.fixture(scope="session")
def places(site: Site) -> dict[str, str]:
    """What the words between braces of `pages.py` stand for: the sheets that `scenery.py` writes, and a sign-in link."""
    printed = site.command(
        "shell",
        "-c",
        "import runpy, sys; sys.path.insert(0, '.'); runpy.run_path('tests/browser/scenery.py', run_name='__main__')",
    )
    line = next(line for line in printed.splitlines() if line.startswith("PLACES "))
    return {**json.loads(line.removeprefix("PLACES ")), "link": site.sign_in_link()}


@pytest.fixture(scope="session")
def _tabs(chromium: Browser, site: Site) -> Iterator[Callable[[bool], tuple[Page, list[str]]]]:
    """One tab for visitors and one signed in, kept open for the sweeps: opening a browser window costs more than a page."""
    tabs: dict[bool, tuple[Page, list[str]]] = {}

    def tab(office: bool) -> tuple[Page, list[str]]:
        if office not in tabs:
            page = chromium.new_context(locale="fr-FR", reduced_motion="reduce").new_page()
            if office:
                page.goto(site.url + site.sign_in_link())
                page.get_by_role("button", name="Me connecter").click()
                page.wait_for_url("**/gestion/")
            problems: list[str] = []
            _watch(page, site, problems)
            tabs[office] = (page, problems)
        return tabs[office]

    yield tab
    for page, _problems in tabs.values():
        page.context.close()


@pytest.fixture
def show(_tabs: Callable[[bool], tuple[Page, list[str]]], site: Site, places: dict[str, str]) -> Iterator[Open]:
    """`show(screen, width)`: the screen, brought to its state. A wrong status, another site asked or a script error fails the test."""
    problems: list[str] = []

    def open_screen(screen: Screen, width: int) -> Page:
        nonlocal problems
        page, problems = _tabs(screen.office)
        if not screen.office:  # as somebody who comes for the first time, whatever the screen before left
            page.context.clear_cookies()
            if page.url.startswith(site.origins):
                page.evaluate("localStorage.clear(), sessionStorage.clear()")
        problems.clear()
        page.set_viewport_size({"width": width, "height": 900})
        answer = page.goto(site.of(screen.portal) + screen.path.format(**places))
        assert answer is not None
        assert answer.status == screen.status, f"{screen.path}: {answer.status}"
        if screen.press:
            page.get_by_role("button", name=screen.press, exact=True).first.click()
            page.get_by_text("Erreur :").first.wait_for()
            page.wait_for_load_state("load")  # words may show before the stylesheet
        return page

    yield open_screen
    assert not problems, problems


@pytest.fixture
def office_link(site: Site) -> Callable[[], str]:
    """Gives a fresh single-use sign-in link (a path) for the first administrator."""
    return site.sign_in_link
