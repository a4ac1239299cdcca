"""The people and the sheets of the whole-project tests. Alice animates, Bob writes, Charlie has an account and no role, Ada administers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from maillage.accounts.models import Person, Role
from maillage.catalogue import revision
from maillage.catalogue.enums import Status
from maillage.catalogue.models import ErrorReport, Offer, Relay, Structure
from maillage.crowdfunding.models import Campaign
from tests.crowdfunding.samples import make_campaign

PEOPLE = {"charlie": Role.NONE, "bob": Role.REDACTION, "alice": Role.ANIMATION, "ada": Role.ADMINISTRATION}
PERSONAS = ("visitor", *PEOPLE)


@dataclass(frozen=True)
class World:
    """A small catalogue around Laval, with one sheet of each kind published and one offer still a draft."""

    people: dict[str, Person]
    structure: Structure
    relay: Relay
    offer: Offer
    draft: Offer
    report: ErrorReport
    campaign: Campaign
    campaign_draft: Campaign


def make_world() -> World:
    """Write the small catalogue and the people, as one catalogue write."""
    with transaction.atomic():
        people = {
            name: Person.objects.create_user(f"{name}@example.org", "un mot de passe long", role=role)
            for name, role in PEOPLE.items()
        }
        structure = Structure.objects.create(
            source="test",
            ref="reseau",
            name="Réseau des essais",
            status=Status.PUBLISHED,
            roles=[{"role": "reseau-local-ess", "territory": {"level": "departement", "code": "53"}}],
            phone="+33261910001",
            email="contact@example.org",
            website="https://example.org/",
            commune="53130",
            lon=-0.77,
            lat=48.07,
        )
        relay = Relay.objects.create(
            source="test",
            ref="relais",
            name="Point d’accueil des essais",
            status=Status.PUBLISHED,
            structure=structure,
            level="information",
            network="piva",
            commune="53062",
            lon=-0.7,
            lat=47.83,
            opening_hours="Mo-Fr 09:00-12:00",
        )
        common = {
            "source": "test",
            "structure": structure,
            "kind": "conseil",
            "stages": ["idee", "creation"],
            "needs": ["juridique"],
            "coverage": ["departement:53"],
            "cost": "gratuit",
            "closes": date(2099, 12, 31),
        }
        offer = Offer.objects.create(
            **common, ref="offre", name="Permanence des essais", summary="On vous écoute.", status=Status.PUBLISHED
        )
        draft = Offer.objects.create(**common, ref="brouillon", name="Brouillon des essais", status=Status.DRAFT)
        report = ErrorReport.objects.create(
            sheet_kind="offer", sheet_uid=offer.uid, sheet_name=offer.name, portal="pays-de-la-loire", reason="closed"
        )
        revision.moved(offers=[offer.pk, draft.pk], structures=[structure.pk], relays=[relay.pk])
    campaigns = [
        make_campaign(name=name, status=status) for name, status in (("Campagne", "publiee"), ("Brouillon", "brouillon"))
    ]
    return World(people, structure, relay, offer, draft, report, *campaigns)
