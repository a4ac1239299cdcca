"""Keep the pairs that may be the same thing, for a person to decide. A decision is never asked twice."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from maillage.interop.merging.candidates import Pair, candidates, faces
from maillage.interop.models import Duplicate

_BATCH = 1_000


def propose(kind: str, only: Collection[str] | None = None, *, today: date | None = None) -> int:
    """Look for pairs among the sheets of a kind (`only`: those that concern these uids). Returns how many are new.

    Pairs that wait and are no longer alike are forgotten.
    """
    pairs = {(pair.first, pair.second): pair for pair in candidates(faces(kind), only)}
    known = _known(kind, only)
    new = [pair for key, pair in pairs.items() if key not in known]
    waiting = {key: duplicate for key, duplicate in known.items() if duplicate.state == Duplicate.State.WAITING}
    stale = [duplicate.pk for key, duplicate in waiting.items() if key not in pairs]
    moved = []
    for key, duplicate in waiting.items():
        pair = pairs.get(key)
        if pair is not None and (duplicate.score, duplicate.reasons) != (pair.score, list(pair.reasons)):
            duplicate.score, duplicate.reasons = pair.score, list(pair.reasons)
            moved.append(duplicate)
    for start in range(0, len(stale), _BATCH):
        Duplicate.objects.filter(pk__in=stale[start : start + _BATCH]).delete()
    for start in range(0, max(len(new), len(moved)), _BATCH):
        with transaction.atomic():
            Duplicate.objects.bulk_create(
                [_duplicate(kind, pair, today or timezone.localdate()) for pair in new[start : start + _BATCH]],
                ignore_conflicts=True,
            )
            Duplicate.objects.bulk_update(moved[start : start + _BATCH], ("score", "reasons"), batch_size=100)
    return len(new)


def _known(kind: str, only: Collection[str] | None) -> dict[tuple[str, str], Duplicate]:
    found: dict[tuple[str, str], Duplicate] = {}
    every = Duplicate.objects.filter(sheet_kind=kind).order_by("pk")
    if only is None:
        return {(duplicate.first, duplicate.second): duplicate for duplicate in every.iterator(2_000)}
    uids = sorted(only)
    for start in range(0, len(uids), _BATCH // 2):
        some = uids[start : start + _BATCH // 2]
        found |= {
            (duplicate.first, duplicate.second): duplicate for duplicate in every.filter(Q(first__in=some) | Q(second__in=some))
        }
    return found


def _duplicate(kind: str, pair: Pair, today: date) -> Duplicate:
    return Duplicate(
        sheet_kind=kind, first=pair.first, second=pair.second, score=pair.score, reasons=list(pair.reasons), found_on=today
    )
