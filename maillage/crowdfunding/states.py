"""Where a campaign is, from its dates and its figures alone: nothing has to run for a campaign to close. Pure."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


class CampaignState(StrEnum):
    """Where a campaign is. A campaign that ended keeps the last figures we have: `AWAITED` when they are older than its end."""

    UPCOMING = "a-venir"
    OPEN = "ouverte"
    SUCCEEDED = "reussie"
    PARTIAL = "partielle"  # ended under its goal; what was collected is paid all the same
    FAILED = "echouee"
    AWAITED = "resultat-attendu"


def day_in_paris(now: datetime) -> date:
    """The day it is in Paris at this instant (an aware datetime): a campaign opens at 0:00 and closes at 24:00 there."""
    return now.astimezone(PARIS).date()


def state_on(
    day: date, *, opens: date, closes: date, goal: Decimal, collected: Decimal, as_of: date | None, all_or_nothing: bool | None
) -> CampaignState:
    """The state on a day of Paris. `closes` is the last day, included; `as_of` is the day of the figures, None when there are none."""
    if day < opens:
        return CampaignState.UPCOMING
    if day <= closes:
        return CampaignState.OPEN
    if collected >= goal:
        return CampaignState.SUCCEEDED
    if as_of is None or as_of < closes:
        return CampaignState.AWAITED
    if all_or_nothing is False and collected > 0:
        return CampaignState.PARTIAL
    return CampaignState.FAILED


#: Those that are over.
ENDED = (CampaignState.SUCCEEDED, CampaignState.PARTIAL, CampaignState.FAILED, CampaignState.AWAITED)
