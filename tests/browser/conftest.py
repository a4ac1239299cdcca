"""A real Maillage served by granian for the whole session, and Debian's Chromium to visit it."""

from __future__ import annotations

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

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDTHS = (390, 1280)


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
        **{key: value for key, value in os.environ.items() if not key.startswith("MAILLAGE_") and key not in {"DATABASE_URL", "SECRET_KEY"}},
        "MAILLAGE_DATA": str(folder / "data"),
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


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Visit]:
    """`visit(path, width=390, javascript=True)`: a new page on the site; anything it asks elsewhere, or an error, fails the test."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(path: str = "/", *, width: int = 1280, javascript: bool = True, context: BrowserContext | None = None) -> Page:
        if context is None:
            context = chromium.new_context(
                viewport={"width": width, "height": 900}, java_script_enabled=javascript, locale="fr-FR", base_url=site.url
            )
            contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: None if request.url.startswith((site.url, "data:")) else problems.append(f"third party: {request.url}"))
        page.on("pageerror", lambda error: problems.append(f"script error: {error}"))
        page.on("console", lambda message: problems.append(f"console: {message.text}") if message.type == "error" and "404" not in message.text else None)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not problems, problems


@pytest.fixture(scope="session")
def office_link(site: Site) -> Callable[[], str]:
    """Gives a fresh single-use sign-in link (a path) for the first administrator."""

    def make() -> str:
        email = site.command("shell", "-c", "from maillage.accounts.models import Person; print(Person.objects.first().email)").splitlines()[-1]
        printed = site.command("sign-in-link", email)
        address = next(word for word in printed.split() if word.startswith("http"))
        return "/" + address.split("/", 3)[3]

    return make
