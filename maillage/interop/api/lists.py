"""The pages of the three kinds of sheets. Offers are chosen and ordered in the index, then read by primary key in one statement.

The index holds no set of structures nor of relays: theirs are keyset queries on the primary key, two statements whatever their number.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db.models import Q

from maillage.catalogue.enums import Status
from maillage.catalogue.index import current_index
from maillage.catalogue.index.columns import microseconds
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.catalogue.models.sheet import SheetQuerySet
from maillage.catalogue.queries import standing_in
from maillage.interop.api.paging import Page
from maillage.orientation.matching.selection import Selection
from maillage.orientation.situation import Situation
from maillage.orientation.territory import reaching
from maillage.territories.values import Place

#: Relays of structures that visitors may see.
_SHOWN = Q(structure__status=Status.PUBLISHED, structure__withdrawn_on__isnull=True)


def offers_page(
    situation: Situation,
    today: date,
    *,
    place: Place | None = None,
    open_only: bool = False,
    since: datetime | None = None,
    after: int = 0,
    limit: int,
    record: Callable[[Offer], dict[str, Any]],
) -> Page[dict[str, Any]]:
    """Offers that fit a situation and reach a place, by primary key, after one. `total` counts all of them."""
    snapshot = current_index()
    selection = Selection(snapshot, situation, today)
    chosen = selection.results if open_only else selection.without("open")
    if place is not None:
        chosen &= reaching(snapshot, place)
    positions = np.array(chosen, dtype=np.int64)
    if since is not None:
        positions = positions[snapshot.columns.modified[positions] >= microseconds(since)]
    keys = _first_after(snapshot.columns.pk[positions], after, limit + 1)
    shown = keys[:limit]
    visible = Offer.objects.visible().filter(_SHOWN, pk__in=shown).select_related("structure").order_by("pk")
    return Page([record(offer) for offer in visible], len(positions), str(shown[-1]) if len(keys) > limit else None)


def _first_after(keys: Any, after: int, count: int) -> list[int]:
    """The `count` smallest keys beyond one, in order, without sorting the others."""
    beyond = keys[keys > after]
    if len(beyond) > count:
        beyond = np.partition(beyond, count)[:count]
    return [int(key) for key in np.sort(beyond)]


def structures_page(
    *,
    place: Place | None = None,
    source: str = "",
    siren: str = "",
    since: datetime | None = None,
    after: int = 0,
    limit: int,
    record: Callable[[Structure], dict[str, Any]],
) -> Page[dict[str, Any]]:
    """Structures whose own address is in a place, by primary key, after one."""
    found = Structure.objects.visible()
    if siren:
        found = found.filter(siren=siren)
    if since is not None:
        found = found.filter(modified_at__gte=since)
    return _keyset(_among(found, place, source), after, limit, record)


def relays_page(
    *,
    place: Place | None = None,
    source: str = "",
    level: str = "",
    network: str = "",
    since: datetime | None = None,
    after: int = 0,
    limit: int,
    record: Callable[[Relay], dict[str, Any]],
) -> Page[dict[str, Any]]:
    """Relays whose address is in a place, by primary key, after one."""
    found = Relay.objects.visible().filter(_SHOWN).select_related("structure")
    if level:
        found = found.filter(level=level)
    if network:
        found = found.filter(network=network)
    if since is not None:
        found = found.filter(Q(modified_at__gte=since) | Q(structure__modified_at__gte=since))
    return _keyset(_among(found, place, source), after, limit, record)


def _among(found: SheetQuerySet[Any], place: Place | None, source: str) -> SheetQuerySet[Any]:
    if source:
        found = found.filter(source=source)
    return found if place is None or place.level == "france" else found.filter(standing_in(place))


def _keyset(found: SheetQuerySet[Any], after: int, limit: int, record: Callable[[Any], dict[str, Any]]) -> Page[dict[str, Any]]:
    total = found.order_by().count()
    rows = list(found.filter(pk__gt=after).order_by("pk")[: limit + 1])
    last = str(rows[limit - 1].pk) if len(rows) > limit else None
    return Page([record(row) for row in rows[:limit]], total, last)


def one_offer(uid: str) -> Offer | None:
    """The visible offer of a public id, with its structure."""
    return Offer.objects.visible().filter(_SHOWN, uid=uid).select_related("structure").first()


def one_structure(uid: str) -> Structure | None:
    """The visible structure of a public id."""
    return Structure.objects.visible().filter(uid=uid).first()


def one_relay(uid: str) -> Relay | None:
    """The visible relay of a public id, with its structure."""
    return Relay.objects.visible().filter(_SHOWN, uid=uid).select_related("structure").first()
