"""Quiet hours: when a message that can wait does wait. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
SUNDAY = 6


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` o'clock to `end` o'clock the next morning, Paris time, and all day on Sundays when `sundays`. The same hour twice: never."""

    start: int = 20
    end: int = 8
    sundays: bool = True

    def hold(self, moment: datetime) -> bool:
        """Is this moment quiet?"""
        local = moment.astimezone(PARIS)
        if self.sundays and local.weekday() == SUNDAY:
            return True
        if self.start <= self.end:
            return self.start <= local.hour < self.end
        return local.hour >= self.start or local.hour < self.end


def read_quiet_hours(text: str) -> QuietHours:
    """Read « 20-8 » (quiet on Sundays too), « 20-8,dimanche=non » or « non » (never). Raises ValueError with a French sentence."""
    said = text.strip().lower()
    if said in {"non", "no", "0"}:
        return QuietHours(0, 0, sundays=False)
    hours, _, sunday = said.partition(",")
    first, dash, last = hours.partition("-")
    if not (dash and first.strip().isdecimal() and last.strip().isdecimal() and int(first) < 24 and int(last) < 24):
        raise ValueError(f"« {text} » n’est pas une plage d’heures : écrivez par exemple 20-8, ou « non ».")
    if sunday.strip() not in {"", "dimanche=non", "dimanche=oui"}:
        raise ValueError(f"« {sunday.strip()} » n’est pas compris : écrivez dimanche=non, ou rien.")
    return QuietHours(int(first), int(last), sundays=sunday.strip() != "dimanche=non")
