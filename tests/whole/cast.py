"""The people and the sheets of the whole-project tests. Alice animates, Bob writes, Charlie has an account and no role, Ada administers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from maillage.accompaniment.actions.sending import Draft, send
from maillage.accompaniment.recipients import boxes, organiser, target
from maillage.accompaniment.secrets import new_uid
from maillage.accounts.models import Person, Role
from maillage.catalogue import revision
from maillage.catalogue.enums import Status
from maillage.catalogue.models import ErrorReport, Offer, Relay, Structure
from maillage.crowdfunding.models import Campaign
from maillage.diagnosis import actions
from maillage.diagnosis.filling import OpenFilling
from maillage.diagnosis.load import load_grids
from maillage.diagnosis.office.actions import new_draft
from maillage.diagnosis.versions import version
from maillage.diagnosis.whereabouts import known
from maillage.interop.models import Duplicate, Run
from maillage.interop.table_imports import drafts, running
from maillage.interop.table_imports.models import TableImport, TableSource
from maillage.observatory.models import SitingRun
from maillage.vocabulary.portals import portals
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
    run: Run
    duplicate: Duplicate
    table: TableImport
    campaign: Campaign
    campaign_draft: Campaign
    secret: str = ""  # of a kept diagnosis: see `keep_diagnosis`
    request: str = ""  # uid of a request for contact: see `send_request`


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
        run = Run.objects.create(
            source="essai", state=Run.State.QUARANTINED, reason="La moitié des fiches n’y est plus.", complete=True
        )
        first, second = sorted((offer.uid, draft.uid))
        duplicate = Duplicate.objects.create(
            sheet_kind="offer", first=first, second=second, score=91, reasons=["name"], found_on=date(2026, 11, 23)
        )
        revision.moved(offers=[offer.pk, draft.pk], structures=[structure.pk], relays=[relay.pk])
        source = TableSource.objects.create(code="tableau", name="Tableau d’essai", licence="Licence Ouverte 2.0")
        table = drafts.upload(
            "Nom;SIRET\nSans numéro;\nNuméro faux;12\n".encode(),
            name="essai.csv",
            kind="structure",
            source=source,
            person=people["alice"],
        )
        drafts.check(table)
        running.work(table.pk)
    campaigns = [
        make_campaign(name=name, status=status, structure=structure)
        for name, status in (("Campagne", "publiee"), ("Brouillon", "brouillon"))
    ]
    chosen = [{"code": "53084", "name": "Craon", "lon": -0.95, "lat": 47.85, "gained": 9000}]
    SitingRun.objects.create(
        uid="a" * 16, author_name="Alice", territory="departement:53", method="couverture", count=1, threshold=20, state="done",
        result={
            "chosen": chosen, "people": 300_000, "covered_before": 0, "covered_after": 9000, "mean_km": 31.0, "value": 9000.0,
            "bound": 9000.0, "gap": 0.0, "how": "exact", "unit": "habitants", "counted_on": "2026-11-23",
        },
    )  # fmt: skip
    return World(people, structure, relay, offer, draft, report, run, duplicate, table, *campaigns)


def keep_diagnosis(people: dict[str, Person]) -> str:
    """Keep a diagnosis of the shipped grid under a private link, and open the next version of the short one as a draft; gives the secret."""
    load_grids()
    new_draft("rapide", person=people["bob"])
    filling = OpenFilling(version("complete", 1), {"porte": "1", "besoin-nomme": "o"}, known("creation", "53084"))
    return actions.keep(filling, days=30, counted=False, portal="pays-de-la-loire", owner=None)


def send_request(to: Structure) -> str:
    """Send a request for contact to a structure, every agreement given; gives its uid."""
    portal = portals()["pays-de-la-loire"]
    keeper, where = organiser(portal), target(to)
    fields = {
        "needed": "Écrire les statuts.",
        "holder_name": "Camille",
        "email": "camille@porteur.example.org",
        "commune": "53130",
    }
    agreed = boxes(where, keeper)
    draft = Draft(uid=new_uid(), fields=fields, to=where, keeper=keeper, agreed=agreed, language="fr", portal=portal.code)
    return send(draft)[0].uid
