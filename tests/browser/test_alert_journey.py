"""An alert, from the results page to the mailbox and back, with a real mail server."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, Site, Visit
from tests.browser.hands import Pointer
from tests.browser.pages import AT_CRAON
from tests.browser.test_journeys import start  # noqa: F401  # the three ways to make a journey
from tests.mail import MailServer, text_of

pytestmark = pytest.mark.browser


def send(site: Site, server: MailServer) -> None:
    """What the thread of a site with a mail server does."""
    environment = {**site.environment, "EMAIL_URL": server.url, "MAILLAGE_QUIET_HOURS": "non"}
    command = [str(Path(sys.executable).parent / "maillage"), "messages", "--une-fois"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_search_becomes_an_alert_that_its_reader_confirms_and_stops(
    start: Callable[[str], Pointer],  # noqa: F811
    site: Site,
    visit: Visit,
) -> None:
    hands = start(f"/resultats/?{AT_CRAON}")
    page = hands.page
    hands.follow("être prévenu par courriel")
    hands.arrive("Être prévenu par courriel")
    expect(page.locator("main .tags")).to_contain_text("Craon")
    hands.press("Demander l’alerte")
    expect(page.get_by_role("alert")).to_contain_text("Écrivez votre adresse")
    address = f"porteuse-{page.viewport_size['width'] if page.viewport_size else 0}-{id(page)}@example.org"
    hands.write("Votre adresse électronique", address)
    hands.choose(re.compile("^Au fil de l’eau"))
    done = page.get_by_role("heading", name="Ouvrez votre messagerie")
    for _attempt in range(60):  # the form wants two seconds between its page and its answer
        with page.expect_navigation():
            hands.press("Demander l’alerte")
        if done.is_visible():
            break
        expect(page.get_by_label("Votre adresse électronique")).to_have_value(address)
    expect(done).to_be_visible()

    with MailServer() as server:
        send(site, server)
        (message,) = [taken for taken in server.taken if str(taken["To"]) == address]
    found = re.search(r"https?://[^/]+(/alertes/\S+)", text_of(message))
    assert found
    page.goto(site.url + found[1])
    hands.arrive("Commencer l’alerte ?")
    hands.press("Commencer l’alerte")
    hands.arrive("Votre alerte")
    expect(page.locator("main")).to_contain_text("une fois par jour au plus")
    hands.press("Arrêter cette alerte")
    hands.arrive("Cette alerte est arrêtée")
