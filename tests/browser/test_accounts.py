"""Accounts in a real browser: opened by a code, protected by an application of codes, then by a passkey."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accounts.hands import totp_code
from tests.browser.checks import axe_violations, heading_problems, overflow
from tests.browser.conftest import Site, Visit
from tests.browser.hands import Keyboard, Pointer

pytestmark = pytest.mark.browser

WAYS = {
    "finger": (Pointer, {"width": 390}),
    "without script": (Pointer, {"width": 390, "javascript": False}),
    "keyboard": (Keyboard, {"width": 1280}),
}


def code_for(site: Site, email: str) -> str:
    """The six digits of the last message written to this address."""
    printed = site.command(
        "shell",
        "-c",
        f"from maillage.journal.models import Message; print('TEXT', repr(Message.objects.filter(to='{email}').order_by('-pk')[0].text))",
    )
    found = re.search(r"TEXT .*?\b(\d{3}) (\d{3})\b", printed)
    assert found, printed
    return found[1] + found[2]


def sound(page: Page) -> None:
    problems = [*axe_violations(page), *heading_problems(page), *overflow(page)]
    assert not problems, f"{page.url}: {problems}"


@pytest.mark.parametrize("way", list(WAYS))
def test_a_holder_opens_an_account_protects_it_and_comes_back(way: str, visit: Visit, site: Site) -> None:
    hands_of, options = WAYS[way]
    email = f"porteur-{way.replace(' ', '-')}@example.org"
    hands = hands_of(visit("/connexion/", **options))
    page, looked = hands.page, way == "finger"
    check: Callable[[Page], None] = sound if looked else lambda page: None

    def sign_in() -> None:
        hands.write("Adresse électronique", email)
        hands.press("Recevoir un code")
        hands.arrive("Tapez votre code")
        check(page)
        hands.write("Code à six chiffres", code_for(site, email))
        hands.press("Continuer")

    sign_in()
    hands.arrive("Ouvrir un compte")
    check(page)
    hands.write("Nom", "Porteuse")
    hands.press("Ouvrir mon compte")
    hands.arrive("Mon compte")
    check(page)
    expect(page.locator("main")).to_contain_text("cet appareil")
    hands.follow("Second facteur")
    hands.arrive("Second facteur")
    check(page)
    hands.press("Commencer")
    hands.arrive("Votre application de codes")
    check(page)
    key = page.locator("code.secret").inner_text()
    hands.write("Code à six chiffres", "000000")
    hands.press("Terminer")
    expect(page.locator(".field-error")).to_contain_text("Ce n’est pas le code")
    check(page)
    hands.write("Code à six chiffres", totp_code(key, steps=-1))
    hands.press("Terminer")
    hands.arrive("Vos codes de secours")
    check(page)
    expect(page.locator(".codes li")).to_have_count(10)
    recovery = page.locator(".codes code").first.inner_text()
    hands.follow("Je les ai gardés, continuer")
    hands.arrive("Mon compte")
    hands.follow("Second facteur")
    hands.arrive("Second facteur")
    hands.follow(re.compile("^Retirer"))
    hands.arrive("Retirer ce second facteur")
    check(page)
    hands.follow("Ne rien changer")
    hands.arrive("Second facteur")
    hands.follow("Revenir à mon compte")
    hands.arrive("Mon compte")
    hands.press("Me déconnecter")
    page.wait_for_url(lambda url: "mon-compte" not in url)
    page.goto("/connexion/")
    sign_in()
    hands.arrive("Deuxième étape")
    check(page)
    hands.write("Code à six chiffres", recovery)
    hands.press("Continuer")
    hands.arrive("Mon compte")
    expect(page.locator("main")).to_contain_text("Code de secours utilisé")


def test_a_passkey_is_added_and_opens_the_account(chromium: Browser, site: Site) -> None:
    """A virtual authenticator of Chromium stands for the telephone; a passkey needs a name, hence localhost."""
    base = f"http://localhost:{urlsplit(site.url).port}"
    context = chromium.new_context(locale="fr-FR", base_url=base)
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, "automaticPresenceSimulation": True}})
    email = "cle@example.org"

    def sign_in() -> None:
        page.goto("/connexion/")
        page.get_by_label("Adresse électronique").fill(email)
        page.get_by_role("button", name="Recevoir un code").click()
        page.get_by_label("Code à six chiffres").fill(code_for(site, email))
        page.get_by_role("button", name="Continuer").click()

    sign_in()
    page.get_by_role("button", name="Ouvrir mon compte").click()
    page.get_by_role("link", name="Second facteur").click()
    page.get_by_role("button", name="Ajouter une clé d’accès").click()
    expect(page.locator("h1")).to_have_text("Ajouter une clé d’accès")
    sound(page)
    page.get_by_label("Nom de cette clé").fill("Mon téléphone")
    page.get_by_role("button", name="Ajouter cette clé").click()
    expect(page.locator("h1")).to_have_text("Vos codes de secours")
    page.get_by_role("link", name="Je les ai gardés, continuer").click()
    page.get_by_role("link", name="Second facteur").click()
    expect(page.locator("main")).to_contain_text("Mon téléphone")
    page.goto("/mon-compte/")
    page.get_by_role("button", name="Me déconnecter", exact=True).click()
    page.wait_for_url(lambda url: "mon-compte" not in url)
    sign_in()
    expect(page.locator("h1")).to_have_text("Deuxième étape")
    sound(page)
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.locator("h1")).to_have_text("Mon compte")
    context.close()
