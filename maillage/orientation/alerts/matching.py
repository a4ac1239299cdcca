"""What an alert finds: the same set as the results page of its address, from the index in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.http import QueryDict

from maillage.catalogue.index import Snapshot, current_index
from maillage.catalogue.models import Offer
from maillage.journal.models import Entry
from maillage.orientation.alerts.versions import version_of
from maillage.orientation.forms import read
from maillage.orientation.matching.selection import Selection
from maillage.orientation.situation import Situation


def situation_of(query: str) -> Situation:
    """The situation of a kept address; what the vocabulary no longer knows is dropped."""
    return read(QueryDict(query)).situation


def found_by(situation: Situation, today: date, snapshot: Snapshot | None = None) -> set[int]:
    """The keys of the offers that the results page shows for this situation, that day (Paris), in the index of now or the one given."""
    selection = Selection(snapshot or current_index(), situation, today)
    return {int(key) for key in selection.snapshot.columns.pk[np.array(selection.results, dtype=np.int64)]}


@dataclass(frozen=True, slots=True)
class Versions:
    """The version of each visible offer, read in two statements for all the alerts of a run."""

    of: dict[int, str]

    @classmethod
    def read(cls, keys: Iterable[int] | None = None) -> Versions:
        """The visible offers, or those of `keys`: an offer that is not visible has no version."""
        offers = Offer.objects.visible()
        if keys is not None:
            offers = offers.filter(pk__in=list(keys))
        reopened = Counter(
            Entry.objects.filter(verb="reopened", subject_kind=Offer.KIND).order_by("pk").values_list("subject_uid", flat=True)
        )
        rows = offers.order_by("pk").values_list("pk", "uid", "opens", "closes")
        return cls({pk: version_of(opens, closes, reopened[uid]) for pk, uid, opens, closes in rows})
