"""What the night owes each request: reminders, escalation, questions, closure. Pure: dates in, duties out.

Days are days in Paris. Delays count from `since`: when the present wait began (a sending, an answer, a question to the holder).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from maillage.accompaniment.enums import State
from maillage.accompaniment.states import ANSWERED, OVER, WITH_HOLDER, WITH_RECIPIENT
from maillage.accompaniment.working_days import working_days

#: Working days before a reminder, before the animation takes over, before « était-ce utile ? »; days before closure.
REMIND, ESCALATE, ASK, CLOSE = 5, 10, 10, 30


class Duty(StrEnum):
    """One thing to do tonight."""

    REMIND_RECIPIENT = "remind-recipient"
    REMIND_HOLDER = "remind-holder"
    REMIND_ANIMATION = "remind-animation"
    ESCALATE = "escalate"
    ASK_USEFUL = "ask-useful"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Wait:
    """What a request waits for: its state, since when, and what was already done during this wait."""

    state: State
    since: date
    reminded: bool = False
    asked: bool = False  # whether it was useful; once in a life
    escalated_on: date | None = None  # during this wait


def duty(wait: Wait, today: date) -> Duty | None:
    """What is owed to this request today, at most one thing: the next night looks again."""
    if wait.state in OVER:
        return None
    days, worked = (today - wait.since).days, working_days(wait.since, today)
    if wait.state in WITH_RECIPIENT:
        if worked >= ESCALATE:
            return Duty.ESCALATE
        return Duty.REMIND_RECIPIENT if worked >= REMIND and not wait.reminded else None
    if wait.state in ANSWERED:
        if not wait.asked and worked >= ASK:
            return Duty.ASK_USEFUL
        return Duty.CLOSE if days >= CLOSE else None
    if days >= CLOSE and (wait.escalated_on is None or working_days(wait.escalated_on, today) >= REMIND):
        return Duty.CLOSE  # a night that comes late leaves the animation a week before the end
    if wait.reminded:
        return None
    if wait.state in WITH_HOLDER:
        return Duty.REMIND_HOLDER if worked >= REMIND else None
    begun = wait.escalated_on or wait.since
    return Duty.REMIND_ANIMATION if working_days(begun, today) >= REMIND else None
