"""Who is worse off: each indicator for rural, FRR, QPV and métropole communes against the rest. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from maillage.observatory.access.distances import weighted_median
from maillage.observatory.access.ground import Division, Floats

#: How an indicator is summed over people: a share of people (0 or 1 per commune), a mean, or a median.
SHARE, MEAN, MEDIAN = "share", "mean", "median"


@dataclass(frozen=True, slots=True, eq=False)
class Indicator:
    """One value per commune (nan = unknown), and how it is summed. `more_is_better` says how to read a difference."""

    code: str
    how: str
    values: Floats
    more_is_better: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """An indicator in a division and in the rest. None: nobody lives there, or nobody knows."""

    inside: float | None
    outside: float | None
    people_inside: int
    people_outside: int
    people_unknown: int

    @property
    def is_known(self) -> bool:
        """Is the division known for somebody?"""
        return bool(self.people_inside or self.people_outside)


def compare(indicator: Indicator, division: Division, people: Floats) -> Compared:
    """The indicator inside a division and outside, each person counting for one. Communes whose division is unknown are in neither."""
    return Compared(
        _summed(indicator, division == 1, people),
        _summed(indicator, division == 0, people),
        *(int(people[division == which].sum()) for which in (1, 0, -1)),
    )


def compare_all(indicators: list[Indicator], divisions: Mapping[str, Division], people: Floats) -> dict[str, dict[str, Compared]]:
    """Every indicator in every division: indicator → division → figures."""
    return {each.code: {name: compare(each, division, people) for name, division in divisions.items()} for each in indicators}


def _summed(indicator: Indicator, which: np.ndarray[tuple[int], np.dtype[np.bool_]], people: Floats) -> float | None:
    kept = which & ~np.isnan(indicator.values)
    total = float(people[kept].sum())
    if not total:
        return None
    if indicator.how == MEDIAN:
        return weighted_median(indicator.values[kept], people[kept])
    return float((indicator.values[kept] * people[kept]).sum() / total)
