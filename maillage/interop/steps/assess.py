"""Between mapped and proposed: does this read look like the source, or like an accident? And the counts of a read."""

from __future__ import annotations

from django.db.models import Count

from maillage.interop.models import RawRecord, Run
from maillage.interop.steps.understand import meaning_of, unapplied

#: From this share of what is known, or of what is given, a read is an accident until a person says otherwise.
TOO_MANY = 0.5
_GIVES = (RawRecord.Outcome.PUBLISHED, RawRecord.Outcome.WAITING)


def why_quarantined(run: Run) -> str:
    """The French reason to set this read aside before anything is applied; empty when there is none."""
    given = run.records.count()
    verdicts = {
        pk: meaning_of(mapped).verdict for pk, mapped in unapplied(run).order_by("pk").values_list("pk", "mapped").iterator(500)
    }
    refused = sum(verdict == RawRecord.Outcome.REFUSED for verdict in verdicts.values())
    earlier = run.records.filter(outcome=RawRecord.Outcome.REFUSED).order_by("pk").values_list("pk", flat=True)
    refused += sum(pk not in verdicts for pk in earlier.iterator(2000))
    if refused and refused >= given * TOO_MANY:
        return f"{refused} fiches sur {given} sont refusées : la source a peut-être changé de forme. Rien n’a été appliqué."
    known = RawRecord.objects.filter(source=run.source, missing_since__isnull=True, outcome__in=_GIVES).exclude(applied_key="")
    total = known.count()
    gone = known.exclude(run=run).count() if run.complete else 0
    lost = known.filter(run=run).order_by("pk").values_list("pk", flat=True)
    gone += sum(verdicts.get(pk) == RawRecord.Outcome.LEFT_OUT for pk in lost.iterator(2000))
    if gone and gone >= total * TOO_MANY:
        return f"{gone} des {total} fiches connues de cette source n’y sont plus. Rien n’a été appliqué."
    return ""


def tally(run: Run) -> dict[str, int]:
    """What became of the records of a read: `records` = published + waiting + left_out + refused."""
    rows = run.records.order_by("outcome").values_list("outcome").annotate(count=Count("pk"))
    counts = dict(rows)
    return {
        "records": sum(counts.values()),
        "published": counts.get(RawRecord.Outcome.PUBLISHED, 0),
        "waiting": counts.get(RawRecord.Outcome.WAITING, 0),
        "left_out": counts.get(RawRecord.Outcome.LEFT_OUT, 0),
        "refused": counts.get(RawRecord.Outcome.REFUSED, 0),
    }
