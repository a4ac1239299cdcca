"""What the catalogue held month by month, and what opened and closed between two months."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from dataclasses import dataclass

from maillage.catalogue.models import Offer
from maillage.observatory.models import FormerTerritory, MonthlySupply
from maillage.observatory.months import before
from maillage.observatory.snapshots.actions import unpack_keys
from maillage.observatory.supply.matrix import ALL
from maillage.territories import queries as territories
from maillage.territories.values import Place

#: Offers named one by one; counts are always whole.
NAMED = 30


@dataclass(frozen=True, slots=True)
class Month:
    """What a territory had at the end of a month. `under`: the former territory whose figures these are, when it has taken its place."""

    month: int
    offers: int
    structures: int
    under: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """Offers that opened or closed in a month: how many by stage and by kind, and the first of them."""

    count: int
    by_stage: dict[str, int]
    by_kind: dict[str, int]
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Moves:
    """What opened and what closed between the last snapshot and the one before."""

    month: int
    since: int
    opened: Moved
    closed: Moved


def history(place: Place, stage: str, kind: str = ALL, *, most: int = 36) -> list[Month]:
    """The last months of a territory at a stage, oldest first. What was counted under an EPCI that is gone is its successor's."""
    keys = [place.key]
    if place.level == "epci":
        former = FormerTerritory.objects.filter(successor=place.code).order_by("code").values_list("code", flat=True)
        keys += [f"epci:{code}" for code in former]
    found = []
    for row in MonthlySupply.objects.order_by("-month")[:most]:
        cells = json.loads(zlib.decompress(bytes(row.cells)))
        key = next((key for key in keys if key in cells), None)
        counts = cells[key].get(stage, {}).get(kind) if key else None
        if counts:
            found.append(Month(row.month, counts[0], counts[1], key.partition(":")[2] if key and key != place.key else ""))
    return found[::-1]


def months() -> list[int]:
    """The months that were kept, latest first."""
    return list(MonthlySupply.objects.order_by("-month").values_list("month", flat=True))


def moves(place: Place, month: int) -> Moves | None:
    """What opened and closed in a month, in a territory; None without a snapshot of it and of an earlier one."""
    now = MonthlySupply.objects.filter(month=month).first()
    was = MonthlySupply.objects.filter(month__lte=before(month)).order_by("-month").first()
    if now is None or was is None:
        return None
    after, earlier = unpack_keys(bytes(now.offers)), unpack_keys(bytes(was.offers))
    return Moves(month, was.month, _moved(place, after - earlier), _moved(place, earlier - after))


def _moved(place: Place, keys: frozenset[int]) -> Moved:
    """Read by 500 keys, so that no statement is too long for a database."""
    touching = _touching(place)
    ordered, found = sorted(keys), []
    for start in range(0, len(ordered), 500):
        offers = Offer.objects.filter(pk__in=ordered[start : start + 500]).select_related("structure").order_by("pk")
        found += [offer for offer in offers if touching is None or touching.intersection(offer.coverage)]
    stages = Counter(stage for offer in found for stage in offer.stages)
    return Moved(len(found), dict(stages), dict(Counter(offer.kind for offer in found)), tuple(found[:NAMED]))


def _touching(place: Place) -> frozenset[str] | None:
    """The keys of the territories that an offer may name to serve a place, or a part of it; None for France: all of them."""
    if place.level == "france":
        return None
    communes = territories.communes_of(place.level, place.code)
    keys = {place.key, "france"}
    for commune in communes:
        keys |= {territory.key for territory in territories.territories_of(commune)}
    return frozenset(keys)
