"""« C’est ma structure », through a real mail server: claimed → decided by the animation → edited by its manager → read again → visitors see it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, Visit
from tests.browser.hands import Pointer
from tests.browser.test_alert_journey import send
from tests.browser.test_journeys import start  # noqa: F401  # the three ways to make a journey
from tests.browser.test_request_journey import link_in
from tests.mail import MailServer, text_of

pytestmark = pytest.mark.browser

OPENED = "administration@localhost"  # no account animates the network on this site: those who administer are told
WORDS = "Nous aidons les épiceries associatives à écrire leurs statuts."


def published_structure(site: Site, name: str) -> str:
    """The public address (a path) of a published structure that nobody keeps; its portal reads what structures change."""
    printed = site.command(
        "shell",
        "-c",
        "from maillage.accounts.models import Person; from maillage.catalogue.actions import sheets;"
        " keeper = Person.objects.order_by('pk').first();"
        f" made = sheets.create('structure', dict(name={name!r}, commune='53084', phone='+33243000000',"
        f" description='Une maison des essais.'), person=keeper, ref={name!r});"
        " made = sheets.move(made, 'soumettre', person=keeper, seen=sheets.version(made));"
        " made = sheets.move(made, 'publier', person=keeper, seen=sheets.version(made));"
        " print('PATH', made.get_absolute_url())",
    )
    return next(line.removeprefix("PATH ") for line in printed.splitlines() if line.startswith("PATH "))


def code_in(server: MailServer, to: str) -> str:
    """The six digits of the last message to this address."""
    last = [taken for taken in server.taken if str(taken["To"]) == to][-1]
    found = re.search(r"\b(\d{3}) (\d{3})\b", text_of(last))
    assert found, text_of(last)
    return found[1] + found[2]


def test_a_manager_claims_a_sheet_and_visitors_read_what_they_change(
    start: Callable[[str], Pointer],  # noqa: F811
    site: Site,
    visit: Visit,
    request: pytest.FixtureRequest,
) -> None:
    name = f"Maison réclamée {request.node.callspec.id}"
    public = published_structure(site, name)
    hands = start(public)
    page = hands.page
    manager = f"gerante-{id(page)}@example.org"
    with MailServer() as server:
        # she signs in by a code, and is brought back to what she asked for
        hands.follow("C’est ma structure")
        hands.write("Adresse électronique", manager)
        hands.press("Recevoir un code")
        hands.arrive("Tapez votre code")
        send(site, server)
        hands.write("Code à six chiffres", code_in(server, manager))
        hands.press("Continuer")
        hands.arrive("Ouvrir un compte")
        hands.write("Nom", "Gérante")
        hands.press("Ouvrir mon compte")
        hands.arrive("C’est ma structure")
        expect(page.locator("main")).to_contain_text("Personne ne tient encore cette fiche.")
        hands.press("Envoyer ma demande")
        expect(page.get_by_role("alert")).to_contain_text("Dites en une phrase qui vous êtes dans la structure.")
        hands.write("Qui êtes-vous dans la structure", "Directrice depuis mars.")
        hands.press("Envoyer ma demande")
        hands.arrive("Mes structures")
        expect(page.locator("main")).to_contain_text(name)

        # the animation is told, and decides
        send(site, server)
        queue = link_in(server, OPENED, r"/gestion/tenue/membres/", f"demande à rejoindre {name}")
        team = start(site.sign_in_link())
        team.press("Me connecter")
        team.page.wait_for_url("**/gestion/")
        team.page.goto(queue)
        team.arrive("Qui tient les fiches")
        claim = f"article:has-text('{name}')"
        expect(team.page.locator(claim)).to_contain_text("Directrice depuis mars.")
        team.press(re.compile("^Accepter"), within=claim)
        expect(team.page.get_by_text("La demande est acceptée.")).to_be_visible()
        expect(team.page.locator(claim)).to_have_count(0)

        # she edits, and sees that it waits
        send(site, server)
        space = link_in(server, manager, r"/ma-structure/[^/\s]+/", "votre demande est acceptée")
        page.goto(space)
        hands.arrive(name)
        hands.follow(name, within="main .tasks")
        hands.arrive(name)
        hands.follow("Modifier")
        hands.write("Présentation", WORDS)
        hands.press("Enregistrer")
        expect(page.get_by_text("L’animation du réseau la relit avant de la montrer.").first).to_be_visible()
        expect(page.locator("main")).to_contain_text("Votre modification est en relecture")
        visitor = visit(public, width=390)
        expect(visitor.locator("main")).to_contain_text("Une maison des essais.")
        expect(visitor.locator("main")).not_to_contain_text(WORDS)

        # the animation reads it and publishes it: she is told, visitors read it
        team.page.goto("/gestion/tenue/modifications/")
        team.follow(name, within="main table")
        team.arrive(re.compile(name))
        expect(team.page.locator(".sides")).to_have_count(1)  # what she did not touch is not a change
        expect(team.page.locator(".sides")).to_contain_text(WORDS)
        team.press("Publier ce qui est coché")
        expect(team.page.get_by_text("La modification est publiée, et la personne en est prévenue.")).to_be_visible()
        send(site, server)
        page.goto(link_in(server, manager, r"/ma-structure/\S+", "votre modification est publiée"))
        hands.arrive(name)
        expect(page.locator("main")).not_to_contain_text("Votre modification est en relecture")
    visitor.reload()
    expect(visitor.locator("main")).to_contain_text(WORDS)
