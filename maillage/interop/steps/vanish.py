"""What disappears from a source: marked, kept online for the grace, then withdrawn, never deleted."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from maillage.catalogue.access import MODELS
from maillage.interop.models import Link, RawRecord, Run
from maillage.interop.steps.publish import BATCH, Target, refresh
from maillage.interop.upsert import withdraw

#: Days during which a record that its source no longer gives stays online.
GRACE = timedelta(days=30)


def mark_missing(run: Run, today: date) -> int:
    """Mark the records that a complete read did not give. Returns how many are new among the missing."""
    assert run.complete, "what a partial read does not give is not missing"
    with transaction.atomic():
        gone = RawRecord.objects.filter(source=run.source, missing_since__isnull=True).exclude(run=run)
        pks = list(gone.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(pks), 500):
            some = pks[start : start + 500]
            Link.objects.filter(record__in=some, missing_since__isnull=True).update(missing_since=today)
            RawRecord.objects.filter(pk__in=some).update(missing_since=today)
    return len(pks)


def end_grace(source: str, today: date) -> int:
    """Forget what records that have been missing for the whole grace said; withdraw the sheets of which nobody speaks any more.

    Returns how many sheets were withdrawn.
    """
    ended = Link.objects.filter(record__source=source, missing_since__lte=today - GRACE).order_by("pk")
    withdrawn = 0
    while True:
        batch = list(ended.values_list("pk", "kind", "target")[:BATCH])
        if not batch:
            return withdrawn
        with transaction.atomic():
            withdrawn += _forget([pk for pk, *_ in batch], {(kind, uid) for _, kind, uid in batch}, source, today)


def _forget(links: list[int], touched: set[Target], source: str, today: date) -> int:
    Link.objects.filter(pk__in=links).delete()
    left: set[Target] = set()
    withdrawn = 0
    for kind, model in MODELS.items():
        uids = [uid for of, uid in touched if of == kind]
        if not uids:
            continue
        spoken = set(Link.objects.filter(kind=kind, target__in=uids).order_by("pk").values_list("target", flat=True))
        silent = model._default_manager.filter(uid__in=set(uids) - spoken, source=source, withdrawn_on__isnull=True)
        pks = list(silent.order_by("pk").values_list("pk", flat=True))
        withdraw(model, pks, today=today, origin=f"source {source}")
        withdrawn += len(pks)
        left |= {(kind, uid) for uid in spoken}
        others = model._default_manager.filter(uid__in=set(uids) - spoken).exclude(source=source)
        left |= {(kind, uid) for uid in others.order_by("pk").values_list("uid", flat=True)}
    refresh(left, None, today, origin=f"source {source}")
    return withdrawn
