"""Free conditions of offers, made comparable so that the same condition of a thousand offers is looked at once."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any


@dataclasses.dataclass(frozen=True, order=True, slots=True)
class Condition:
    """One free condition: `field` is a fact of the vocabulary, `operator` one of `enums.Operator`, `label` says it in French.

    `value` is what the fact is compared with; a list (operator `in`) has become a tuple. Two conditions are the same when they
    are written the same, so that 1 and true stay two. The order is the one in which pages show them.
    """

    field: str
    operator: str
    written: str  # the value as JSON
    label: str
    value: Any = dataclasses.field(compare=False)


def condition(entry: Mapping[str, Any]) -> Condition:
    """The condition of one entry of `Offer.conditions`."""
    value = entry.get("value")
    return Condition(
        field=entry.get("field", ""),
        operator=entry.get("operator", "="),
        written=json.dumps(value, ensure_ascii=False, sort_keys=True),
        label=entry.get("label", ""),
        value=tuple(value) if isinstance(value, list) else value,
    )
