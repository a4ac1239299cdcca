"""Editing a sheet: what is saved, what is refused and given back, and two people at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from maillage.accounts.models import Person
from maillage.catalogue import revision
from maillage.catalogue.actions import sheets as actions
from maillage.catalogue.enums import Status
from maillage.catalogue.models import Change, Offer, Relay, Structure
from maillage.journal.models import Entry
from tests.catalogue.office.pages import edit, filled, form_of, parse, said

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]


def edit_url(sheet: Structure | Offer | Relay) -> str:
    return reverse("office-edit", args=(sheet.KIND, sheet.uid))


def test_saving_a_form_untouched_changes_nothing(
    as_person: Browser, alice: Person, structure: Structure, offer: Offer, relay: Relay
) -> None:
    for sheet in (structure, offer, relay):
        before = {name: getattr(sheet, name) for name in actions.EDITED[sheet.KIND]}
        response = edit(as_person(alice), edit_url(sheet))
        assert response.status_code == 303, said(response)
        sheet.refresh_from_db()
        assert {name: getattr(sheet, name) for name in actions.EDITED[sheet.KIND]} == before
        assert sheet.kept_fields == []
    assert not Entry.objects.exists()
    assert revision.current() == 0


@pytest.mark.parametrize("spelling", ["+33243000001", "02.43.00.00.01", "3949"])
def test_a_number_that_nobody_touched_stays_as_its_source_spells_it(
    spelling: str, as_person: Browser, alice: Person, structure: Structure
) -> None:
    structure.phone = spelling
    structure.save(update_fields=["phone"])
    edit(as_person(alice), edit_url(structure), name="Autre nom")
    structure.refresh_from_db()
    assert (structure.name, structure.phone, structure.kept_fields) == ("Autre nom", spelling, ["name"])
    edit(as_person(alice), edit_url(structure), phone="0243000002")
    structure.refresh_from_db()
    assert (structure.phone, structure.kept_fields) == ("02 43 00 00 02", ["name", "phone"])


def test_every_edited_field_is_on_its_form() -> None:
    from maillage.catalogue.forms.sheets import FORMS

    for kind, form in FORMS.items():
        shown = [name for _title, _hint, names in form.GROUPS for name in names]
        shown = ["hidden_contact" if name == "hide_contact" else name for name in shown if name != "exceptions"]
        assert sorted(shown) == sorted(actions.EDITED[kind])


def test_a_change_writes_the_sheet_its_journal_line_and_the_revision(as_person: Browser, alice: Person, offer: Offer) -> None:
    response = edit(as_person(alice), edit_url(offer), name="Premier conseil gratuit", cost="gratuit")
    assert response.status_code == 303
    offer.refresh_from_db()
    assert (offer.name, offer.cost) == ("Premier conseil gratuit", "gratuit")
    entry = Entry.objects.get()
    assert entry.actor == alice
    assert entry.changes == {"name": ["Premier conseil", "Premier conseil gratuit"], "cost": ["", "gratuit"]}
    assert Change.objects.get().subject == offer.pk
    assert offer.kept_fields == ["cost", "name"]


def test_the_history_tells_it_in_french(as_person: Browser, alice: Person, offer: Offer) -> None:
    client = as_person(alice)
    edit(client, edit_url(offer), stages=["idee", "difficultes"], closes="2027-01-31")
    page = said(client.get(reverse("office-sheet", args=("offer", offer.uid))))
    assert "Alice a modifié la fiche" in page
    assert "ajouté Difficultés" in page
    assert "retiré Création" in page
    assert "31 janvier 2027" in page


def test_a_sheet_born_in_the_office_keeps_no_field_from_imports(as_person: Browser, bob: Person, draft: Offer) -> None:
    edit(as_person(bob), edit_url(draft), name="Autre nom")
    draft.refresh_from_db()
    assert draft.name == "Autre nom"
    assert draft.kept_fields == []


def test_kept_fields_are_given_back_to_the_source(as_person: Browser, alice: Person, bob: Person, offer: Offer) -> None:
    edit(as_person(alice), edit_url(offer), name="Autre", cost="gratuit")
    url = reverse("office-release", args=("offer", offer.uid))
    as_person(bob).post(url, {"champ": ["name"]})
    offer.refresh_from_db()
    assert offer.kept_fields == ["cost", "name"]
    assert as_person(alice).post(url, {"champ": ["name"]}).status_code == 303
    offer.refresh_from_db()
    assert offer.kept_fields == ["cost"]


def test_a_refused_form_gives_back_what_was_typed_with_its_errors(as_person: Browser, alice: Person, offer: Offer) -> None:
    response = edit(
        as_person(alice),
        edit_url(offer),
        name="",
        phone="pas un numéro",
        url="ceci n’est pas",
        opens="2027-02-01",
        closes="2027-01-01",
    )
    assert response.status_code == 200
    page = parse(response)
    links = page.xpath("//*[@role='alert']//a/@href")
    assert len(links) == 4
    for link in links:
        target = page.get_element_by_id(link.removeprefix("#"))
        described = target.get("aria-describedby", "").split()
        assert any("Erreur" in page.get_element_by_id(name).text_content() for name in described)
        assert target.get("aria-invalid") == "true"
    assert page.xpath("//input[@name='phone']/@value") == ["pas un numéro"]
    assert page.findtext(".//title").strip().startswith("Erreur")
    offer.refresh_from_db()
    assert offer.name == "Premier conseil"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount_min": "200", "amount_max": "100"}, "plus petit que le minimum"),
        ({"commune": "Saint-Denis"}, "Précisez la commune"),
        ({"commune": "Xyzzyville"}, "pas une commune connue"),
        ({"postcode": "530"}, "cinq chiffres"),
        ({"coverage": []}, "au moins un territoire"),
        ({"coverage": ["departement:99"]}, "n’existe pas"),
        ({"coverage-search": "Sarthe"}, "cherché mais pas ajouté"),
        ({"kind": "sorcellerie"}, "Sélectionnez un choix valide"),
        ({"stages": ["jamais"]}, "Sélectionnez un choix valide"),
        ({"conditions-0-field": "salaries"}, "Complétez cette case"),
        (
            {
                "conditions-0-field": "salaries",
                "conditions-0-operator": ">=",
                "conditions-0-value": "un",
                "conditions-0-label": "x",
            },
            "nombre entier",
        ),
        ({"sources-0-url": "https://example.org/"}, "Complétez cette case"),
    ],
)
def test_what_does_not_fit_is_explained(
    as_person: Browser, alice: Person, offer: Offer, changes: dict[str, Any], sentence: str
) -> None:
    response = edit(as_person(alice), edit_url(offer), **changes)
    assert response.status_code == 200
    assert sentence in said(response)
    assert not Entry.objects.exists()


def test_a_structure_has_right_numbers_and_granted_roles(as_person: Browser, alice: Person, structure: Structure) -> None:
    wrong = {"siren": "123456789", "opening_hours": "lundi 9h-12h", "roles-0-role": "piva"}
    page = said(edit(as_person(alice), edit_url(structure), **wrong))
    assert "SIREN n’est pas juste" in page
    assert "Ces horaires ne sont pas compris à partir de « lundi 9h-12h »" in page
    assert "écrivez laquelle" in page
    right = {
        "siren": "732 829 320",
        "opening_hours": "Mo-Fr 09:00-12:00",
        "roles-0-role": "piva",
        "roles-0-territory": "Mayenne (département 53)",
        "roles-0-authority": "Préfecture",
        "roles-0-since": "2025-01-01",
        "website": "www.example.org",
        "phone": "0243000000",
    }
    assert edit(as_person(alice), edit_url(structure), **right).status_code == 303
    structure.refresh_from_db()
    assert structure.siren == "732829320"
    assert structure.website == "https://www.example.org"
    assert structure.phone == "02 43 00 00 00"
    assert structure.roles == [
        {"role": "piva", "territory": {"level": "departement", "code": "53"}, "since": "2025-01-01", "authority": "Préfecture"}
    ]


def test_conditions_are_edited_as_rows_and_an_emptied_row_goes(as_person: Browser, alice: Person, offer: Offer) -> None:
    typed = {
        "conditions-0-field": "salaries",
        "conditions-0-operator": ">=",
        "conditions-0-value": "1",
        "conditions-0-label": "Employer",
    }
    edit(as_person(alice), edit_url(offer), **typed)
    offer.refresh_from_db()
    assert offer.conditions == [{"field": "salaries", "operator": ">=", "value": 1, "label": "Employer"}]
    edit(as_person(alice), edit_url(offer), **dict.fromkeys(typed, ""))
    offer.refresh_from_db()
    assert offer.conditions == []


def test_more_rows_are_given_without_losing_what_was_typed(as_person: Browser, alice: Person, offer: Offer) -> None:
    client = as_person(alice)
    data = filled(client.get(edit_url(offer)), name="En cours", **{"conditions-1-label": "À garder"})
    response = client.post(edit_url(offer), {**data, "more-conditions": "1"})
    page = parse(response)
    assert page.xpath("//input[@name='name']/@value") == ["En cours"]
    assert page.xpath("//input[@name='conditions-1-label']/@value") == ["À garder"]
    assert len(page.xpath("//select[starts-with(@name, 'conditions-') and contains(@name, '-field')]")) == 4
    assert not page.xpath("//*[@aria-invalid]")


def test_a_territory_is_added_by_its_name_without_javascript(as_person: Browser, alice: Person, offer: Offer) -> None:
    client = as_person(alice)
    data = filled(client.get(edit_url(offer)), **{"coverage-search": "sarthe"})
    found = client.post(edit_url(offer), {**data, "find-coverage": "1"})
    page = parse(found)
    boxes = {box.get("value"): box.get("checked") for box in page.xpath("//input[@name='coverage']")}
    assert boxes["departement:53"] is not None
    assert "departement:72" in boxes
    assert boxes["departement:72"] is None
    data = form_of(found) | {"coverage": ["departement:53", "departement:72"], "coverage-search": [""]}
    client.post(edit_url(offer), client_confirmation(client, edit_url(offer), data))
    offer.refresh_from_db()
    assert offer.coverage == ["departement:53", "departement:72"]


def client_confirmation(client: Client, url: str, data: dict[str, list[str]]) -> dict[str, list[str]]:
    """What the confirmation page of a territory change sends."""
    return form_of(client.post(url, data))


def test_two_people_at_once_overwrite_nothing(as_person: Browser, alice: Person, dora: Person, offer: Offer) -> None:
    hers, theirs = as_person(alice), as_person(dora)
    opened = hers.get(edit_url(offer))
    edit(theirs, edit_url(offer), name="Le nom de Dora", cost="gratuit")
    response = hers.post(edit_url(offer), filled(opened, name="Le nom d’Alice", how_to_apply="Appeler."))
    assert response.status_code == 409
    page = said(response)
    for words in ("Le nom de Dora", "Le nom d’Alice", "Dora a modifié la fiche", "Appeler."):
        assert words in page
    offer.refresh_from_db()
    assert (offer.name, offer.how_to_apply) == ("Le nom de Dora", "")
    data = form_of(response)
    undecided = hers.post(edit_url(offer), data)
    assert undecided.status_code == 409
    assert "Choisissez pour chaque champ" in said(undecided)
    choices = {"take-name": ["theirs"], "take-how_to_apply": ["mine"], "take-cost": ["theirs"]}
    assert hers.post(edit_url(offer), form_of(undecided) | choices).status_code == 303
    offer.refresh_from_db()
    assert (offer.name, offer.how_to_apply, offer.cost) == ("Le nom de Dora", "Appeler.", "gratuit")


def test_a_merge_that_is_too_late_asks_again(as_person: Browser, alice: Person, dora: Person, offer: Offer) -> None:
    hers, theirs = as_person(alice), as_person(dora)
    opened = hers.get(edit_url(offer))
    edit(theirs, edit_url(offer), name="Un")
    conflict = hers.post(edit_url(offer), filled(opened, name="Alice"))
    edit(theirs, edit_url(offer), name="Deux")
    late = hers.post(edit_url(offer), form_of(conflict) | {"take-name": ["mine"]})
    assert late.status_code == 409
    offer.refresh_from_db()
    assert offer.name == "Deux"


def test_two_tabs_on_two_sheets_never_mix(as_person: Browser, alice: Person, offer: Offer, draft: Offer) -> None:
    client = as_person(alice)
    first, second = client.get(edit_url(offer)), client.get(edit_url(draft))
    client.post(edit_url(offer), filled(first, name="Le premier"))
    client.post(edit_url(draft), filled(second, name="Le second"))
    offer.refresh_from_db()
    draft.refresh_from_db()
    assert (offer.name, draft.name) == ("Le premier", "Le second")


def test_the_same_form_sent_twice_is_one_change(as_person: Browser, alice: Person, offer: Offer) -> None:
    client = as_person(alice)
    data = filled(client.get(edit_url(offer)), name="Une fois")
    assert [client.post(edit_url(offer), data).status_code for _ in range(2)] == [303, 303]
    assert Entry.objects.count() == 1
    assert revision.current() == 1


def test_a_new_sheet_sent_twice_is_one_sheet(as_person: Browser, bob: Person) -> None:
    client, url = as_person(bob), reverse("office-new-structure")
    data = filled(client.get(url), name="Nouvelle venue", description="Elle aide.")
    first, second = client.post(url, data), client.post(url, data)
    assert first.url == second.url
    sheet = Structure.objects.get()
    assert (sheet.status, sheet.source, sheet.name) == (Status.DRAFT, "gestion", "Nouvelle venue")
    assert Entry.objects.get().verb == "created"


def test_offers_and_relays_are_born_under_their_structure(as_person: Browser, bob: Person, structure: Structure) -> None:
    client = as_person(bob)
    url = reverse("office-new-offer", args=(structure.uid,))
    assert edit(client, url, name="Neuve", kind="formation", coverage=["france"]).status_code == 303
    url = reverse("office-new-relay", args=(structure.uid,))
    assert edit(client, url, name="Comptoir", level="information", commune="Laval 53000").status_code == 303
    assert Offer.objects.get().structure == structure
    assert Relay.objects.get().commune == "53130"


def test_a_failing_journal_leaves_nothing(alice: Person, offer: Offer, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(actions, "record", broken)
    seen = actions.version(offer)
    with pytest.raises(RuntimeError):
        actions.edit(offer, {"name": "Jamais"}, person=alice, seen=seen)
    with pytest.raises(RuntimeError):
        actions.move(offer, "suspendre", person=alice, seen=seen)
    offer.refresh_from_db()
    assert (offer.name, offer.status) == ("Premier conseil", Status.PUBLISHED)
    assert revision.current() == 0


def test_a_failing_revision_leaves_no_journal_line(alice: Person, offer: Offer, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**kwargs: object) -> int:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(revision, "moved", broken)
    with pytest.raises(RuntimeError):
        actions.edit(offer, {"name": "Jamais"}, person=alice, seen=actions.version(offer))
    assert not Entry.objects.exists()
    offer.refresh_from_db()
    assert offer.name == "Premier conseil"


def test_the_writing_team_cannot_change_what_visitors_read(as_person: Browser, bob: Person, alice: Person, offer: Offer) -> None:
    assert as_person(bob).get(edit_url(offer)).status_code == 403
    data = filled(as_person(alice).get(edit_url(offer)), name="En douce")
    response = as_person(bob).post(edit_url(offer), data)
    assert response.status_code == 403
    assert "En douce" in parse(response).xpath("//input[@name='name']/@value")
    offer.refresh_from_db()
    assert offer.name == "Premier conseil"


def test_a_sheet_submitted_meanwhile_is_no_longer_the_writers(as_person: Browser, bob: Person, draft: Offer) -> None:
    client = as_person(bob)
    opened = client.get(edit_url(draft))
    Offer.objects.filter(pk=draft.pk).update(status=Status.REVIEW)
    assert client.post(edit_url(draft), filled(opened, name="Trop tard")).status_code == 403
    draft.refresh_from_db()
    assert draft.name == "Brouillon"


def test_codes_that_the_vocabulary_lost_survive_an_edit(as_person: Browser, alice: Person, offer: Offer) -> None:
    Offer.objects.filter(pk=offer.pk).update(needs=["ancien-besoin", "juridique"], cost="troc")
    edit(as_person(alice), edit_url(offer), name="Autre")
    offer.refresh_from_db()
    assert offer.needs == ["ancien-besoin", "juridique"]
    assert offer.cost == "troc"


def test_hours_are_read_again_in_french(as_person: Browser, alice: Person, relay: Relay) -> None:
    client = as_person(alice)
    data = filled(client.get(edit_url(relay)), opening_hours="Mo-Fr 09:00-12:00")
    page = said(client.post(edit_url(relay), {**data, "hours-show": "1"}))
    assert "vendredi" in page.lower()
    relay.refresh_from_db()
    assert relay.opening_hours == ""


def test_a_draft_may_lack_its_territory_a_published_offer_may_not_lose_its_words(
    as_person: Browser, bob: Person, alice: Person, draft: Offer, offer: Offer
) -> None:
    assert edit(as_person(bob), edit_url(draft), coverage=[]).status_code == 303
    response = edit(as_person(alice), edit_url(offer), summary="")
    assert response.status_code == 200
    assert "Il manque une phrase" in said(response)
    offer.refresh_from_db()
    assert offer.summary == "Une heure pour y voir clair."


def test_a_search_as_one_types_keeps_what_is_ticked(as_person: Browser, alice: Person) -> None:
    response = as_person(alice).get(
        reverse("office-places"), {"champ": "excluded", "excluded": "departement:53", "excluded-search": "laval"}
    )
    boxes = {box.get("value"): box.get("checked") is not None for box in parse(response).xpath("//input[@name='excluded']")}
    assert boxes["departement:53"]
    assert boxes["commune:53130"] is False
    assert as_person(alice).get(reverse("office-places"), {"champ": "password"}).status_code == 404


def test_a_search_whose_result_was_ticked_is_done(as_person: Browser, bob: Person, draft: Offer) -> None:
    typed = {"coverage": ["region:52", "departement:72"], "coverage-search": "sarthe"}
    assert edit(as_person(bob), edit_url(draft), **typed).status_code == 303
    draft.refresh_from_db()
    assert draft.coverage == ["region:52", "departement:72"]
