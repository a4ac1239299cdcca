"""The « parcours »: offers across the stages as an ordered plan, with when to start and deadlines (docs/algorithms/plan.md)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.catalogue.index import Snapshot, current_index
from maillage.catalogue.models import Offer
from maillage.catalogue.models.sheet import UID_LENGTH
from maillage.orientation.answer import Contact, Match, Reason
from maillage.orientation.contacts import contacts_for
from maillage.orientation.matching.explanation import Standpoint, explain
from maillage.orientation.matching.selection import Selection
from maillage.orientation.ranking import ranked
from maillage.orientation.situation import Situation
from maillage.vocabulary.portals import Portal
from maillage.vocabulary.words import vocabulary

#: The parameter of the address that holds a chosen offer, and how many are read.
PARAMETER, CHOSEN_AT_MOST = "offre", 30
#: The stage that is not on the way from an idea to a settled project: it has its own short path.
ASIDE = "difficultes"
#: What is proposed for a stage when nothing was chosen: the best offer of each of these kinds.
PROPOSED = ("conseil", "formation", "financement")
#: Codes of reasons that are choices of the person, not facts about the project.
CHOICES = frozenset({"acces", "cout"})
#: From this many weeks on, a lead time is said in months.
WEEKS_SAID = 7

_UID = re.compile(rf"[a-z2-7]{{{UID_LENGTH}}}")


@dataclass(frozen=True, slots=True)
class Step:
    """One offer of the plan. `start_by` is the last good day to start (None without deadline), `late` when it has passed."""

    match: Match
    weeks: int
    start_by: date | None
    late: bool

    @property
    def offer(self) -> Offer:
        """The offer."""
        return self.match.offer

    @property
    def to_check(self) -> tuple[Reason, ...]:
        """What is still to check about the project. How one is received and what it costs are choices: the offer's page tells them."""
        return tuple(reason for reason in self.match.to_check if reason.code not in CHOICES)

    @property
    def lead_time(self) -> str:
        """The time to allow, in words: « 2 semaines », « 4 mois »."""
        if self.weeks <= WEEKS_SAID:
            return ngettext("%(n)d semaine", "%(n)d semaines", self.weeks) % {"n": self.weeks}
        return _("%(n)d mois") % {"n": round(self.weeks / 4.35)}


@dataclass(frozen=True, slots=True)
class Stage:
    """The steps of a stage, in the order to take them. `code` is empty for what may be done at any time."""

    code: str
    current: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan. `chosen` says whether the visitor chose the offers; `missing` are chosen ones that are no longer published."""

    situation: Situation
    stages: tuple[Stage, ...]
    networks: tuple[Contact, ...]
    relays: tuple[Contact, ...]
    chosen: bool
    missing: int

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """People to call first: networks, then relays; in difficulties, whoever has a telephone first."""
        everyone = (*self.networks, *self.relays)
        return tuple(sorted(everyone, key=lambda contact: not contact.phone)) if self.situation.is_distress else everyone

    @property
    def uids(self) -> list[str]:
        """The offers of the plan, in its order."""
        return [step.offer.uid for stage in self.stages for step in stage.steps]

    def query(self, *, without: str = "") -> str:
        """The address that gives this plan again with the same offers, minus one (`without`, a uid)."""
        return plan_query(self.situation, [uid for uid in self.uids if uid != without])

    @property
    def own_query(self) -> str:
        """The address of this plan as it was asked for: the offers only if they were chosen."""
        return plan_query(self.situation, self.uids if self.chosen else [])


def plan_query(situation: Situation, uids: Iterable[str]) -> str:
    """The query string of a plan: the situation, then the chosen offers."""
    return urlencode([*situation.pairs(), *((PARAMETER, uid) for uid in uids)])


def read_uids(values: Iterable[str]) -> list[str]:
    """The uids among the values of an address, each once, within bounds; anything else is left aside."""
    return [uid for uid in dict.fromkeys(value.strip().lower() for value in values) if _UID.fullmatch(uid)][:CHOSEN_AT_MOST]


def make_plan(situation: Situation, uids: Sequence[str], portal: Portal | None, now: datetime, today: date) -> Plan:
    """The plan of a situation: the chosen offers, or the best of each stage still ahead. One index read, one SQL statement."""
    snapshot = current_index()
    stages = stages_ahead(situation.stage)
    proposed = {} if uids else _proposed(snapshot, situation, stages, portal, today)
    wanted = {"uid__in": uids} if uids else {"pk__in": proposed}
    offers = [
        offer
        for offer in Offer.objects.visible().filter(**wanted).select_related("structure").order_by("pk")
        if offer.structure.is_visible
    ]
    standpoint = Standpoint.of(situation, today)
    steps: dict[str, list[Step]] = {}
    for offer in offers:
        stage = proposed[offer.pk] if proposed else stage_of(offer, stages)
        seen_from = standpoint if stage in ("", situation.stage) else Standpoint.of(replace(situation, stage=stage), today)
        steps.setdefault(stage, []).append(_step(explain(offer, seen_from), today))
    networks, relays = contacts_for(snapshot, situation, portal, now)
    order = (*vocabulary().codes("stage"), "")
    return Plan(
        situation,
        tuple(
            Stage(code, code == situation.stage and bool(code), tuple(sorted(steps[code], key=_order)))
            for code in order
            if code in steps
        ),
        networks,
        relays,
        chosen=bool(uids),
        missing=len(uids) - len(offers) if uids else 0,
    )


def stages_ahead(stage: str | None) -> tuple[str, ...]:
    """The stages from the current one on; all of them when it was not said. Difficulties are a path of their own."""
    every = tuple(code for code in vocabulary().codes("stage") if code != ASIDE)
    if stage == ASIDE:
        return (ASIDE,)
    return every[every.index(stage) :] if stage in every else every


def stage_of(offer: Offer, ahead: Sequence[str]) -> str:
    """At which stage to take a chosen offer: the first one ahead that it accepts, else the last it accepts.

    One that accepts every stage goes to the first ahead when the holder said the stage (then `ahead` starts there).
    """
    if not offer.stages:
        return ahead[0]
    later = [code for code in ahead if code in offer.stages]
    known = [code for code in vocabulary().codes("stage") if code in offer.stages]
    return later[0] if later else known[-1] if known else ""


@cache
def lead_times() -> Mapping[str, Mapping[str, int]]:
    """Weeks to allow, by kind and by instrument (`lead_times.toml`)."""
    return tomllib.loads(files("maillage.orientation").joinpath("lead_times.toml").read_text(encoding="utf-8"))


def weeks_for(offer: Offer) -> int:
    """Weeks to allow before the date of an offer."""
    times = lead_times()
    return times["instrument"].get(offer.instrument) or times["kind"].get(offer.kind, 2)


def _step(match: Match, today: date) -> Step:
    weeks = weeks_for(match.offer)
    closes = match.offer.closes
    start_by = closes - timedelta(weeks=weeks) if closes else None
    return Step(match, weeks, start_by, late=start_by is not None and start_by < today)


def _order(step: Step) -> tuple[date, int, str, int]:
    """Dated steps first, by the day to start; then people, training and money, by name."""
    kinds = ("conseil", "mise-en-reseau", "information", "formation", "hebergement", "financement")
    kind = kinds.index(step.offer.kind) if step.offer.kind in kinds else len(kinds)
    return (step.start_by or date.max, kind, step.offer.name, step.offer.pk)


def _proposed(
    snapshot: Snapshot, situation: Situation, stages: Sequence[str], portal: Portal | None, today: date
) -> dict[int, str]:
    """Primary key → stage: for each stage, the best offer of each proposed kind that an earlier stage has not taken."""
    taken: dict[int, str] = {}
    regions = portal.regions if portal else ()
    columns = snapshot.columns
    kinds = vocabulary().codes("kind")
    wanted = [kinds.index(kind) for kind in PROPOSED if not situation.kinds or kind in situation.kinds]
    for stage in stages:
        selection = Selection(snapshot, replace(situation, stage=stage, kinds=()), today)
        order = ranked(selection, selection.results, regions)
        for kind in wanted:
            for position in order[columns.kind[order] == kind].tolist():
                if int(columns.pk[position]) not in taken:
                    taken[int(columns.pk[position])] = stage
                    break
    return taken
