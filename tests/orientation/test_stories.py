"""Six situations of docs/data/stories.md: what a good adviser answers, checked on the starter catalogue.

The page is read here: each row of its tables is a check. A story that fails is put right in the catalogue, not in the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from maillage.catalogue.index import current_index, reset
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.orientation import forms
from maillage.orientation.answer import Answer, Match, Reason
from maillage.orientation.matching.selection import Selection
from maillage.orientation.matching.wording import place_name
from maillage.orientation.queries import orient
from maillage.orientation.ranking import Among, order_keys
from maillage.orientation.situation import Situation
from maillage.vocabulary.labels import label
from maillage.vocabulary.portals import portal_of_region
from tests.orientation.oracle import condition_state, facts_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "data" / "stories.md"
DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
PLACES = {"first network", "a network", "a relay"}


@dataclass(frozen=True)
class Story:
    """One chapter of the page: the address asked for, who to call, and what becomes of each sheet that it names."""

    title: str
    address: str
    calls: tuple[tuple[str, str], ...]  # (id, place)
    sheets: tuple[tuple[str, str, str], ...]  # (id, kind, within)

    @property
    def situation(self) -> Situation:
        reading = forms.read(parse_qs(self.address))
        assert not reading.problems, [problem.sentence for problem in reading.problems]
        assert reading.situation.commune is not None
        return reading.situation


def stories() -> Iterator[Story]:
    for chapter in re.split(r"^## (?=\d)", PAGE.read_text(encoding="utf-8"), flags=re.M)[1:]:
        address = re.search(r"^Address: `(.+)`$", chapter, re.M)
        assert address, chapter[:60]
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in chapter.splitlines() if line.startswith("| `")]
        calls = tuple((row[0].strip("`"), row[1]) for row in rows if len(row) == 3)
        sheets = tuple((row[0].strip("`"), row[1], row[2]) for row in rows if len(row) == 4)
        yield Story(chapter.splitlines()[0], address[1], calls, sheets)


STORIES = tuple(stories())


@pytest.fixture(params=STORIES, ids=lambda story: re.sub(r"\W+", "-", story.title.lower()))
def story(request: pytest.FixtureRequest, db: None) -> Story:
    """A story, with the catalogue that a new installation has."""
    call_command("load-regions", verbosity=0)
    reset()
    found = request.param
    assert isinstance(found, Story)
    return found


def answer_of(story: Story) -> Answer:
    situation = story.situation
    assert situation.commune is not None
    portal = portal_of_region(situation.commune.region)
    return orient(situation, portal, limit=None, near_limit=10_000, today=DAY, now=NOW)


def worst_rank(selection: Selection, offer: Offer) -> int:
    """The last place of an offer among the results of its kind, whatever the draw between equals decides."""
    among = Among(selection.results)
    keys = order_keys(selection, among) >> 48  # the last 48 bits are the draw
    columns = selection.snapshot.columns
    [mine] = [at for at, position in enumerate(among.positions.tolist()) if columns.pk[position] == offer.pk]
    kinds = columns.kind[among.positions]
    return int(((kinds == kinds[mine]) & (keys <= keys[mine])).sum())


def test_there_are_six_stories_and_each_says_who_to_call_what_to_show_and_what_not() -> None:
    assert len(STORIES) == 6
    for story in STORIES:
        assert story.calls
        assert {place for _, place in story.calls} <= PLACES, story.title
        said = [within for _, _, within in story.sheets]
        assert sum(within.isdigit() for within in said) >= 4, story.title
        assert "not shown" in said, story.title
        assert "near miss" in said, story.title


def test_the_right_people_come_first(story: Story) -> None:
    answer = answer_of(story)
    networks, relays = [contact.name for contact in answer.networks], [contact.name for contact in answer.relays]
    for ref, place in story.calls:
        name = (Structure if "network" in place else Relay).objects.get(ref=ref).name
        if place == "first network":
            assert networks[0] == name, (ref, networks)
        else:
            assert name in (networks if place == "a network" else relays), (ref, networks, relays)
    if answer.situation.is_distress:
        assert answer.contacts[0].phone, "in difficulties, somebody who answers comes first"


def test_the_right_schemes_are_there_and_well_placed_and_the_others_are_not(story: Story) -> None:
    answer = answer_of(story)
    selection = Selection(current_index(), story.situation, DAY)
    results = {match.offer.ref: match for match in answer.results}
    near = {match.offer.ref for match in answer.near_misses}
    wrong = []
    for ref, kind, within in story.sheets:
        offer = Offer.objects.get(ref=ref)
        assert offer.kind == kind, ref
        state = "a result" if ref in results else "a near miss" if ref in near else "hidden"
        if within == "no limit" or within.isdigit():
            rank = worst_rank(selection, offer) if ref in results else None
            if rank is None or (within.isdigit() and rank > int(within)):
                wrong.append(f"{ref}: wanted within {within} of {kind}, is {state}, at worst {rank}")
        elif {"near miss": state != "a near miss", "not shown": state != "hidden", "not a result": state == "a result"}[within]:
            wrong.append(f"{ref}: wanted {within}, is {state}")
    assert wrong == []


def test_nothing_absurd_is_shown(story: Story) -> None:
    situation = story.situation
    facts = facts_of(situation)
    here = {territory.key for territory in situation.territories}
    for match in answer_of(story).results:
        offer = match.offer
        assert not offer.stages or situation.stage in offer.stages, offer.ref
        assert here & set(offer.coverage), f"{offer.ref} does not serve the commune"
        assert not here & set(offer.excluded), offer.ref
        assert not offer.legal_forms or situation.legal_form in offer.legal_forms, offer.ref
        assert not offer.sectors or set(situation.sectors) & set(offer.sectors), offer.ref
        assert not offer.closes or offer.closes >= DAY, f"{offer.ref} is closed"
        assert not offer.opens or offer.opens <= DAY, f"{offer.ref} is not open yet"
        assert all(condition_state(condition, facts) != "no" for condition in offer.conditions), offer.ref
        if not facts.get("salaries"):
            assert "DLA" not in offer.name, f"{offer.ref}: no DLA without an employee"


def test_no_name_comes_twice(story: Story) -> None:
    names = [match.offer.name for match in answer_of(story).results]
    assert len(names) == len(set(names)), sorted(name for name in names if names.count(name) > 1)


def test_each_reason_is_true(story: Story) -> None:
    answer = answer_of(story)
    wrong = [
        f"{match.offer.ref}: {reason.code} « {reason.label} »"
        for match in answer.results
        for reason in match.reasons
        if not holds(reason.code, match, story.situation) or not names_it(reason, match.offer, story.situation)
    ]
    assert wrong == []
    assert all(match.reasons for match in answer.results)


def test_each_near_miss_is_stopped_by_one_true_thing(story: Story) -> None:
    situation = story.situation
    for match in answer_of(story).near_misses:
        offer = match.offer
        [blocking] = match.blocking
        assert not holds(blocking.code, match, situation), f"{offer.ref}: « {blocking.label} » does not block"
        assert not offer.closes or offer.closes >= DAY, f"{offer.ref} is closed: not a near miss"


def holds(code: str, match: Match, situation: Situation) -> bool:
    """Is the criterion behind a reason met, when one reads the row?"""
    offer, facts = match.offer, facts_of(situation)
    here = {territory.key for territory in situation.territories}
    if code.startswith("condition:"):
        about = [condition for condition in offer.conditions if condition["field"] == code.removeprefix("condition:")]
        return bool(about) and all(condition_state(condition, facts) == "yes" for condition in about)
    return {
        "etape": not offer.stages or situation.stage in offer.stages,
        "territoire": bool(here & set(offer.coverage)) and not here & set(offer.excluded),
        "secteur": bool(set(offer.sectors) & set(situation.sectors)),
        "forme": situation.legal_form in offer.legal_forms,
        "gratuit": offer.cost == "gratuit",
        "proche": match.distance_km is not None and match.distance_km <= 20,
        "echeance": offer.closes is not None and 0 <= (offer.closes - DAY).days <= 30,
    }[code]


def names_it(reason: Reason, offer: Offer, situation: Situation) -> bool:
    """Does the sentence name what is true: the stage, or a place that the offer serves?"""
    if reason.code == "etape":
        return (label("stage", situation.stage or "") if offer.stages else "toutes les étapes") in reason.label
    if reason.code == "territoire":
        served = {territory.key for territory in situation.territories} & set(offer.coverage)
        return any(place_name(key) in reason.label for key in served)
    return bool(reason.label)
