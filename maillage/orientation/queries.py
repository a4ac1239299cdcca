"""The orientation: a situation becomes everything that the results page says.

One index read, two statements for the offers shown (and their structures), whatever the size of the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from django.utils import timezone

from maillage.catalogue.index import Snapshot, current_index
from maillage.catalogue.models import Offer
from maillage.orientation.answer import Answer, Match
from maillage.orientation.contacts import contacts_for
from maillage.orientation.fetch import offers_by_key
from maillage.orientation.matching.explanation import Point, Standpoint, checklist, explain
from maillage.orientation.matching.facets import facet_counts, kind_counts, relaxations
from maillage.orientation.matching.question import best_question
from maillage.orientation.matching.selection import Selection
from maillage.orientation.ranking import Positions, contenders, ranked
from maillage.orientation.situation import Situation
from maillage.vocabulary.portals import Portal
from maillage.vocabulary.words import vocabulary

#: Offers open and close on Paris days, wherever the server is.
PARIS = ZoneInfo("Europe/Paris")
#: Near misses that a page shows; `near_total` counts them all.
NEAR_SHOWN = 6


def orient(
    situation: Situation,
    portal: Portal | None = None,
    *,
    limit: int | None = 20,
    offset: int = 0,
    per_kind: int | None = None,
    near_limit: int = NEAR_SHOWN,
    today: date | None = None,
    now: datetime | None = None,
    snapshot: Snapshot | None = None,
    contacts: bool = True,
) -> Answer:
    """The ranked, explained answer to a situation.

    `limit` and `offset` cut the global ranking (None: everything). With `per_kind`, results are instead the first `per_kind` of each
    kind, kinds in vocabulary order, as the page shows them; `Answer.by_kind` tells how many each kind has. `portal` places its
    région's offers and networks first when no commune is said. `today` and `now` default to this moment in Paris, `snapshot` to the
    current reading of the catalogue. Without `contacts`, the answer has none: who asks works them out (`contacts_for`).
    """
    now = now or timezone.now()
    day = today or now.astimezone(PARIS).date()
    snapshot = snapshot or current_index()
    selection = Selection(snapshot, situation, day)
    regions = portal.regions if portal else ()
    if per_kind is not None:
        kinds = [snapshot.stating("kind", code) for code in vocabulary().codes("kind")]
        first = ranked(selection, contenders(selection, selection.results, per_kind, kinds), regions)
        shown = _first_of_each_kind(snapshot, first, per_kind)
    else:
        wanted = selection.results if limit is None else contenders(selection, selection.results, max(0, offset) + max(0, limit))
        shown = _page(ranked(selection, wanted, regions), limit, offset)
    near = ranked(selection, contenders(selection, selection.near, near_limit), regions)[:near_limit]
    matches = _matches(snapshot, [*shown, *near], Standpoint.of(situation, day))
    networks, relays = contacts_for(snapshot, situation, portal, now) if contacts else ((), ())
    return Answer(
        situation=situation,
        total=len(selection.results),
        results=tuple(matches[position] for position in shown if position in matches),
        by_kind=kind_counts(selection),
        facets=facet_counts(selection),
        near_misses=tuple(matches[position] for position in near if position in matches),
        near_total=len(selection.near),
        networks=networks,
        relays=relays,
        question=best_question(selection),
        relaxations=relaxations(selection) if not selection.results else (),
    )


def check(offer: Offer, situation: Situation, today: date | None = None) -> tuple[Match, tuple[Point, ...]]:
    """One offer against a situation, for its own page: the match, and the whole checklist in three values."""
    standpoint = Standpoint.of(situation, today or timezone.now().astimezone(PARIS).date())
    return explain(offer, standpoint), checklist(offer, standpoint)


def select(situation: Situation, today: date | None = None) -> Selection:
    """The sets behind an orientation, for pages that count without showing offers."""
    return Selection(current_index(), situation, today or timezone.now().astimezone(PARIS).date())


def _page(order: Positions, limit: int | None, offset: int) -> list[int]:
    start = max(0, offset)
    page: list[int] = order[start:].tolist() if limit is None else order[start : start + max(0, limit)].tolist()
    return page


def _first_of_each_kind(snapshot: Snapshot, order: Positions, per_kind: int) -> list[int]:
    kinds = snapshot.columns.kind[order]
    shown: list[int] = []
    for number in range(len(vocabulary().codes("kind"))):
        shown += order[np.flatnonzero(kinds == number)[:per_kind]].tolist()
    return shown


def _matches(snapshot: Snapshot, positions: Iterable[int], standpoint: Standpoint) -> dict[int, Match]:
    """The offers at these positions, explained, in one statement. One that has just left the catalogue is left out."""
    keys = {int(snapshot.columns.pk[position]): int(position) for position in positions}
    return {keys[offer.pk]: explain(offer, standpoint) for offer in offers_by_key(list(keys))}
