"""What the browser tests need in the catalogue besides the starter one, written by `maillage shell` inside the data of the site.

A draft, an archived offer, a published relay, a report and a second account; then it prints, as JSON, where everything is.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from maillage.accounts.models import Person, Role
from maillage.catalogue.access import Act
from maillage.catalogue.actions import sheets
from maillage.catalogue.models import ErrorReport, Offer, Structure
from maillage.catalogue.reports import report_error
from tests.crowdfunding.samples import make_campaign


def _walk(sheet: Any, person: Person, *acts: str) -> Any:
    for act in acts:
        sheet.refresh_from_db()
        sheet = sheets.move(sheet, act, person=person, seen=sheets.version(sheet))
    return sheet


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
    starter = Offer.objects.visible().filter(source="depart").exclude(url="").order_by("ref").first()
    assert starter is not None
    return {
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
        "person": str(writer.pk),
    }


if __name__ == "__main__":  # `maillage shell` runs this file; the fixture `places` reads the line back
    print("PLACES " + json.dumps(build()))
