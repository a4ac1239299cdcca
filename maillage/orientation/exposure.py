"""How often each offer is shown: the measure of the fairness of the ranking (docs/algorithms/ranking.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from maillage.catalogue.index import current_index
from maillage.orientation.matching.selection import Selection
from maillage.orientation.ranking import ranked
from maillage.orientation.situation import Situation


@dataclass(frozen=True, slots=True)
class Exposure:
    """What happened to one offer (`pk`): how often it was a result, among those shown, and the first of all."""

    pk: int
    found: int
    shown: int
    first: int

    @property
    def share(self) -> float:
        """The share of the times it was found in which it was shown."""
        return self.shown / self.found if self.found else 0.0


def exposure(situations: Iterable[Situation], first_day: date, days: int, shown: int = 20) -> list[Exposure]:
    """What the ranking shows over `days` days to people in these situations, who each read the first `shown` results.

    The catalogue is the one of today: calendars move with the days, sheets do not. Least shown first.
    """
    snapshot = current_index()
    found: Counter[int] = Counter()
    seen: Counter[int] = Counter()
    first: Counter[int] = Counter()
    for situation in situations:
        for number in range(days):
            selection = Selection(snapshot, situation, first_day + timedelta(days=number))
            order = snapshot.columns.pk[ranked(selection, selection.results)].tolist()
            found.update(order)
            seen.update(order[:shown])
            first.update(order[:1])
    lines = [Exposure(pk, found[pk], seen[pk], first[pk]) for pk in found]
    return sorted(lines, key=lambda line: (line.share, -line.found, line.pk))
