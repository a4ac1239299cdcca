"""The whole catalogue as plain values, whatever the database and the order of insertion: for comparing two states."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from maillage.catalogue.models import Offer, Relay, Structure

#: What differs between two equal states: row numbers, and the instants of writing.
LEFT_OUT = {"id", "created_at", "modified_at"}


def dump() -> list[str]:
    """One line of JSON per sheet with every column, sorted; a structure is named by its key."""
    lines = []
    for model in (Structure, Relay, Offer):
        keys = {pk: [source, ref] for pk, source, ref in Structure.objects.order_by("pk").values_list("pk", "source", "ref")}
        columns = [field.attname for field in model._meta.concrete_fields if field.name not in LEFT_OUT]
        for row in model.objects.order_by("source", "ref").values(*columns):
            said: dict[str, Any] = {"table": model._meta.db_table, **row}
            if "structure_id" in said:
                said["structure_id"] = keys[said["structure_id"]]
            lines.append(json.dumps(said, ensure_ascii=False, sort_keys=True, default=str))
    return sorted(lines)


def fingerprint() -> str:
    """SHA-256 of the dump."""
    return hashlib.sha256("\n".join(dump()).encode()).hexdigest()
