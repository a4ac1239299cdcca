"""What a Région adds to gifts, to the cent, under its caps. Pure: a platform can apply the same computation (docs/algorithms/crowdfunding-forms.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from maillage.crowdfunding.money import ZERO, down_to_cent
from maillage.crowdfunding.rules import TopUpRule


class Cap(StrEnum):
    """What limited an addition."""

    GIFT = "per_gift"
    PERSON = "per_person"
    PROJECT = "per_project"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Gift:
    """One gift: who gave, to which project (any text that tells them apart), how much in euros."""

    person: str
    project: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Addition:
    """What the Région adds to one gift, and the caps that were reached (in the order of `Cap`)."""

    gift: Gift
    added: Decimal
    caps: tuple[Cap, ...] = ()


@dataclass(slots=True)
class Spent:
    """What was already added: in all, by project and by person. `additions` counts on it and moves it."""

    total: Decimal = ZERO
    projects: dict[str, Decimal] = field(default_factory=dict)
    people: dict[str, Decimal] = field(default_factory=dict)


def addition(rule: TopUpRule, gift: Gift, spent: Spent) -> Addition:
    """What is added to one gift after what was `spent`: share × gift, rounded down to the cent, then the smallest of what is left."""
    wanted = down_to_cent(gift.amount * rule.share)
    left: Mapping[Cap, Decimal | None] = {
        Cap.GIFT: rule.per_gift,
        Cap.PERSON: None if rule.per_person is None else rule.per_person - spent.people.get(gift.person, ZERO),
        Cap.PROJECT: None if rule.per_project is None else rule.per_project - spent.projects.get(gift.project, ZERO),
        Cap.TOTAL: None if rule.total is None else rule.total - spent.total,
    }
    added = max(ZERO, min([wanted, *(each for each in left.values() if each is not None)]))
    return Addition(gift, added, tuple(cap for cap, room in left.items() if room is not None and room < wanted))


def additions(rule: TopUpRule, gifts: Iterable[Gift], spent: Spent | None = None) -> list[Addition]:
    """What is added to each gift, in the order in which they came: the first served until a cap is reached."""
    spent = spent or Spent()
    found = []
    for gift in gifts:
        each = addition(rule, gift, spent)
        spent.total += each.added
        spent.projects[gift.project] = spent.projects.get(gift.project, ZERO) + each.added
        spent.people[gift.person] = spent.people.get(gift.person, ZERO) + each.added
        found.append(each)
    return found


def applies(rule: TopUpRule, *, region: str, form: str, sector: str, opens: date, closes: date) -> bool:
    """May a campaign of this région, form and sector, open between these days, receive this addition?"""
    return (
        rule.region == region
        and (not rule.forms or form in rule.forms)
        and (not rule.sectors or sector in rule.sectors)
        and (rule.since is None or closes >= rule.since)
        and (rule.until is None or opens <= rule.until)
    )
