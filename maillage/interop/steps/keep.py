"""Step 1, raw: every record as it was given, kept whole. Nothing is understood yet."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from maillage.interop.models import RawRecord, Run
from maillage.interop.sources.contract import Raw

#: Records of one transaction. Memory stays that of one batch.
BATCH = 500
_WRITTEN = ("revision", "payload", "digest", "changed_on", "last_seen", "run", "clash")
#: What marks the ref of a record whose producer gave none: it is kept, and refused by the next step.
NO_REF = "sans-identifiant-"


def keep(run: Run, given: Iterable[Raw], today: date) -> None:
    """Keep the records of a read, batch by batch.

    A record given twice with two contents is marked `clash`; the one whose digest comes first is kept, so that the order of the
    file changes nothing. Raises what the reader raises, once what was given before is kept.
    """
    records = iter(given)
    stopped: Exception | None = None
    while stopped is None:
        group, stopped = _next(records)
        if not group:
            break
        with transaction.atomic():
            _keep(run, group, today)
    if stopped is not None:
        raise stopped


def _next(records: Iterator[Raw]) -> tuple[list[Raw], Exception | None]:
    """The next batch, and what stopped the reader if something did."""
    group: list[Raw] = []
    try:
        for raw in records:
            group.append(raw)
            if len(group) == BATCH:
                break
    except Exception as error:  # handed on by `keep`, after what came before it is kept
        return group, error
    return group, None


def _keep(run: Run, group: list[Raw], today: date) -> None:
    readied = [prepared(raw) for raw in group]
    known = {
        row.ref: row
        for row in RawRecord.objects.filter(source=run.source, ref__in=[ref for ref, *_ in readied])
        .defer("mapped", "reasons")
        .order_by("pk")
    }
    written: dict[str, RawRecord] = {}
    seen: set[int] = set()
    for ref, revision, payload, digest in readied:
        row = known.get(ref)
        if row is None:
            row = known[ref] = written[ref] = RawRecord(
                source=run.source, ref=ref, revision=revision, payload=payload, digest=digest,
                changed_on=today, first_seen=today, last_seen=today, run=run,
            )  # fmt: skip
            continue
        unchanged = not payload and bool(row.payload) and revision == row.revision
        if row.run_id != run.pk:
            row.run, row.last_seen = run, today
            if unchanged or digest == row.digest:
                if row.clash or row.revision != revision:
                    row.clash, row.revision = False, revision
                    written[ref] = row
                else:
                    seen.add(row.pk)
                continue
            row.clash = False
        elif unchanged or digest == row.digest:
            continue
        else:
            row.clash = True
            if digest > row.digest:
                written[ref] = row
                continue
        row.revision, row.payload, row.digest, row.changed_on = revision, payload, digest, today
        written[ref] = row
    if seen:
        RawRecord.objects.filter(pk__in=seen).update(run=run, last_seen=today, clash=False)
    new = [row for row in written.values() if row.pk is None]
    RawRecord.objects.bulk_create(new)
    RawRecord.objects.bulk_update([row for row in written.values() if row not in new], _WRITTEN, batch_size=100)


def prepared(raw: Raw) -> tuple[str, str, Any, str]:
    """(ref, revision, payload, digest) as both databases can keep them."""
    text = json.dumps(raw.payload, ensure_ascii=True, sort_keys=True, cls=DjangoJSONEncoder)
    payload = json.loads(text)
    if "\\u0000" in text or "\\ud" in text or "NaN" in text or "Infinity" in text:
        payload = _storable(payload)
        text = json.dumps(payload, ensure_ascii=True, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    ref = _storable(str(raw.ref)).strip() if raw.ref not in (None, "") else ""
    if len(ref) > 200:
        ref = ref[:160] + hashlib.sha256(ref.encode()).hexdigest()[:40]
    return ref or NO_REF + digest[:24], _storable(str(raw.revision or ""))[:200], payload, digest


def _storable(value: Any) -> Any:
    """Without what PostgreSQL refuses in JSON: NUL, half characters, numbers that are not numbers."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "ignore").decode()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    return value
