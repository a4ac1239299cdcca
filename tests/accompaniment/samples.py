"""A small region for requests: a structure that answers, the local network, the organiser; and the hands that write and send."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from maillage.accompaniment.actions.sending import Draft, send
from maillage.accompaniment.models import Handover, Request
from maillage.accompaniment.recipients import boxes, organiser, target
from maillage.accompaniment.secrets import ANSWER, FOLLOW, new_uid, secret_for
from maillage.accounts.models import Person
from maillage.catalogue import revision
from maillage.catalogue.models import Membership, Offer, Structure
from maillage.journal.models import Message
from maillage.vocabulary.portals import portals
from tests.catalogue.worlds import offer, structure

#: A Monday at noon, without a public holiday for a month around it.
NOON = "2026-11-23 12:00:00+01:00"
WORDS = "Nous ouvrons une épicerie associative et cherchons comment écrire les statuts."


@dataclass(frozen=True)
class Region:
    """Who may be asked."""

    adviser: Structure  # has an e-mail address, and an offer for « juridique » in Mayenne
    offer: Offer
    silent: Structure  # has only a telephone
    network: Structure
    organiser: Structure


def make_region() -> Region:
    """Write it as one catalogue write."""
    with transaction.atomic():
        adviser = structure(name="Maison des projets", email="accueil@maison.example.org", phone="+33243000001", commune="53130")
        advice = offer(adviser, name="Conseil aux statuts", needs=["juridique"], stages=["creation"], coverage=["departement:53"])
        silent = structure(name="Point d’appui", email="", phone="+33243000002", commune="53130")
        network = structure(
            name="Réseau de la Mayenne",
            email="contact@reseau.example.org",
            roles=[{"role": "reseau-local-ess", "territory": {"level": "departement", "code": "53"}}],
        )
        keeper = structure(
            ref="cress-pays-de-la-loire",
            name="CRESS d’essai",
            email="bonjour@cress.example.org",
            roles=[{"role": "cress", "territory": {"level": "region", "code": "52"}}],
        )
        revision.moved(everything=True)
    return Region(adviser, advice, silent, network, keeper)


def sent(
    region: Region, to: Structure | None = None, *, agreed: tuple[str, ...] | None = None, uid: str = "", **fields: Any
) -> Request:
    """A request that left for a structure (the adviser unless said), every agreement given unless `agreed` says which."""
    portal = portals()["pays-de-la-loire"]
    keeper = organiser(portal)
    where = target(to or region.adviser)
    asked = boxes(where, keeper)
    people = {name: fields.pop(name) for name in ("person", "agent", "agent_structure", "at_counter") if name in fields}
    said = {
        "needed": WORDS,
        "holder_name": "Camille Essai",
        "email": "camille@porteur.example.org",
        "phone": "",
        "stage": "creation",
        "commune": "53130",
        "needs": ["juridique"],
        **fields,
    }
    kept = [box for box in asked if agreed is None or box.uid in agreed]
    draft = Draft(
        uid=uid or new_uid(), fields=said, to=where, keeper=keeper, agreed=kept, language="fr", portal=portal.code, **people
    )
    return send(draft)[0]


def follow_url(request: Request) -> str:
    return f"/demande/{secret_for(FOLLOW, request.uid)}/"


def answer_url(request: Request) -> str:
    last = Handover.objects.filter(request=request).order_by("-pk").first()
    assert last is not None
    return f"/repondre/{secret_for(ANSWER, f'{request.uid}:{last.pk}')}/"


def member(who: Structure, email: str = "membre@example.org", role: str = "conseil") -> Person:
    person = Person.objects.filter(email=email).first() or Person.objects.create_user(email, "un mot de passe long")
    Membership.objects.create(person=person, structure=who, role=role, state=Membership.State.ACTIVE)
    return person


def told(to: str = "") -> list[Message]:
    """The messages written, in order; to this address if given."""
    found = Message.objects.order_by("pk")
    return list(found.filter(to=to) if to else found)


def hidden(page: str) -> dict[str, list[str]]:
    """The hidden fields of a page, as a browser would send them again."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        assert name
        found.setdefault(name.group(1), []).append(unescape(value.group(1)) if value else "")
    return found


TYPED = {
    "demande": WORDS,
    "nom": "Camille Essai",
    "courriel": "camille@porteur.example.org",
    "etape": "creation",
    "commune": "Laval 53000",
    "saisie": "1",
    "besoin": ["juridique"],
}


def check(client: Client, address: str = "/demander-un-contact/", **fields: Any) -> str:
    """The check page of a request."""
    response = client.post(address, {**TYPED, **fields, "acte": "verifier"})
    assert response.status_code == 200
    return response.content.decode()


def post_check(
    client: Client, page: str, clock: Any, *, after: float = 10, address: str = "/demander-un-contact/", **fields: Any
) -> HttpResponse:
    """Send what a check page holds, every box ticked unless `accord` says which."""
    clock.shift(timedelta(seconds=after))
    boxes_shown = re.findall(r'name="accord" value="([^"]+)"', page)
    data = {**hidden(page), "accord": boxes_shown, "acte": "envoyer", **fields}
    return client.post(address, data)  # type: ignore[return-value]  # Django's test response
