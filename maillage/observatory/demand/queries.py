"""Reads of the counted searches. Every count here is exact and for those who may see it all; `publication` says what the public sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum

from maillage.observatory.models import Area, DemandCell, DemandTotal
from maillage.observatory.models.demand import EVERY
from maillage.territories.values import Place


@dataclass(frozen=True, slots=True)
class Counts:
    """Searches, those that found nothing, those that found one or two offers."""

    searches: int = 0
    empty: int = 0
    few: int = 0

    @property
    def enough(self) -> int:
        """Searches that found three offers or more."""
        return self.searches - self.empty - self.few

    @property
    def empty_share(self) -> float:
        """Share of the searches that found nothing, from 0 to 1."""
        return self.empty / self.searches if self.searches else 0.0


@dataclass(frozen=True, slots=True)
class Scope:
    """Which searches: of a portal (all when empty), of a span of months, from a territory (France: from anywhere)."""

    portal: str
    first: int
    last: int
    place: Place | None = None

    def rows(self) -> QuerySet[Any]:
        """The rows that hold them: totals, or the cells of one commune."""
        place = self.place
        if place is not None and place.level == "commune":
            # the index begins with the month and the portal: codes are given, not joined
            codes = list(Area.objects.filter(commune=place.code).order_by("code").values_list("code", flat=True))
            found: QuerySet[Any] = DemandCell.objects.filter(commune__in=codes or [place.code])
        else:
            found = DemandTotal.objects.filter(_where(place))
        found = found.filter(month__gte=self.first, month__lte=self.last)
        return found.filter(portal=self.portal) if self.portal else found


def _where(place: Place | None) -> Q:
    if place is None or place.level == "france":
        return Q(level="france", code="")
    if place.level == "epci":
        return Q(level="part", code__in=[f"{departement}/{place.code}" for departement in place.departements])
    return Q(level=place.level, code=place.code)


def _by(rows: QuerySet[Any], *names: str) -> dict[Any, Counts]:
    """Counts by the values of some columns (a tuple when there are several), in their order."""
    sums = rows.values(*names).annotate(all=Sum("searches"), none=Sum("empty"), some=Sum("few")).order_by(*names)
    found = {}
    for row in sums:
        key = tuple(row[name] for name in names)
        found[key if len(key) > 1 else key[0]] = Counts(row["all"], row["none"], row["some"])
    return found


def by_stage(scope: Scope) -> dict[str, Counts]:
    """Stage → counts; "" for those that said none."""
    return _by(scope.rows().filter(need=EVERY), "stage")


def by_need(scope: Scope) -> dict[str, Counts]:
    """Need → counts; "" for those that named none, EVERY for all. A search with two needs counts in both."""
    return _by(scope.rows(), "need")


def by_month(scope: Scope) -> dict[int, Counts]:
    """Month → counts."""
    return _by(scope.rows().filter(need=EVERY), "month")


def by_situation(scope: Scope) -> dict[tuple[str, str], Counts]:
    """(stage, need) → counts, for the searches that named both."""
    return _by(scope.rows().exclude(need__in=(EVERY, "")).exclude(stage=""), "stage", "need")


def by_part(scope: Scope, departements: Iterable[str] | None = None) -> dict[tuple[str, str], Counts]:
    """(part, stage) → counts, for each « 53/200048551 » (the communes of an EPCI in one département); every part when None is asked."""
    rows = DemandTotal.objects.filter(level="part", need=EVERY, month__gte=scope.first, month__lte=scope.last)
    if scope.portal:
        rows = rows.filter(portal=scope.portal)
    if departements is not None:
        among = Q(pk__in=())
        for code in departements:
            among |= Q(code__startswith=f"{code}/")
        rows = rows.filter(among)
    return _by(rows, "code", "stage")


def months_counted(portal: str) -> tuple[int, int] | None:
    """The first and the last month with a search of a portal; None when there is none."""
    rows = DemandTotal.objects.filter(level="france", code="", need=EVERY, portal=portal)
    first = rows.order_by("month").values_list("month", flat=True).first()
    last = rows.order_by("-month").values_list("month", flat=True).first()
    return (first, last) if first and last else None
