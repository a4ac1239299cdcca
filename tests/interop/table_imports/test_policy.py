"""What a table may change of a sheet that is already there: what a person edited stays, a published sheet is read before it changes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from maillage.catalogue.models import Offer, Structure
from maillage.interop.decisions import decide
from maillage.interop.models import Proposal
from maillage.interop.queries import source_lines
from maillage.interop.table_imports.matching import Host
from maillage.interop.table_imports.models import TableImport
from tests.interop.table_imports.makers import (
    HEADINGS,
    ROWS,
    counts,
    csv_bytes,
    imported,
    person,
)

pytestmark = pytest.mark.django_db


def test_what_a_person_edited_here_is_kept() -> None:
    imported(csv_bytes([HEADINGS, *ROWS]))
    Structure.objects.filter(name="Atelier inventé").update(email="ici@example.org", kept_fields=["email"])
    assert counts(imported(csv_bytes([HEADINGS, *ROWS]))) == {"unchanged": 3}


def offers_file(title: str, closes: str) -> bytes:
    return csv_bytes(
        [
            ["Référence", "Titre", "Nature", "Territoire", "Date limite", "Résumé"],
            ["1", title, "Financement", "53", closes, "Une aide inventée."],
        ]
    )


def offers_imported(title: str, closes: str) -> TableImport:
    columns = {
        "Référence": "",
        "Titre": "name",
        "Nature": "kind",
        "Territoire": "coverage",
        "Date limite": "closes",
        "Résumé": "summary",
    }
    return imported(
        offers_file(title, closes), kind="offer", columns=columns, identity="Référence", host=Host(by="one", text="Hôte inventé")
    )


def test_of_a_published_sheet_only_dates_change_by_themselves_and_the_rest_waits_for_a_person() -> None:
    assert counts(offers_imported("Aide inventée", "31/01/2027"))["created"] == 1
    done = counts(offers_imported("Aide renommée", "31/03/2027"))
    offer = Offer.objects.get()
    assert (offer.name, offer.closes) == ("Aide inventée", date(2027, 3, 31))
    assert (done["changed"], done["proposed"]) == (1, 1)
    waiting = Proposal.objects.get()
    assert (waiting.source, waiting.field, waiting.before, waiting.after) == ("essai", "name", "Aide inventée", "Aide renommée")
    assert counts(offers_imported("Aide renommée", "31/03/2027")) == {"unchanged": 1}
    decide([waiting.pk], accept=True, person=person())
    assert Offer.objects.get().name == "Aide renommée"


def test_a_change_that_a_person_refused_is_not_asked_again_and_one_no_longer_asked_is_forgotten() -> None:
    offers_imported("Aide inventée", "31/01/2027")
    offers_imported("Aide renommée", "31/01/2027")
    decide([Proposal.objects.get().pk], accept=False, person=person())
    assert counts(offers_imported("Aide renommée", "31/01/2027")) == {"unchanged": 1}
    assert counts(offers_imported("Aide autre", "31/01/2027"))["proposed"] == 1
    assert counts(offers_imported("Aide inventée", "31/01/2027")) == {"unchanged": 1}
    assert not Proposal.objects.filter(state="waiting").exists()


def test_what_another_source_asks_of_the_same_sheet_goes_on_waiting() -> None:
    offers_imported("Aide inventée", "31/01/2027")
    offer = Offer.objects.get()
    other = Proposal.objects.create(
        kind="offer",
        uid=offer.uid,
        name=offer.name,
        source="autre",
        ref="9",
        field="summary",
        before="",
        after="Autre",
        proposed_on=date(2026, 11, 1),
    )
    offers_imported("Aide inventée", "31/01/2027")
    assert Proposal.objects.get() == other


def test_the_source_of_a_table_is_among_the_sources_with_its_last_import(client: Any) -> None:
    offers_imported("Aide inventée", "31/01/2027")
    line = next(line for line in source_lines(date(2026, 11, 24)) if line.code == "essai")
    assert line.last is not None
    assert (line.name, line.due) == ("Source essai", False)
    assert (line.last.origin, line.last.counts["records"], line.outcomes["published"]) == ("liste.csv", 1, 1)
    page = client.get(reverse("sources")).content.decode()
    assert 'id="source-essai"' in page
