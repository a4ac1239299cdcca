"""A hole, commune by commune: which communes nothing reaches, and the rule that empties each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

import numpy as np
from django.db.models import Q
from pyroaring import BitMap

from maillage.catalogue.coverage import communes_served
from maillage.catalogue.enums import Silence, Status
from maillage.catalogue.index import Snapshot
from maillage.catalogue.models import Offer
from maillage.observatory.supply.criteria import Criteria, counted, live, stale
from maillage.observatory.supply.reach import Group, groups
from maillage.observatory.supply.supports import named_like, offers_of
from maillage.territories import queries as territories
from maillage.territories.queries import Commune
from maillage.territories.values import Territory
from maillage.vocabulary.words import vocabulary

#: Sheets that are no longer shown, looked at to explain a hole: the most recent ones.
HIDDEN_READ = 2_000


class Rule(StrEnum):
    """Why a commune has nothing, from the closest to being served to the furthest."""

    EXCLUDED = "exclue"  # an open offer names one of its territories, and excludes it
    ZONING = "zonage"  # an open offer names it, and asks for a zoning that it is not in
    CLOSED = "fermee"  # an offer reaches it, and is not open today
    STALE = "perimee"  # an offer reached it: suspended, archived, withdrawn, its structure silent, or too old when that is asked
    FAR = "ailleurs"  # offers of the same kind serve its département or the next ones, not this commune
    NONE = "aucune"  # nothing of the kind is declared around


@dataclass(frozen=True, slots=True)
class Emptied:
    """Communes emptied by one rule, and the offers (primary keys) that the rule stops; none for the last rule."""

    rule: Rule
    communes: tuple[Commune, ...]
    offers: tuple[int, ...]

    @property
    def population(self) -> int:
        """Inhabitants of these communes."""
        return sum(commune.population for commune in self.communes)


def columns(index: Snapshot, kind: str) -> BitMap:
    """The offers of a kind or of a support, whatever their calendar; all of them when nothing is said."""
    if not kind:
        return index.alive
    support = offers_of(index).get(kind)
    return support if support is not None else index.stating("kind", kind)


def offers_behind(index: Snapshot, territory: Territory, stage: str, kind: str, criteria: Criteria, today: date) -> BitMap:
    """The offers that a cell counts. `stage` may be empty: every stage."""
    asked = live(index, criteria, today) & columns(index, kind)
    if stage:
        asked &= index.accepting("stage", (stage,))
    return BitMap.union(BitMap(), *(group.offers for group in groups(index, territory))) & asked


def hole(index: Snapshot, territory: Territory, stage: str, kind: str, criteria: Criteria, today: date) -> list[Emptied]:
    """The communes of a territory that no offer of a cell reaches, by the rule that empties them (in the order of `Rule`)."""
    reading = _Reading(index, stage, kind, criteria, today)
    found: dict[Rule, tuple[list[str], BitMap, set[int]]] = {}
    for group in groups(index, territory):
        if group.offers.intersect(reading.live):
            continue
        for codes, rule, offers, hidden in reading.rules(group):
            kept = found.setdefault(rule, ([], BitMap(), set()))
            kept[0].extend(codes)
            kept[1].update(offers)
            kept[2].update(hidden)
    return [_emptied(index, rule, *found[rule]) for rule in Rule if rule in found]


def _emptied(index: Snapshot, rule: Rule, codes: list[str], offers: BitMap, hidden: set[int]) -> Emptied:
    communes = (territories.commune(code) for code in sorted(codes))
    pks = {int(pk) for pk in index.columns.pk[np.array(offers, dtype=np.int64)]} | hidden
    return Emptied(rule, tuple(commune for commune in communes if commune), tuple(sorted(pks)))


class _Reading:
    """What the groups of a hole are compared with: the offers of the cell, those that its calendar hides, and those no longer shown."""

    def __init__(self, index: Snapshot, stage: str, kind: str, criteria: Criteria, today: date) -> None:
        self.index = index
        matching = counted(index, criteria) & columns(index, kind)
        if stage:
            matching &= index.accepting("stage", (stage,))
        self.live = live(index, criteria, today) & matching
        self.closed = matching - index.open_on(today)
        self.old = matching & stale(index, today) if criteria.fresh else BitMap()
        self.hidden = _hidden(stage, kind)

    def rules(self, group: Group) -> Iterator[tuple[list[str], Rule, BitMap, set[int]]]:
        """The rule of each commune of a group, which no live offer reaches: one for all, unless hidden sheets tell them apart."""
        index = self.index
        named = index.tables["coverage"].union(group.keys) & self.live
        excluded = named & index.tables["excluded"].union(group.keys)
        for rule, offers in (
            (Rule.EXCLUDED, excluded),
            (Rule.ZONING, named - excluded),
            (Rule.CLOSED, group.offers & self.closed),
            (Rule.STALE, group.offers & self.old),
        ):
            if offers:
                yield list(group.codes), rule, offers, set()
                return
        left = []
        for code in group.codes:
            theirs = self.hidden.get(code)
            if theirs:
                yield [code], Rule.STALE, BitMap(), theirs
            else:
                left.append(code)
        if left:
            near = self.live & index.touching(_around(left[0]))
            yield left, Rule.FAR if near else Rule.NONE, near, set()


@lru_cache(maxsize=1_024)
def _around_departement(departement: str) -> tuple[str, ...]:
    return (departement, *(place.code for place in territories.neighbours(departement)))


def _around(code: str) -> tuple[str, ...]:
    commune = territories.commune(code)
    return _around_departement(commune.departement) if commune else ()


def _hidden(stage: str, kind: str) -> Mapping[str, set[int]]:
    """INSEE code → offers no longer shown that reached it: once published, since suspended, archived, withdrawn by their source or left without answer by their structure."""
    gone = (
        Q(status__in=(Status.SUSPENDED, Status.ARCHIVED))
        | Q(withdrawn_on__isnull=False, status=Status.PUBLISHED)
        | Q(silence=Silence.SILENT, status=Status.PUBLISHED)
    )
    rows = Offer.objects.filter(gone, merged_into="").order_by("-modified_at", "pk")
    if vocabulary().knows("kind", kind):
        rows = rows.filter(kind=kind)
    elif kind:
        rows = rows.filter(named_like(kind))
    found: dict[str, set[int]] = {}
    for pk, stages, coverage, excluded, zonings in rows.values_list("pk", "stages", "coverage", "excluded", "zonings")[
        :HIDDEN_READ
    ]:
        if stage and stages and stage not in stages:
            continue
        for code in communes_served(coverage, excluded, zonings).all:
            found.setdefault(code, set()).add(pk)
    return found
