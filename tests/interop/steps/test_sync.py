"""A source read into the catalogue: what is created, what waits, what is refused, what disappears."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from maillage.catalogue import revision
from maillage.catalogue.enums import Status
from maillage.catalogue.models import Offer, Structure
from maillage.interop.models import Proposal, RawRecord, Run
from maillage.journal.models import Entry
from tests.interop.dump import dump
from tests.interop.steps.conftest import DAY, Read, aid

pytestmark = pytest.mark.django_db


def test_new_complete_sheets_of_a_trusted_source_go_live_to_be_confirmed(read: Read) -> None:
    run = read(aid(1), aid(2))
    assert (run.state, run.counts["published"], run.counts["created"]) == (Run.State.DONE, 2, 3)
    offer = Offer.objects.get(ref="aide-1")
    assert offer.is_visible
    assert not offer.is_confirmed()
    assert offer.structure.ref == "org-1"
    assert offer.attributions == [
        {
            "source": "guichet-essai",
            "name": "Guichet d’essai",
            "text": "Contenu produit par le Guichet d’essai.",
            "url": "https://guichet.example.org/1",
        }
    ]
    assert offer.deduced == {"stages": "nature de l’aide"}


def test_the_same_file_five_times_or_permuted_changes_nothing_after_the_first(read: Read) -> None:
    records = [aid(n, amount=n * 100) for n in range(1, 8)]
    read(*records)
    before = (dump(), revision.current(), Entry.objects.count())
    for order in (records, records[::-1], records[3:] + records[:3], [*records, *records], records):
        run = read(*order, days=1)
        assert run.counts["published"] == 7
        assert (dump(), revision.current(), Entry.objects.count()) == before


def test_a_record_given_twice_alike_is_counted_once_and_with_two_contents_is_refused(read: Read) -> None:
    run = read(aid(1), aid(2), aid(2), aid(3), aid(4, amount=1), aid(4, amount=2))
    assert run.counts | {"read": 6, "repeated": 2, "records": 4, "published": 3, "refused": 1} == run.counts
    assert "deux fois" in RawRecord.objects.get(ref="4").reasons[0]
    assert not Offer.objects.filter(ref="aide-4").exists()


def test_what_is_unknown_or_doubtful_waits_and_says_why(read: Read) -> None:
    run = read(aid(1), aid(2, kind="avance"), aid(3, review=["Le périmètre « Grand Ouest » n’est pas reconnu."]))
    assert (run.counts["published"], run.counts["waiting"]) == (1, 2)
    assert Offer.objects.get(ref="aide-2").status == Status.REVIEW
    assert RawRecord.objects.get(ref="2").reasons == ["Le champ « kind » a une valeur inconnue : « avance »."]
    assert "Grand Ouest" in RawRecord.objects.get(ref="3").reasons[0]


def test_the_sheets_of_a_source_under_review_wait(read: Read) -> None:
    run = read(aid(1), code="annuaire-essai")
    assert (run.counts["waiting"], Offer.objects.get().status, Structure.objects.get().status) == (1, "review", "review")


def test_once_published_by_a_person_the_record_no_longer_waits(read: Read) -> None:
    read(aid(1), code="annuaire-essai")
    Offer.objects.update(status=Status.PUBLISHED)
    Structure.objects.update(status=Status.PUBLISHED)
    assert read(aid(1), code="annuaire-essai", days=1).counts["published"] == 1


def test_counts_add_up_and_nothing_is_lost_silently(read: Read) -> None:
    run = read(
        *[aid(n) for n in range(6)], aid(6, broken=True), aid(7, public_only=True), aid(8, kind="?"), aid(9, closes="demain")
    )
    counts = run.counts
    assert counts["records"] == 10
    assert counts["records"] == counts["published"] + counts["waiting"] + counts["left_out"] + counts["refused"]
    assert (counts["waiting"], counts["left_out"], counts["refused"]) == (1, 1, 2)
    assert all(record.reasons for record in RawRecord.objects.exclude(outcome="published"))
    assert "champ « closes »" in RawRecord.objects.get(ref="9").reasons[0]


def test_a_calendar_changes_by_itself_and_the_rest_of_a_published_sheet_waits(read: Read) -> None:
    read(aid(1, closes="2027-01-31", amount=1000))
    run = read(aid(1, closes="2027-03-31", amount=2000, summary="Autre phrase."), days=1)
    offer = Offer.objects.get(ref="aide-1")
    assert (offer.closes, offer.amount_max, offer.summary) == (date(2027, 3, 31), 1000, "Une aide d’essai.")
    assert run.counts["proposed"] == 2
    assert set(Proposal.objects.values_list("field", "before", "after", "state")) == {
        ("amount_max", "1000", "2000", "waiting"),
        ("summary", "Une aide d’essai.", "Autre phrase.", "waiting"),
    }


def test_a_proposal_follows_the_source_and_goes_when_the_source_comes_back(read: Read) -> None:
    read(aid(1, amount=1000))
    read(aid(1, amount=2000), days=1)
    read(aid(1, amount=3000), days=2)
    assert Proposal.objects.get().after == "3000"
    read(aid(1, amount=1000), days=3)
    assert not Proposal.objects.exists()


def test_what_a_person_edited_is_never_overwritten_nor_proposed(read: Read) -> None:
    read(aid(1, closes="2027-01-31", amount=1000))
    Offer.objects.update(kept_fields=["closes", "amount_max"])
    read(aid(1, closes="2027-03-31", amount=2000), days=1)
    assert Offer.objects.get().closes == date(2027, 1, 31)
    assert not Proposal.objects.exists()


def test_what_vanishes_stays_online_thirty_days_then_is_withdrawn_and_comes_back(read: Read) -> None:
    rest = [aid(n) for n in range(2, 6)]
    read(aid(1), *rest)
    assert read(*rest, days=1).counts["missing"] == 1
    assert RawRecord.objects.get(ref="1").missing_since == DAY + timedelta(days=1)
    for days, online in ((2, True), (30, True), (31, False), (60, False)):
        read(*rest, days=days)
        assert Offer.objects.get(ref="aide-1").is_visible is online, days
    assert read(aid(1), *rest, days=61).counts["restored"] == 1
    assert Offer.objects.get(ref="aide-1").is_visible
    assert Offer.objects.count() == 5


def test_what_comes_back_within_the_grace_starts_a_new_grace(read: Read) -> None:
    rest = [aid(n) for n in range(2, 6)]
    read(aid(1), *rest)
    read(*rest, days=1)
    read(aid(1), *rest, days=20)
    read(*rest, days=25)
    read(*rest, days=40)
    assert Offer.objects.get(ref="aide-1").is_visible
    read(*rest, days=55)
    assert not Offer.objects.get(ref="aide-1").is_visible


def test_an_aid_that_leaves_its_record_has_its_grace_too(read: Read) -> None:
    read(aid(1), aid(2), aid(3))
    read({"ref": "1"}, aid(2), aid(3), days=1)
    assert Offer.objects.get(ref="aide-1").is_visible
    read({"ref": "1"}, aid(2), aid(3), days=31)
    assert not Offer.objects.get(ref="aide-1").is_visible


def test_a_partial_read_marks_nothing_missing(read: Read) -> None:
    read(aid(1), aid(2), aid(3))
    run = read(aid(1), {"stop": "Quota du jour atteint."}, days=1)
    assert (run.state, run.complete, run.reason) == (Run.State.DONE, False, "Quota du jour atteint.")
    assert not RawRecord.objects.filter(missing_since__isnull=False).exists()


def test_an_unchanged_revision_without_payload_keeps_what_was_kept(read: Read) -> None:
    read(aid(1, revision="a", amount=5))
    read({"ref": "1", "revision": "a"}, days=1)
    assert RawRecord.objects.get().payload["amount"] == 5
    assert Offer.objects.get().amount_max == 5


@pytest.mark.parametrize("broken", [{"unreadable": "Le fichier n’a plus de colonne « id »."}, {"crash": "réseau"}])
def test_a_source_that_cannot_be_read_is_quarantined_and_yesterday_stays(read: Read, broken: dict[str, Any], caplog: Any) -> None:
    read(aid(1), aid(2))
    before = dump()
    run = read(aid(3), broken, days=1)
    assert run.state == Run.State.QUARANTINED
    assert not run.may_be_released
    assert next(iter(broken.values())) in run.reason
    assert dump() == before
    assert "quarantine" in caplog.text
    assert read(aid(1), aid(2), days=2).state == Run.State.DONE
    assert Run.objects.get(pk=run.pk).state == Run.State.DISMISSED


def test_half_the_records_gone_or_refused_is_a_quarantine(read: Read) -> None:
    read(*[aid(n) for n in range(6)])
    before = dump()
    gone = read(*[aid(n, amount=9) for n in range(3)], days=1)
    assert gone.state == Run.State.QUARANTINED
    assert "3 des 6 fiches connues" in gone.reason
    assert gone.may_be_released
    refused = read(*[aid(n, broken=n < 3) for n in range(6)], days=2)
    assert refused.state == Run.State.QUARANTINED
    left_out = read(*[aid(n, public_only=n < 3) for n in range(6)], days=3)
    assert left_out.state == Run.State.QUARANTINED
    assert dump() == before
    assert not RawRecord.objects.filter(missing_since__isnull=False).exists()
    assert read(*[aid(n) for n in range(2, 6)], days=4).state == Run.State.DONE


def test_a_structure_may_come_after_its_offers(read: Read) -> None:
    run = read(
        aid(1, org="org-9", org_ref_only=True), {"ref": "9", "org": "org-9"}, aid(2, org="org-404", org_ref_only=True), aid(3)
    )
    assert Offer.objects.get(ref="aide-1").structure.ref == "org-9"
    assert (run.counts["published"], run.counts["waiting"]) == (3, 1)
    assert "org-404" in RawRecord.objects.get(ref="2").reasons[0]
    read(aid(1, org="org-9", org_ref_only=True), {"ref": "9", "org": "org-9"}, aid(2, org="org-404", org_ref_only=True), aid(3),
         {"ref": "404", "org": "org-404"}, days=1)  # fmt: skip
    assert Offer.objects.get(ref="aide-2").structure.ref == "org-404"


def test_of_two_records_that_describe_the_same_structure_the_first_in_order_speaks(read: Read) -> None:
    first, second = aid(1, phone="0243000001"), aid(2, phone="0243000002")
    read(second, first)
    assert Structure.objects.get().phone == "0243000001"
    read(first, aid(2, phone="0243000003"), days=1)
    assert Structure.objects.get().phone == "0243000001"
    assert not Proposal.objects.exists()


def test_strange_characters_are_kept_on_both_databases(read: Read) -> None:
    run = read(aid(1, extra={"nul": "a\0b", "half": "\ud800", "emoji": "🌱"}))
    assert run.counts["published"] == 1
    assert RawRecord.objects.get().payload["extra"] == {"nul": "ab", "half": "", "emoji": "🌱"}
