"""A request for contact, through a real mail server: request → reminder → answer by link → the holder is told → was it useful?"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site
from tests.browser.hands import Pointer
from tests.browser.test_alert_journey import send
from tests.browser.test_journeys import start  # noqa: F401  # the three ways to make a journey
from tests.mail import MailServer, text_of

pytestmark = pytest.mark.browser


def week_later(site: Site, address: str) -> None:
    """Eight days pass for the request of this address, and a night."""
    site.command(
        "shell",
        "-c",
        "from datetime import timedelta; from django.db.models import F; from maillage.accompaniment.models import Request;"
        f" Request.objects.filter(email={address!r}).update(waiting_since=F('waiting_since') - timedelta(days=8))",
    )
    site.command("nuit", "--etape", "requests")


def link_in(server: MailServer, to: str, pattern: str, subject: str) -> str:
    """The path of ours in the last message to an address about something."""
    [message] = [taken for taken in server.taken if str(taken["To"]) == to and subject in str(taken["Subject"])][-1:]
    found = re.search(rf"https?://[^/]+({pattern})", text_of(message))
    assert found, text_of(message)
    return found[1]


def test_a_request_finds_somebody_who_answers(start: Callable[[str], Pointer], site: Site) -> None:  # noqa: F811
    hands = start("/offres/{offer}/?etape=creation&commune=53084")
    page = hands.page
    holder = f"porteuse-{id(page)}@example.org"
    hands.follow("Demander un contact")
    hands.arrive("Demander un contact")
    expect(page.locator("main")).to_contain_text("Votre demande ira à Maison des essais")
    hands.press("Vérifier avant d’envoyer")
    expect(page.get_by_role("alert")).to_contain_text("Dites en une phrase de quoi vous avez besoin.")
    hands.write("De quoi avez-vous besoin", "Un coup de main pour les statuts d’une épicerie.")
    hands.write("Votre nom", "Camille")
    hands.write("Votre adresse électronique", holder)
    hands.press("Vérifier avant d’envoyer")
    hands.arrive("Ce qui va partir, et à qui")
    expect(page.locator("main")).to_contain_text("Le message part à essais@example.org")
    boxes = page.locator("input[name=accord]")
    expect(boxes).to_have_count(2)
    for box in boxes.all():
        expect(box).not_to_be_checked()
    hands.press("Modifier")
    expect(page.get_by_label("De quoi avez-vous besoin")).to_have_value("Un coup de main pour les statuts d’une épicerie.")
    hands.press("Vérifier avant d’envoyer")
    hands.choose(re.compile("^J’accepte que Maison des essais reçoive"))
    sent = page.get_by_role("heading", name="Votre demande est partie")
    for _attempt in range(60):  # the page wants three seconds between its making and its sending
        with page.expect_navigation():
            hands.press("Envoyer ma demande")
        if sent.is_visible():
            break
        expect(page.locator("main")).to_contain_text("trop vite")
    hands.arrive("Votre demande est partie")

    with MailServer() as server:
        send(site, server)
        assert not [taken for taken in server.taken if "épicerie" in text_of(taken) and str(taken["To"]) != holder]
        mine = link_in(server, holder, r"/demande/[^/\s]+/", "est partie")
        week_later(site, holder)
        send(site, server)
        answer = link_in(server, "essais@example.org", r"/repondre/[^/\s]+/", "Rappel")
        assert any("relancé" in str(taken["Subject"]) for taken in server.taken if str(taken["To"]) == holder)

        page.goto(site.url + answer)
        hands.arrive("Quelqu’un demande à vous parler")
        expect(page.locator("main")).not_to_contain_text("Camille")
        hands.press("Lire la demande")
        expect(page.locator("main")).to_contain_text("Un coup de main pour les statuts")
        hands.write("Qui contactera la personne", "Inès, conseillère")
        hands.press("Accepter")
        expect(page.locator("main")).to_contain_text("Votre réponse est transmise.")

        send(site, server)
        assert link_in(server, holder, r"/demande/[^/\s]+/", "accepte votre demande") == mine

    page.goto(site.url + mine)
    hands.arrive("Votre demande")
    expect(page.locator("main")).to_contain_text("Inès, conseillère vous contacte.")
    expect(page.locator("[aria-labelledby=regards]")).to_contain_text("Maison des essais")
    hands.follow("Cette mise en relation vous a-t-elle été utile\u202f?")
    hands.arrive("Était-ce utile\u202f?")
    hands.press("Oui")
    hands.arrive("Votre demande")
    expect(page.locator("main")).to_contain_text("Merci. La structure lira votre réponse.")
    assert not page.context.cookies()
