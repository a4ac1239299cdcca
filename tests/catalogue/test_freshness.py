"""When sheets are asked about, what silence costs, and that an answer takes it all back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.accounts.models import Person, Role
from maillage.catalogue.actions import sheets as actions
from maillage.catalogue.actions import upkeep
from maillage.catalogue.enums import Silence
from maillage.catalogue.freshness import due_on, is_due, months_after, rhythm_of, silence_on
from maillage.catalogue.index import current_index
from maillage.catalogue.models import Membership, Offer, Structure
from maillage.catalogue.upkeep import read_token
from maillage.journal.models import Entry, Message
from maillage.vocabulary.portals import Upkeep
from tests.catalogue import worlds

DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
MONTHS = st.integers(0, 60)


@st.composite
def rules(draw: st.DrawFn) -> Upkeep:
    remind = draw(st.integers(1, 4))
    banner = draw(st.integers(remind, 12))
    rhythm = draw(st.integers(1, 24))
    made = Upkeep((rhythm, 24), rhythm, remind, banner, draw(st.integers(banner + 1, 24)))
    assert made.problem() == ""
    return made


@given(day=DAYS, months=MONTHS)
def test_so_many_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int) -> None:
    after = months_after(day, months)
    assert (after.year * 12 + after.month) - (day.year * 12 + day.month) == months
    assert after.day == day.day or (after.day < day.day and (after + timedelta(days=1)).day == 1)


@given(day=DAYS, a=MONTHS, b=MONTHS)
def test_more_months_never_come_sooner(day: date, a: int, b: int) -> None:
    assert (months_after(day, a) <= months_after(day, b)) == (a <= b)


@given(since=DAYS, day=DAYS, upkeep=rules())
def test_silence_only_grows_and_never_counts_before_its_months(since: date, day: date, upkeep: Upkeep) -> None:
    now = silence_on(since, day, upkeep)
    assert silence_on(since, day + timedelta(days=1), upkeep) >= now
    assert now != Silence.SILENT or day >= months_after(since, upkeep.hidden_months)
    assert now == Silence.NONE or day >= months_after(since, upkeep.banner_months)
    assert silence_on(None, day, upkeep) == Silence.NONE, "nobody was asked: nothing is lost"


@given(verified=DAYS, rhythm=st.integers(1, 24), day=DAYS)
def test_a_sheet_is_due_from_its_rhythm_on(verified: date, rhythm: int, day: date) -> None:
    due = due_on(verified, rhythm)
    assert due is not None
    assert is_due(verified, rhythm, day) == (day >= due)


def test_a_rhythm_that_the_portal_no_longer_offers_becomes_its_own() -> None:
    assert rhythm_of(3, Upkeep()) == 3
    assert rhythm_of(1, Upkeep()) == rhythm_of(None, Upkeep()) == 6


@pytest.mark.parametrize(
    "wrong", [{"edits": "peut-etre"}, {"rhythm": 5}, {"banner_months": 6}, {"remind_months": 0}, {"remind_months": 4}, {"rhythms": (0, 6)}]
)  # fmt: skip
def test_rules_that_do_not_hold_together_are_refused(wrong: dict[str, object]) -> None:
    assert Upkeep(**wrong).problem()  # type: ignore[arg-type]


FIRST = date(2026, 1, 10)


@pytest.fixture
def structure(db: None) -> Structure:
    return worlds.structure(
        name="Réseau", verified_on=FIRST, verified_by="Réseau", email="contact@reseau-essai.fr", commune="53130"
    )


@pytest.fixture
def offer(structure: Structure) -> Offer:
    return worlds.offer(structure, verified_on=FIRST)


def night(day: date) -> int:
    """One night of the catalogue."""
    upkeep.settle(day)
    return sum(upkeep.remind(one, day) for one in Structure.objects.order_by("pk"))


def in_results(offer: Offer) -> bool:
    index = current_index()
    return index.position(offer.pk) is not None


def test_a_year_and_a_half_without_an_answer(structure: Structure, offer: Offer) -> None:
    """Confirmed in January, rhythm of six months: mail in July, notice in October, out of results in January; then a button."""
    told: list[date] = []
    leaves: list[date] = []
    late: list[date] = []
    day = FIRST
    while day < date(2027, 7, 1):
        if night(day):
            told.append(day)
        offer.refresh_from_db()
        late += [day] if offer.silence == Silence.LATE and not late else []
        leaves += [day] if not in_results(offer) and not leaves else []
        day += timedelta(days=1)
    assert told[0] == date(2026, 7, 10)
    assert late == [date(2026, 10, 10)]
    assert leaves == [date(2027, 1, 10)]
    assert told == [months_after(told[0], n) for n in range(6)], "one mail a month, none once it is out"
    assert Structure.objects.get(pk=structure.pk).is_visible, "it never leaves the base"
    assert Entry.objects.filter(verb="fell-silent", subject_uid=offer.uid).count() == 1

    last = Message.objects.filter(kind="freshness").order_by("-pk")[0]
    token = next(line for line in last.text.splitlines() if "/toujours-exact/" in line).split("/toujours-exact/")[1].strip("/")
    asked = read_token(token)
    assert asked is not None
    seen = [(sheet.KIND, sheet.uid, actions.version(sheet)) for sheet in upkeep.sheets_of(structure)]
    assert upkeep.confirm(structure, seen, day=day, person=None, among=set(asked.sheets)) == 2
    offer.refresh_from_db()
    assert (offer.silence, offer.silent_since, offer.verified_on) == (Silence.NONE, None, day)
    assert in_results(offer)


def test_sheets_that_nobody_answers_for_are_not_asked_about_nor_lost(db: None) -> None:
    starter = worlds.offer(worlds.structure(email="contact@reseau-essai.fr"))
    for day in (FIRST, months_after(FIRST, 12), months_after(FIRST, 40)):
        assert night(day) == 0
        assert in_results(starter)


def test_a_structure_without_any_address_does_not_lose_its_sheets(db: None) -> None:
    offer = worlds.offer(worlds.structure(verified_on=FIRST), verified_on=FIRST)
    for months in range(30):
        assert night(months_after(FIRST, months)) == 0
    assert in_results(offer)


def test_whoever_manages_is_asked_about_what_was_never_confirmed(db: None) -> None:
    structure = worlds.structure()
    offer = worlds.offer(structure)
    alice = Person.objects.create_user("alice@reseau-essai.fr")
    Membership.objects.create(person=alice, structure=structure, role="gestion", state="active")
    assert night(FIRST) == 1
    assert night(FIRST) == 0, "once a month, even if the night runs twice"
    assert Message.objects.get(kind="freshness").person == alice
    offer.refresh_from_db()
    assert offer.silent_since == FIRST
    assert in_results(offer)


def test_the_animation_asks_at_once_and_silence_counts_from_there(db: None) -> None:
    structure = worlds.structure(email="contact@reseau-essai.fr")
    offer = worlds.offer(structure)
    ada = Person.objects.create_user("ada@example.org", role=Role.ANIMATION)
    assert upkeep.ask_to_confirm(structure, FIRST, person=ada) == 1
    offer.refresh_from_db()
    assert offer.silent_since == FIRST
    upkeep.settle(months_after(FIRST, 6))
    assert not in_results(offer)


def test_a_hidden_address_still_gets_the_reminders(db: None) -> None:
    structure = worlds.structure(verified_on=FIRST, hidden_contact={"email": "cachee@reseau-essai.fr"})
    assert night(months_after(FIRST, 6)) == 1
    assert Message.objects.get(kind="freshness").to == "cachee@reseau-essai.fr"
    assert structure.email == ""


def test_what_changed_since_the_page_was_read_is_not_confirmed(structure: Structure, offer: Offer) -> None:
    read = actions.version(offer)
    Offer.objects.filter(pk=offer.pk).update(summary="Autre chose.")
    with pytest.raises(upkeep.Moved):
        upkeep.confirm(structure, [("offer", offer.uid, read)], day=FIRST, person=None, among={("offer", offer.uid)})
    offer.refresh_from_db()
    assert offer.verified_on == FIRST


def test_a_link_answers_only_for_the_sheets_it_asked_about(structure: Structure, offer: Offer) -> None:
    other = worlds.offer(verified_on=FIRST)
    day = months_after(FIRST, 7)
    seen = [("offer", one.uid, actions.version(one)) for one in (offer, other)]
    assert upkeep.confirm(structure, seen, day=day, person=None, among={("offer", offer.uid), ("offer", other.uid)}) == 1
    assert upkeep.confirm(structure, seen, day=day, person=None, among=set()) == 0
    other.refresh_from_db()
    assert other.verified_on == FIRST, "it is not of this structure"


def test_a_newer_date_from_the_source_ends_the_silence(structure: Structure, offer: Offer) -> None:
    night(date(2026, 7, 10))
    Offer.objects.filter(pk=offer.pk).update(verified_on=date(2026, 8, 1))
    upkeep.settle(date(2026, 8, 2))
    offer.refresh_from_db()
    assert offer.silent_since is None


def test_editing_confirms_nothing(structure: Structure, offer: Offer) -> None:
    ada = Person.objects.create_user("ada@example.org", role=Role.ANIMATION)
    actions.edit(offer, {"summary": "Mieux dit."}, person=ada, seen=actions.version(offer))
    offer.refresh_from_db()
    assert offer.verified_on == FIRST
