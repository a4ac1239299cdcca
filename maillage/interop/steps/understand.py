"""Steps 2 and 3, cleaned and mapped: what each kept record means here, or why nothing can be made of it. No sheet is touched."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import F

from maillage import __version__
from maillage.interop import values
from maillage.interop.cleaning import clean
from maillage.interop.formats import FORMATS, Field, written_number
from maillage.interop.models import RawRecord, Run
from maillage.interop.problems import shown
from maillage.interop.sources.contract import Mapped, Raw, Source
from maillage.interop.steps.keep import NO_REF

log = logging.getLogger(__name__)

BATCH = 200
#: What a mapping may say beyond Maillage JSONL 1.
EXTRA = (Field("notes", values.text(5_000, lines=True)),)
#: The lists of `Mapped`, by kind of sheet.
LISTS: Mapping[str, str] = {"structure": "structures", "relay": "relays", "offer": "offers"}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a record means, as it is kept between the steps: entries by kind, or why there is none."""

    entries: Mapping[str, list[dict[str, Any]]]
    deduced: Mapping[str, Mapping[str, str]]
    waits: list[str]
    left_out: str = ""
    refused: list[str] | None = None

    def as_json(self) -> dict[str, Any]:
        """As the database keeps it."""
        return {
            "entries": self.entries, "deduced": self.deduced, "waits": self.waits, "left_out": self.left_out, "refused": self.refused,
        }  # fmt: skip

    @property
    def verdict(self) -> str:
        """refused, left-out, or empty: it gives sheets."""
        if self.refused:
            return RawRecord.Outcome.REFUSED.value
        return RawRecord.Outcome.LEFT_OUT.value if self.left_out else ""


def meaning_of(mapped: Mapping[str, Any]) -> Meaning:
    """What `Meaning.as_json` kept."""
    return Meaning(**mapped)


def understand(run: Run, source: Source) -> None:
    """Map the records of the read whose content or rules changed since they were last mapped, batch by batch."""
    rules = f"{source.rules}\0{__version__}"
    waiting: list[int] = []
    for pk in _to_map(run, rules):
        waiting.append(pk)
        if len(waiting) == BATCH:
            _map(waiting, source, rules)
            waiting = []
    if waiting:
        _map(waiting, source, rules)


def _key(digest: str, clash: bool, rules: str) -> str:
    return hashlib.sha256(f"{digest}\0{clash}\0{rules}".encode()).hexdigest()


def _to_map(run: Run, rules: str) -> list[int]:
    """Keys of the records to map. A record that comes back is mapped again: what it said may be gone from its sheets."""
    rows = run.records.order_by("pk").values_list("pk", "digest", "clash", "mapped_key", "missing_since")
    return [
        pk
        for pk, digest, clash, mapped_key, missing in rows.iterator(2000)
        if missing is not None or mapped_key != _key(digest, clash, rules)
    ]


def _map(pks: list[int], source: Source, rules: str) -> None:
    with transaction.atomic():
        records = list(RawRecord.objects.filter(pk__in=pks).order_by("pk"))
        for record in records:
            record.mapped = meaning(record, source).as_json()
            record.mapped_key = _key(record.digest, record.clash, rules)
            if record.missing_since is not None:
                record.applied_key = ""
        RawRecord.objects.bulk_update(records, ("mapped", "mapped_key", "applied_key"), batch_size=100)


def meaning(record: RawRecord, source: Source) -> Meaning:
    """Clean and map one record. Whatever it holds, the answer is sheets or French sentences, never an exception."""
    if record.clash:
        return _refused("Cette fiche est donnée deux fois dans la même lecture, avec des contenus différents.")
    if record.ref.startswith(NO_REF):
        return _refused("Cette fiche n’a pas d’identifiant.")
    try:
        mapped = source.map(source.clean(Raw(record.ref, record.payload, record.revision)))
    except ValueError as error:
        return _refused(str(error))
    except Exception as error:  # a record of a shape that nobody foresaw refuses itself, not the whole source
        log.warning("%s %s cannot be mapped: %s: %s", record.source, record.ref, type(error).__name__, error)
        return _refused(f"Cette fiche n’a pas la forme attendue ({type(error).__name__} : {shown(str(error))}).")
    return _checked(mapped, source)


def _refused(*reasons: str) -> Meaning:
    return Meaning({}, {}, [], refused=list(reasons))


def _checked(mapped: Mapped, source: Source) -> Meaning:
    """The entries as JSON, each checked as a line of Maillage JSONL would be; one wrong entry refuses the record."""
    if mapped.left_out:
        return Meaning({}, {}, [], left_out=mapped.left_out)
    entries: dict[str, list[dict[str, Any]]] = {}
    refusals: list[str] = []
    for form in FORMATS:
        listed = [_entry(entry, source) for entry in getattr(mapped, LISTS[form.kind])]
        for entry in listed:
            cleaned = clean({**entry, "source": source.code}, form, file=source.code, extra=EXTRA)
            refusals += [str(problem) for problem in cleaned.refusals]
        if listed:
            entries[form.kind] = listed
    if refusals:
        return _refused(*refusals)
    if not entries:
        return Meaning({}, {}, [], left_out="Aucune fiche ne peut en être tirée.")
    waits = [f"Le champ « {one.field} » a une valeur inconnue : « {shown(one.value)} »." for one in mapped.unknown]
    return Meaning(entries, {key: dict(rules) for key, rules in mapped.deduced.items()}, [*waits, *mapped.review])


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        return written_number(o) if isinstance(o, Decimal) else super().default(o)


def _entry(entry: Mapping[str, Any], source: Source) -> dict[str, Any]:
    """An entry in plain JSON, with the licence of its source unless it has its own."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(entry), cls=_Encoder))
    plain.pop("source", None)
    if not plain.get("licence"):
        plain["licence"] = source.licence
    return plain


def unapplied(run: Run) -> Any:
    """The records of the read whose last meaning is not on their sheets yet."""
    return run.records.exclude(applied_key=F("mapped_key"))
