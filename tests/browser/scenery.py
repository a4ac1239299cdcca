"""What the browser tests need in the catalogue besides the starter one, written by `maillage shell` inside the data of the site.

A draft, an archived offer, a published relay, a report and a second account; then it prints, as JSON, where everything is.
"""

from __future__ import annotations

import hashlib
import json
import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core import signing
from django.urls import reverse
from django.utils import timezone

from maillage.accompaniment.actions import answering
from maillage.accompaniment.actions.sending import Draft, send
from maillage.accompaniment.models import Handover, Request
from maillage.accompaniment.recipients import boxes, organiser, target
from maillage.accompaniment.secrets import ANSWER, FOLLOW, new_uid, secret_for
from maillage.accounts import codes
from maillage.accounts.models import Code, Person, Role
from maillage.catalogue.access import Act
from maillage.catalogue.actions import sheets
from maillage.catalogue.actions.members import digest_of
from maillage.catalogue.models import ErrorReport, Invitation, Membership, Offer, ProposedEdit, Structure
from maillage.catalogue.reports import report_error
from maillage.catalogue.upkeep import Asked, link_token
from maillage.crowdfunding.models import Campaign
from maillage.diagnosis import access, actions
from maillage.diagnosis.filling import OpenFilling
from maillage.diagnosis.models import Diagnosis
from maillage.diagnosis.office.actions import new_draft
from maillage.diagnosis.versions import version
from maillage.diagnosis.whereabouts import known
from maillage.interop.merging.actions import merge
from maillage.interop.models import Duplicate, Proposal, Run
from maillage.interop.table_imports import drafts, running
from maillage.interop.table_imports.matching import Matching
from maillage.interop.table_imports.models import TableImport, TableSource
from maillage.journal import stops
from maillage.journal.actions import looked
from maillage.journal.consents import give
from maillage.journal.models import Message
from maillage.observatory import work
from maillage.observatory.models import SitingRun
from maillage.observatory.siting import runs
from maillage.orientation.alerts import actions as alerts
from maillage.orientation.alerts.links import path_of
from maillage.orientation.models import Alert, SearchRecord
from maillage.orientation.situation import Situation
from maillage.territories import queries as territories
from maillage.territories.queries import commune
from maillage.vocabulary.portals import portals
from tests.crowdfunding.samples import make_campaign
from tests.observatory.searches import some


def _walk(sheet: Any, person: Person, *acts: str) -> Any:
    for act in acts:
        sheet.refresh_from_db()
        sheet = sheets.move(sheet, act, person=person, seen=sheets.version(sheet))
    return sheet


def _what_sources_ask(offers: dict[str, Any], person: Person) -> Duplicate:
    """A source in quarantine, a change to decide, two sheets that may be one, and two that were made one."""
    Run.objects.get_or_create(
        source="essai", state=Run.State.QUARANTINED, complete=True, reason="3 des 6 fiches connues de cette source n’y sont plus."
    )
    aid, draft = offers["aide"], offers["brouillon"]
    Proposal.objects.get_or_create(
        kind="offer", uid=aid.uid, field="amount_max",
        defaults={"name": aid.name, "source": "essai", "ref": "1", "before": "15000", "after": "18000", "proposed_on": date.today()},
    )  # fmt: skip
    first, second = sorted((aid.uid, draft.uid))
    duplicate, _new = Duplicate.objects.get_or_create(
        sheet_kind="offer", first=first, second=second, defaults={"score": 91, "reasons": ["name"], "found_on": date.today()}
    )
    once, twice = (
        sheets.create("offer", {"name": name, "kind": "conseil", "summary": "Une aide dite deux fois.", "coverage": ["departement:53"]},
                      person=person, ref=ref, structure=aid.structure)
        for ref, name in (("une-fois", "Aide dite une fois"), ("deux-fois", "Aide dite deux fois"))
    )  # fmt: skip
    twice.refresh_from_db()
    if not twice.merged_into:
        merge(once, twice, person=person, seen=(sheets.version(once), sheets.version(twice)))
    return duplicate


def _tables(person: Person) -> dict[str, str]:
    """A partner's table in each state."""
    structures = (
        b"Nom;Statut;Ville;SIRET\nMaison du tableau;Association;Laval (53);\nAtelier;Assoc. 1901;Laval (53);\nFaux;;;12\n"
    )
    found = {}
    for word, kind, data in (
        ("table", "structure", structures),
        ("table_done", "structure", structures),
        ("table_waiting", "structure", structures),
        ("table_draft", "offer", b"Titre;Montant\nUne aide;10 000\n"),
    ):
        source = TableSource.objects.filter(code="partenaire").first()
        source = source or TableSource(code="partenaire", name="Partenaire", licence="Licence Ouverte 2.0")
        table = drafts.upload(data, name=f"{word}.csv", kind=kind, source=source, person=person)
        found[word] = table.uid
        drafts.match(table, Matching.from_json(table.matching), seen=drafts.version(table))
        if kind == "structure":
            drafts.check(table)
            running.work(table.pk)
    done = TableImport.objects.get(uid=found["table_done"])
    drafts.confirm(done, person)
    running.work(done.pk)
    # a writing that somebody else does: held long enough for the thread of the site to leave it
    waiting = {
        "state": TableImport.State.WRITING,
        "progress": 1,
        "leased_by": "test",
        "leased_until": timezone.now() + timedelta(days=1),
    }
    TableImport.objects.filter(uid=found["table_waiting"]).update(**waiting)
    return found


def _diagnoses(person: Person) -> dict[str, str]:
    """A draft of the short grid; a diagnosis under a private link, with an adviser's answers; enough others to be counted."""
    new_draft("rapide", person=person)
    full = version("complete", 1)
    codes = [step.code for step in full.grid.steps]

    def kept(letters: str) -> str:
        filling = OpenFilling(full, dict(zip(codes, letters, strict=False)), known("creation", "53084"))
        return actions.keep(filling, days=180, counted=True, portal="pays-de-la-loire", owner=None)

    secrets = [kept("1onoopepoxxsnoooenpos") for _ in range(7)]
    entry = access.entry(secrets[0])
    actions.answer(entry, "but-ecrit", "o", "Article 2 des statuts, adoptés en mars.")
    actions.invite(entry)
    [theirs] = [each for each in access.entry(secrets[0]).assessments if each.voice == access.ADVISER]
    adviser = access.adviser_secret(secrets[0], theirs)
    actions.answer(access.entry(adviser), "but-ecrit", "n", "Rien dans les statuts que j’ai lus.")
    actions.begin_again(entry)
    actions.answer(access.entry(secrets[0]), "besoin-verifie", "o", "")
    assert Diagnosis.objects.count() >= 7
    return {"diagnosis": secrets[0], "adviser": adviser}


def _space(person: Person) -> dict[str, str]:
    """A structure that the administrator keeps: late to answer, its contact on request, an edit to read, people who ask, an invitation."""
    structure = sheets.create(
        "structure",
        {"name": "Maison tenue", "description": "Elle tient ses fiches.", "commune": "53084", "nonprofit": "ess",
         "opening_hours": "Mo-Fr 09:00-12:00; 2026 Dec 24-2027 Jan 02 off \"congés\"", "hidden_contact": {"phone": "02 61 91 00 02", "email": "maison@example.org"}},
        person=person, ref="tenue",
    )  # fmt: skip
    assert isinstance(structure, Structure)
    structure = _walk(structure, person, Act.SUBMIT, Act.PUBLISH)
    Structure.objects.filter(pk=structure.pk).update(silent_since=date.today() - timedelta(days=120), silence=1)
    draft = sheets.create(
        "offer", {"name": "Conseil à préparer", "kind": "conseil", "summary": "Bientôt.", "coverage": ["departement:53"]},
        person=person, ref="a-preparer", structure=structure,
    )  # fmt: skip
    manager = Membership.objects.get_or_create(person=person, structure=structure, role="gestion", state="active")
    assert manager
    for number, where in enumerate((structure, Structure.objects.get(source="gestion", ref="maison"))):
        other, _new = Person.objects.get_or_create(email=f"membre{number}@example.org", defaults={"name": f"Membre {number}"})
        Membership.objects.get_or_create(
            person=other, structure=where, role="conseil", state="demandee", note="Chargée d’accueil, depuis mars."
        )
    third, _new = Person.objects.get_or_create(email="membre3@example.org", defaults={"name": "Camille"})
    Membership.objects.get_or_create(person=third, structure=structure, role="conseil", state="active")
    edit, _new = ProposedEdit.objects.get_or_create(
        sheet_kind="structure", sheet_uid=structure.uid, sheet_name=structure.name, state="attente", person=person, person_name=str(person),
        defaults={"changes": {"description": ["Elle tenait ses fiches.", "Elle tient ses fiches à jour."], "accessibility": ["", "De plain-pied."]}},
    )  # fmt: skip
    secret = "une-invitation-des-essais"
    Invitation.objects.get_or_create(
        digest=digest_of(secret),
        defaults={"structure": structure, "email": "invitee@example.org", "role": "accueil", "invited_by": person, "inviter_name": str(person),
                  "expires_at": timezone.now() + timedelta(days=10)},
    )  # fmt: skip
    campaign, _new = Campaign.objects.get_or_create(
        source="gestion", ref="maison-tenue",
        defaults={"name": "Un atelier pour la Maison tenue", "summary": "Des établis et des outils.", "structure": structure, "commune": "53084",
                  "platform": "ulule", "form": "don", "goal": Decimal(4000), "opens": date.today(), "closes": date.today() + timedelta(days=30),
                  "url": "https://example.org/atelier"},
    )  # fmt: skip
    return {
        "space": structure.uid,
        "space_campaign": campaign.uid,
        "space_handle": structure.handle,
        "space_draft": draft.uid,
        "proposed": str(edit.pk),
        "invitation": secret,
        "reminder": link_token(Asked(structure.uid, (("structure", structure.uid),))),
        "contact": signing.dumps(structure.uid, salt="maillage.catalogue.contact"),
    }


def _claimable() -> str:
    """A structure that nobody of the scenery keeps."""
    found = Structure.objects.visible().exclude(memberships__isnull=False).order_by("pk").first()
    assert found
    return found.handle


def _requests(structure: Structure, person: Person) -> dict[str, str]:
    """Requests for contact in several states: just sent, opened, declined, accepted, and one that the animation must place."""
    Membership.objects.get_or_create(person=person, structure=structure, defaults={"role": "gestion", "state": "active"})
    portal = portals()["pays-de-la-loire"]
    keeper = organiser(portal)
    silent = Structure.objects.visible().filter(email="").exclude(phone="").order_by("pk").first()

    def sent(to: Structure) -> tuple[Request, Handover]:
        where = target(to)
        fields = {
            "needed": "Nous ouvrons une épicerie associative et cherchons comment écrire les statuts.",
            "holder_name": "Camille",
            "email": "camille@porteur.example.org",
            "phone": "+33612345678",
            "stage": "creation",
            "commune": "53084",
            "needs": ["juridique"],
        }
        draft = Draft(new_uid(), fields, where, keeper, boxes(where, keeper), "fr", portal.code, person=person)
        made, _new = send(draft)
        return made, Handover.objects.get(request=made)

    fresh, read, declined, accepted = (sent(structure) for _ in range(4))
    for _made, handover in (read, declined, accepted):
        answering.opened(handover, person)
    answering.decline(declined[1], reason="complet", word="Rappelez-nous en mars.")
    answering.accept(accepted[1], word="Je vous appelle demain.", caller="Inès, conseillère")
    queued, _handover = sent(silent or structure)
    return {
        "request": fresh[0].uid,
        "request_read": read[0].uid,
        "request_queued": queued.uid,
        **{
            word: secret_for(FOLLOW, made.uid)
            for word, made in (
                ("follow", fresh[0]),
                ("follow_declined", declined[0]),
                ("follow_accepted", accepted[0]),
                ("follow_queued", queued),
            )
        },
        **{
            word: secret_for(ANSWER, f"{made.uid}:{handover.pk}")
            for word, (made, handover) in (("answer", fresh), ("answer_read", read), ("answer_done", accepted))
        },
    }


def _messages(person: Person, structure: Structure) -> dict[str, str]:
    """An alert that waits and one that runs, the link that stops a kind of message, what the office and « Mes données » show."""
    found = {}
    for word, act in (("alert_pending", None), ("alert", alerts.confirm)):
        alerts.ask(f"{word}@example.org", Situation(stage="creation", commune=commune("53084")), "weekly", "fr")
        alert = Alert.objects.get(email=f"{word}@example.org")
        if act:
            act(alert)
        found[word] = path_of(alert)
    found["stop"] = stops.link("alert", "quelquun@example.org", None)
    Message.objects.filter(kind="alert-confirm").update(state=Message.State.FAILED, last_error="451 4.3.0 Réessayez plus tard")
    give(structure, structure, "contact", wording="J’accepte que cette structure me rappelle.", language="fr", person=person)
    looked(None, structure, "contact", organisation=structure.name, person=person)
    return found


def _searches() -> None:
    """Two years of searches, counted, and the month kept: what the observatory shows. Days of last year, so that a year is whole."""
    chance, year = random.Random(5), date.today().year
    SearchRecord.objects.bulk_create(
        [*some(1_500, chance, first=date(year - 1, 1, 1), days=365), *some(300, chance, first=date(year, 1, 1), days=1)]
    )
    for step in work.EVERY.values():
        step()


def _siting(person: Person) -> dict[str, str]:
    """Where to put two relays in the Mayenne: one question answered, one that somebody else works on."""
    place = territories.place("departement", "53")
    assert place is not None
    done, waiting = (runs.ask(person, place, "couverture", 2, 15) for _ in range(2))
    runs.work(done.pk)
    held = {"state": SitingRun.State.RUNNING, "leased_by": "test", "leased_until": timezone.now() + timedelta(days=1)}
    SitingRun.objects.filter(pk=waiting.pk).update(**held)
    return {"siting": done.uid, "siting_waiting": waiting.uid}


def build() -> dict[str, str]:
    """Write what is missing; gives the words that the addresses of `pages.py` hold between braces."""
    today = date.today()
    person = Person.objects.order_by("pk").first()
    assert person is not None
    writer = Person.objects.filter(email="redaction@example.org").first() or Person.objects.create_user(
        "redaction@example.org", "un mot de passe assez long", role=Role.REDACTION
    )
    structure = sheets.create(
        "structure",
        {
            "name": "Maison des essais",
            "description": "Elle accueille les projets pour les besoins des tests.",
            "phone": "+33261910001",
            "email": "essais@example.org",
            "website": "https://example.org/essais",
            "commune": "53084",
            "opening_hours": "Mo-Fr 09:00-12:00; PH off",
            "roles": [{"role": "reseau-local-ess", "territory": {"level": "epci", "code": "200048551"}}],
        },
        person=person,
        ref="maison",
    )
    assert isinstance(structure, Structure)
    common = {
        "kind": "financement",
        "instrument": "subvention",
        "amount_min": 500,
        "amount_max": 15_000,
        "stages": ["idee", "creation"],
        "needs": ["juridique"],
        "legal_forms": ["association", "scic"],
        "sectors": ["culture"],
        "coverage": ["departement:53"],
        "excluded": ["commune:53130"],
        "cost": "gratuit",
        "modes": ["presentiel"],
        "closes": date.today() + timedelta(days=20),
        "documents": ["Statuts", "Budget prévisionnel"],
        "how_to_apply": "Écrivez, puis venez avec vos questions.",
        "url": "https://example.org/une-page-assez-longue/pour-l-aide-aux-essais",
        "conditions": [{"field": "salaries", "operator": ">=", "value": 1, "label": "Avoir au moins un salarié"}],
    }
    offers = {
        ref: sheets.create(
            "offer", {**common, "name": name, "summary": "Une aide pour essayer."}, person=person, ref=ref, structure=structure
        )
        for ref, name in (
            ("aide", "Aide aux essais"),
            ("brouillon", "Brouillon des essais"),
            ("relire", "Offre à relire"),
            ("finie", "Aide finie"),
        )
    }
    relay = sheets.create(
        "relay",
        {
            "name": "Permanence des essais",
            "level": "information",
            "commune": "53084",
            "address": "1 place du Marché",
            "opening_hours": "Tu 14:00-17:00",
            "by_appointment": True,
            "languages": ["français", "anglais"],
        },
        person=person,
        ref="permanence",
        structure=structure,
    )
    publish = (Act.SUBMIT, Act.PUBLISH)
    for sheet in (structure, offers["aide"], relay):
        _walk(sheet, person, *publish)
    _walk(offers["relire"], writer, Act.SUBMIT)
    _walk(offers["finie"], person, *publish, Act.ARCHIVE)
    report = report_error(
        offers["aide"], portal="pays-de-la-loire", reason=ErrorReport.Reason.CLOSED, message="Le numéro ne répond plus."
    )
    campaign, risky = (
        make_campaign(
            name=name,
            form=form,
            platform=platform,
            opens=today - timedelta(days=10),
            closes=today + timedelta(days=20),
            as_of=today,
        )
        for name, form, platform in (
            ("Le fournil des essais", "don-contrepartie", "ulule"),
            ("La coopérative des essais", "parts-sociales", "tudigo"),
        )
    )
    duplicate = _what_sources_ask(offers, person)
    code = Code.objects.create(
        purpose=Code.Purpose.SIGN_IN,
        email="porteur@example.org",
        handle="decor",
        digest="-",
        link_digest=hashlib.sha256(b"decor").hexdigest(),
        expires_at=timezone.now() + timedelta(days=1),
    )
    assert codes.from_link("decor") == code
    _searches()
    starter = Offer.objects.visible().filter(source="depart").exclude(url="").order_by("ref").first()
    assert starter is not None
    return {
        **_tables(person),
        **_diagnoses(person),
        "claimable": _claimable(),
        **_space(person),
        **_requests(structure, person),
        **_messages(person, structure),
        "code_link": reverse("sign-in-email", args=("decor",)),
        **_siting(person),
        "campaign": campaign.handle,
        "campaign_uid": campaign.uid,
        "risky_campaign": risky.handle,
        "offer": offers["aide"].handle,
        "starter_offer": starter.handle,
        "gone": offers["finie"].handle,
        "structure": structure.handle,
        "relay": relay.handle,
        "structure_uid": structure.uid,
        "offer_uid": offers["aide"].uid,
        "draft_uid": offers["brouillon"].uid,
        "review_uid": offers["relire"].uid,
        "gone_uid": offers["finie"].uid,
        "relay_uid": relay.uid,
        "report": str(report.pk),
        "duplicate": str(duplicate.pk),
        "person": str(writer.pk),
    }


if __name__ == "__main__":  # `maillage shell` runs this file; the fixture `places` reads the line back
    print("PLACES " + json.dumps(build()))
