"""The same aid in two sources: proposed, merged by a person, told field by field, undone exactly."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from maillage.accounts.models import Person, Role
from maillage.catalogue.actions.sheets import Conflict, version
from maillage.catalogue.models import Offer, Structure
from maillage.interop.merging.actions import NotPossible, keep_apart, merge, undo
from maillage.interop.merging.candidates import ALIKE, candidates
from maillage.interop.merging.keys import Face, compatible, page_of, words_of
from maillage.interop.merging.propose import propose
from maillage.interop.models import Duplicate, Merge
from tests.conftest import StrictClient
from tests.interop.dump import dump
from tests.interop.steps.conftest import Read, aid

pytestmark = pytest.mark.django_db

NAME = "Fonds mayennais pour les ateliers partagés"


@pytest.fixture
def alice(db: None) -> Person:
    return Person.objects.create_user("alice@example.org", name="Alice", role=Role.ANIMATION)


@pytest.fixture
def two(read: Read) -> tuple[Offer, Offer]:
    """The same aid from the two producers; they disagree on the deadline, and each knows something that the other does not."""
    read(aid(1, aid=NAME, closes="2027-01-31", url="https://www.aide.example.org/fonds/?utm_source=a", summary="Courte."))
    read(aid(7, aid="Ateliers partagés : fonds mayennais", closes="2027-03-31", amount=9000, url="http://aide.example.org/fonds",
             org="autre", org_name="Organisme tout autre", phone="0243000009"), code="annuaire-essai")  # fmt: skip
    return Offer.objects.get(source="guichet-essai"), Offer.objects.get(source="annuaire-essai")


def merged(two: tuple[Offer, Offer], alice: Person) -> Merge:
    kept, away = two
    return merge(kept, away, person=alice, seen=(version(kept), version(away)))


def test_the_pair_is_proposed_with_its_reasons(two: tuple[Offer, Offer]) -> None:
    pair = Duplicate.objects.get(sheet_kind="offer")
    assert {pair.first, pair.second} == {sheet.uid for sheet in two}
    assert pair.reasons == ["page"]
    assert not Duplicate.objects.filter(sheet_kind="structure").exists()


def test_merging_keeps_what_the_kept_sheet_says_and_fills_what_it_lacks(two: tuple[Offer, Offer], alice: Person) -> None:
    merged(two, alice)
    kept, away = Offer.objects.get(pk=two[0].pk), Offer.objects.get(pk=two[1].pk)
    assert (kept.name, kept.summary, kept.closes, kept.amount_max) == (NAME, "Courte.", date(2027, 1, 31), 9000)
    assert kept.provenance["closes"] == {"source": "guichet-essai", "ref": "aide-1", "on": "2026-11-23"}
    assert kept.provenance["amount_max"]["source"] == "annuaire-essai"
    assert [voice["value"] for voice in kept.disagreements["closes"]] == ["2027-01-31", "2027-03-31"]
    assert [mention["source"] for mention in kept.attributions] == ["guichet-essai", "annuaire-essai"]
    assert (away.status, away.merged_into) == ("archived", kept.uid)
    assert Duplicate.objects.get(sheet_kind="offer").state == Duplicate.State.MERGED


def test_the_address_of_the_sheet_merged_away_leads_to_the_one_kept(two: tuple[Offer, Offer], alice: Person) -> None:
    away = two[1]
    merged(two, alice)
    response = StrictClient().get(reverse("offer", args=(away.handle,)) + "?etape=idee")
    assert (response.status_code, response["Location"]) == (302, two[0].get_absolute_url() + "?etape=idee")


def test_visitors_see_the_deadlines_that_disagree_and_whose_they_are(two: tuple[Offer, Offer], alice: Person) -> None:
    merged(two, alice)
    page = StrictClient().get(two[0].get_absolute_url()).content.decode()
    assert "Guichet d’essai" in page
    assert "Annuaire d’essai" in page
    assert "31 mars 2027" in page
    assert "Contenu produit par l’Annuaire d’essai." in page


def test_undoing_gives_both_sheets_back_exactly(two: tuple[Offer, Offer], alice: Person) -> None:
    before = dump()
    done = merged(two, alice)
    assert dump() != before
    undo(done, person=alice)
    assert dump() == before
    undo(done, person=alice)
    assert Duplicate.objects.get(sheet_kind="offer").state == Duplicate.State.DIFFERENT


def test_both_sources_go_on_speaking_of_the_merged_sheet(two: tuple[Offer, Offer], alice: Person, read: Read) -> None:
    merged(two, alice)
    read(aid(7, aid="Autre nom", closes="2027-06-30", amount=9500, org="autre"), code="annuaire-essai", days=1)
    kept = Offer.objects.get(pk=two[0].pk)
    assert kept.closes == date(2027, 1, 31)
    assert kept.disagreements["closes"][1]["value"] == "2027-06-30"
    assert Offer.objects.count() == 2
    read(aid(1, aid=NAME, closes="2027-06-30", summary="Courte."), days=2)
    kept.refresh_from_db()
    assert kept.closes == date(2027, 6, 30)
    assert "closes" not in kept.disagreements


def test_undone_after_a_read_each_source_speaks_of_its_own_again(two: tuple[Offer, Offer], alice: Person, read: Read) -> None:
    done = merged(two, alice)
    changed = aid(
        7, aid="Autre nom", closes="2027-06-30", amount=9500, org="autre", org_name="Organisme tout autre", phone="0243000009"
    )
    read(changed, code="annuaire-essai", days=1)
    undo(done, person=alice)
    read(changed, code="annuaire-essai", days=2)
    kept, away = Offer.objects.get(pk=two[0].pk), Offer.objects.get(pk=two[1].pk)
    assert (away.name, away.closes, away.merged_into) == ("Autre nom", date(2027, 6, 30), "")
    assert (kept.provenance, kept.disagreements, len(kept.attributions)) == ({}, {}, 1)


def test_what_hangs_on_a_structure_merged_away_hangs_on_the_one_kept_and_goes_back(read: Read, alice: Person) -> None:
    read(aid(1, siren="732829320"))
    read(aid(7, siren="732829320"), code="annuaire-essai")
    pair = Duplicate.objects.get(sheet_kind="structure")
    assert "siren" in pair.reasons
    before = dump()
    kept, away = Structure.objects.get(source="guichet-essai"), Structure.objects.get(source="annuaire-essai")
    done = merge(kept, away, person=alice, seen=(version(kept), version(away)))
    assert set(Offer.objects.values_list("structure__pk", flat=True).order_by("pk")) == {kept.pk}
    read(aid(7, siren="732829320"), aid(8, siren="732829320"), code="annuaire-essai", days=1)
    assert Offer.objects.get(ref="aide-8").structure == kept
    undo(done, person=alice)
    assert {offer.structure.source for offer in Offer.objects.filter(source="annuaire-essai").order_by("pk")} == {
        "annuaire-essai"
    }
    assert before == [line for line in dump() if "aide-8" not in line]


def test_two_things_are_not_proposed_again(two: tuple[Offer, Offer], alice: Person) -> None:
    keep_apart(Duplicate.objects.get(sheet_kind="offer"), person=alice)
    assert propose("offer") == 0
    assert Duplicate.objects.get(sheet_kind="offer").state == Duplicate.State.DIFFERENT


def test_a_sheet_that_changed_meanwhile_or_is_merged_already_is_not_merged(two: tuple[Offer, Offer], alice: Person) -> None:
    kept, away = two
    seen = (version(kept), version(away))
    Offer.objects.filter(pk=kept.pk).update(summary="Changée entre-temps.")
    with pytest.raises(Conflict):
        merge(kept, away, person=alice, seen=seen)
    kept.refresh_from_db()
    merge(kept, away, person=alice, seen=(version(kept), version(away)))
    with pytest.raises(NotPossible):
        merge(kept, away, person=alice, seen=(version(kept), version(away)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.example.org/aide/", "http://example.org/aide"),
        ("https://example.org/aide?utm_source=x&b=2&a=1#haut", "https://EXAMPLE.org/aide?a=1&b=2"),
    ],
)
def test_one_page_has_one_form(one: str, other: str) -> None:
    assert page_of(one) == page_of(other) != ""


def test_a_whole_site_is_not_a_page() -> None:
    assert page_of("https://www.example.org/") == page_of("pas une adresse") == page_of("http://[") == ""


WORDS = st.sampled_from("fonds aide atelier partage mayenne sarthe culture emploi".split())
FACES = st.lists(
    st.tuples(
        st.sampled_from("ABC"), st.lists(WORDS, min_size=1, max_size=4), st.sampled_from(["53", "72", ""]), st.sampled_from("xy")
    ),
    max_size=14,
)


@given(FACES)
def test_on_small_sets_every_pair_of_alike_names_is_found_and_no_other(drawn: list[Any]) -> None:
    faces = []
    for number, (source, words, reach, nature) in enumerate(drawn):
        known = words_of(" ".join(words))
        faces.append(Face(f"u{number:02d}", source, " ".join(known), known, nature, frozenset({reach} if reach else ())))
    expected = {
        (one.uid, other.uid)
        for one, other in combinations(faces, 2)
        if compatible(one, other) and len(one.words) > 1 and fuzz.ratio(one.name, other.name) >= ALIKE
    }
    found = {(pair.first, pair.second) for pair in candidates(faces)}
    assert found <= expected
    crowded = {uid for uid in {uid for pair in expected for uid in pair} if sum(uid in pair for pair in expected) > 5}
    assert {pair for pair in expected if not crowded & set(pair)} <= found
